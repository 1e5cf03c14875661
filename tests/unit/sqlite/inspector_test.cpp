// SPDX-License-Identifier: MIT
#include "kin/sqlite/inspector.hpp"

#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"

namespace {

using strings = std::vector<std::string>;

class inspected : public testing::Test {
protected:
    inspected() {
        c.execute(
            "CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(50) NOT NULL UNIQUE)");
        c.execute("CREATE TABLE \"odd 'name\" (a TEXT DEFAULT 'x', b, c AS (a || b), PRIMARY KEY (b, a)) "
                  "WITHOUT ROWID");
        c.execute(
            "CREATE TABLE book (x INT, author_id INT REFERENCES author ON DELETE CASCADE, b INT, a TEXT, "
            "UNIQUE (x, a), FOREIGN KEY (b, a) REFERENCES \"odd 'name\" (b, a) ON DELETE SET NULL "
            "ON UPDATE CASCADE)");
        c.execute("CREATE INDEX ix_book ON book (a, x)");
        c.execute("CREATE UNIQUE INDEX ux_book ON book (lower(a))");
        c.execute("CREATE VIEW seen AS SELECT 1");
    }
    kin::engine e = kin::create_engine("sqlite://");
    kin::connection c = e.connect();
    kin::sqlite::sqlite_inspector schema{c};
};

TEST_F(inspected, tables_are_listed_without_views_and_sqlites_own) {
    EXPECT_EQ(schema.table_names(), (strings{"author", "book", "odd 'name"}));
    EXPECT_TRUE(schema.has_table("odd 'name"));
    EXPECT_TRUE(schema.has_table("AUTHOR")); // names have no case on SQLite
    EXPECT_FALSE(schema.has_table("seen"));
}

TEST_F(inspected, columns_have_type_nullability_key_and_default) {
    const auto author = schema.columns("author");
    ASSERT_EQ(author.size(), 2U);
    EXPECT_EQ(author[0].name, "id");
    EXPECT_EQ(author[0].type, "INTEGER");
    EXPECT_EQ(author[0].key_position, 1U);
    EXPECT_EQ(author[1].type, "VARCHAR(50)");
    EXPECT_FALSE(author[1].nullable);
    EXPECT_FALSE(author[1].default_text.has_value());
    const auto odd = schema.columns("odd 'name");
    ASSERT_EQ(odd.size(), 3U);
    EXPECT_EQ(odd[0].default_text, "'x'");
    EXPECT_EQ(odd[0].key_position, 2U);
    EXPECT_EQ(odd[1].key_position, 1U);
    EXPECT_TRUE(schema.columns("nothing").empty());
}

TEST_F(inspected, indexes_have_their_columns_in_order) {
    const auto indexes = schema.indexes("book");
    ASSERT_EQ(indexes.size(), 2U);
    EXPECT_EQ(indexes[0].name, "ix_book");
    EXPECT_EQ(indexes[0].columns, (strings{"a", "x"}));
    EXPECT_FALSE(indexes[0].unique);
    EXPECT_EQ(indexes[1].columns, strings{""}); // an expression
    EXPECT_TRUE(indexes[1].unique);
}

TEST_F(inspected, foreign_keys_come_in_the_order_of_the_table) {
    const auto keys = schema.foreign_keys("book");
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0].columns, strings{"author_id"});
    EXPECT_EQ(keys[0].target_table, "author");
    EXPECT_TRUE(keys[0].target_columns.empty()); // its primary key
    EXPECT_EQ(keys[0].on_delete, kin::referential_action::cascade);
    EXPECT_EQ(keys[0].on_update, kin::referential_action::no_action);
    EXPECT_EQ(keys[1].columns, (strings{"b", "a"}));
    EXPECT_EQ(keys[1].target_columns, (strings{"b", "a"}));
    EXPECT_EQ(keys[1].on_delete, kin::referential_action::set_null);
    EXPECT_EQ(keys[1].on_update, kin::referential_action::cascade);
}

TEST_F(inspected, unique_constraints_are_told_from_indexes) {
    const auto uniques = schema.uniques("book");
    ASSERT_EQ(uniques.size(), 1U);
    EXPECT_EQ(uniques[0].columns, (strings{"x", "a"}));
}

} // namespace
