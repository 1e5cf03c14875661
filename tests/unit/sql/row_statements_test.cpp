// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "kin/sql/compiler.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using columns = std::vector<const kin::column*>;

class row_statements : public ::testing::Test {
protected:
    kin::testing::standard_dialect dialect;
    kin::testing::blog blog;
    const kin::column* id = blog.post.find_column("id");
    const kin::column* title = blog.post.find_column("title");
    const kin::column* user_id = blog.post.find_column("user_id");
};

TEST_F(row_statements, insert) {
    EXPECT_EQ(kin::compile_insert(dialect, blog.post, columns{title, user_id}, 2, columns{id}),
              R"(INSERT INTO "post" ("title", "user_id") VALUES (?, ?), (?, ?) RETURNING "id")");
    EXPECT_EQ(kin::compile_insert(dialect, blog.post, columns{}, 1, columns{}),
              R"(INSERT INTO "post" DEFAULT VALUES)");
}

TEST_F(row_statements, update) {
    EXPECT_EQ(kin::compile_update(dialect, blog.post, columns{title, user_id}, columns{id, user_id}),
              R"(UPDATE "post" SET "title" = ?, "user_id" = ? WHERE "id" = ? AND "user_id" = ?)");
}

TEST_F(row_statements, update_of_many_rows) {
    EXPECT_EQ(kin::compile_update(dialect, blog.post, columns{title, user_id}, columns{id}, 3),
              R"(UPDATE "post" SET "title" = ?, "user_id" = ? WHERE "id" IN (?, ?, ?))");
    EXPECT_EQ(
        kin::compile_update(dialect, blog.post, columns{title}, columns{id, user_id}, 2),
        R"(UPDATE "post" SET "title" = ? WHERE ("id" = ? AND "user_id" = ?) OR ("id" = ? AND "user_id" = ?))");
}

TEST_F(row_statements, update_of_many_rows_to_values_of_their_own) {
    EXPECT_EQ(kin::compile_update_each(dialect, blog.post, columns{title, user_id}, columns{id}, 2),
              R"(UPDATE "post" SET "title" = "kin_rows".column2, "user_id" = "kin_rows".column3 )"
              R"(FROM (VALUES (?, ?, ?), (?, ?, ?)) AS "kin_rows" WHERE "post"."id" = "kin_rows".column1)");
    EXPECT_EQ(kin::compile_update_each(dialect, blog.post, columns{title}, columns{id, user_id}, 1),
              R"(UPDATE "post" SET "title" = "kin_rows".column3 FROM (VALUES (?, ?, ?)) AS "kin_rows" )"
              R"(WHERE "post"."id" = "kin_rows".column1 AND "post"."user_id" = "kin_rows".column2)");
}

TEST_F(row_statements, update_of_a_table_named_as_the_rows_are) {
    kin::table rows("kin_rows");
    const kin::column* row_id = &rows.add_column({.name = "id", .type = {.kind = kin::type_kind::integer}});
    EXPECT_EQ(kin::compile_update_each(dialect, rows, columns{row_id}, columns{row_id}, 1),
              R"(UPDATE "kin_rows" SET "id" = "kin_rows_".column2 FROM (VALUES (?, ?)) AS "kin_rows_" )"
              R"(WHERE "kin_rows"."id" = "kin_rows_".column1)");
}

TEST_F(row_statements, delete_that_hands_keys_back) {
    EXPECT_EQ(kin::compile_delete(dialect, blog.post, columns{id}, 2, columns{id}),
              R"(DELETE FROM "post" WHERE "id" IN (?, ?) RETURNING "id")");
}

TEST_F(row_statements, delete_of_one_and_of_many_rows) {
    EXPECT_EQ(kin::compile_delete(dialect, blog.post, columns{id}, 1),
              R"(DELETE FROM "post" WHERE "id" = ?)");
    EXPECT_EQ(kin::compile_delete(dialect, blog.post, columns{id}, 3),
              R"(DELETE FROM "post" WHERE "id" IN (?, ?, ?))");
    EXPECT_EQ(kin::compile_delete(dialect, blog.post, columns{id, user_id}, 2),
              R"(DELETE FROM "post" WHERE ("id" = ? AND "user_id" = ?) OR ("id" = ? AND "user_id" = ?))");
    const std::string many = kin::compile_delete(dialect, blog.post, columns{id, user_id}, 5'000);
    EXPECT_EQ(std::count(many.begin(), many.end(), '?'), 10'000);
    EXPECT_EQ(std::count(many.begin(), many.end(), '('), std::count(many.begin(), many.end(), ')'));
}

} // namespace
