// SPDX-License-Identifier: MIT
#include "kin/engine/engine.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "kin/engine/inspector.hpp"
#include "kin/schema/metadata.hpp"
#include "kin/sql/dialect.hpp"
#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::column;
using kin::connection;
using kin::engine;
using kin::metadata;
using kin::table;
using kin::testing::statement_counter;
using kin::testing::temporary_directory;

using strings = std::vector<std::string>;

/// Two tables, book referring to author.
class library : public testing::Test {
protected:
    library() {
        const kin::column_type integer{.kind = kin::type_kind::integer};
        author.add_column({.name = "id", .type = integer, .primary_key = true, .generated = true});
        author.add_column({.name = "name", .type = {.kind = kin::type_kind::text, .length = 50}});
        author.uniques.push_back({.name = {}, .columns = {1}});
        book.add_column({.name = "id", .type = integer, .primary_key = true, .generated = true});
        book.add_column({.name = "author_id", .type = integer, .nullable = true});
        book.foreign_keys.push_back(
            {.name = {}, .columns = {1}, .target_table = "author", .target_columns = {"id"}});
        book.indexes.push_back({.name = {}, .columns = {1}});
        tables.add(book);
        tables.add(author);
    }

    strings table_names() {
        connection c = e.connect();
        return e.inspect(c)->table_names();
    }

    table author{"author"};
    table book{"book"};
    metadata tables;
    temporary_directory directory;
    engine e = kin::create_engine(directory.url());
};

TEST_F(library, create_all_creates_what_is_missing_referenced_tables_first) {
    statement_counter counter(e);
    e.create_all(tables);
    EXPECT_EQ(table_names(), (strings{"author", "book"}));
    strings created;
    for (const std::string& sql : counter.statements()) {
        if (sql.starts_with("CREATE")) created.push_back(sql.substr(0, sql.find(' ', 14)));
    }
    EXPECT_EQ(created, (strings{"CREATE TABLE \"author\"", "CREATE TABLE \"book\"",
                                "CREATE INDEX \"ix_book_author_id\""}));
    EXPECT_EQ(counter.transactions(), 1U);
}

TEST_F(library, create_all_leaves_what_is_there_alone_and_takes_no_lock_for_it) {
    e.create_all(tables);
    e.connect().execute("INSERT INTO author (name) VALUES ('x')");
    statement_counter counter(e);
    e.create_all(tables);
    EXPECT_EQ(counter.transactions(), 0U);
    connection c = e.connect();
    EXPECT_EQ(kin::testing::value_of(c, "SELECT count(*) FROM author"), "1");
}

TEST_F(library, create_all_that_fails_creates_nothing) {
    e.connect().execute("CREATE TABLE other (a)");
    e.connect().execute("CREATE INDEX ix_book_author_id ON other (a)"); // stands in the way
    EXPECT_THROW(e.create_all(tables), kin::statement_error);
    EXPECT_EQ(table_names(), strings{"other"});
}

TEST_F(library, drop_all_drops_what_is_there_referencing_tables_first) {
    e.create_all(tables);
    e.connect().execute("INSERT INTO author (name) VALUES ('x')");
    e.connect().execute("INSERT INTO book (author_id) VALUES (1)");
    e.drop_all(tables);
    EXPECT_EQ(table_names(), strings{});
    e.drop_all(tables);
}

TEST_F(library, drop_all_can_drop_tables_in_a_ring) {
    author.add_column({.name = "best_id", .type = {.kind = kin::type_kind::integer}, .nullable = true});
    author.foreign_keys.push_back(
        {.name = {}, .columns = {2}, .target_table = "book", .target_columns = {"id"}});
    e.create_all(tables);
    e.connect().execute("INSERT INTO author (name) VALUES ('x')");
    e.connect().execute("INSERT INTO book (author_id) VALUES (1)");
    e.connect().execute("UPDATE author SET best_id = 1");
    e.drop_all(tables);
    EXPECT_EQ(table_names(), strings{});
}

TEST_F(library, copies_of_an_engine_share_their_pool) {
    const engine copy = e;
    EXPECT_EQ(&copy.internals(), &e.internals());
    EXPECT_EQ(copy.url().dialect, "sqlite");
    EXPECT_EQ(copy.dialect().name(), "sqlite");
}

TEST(create_engine, an_unknown_dialect_is_refused_with_those_there_are) {
    const auto e =
        kin::testing::caught<kin::usage_error>([] { static_cast<void>(kin::create_engine("oracle://h/d")); });
    EXPECT_EQ(e.code(), "bad_url");
    EXPECT_NE(e.message().find("oracle"), std::string_view::npos);
    EXPECT_NE(e.message().find("sqlite"), std::string_view::npos);
}

} // namespace
