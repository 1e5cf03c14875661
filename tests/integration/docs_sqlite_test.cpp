// SPDX-License-Identifier: MIT
// The code of docs/guide/sqlite.md.
#include "kin/sqlite/sqlite.hpp"

#include <filesystem>
#include <stdexcept>

#include <gtest/gtest.h>

#include "docs_blog_models.hpp"
#include "kin/sqlite/blob.hpp"
#include "kin/sqlite/function.hpp"
#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"

namespace docs {
namespace {

using kin::testing::temporary_directory;

TEST(docs_sqlite, the_options_of_the_url) {
    const temporary_directory directory;
    const std::string url = directory.url("blog.db");
    fill(kin::database{url});
    // [url]
    kin::database db{url + "?mode=ro&busy_timeout_ms=500"}; // sqlite:///blog.db?mode=ro&busy_timeout_ms=500
    EXPECT_EQ(db.session().query<User>().count(), 3);
    EXPECT_THROW(db.session().execute("DELETE FROM comment"), kin::statement_error); // read_only
    // [/url]
}

TEST(docs_sqlite, the_defaults_are_those_of_the_page) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db")};
    kin::session session = db.session();
    EXPECT_EQ(std::get<0>(session.sql<std::string>("PRAGMA journal_mode").one()), "wal");
    EXPECT_EQ(std::get<0>(session.sql<int>("PRAGMA synchronous").one()), 2); // FULL
    EXPECT_EQ(std::get<0>(session.sql<int>("PRAGMA foreign_keys").one()), 1);
}

namespace attached {

struct Visit {
    kin::primary_key<int> id;
    std::string page;
};
void describe(kin::mapping<Visit>& m) { m.schema("stats"); }

} // namespace attached

TEST(docs_sqlite, attached_databases) {
    using attached::Visit;
    const temporary_directory directory;
    const std::string url = directory.url("blog.db"), file = directory.file("stats.db");
    // [attach]
    kin::database db{url, {.on_connect = [file](kin::connection& c) {
                         const kin::cell name[] = {kin::cell::of_text(file)};
                         c.execute("ATTACH ? AS stats", name);
                     }}};
    db.create_all<User, Post, Comment, Visit>(); // Visit: m.schema("stats")
    // [/attach]
    db.session().execute(kin::insert<Visit>({{.page = "/"}}));
    EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(docs_sqlite, functions) {
    kin::database db = filled_blog();
    // [function]
    kin::sqlite::create_function(db.engine(), "initial", [](const std::string& name) {
        if (name.empty()) throw std::invalid_argument("a name without letters");
        return name.substr(0, 1);
    });
    kin::session session = db.session();
    auto [initials] =
        session.sql<std::string>("SELECT group_concat(initial(name), '') FROM user").one(); // JJJ
    // [/function]
    EXPECT_EQ(initials, "JJJ");
}

TEST(docs_sqlite, the_version) {
    // [version]
    if (kin::sqlite::has_wal_reset_bug()) {
        // run no checkpoint of your own: see below
    }
    EXPECT_FALSE(kin::sqlite::version().empty());
    // [/version]
}

TEST(docs_sqlite, a_reader_becomes_a_writer) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db")};
    fill(db);
    kin::testing::statement_counter counter{db};
    // [reader_to_writer]
    kin::session session = db.session();
    auto john = session.get_one<User>(1); // BEGIN: a reading transaction

    kin::session other = db.session();
    other.get_one<User>(1)->bio = "Plays chess";
    other.commit();

    john->name = "Jonathan";
    session.commit(); // COMMIT, BEGIN IMMEDIATE, UPDATE, COMMIT: never SQLITE_BUSY_SNAPSHOT
    // [/reader_to_writer]
    EXPECT_EQ(counter.transactions(), 4u);
    const auto now = db.session().get_one<User>(1);
    EXPECT_EQ(now->name, "Jonathan");
    EXPECT_EQ(now->bio, "Plays chess"); // the UPDATE named only the column that changed
}

TEST(docs_sqlite, write_intent_keeps_what_was_read_true) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db") + "?busy_timeout_ms=50"};
    fill(db);
    // [write_intent]
    kin::session session = db.session({.write_intent = true}); // BEGIN IMMEDIATE at the first statement
    auto john = session.get_one<User>(1);

    kin::session other = db.session();
    other.get_one<User>(1)->bio = "Plays chess";
    EXPECT_THROW(other.commit(), kin::lock_timeout); // after busy_timeout_ms

    john->name = "Jonathan";
    session.commit();
    // [/write_intent]
    other.rollback();
    EXPECT_EQ(other.query<User>().where(kin::col<&User::name> == "Jonathan").count(), 1);
}

TEST(docs_sqlite, sessions_on_a_database_in_memory_share_one_connection) {
    // [memory]
    kin::database db{"sqlite:///:memory:"};
    fill(db);
    kin::session writer = db.session();
    writer.get_one<User>(1)->name = "Jonathan";
    writer.flush();

    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<User>(1)->name, "Jonathan"); // not committed yet, and seen all the same
    // [/memory]
    writer.rollback();
}

struct File {
    kin::primary_key<std::int64_t> id;
    std::optional<std::vector<std::byte>> content;
};

TEST(docs_sqlite, large_values_in_pieces) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<File>();
    const std::vector<std::byte> piece(65'536, std::byte{'x'});
    std::size_t sum = 0;
    // [blob]
    kin::session session = db.session();
    auto file = session.add(File{});
    session.flush();
    session.execute("UPDATE file SET content = zeroblob(:n) WHERE id = :id",
                    {{"n", 1'000'000}, {"id", file->id}});
    {
        kin::sqlite::blob content{session.connection(kin::transaction_access::write),
                                  {"file", "content", file->id},
                                  kin::sqlite::blob_access::write};
        content.write(500'000, piece);
    }
    session.commit();

    const kin::sqlite::blob content{session.connection(), {"file", "content", file->id}};
    std::vector<std::byte> part(65'536);
    for (std::size_t at = 0; at < content.size(); at += part.size()) sum += content.read(at, part);
    // [/blob]
    EXPECT_EQ(sum, 1'000'000U);
}

} // namespace
} // namespace docs
