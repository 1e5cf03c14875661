// SPDX-License-Identifier: MIT
#include "kin/sql/rewrite.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::expression;
using kin::predicate;
using kin::select_statement;
using kin::table_condition;
using kin::testing::blog;
using kin::testing::standard_dialect;
using kin::testing::test_column;

class rewrite : public testing::Test {
protected:
    [[nodiscard]] std::string sql_of(const select_statement& s) const { return kin::compile(dialect, s).sql; }
    [[nodiscard]] select_statement users(predicate where = {}) const {
        return {.columns = {b.user_id.as_expression()}, .from = &b.user, .where = std::move(where)};
    }
    /// EXISTS (SELECT 1 FROM post WHERE post.user_id = user.id), the user one SELECT further out.
    [[nodiscard]] predicate has_posts() const {
        select_statement inner{.columns = {}, .from = &b.post};
        inner.where = b.post_user_id == test_column<int>(b.user.columns()[0], 1);
        return predicate(expression::exists(std::make_shared<select_statement>(std::move(inner))));
    }
    blog b;
    standard_dialect dialect;
    static constexpr std::uint16_t apart = expression::first_apart;
};

TEST_F(rewrite, a_condition_speaks_of_another_appearance_of_its_table) {
    select_statement s = users();
    s.joins.push_back({&b.user, kin::join_kind::left_outer,
                       predicate(kin::at_occurrence(b.user_name == "x", b.user, apart)), true});
    EXPECT_EQ(sql_of(s),
              R"(SELECT "user"."id" FROM "user" LEFT JOIN "user" AS "user_1" ON "user_1"."name" = ?)");
}

TEST_F(rewrite, a_subquery_that_looks_out_finds_the_other_appearance) {
    select_statement s = users();
    s.joins.push_back(
        {&b.user, kin::join_kind::inner, predicate(kin::at_occurrence(has_posts(), b.user, apart)), true});
    EXPECT_EQ(sql_of(s), R"(SELECT "user"."id" FROM "user" JOIN "user" AS "user_1" ON )"
                         R"(EXISTS (SELECT 1 FROM "post" WHERE "post"."user_id" = "user_1"."id"))");
}

TEST_F(rewrite, a_subquery_of_the_table_itself_keeps_its_own) {
    select_statement inner{.columns = {}, .from = &b.user, .where = b.user_id == 1};
    const predicate any(expression::exists(std::make_shared<select_statement>(inner)));
    select_statement s = users();
    s.joins.push_back(
        {&b.user, kin::join_kind::inner, predicate(kin::at_occurrence(any, b.user, apart)), true});
    EXPECT_EQ(sql_of(s), R"(SELECT "user"."id" FROM "user" JOIN "user" AS "user_1" ON )"
                         R"(EXISTS (SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."id" = ?))");
}

TEST_F(rewrite, what_stands_apart_is_found_by_its_own_number_only) {
    select_statement s = users(b.post_title == "x");
    s.joins.push_back({&b.post, kin::join_kind::inner, {}, true});
    try {
        (void)sql_of(s);
        FAIL() << "the condition does not know of the post that stands apart";
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "table_not_in_query");
    }
}

TEST_F(rewrite, a_query_stands_in_from) {
    select_statement s = users();
    s.from_rows = std::make_shared<select_statement>(users(b.user_name == "x"));
    s.order_by = {b.user_id.asc()};
    EXPECT_EQ(sql_of(s), R"(SELECT "user"."id" FROM (SELECT "user_1"."id" FROM "user" AS "user_1" )"
                         R"(WHERE "user_1"."name" = ?) AS "user" ORDER BY "user"."id")");
}

TEST_F(rewrite, a_restriction_goes_into_where_on_and_subqueries) {
    const table_condition visible[] = {{&b.post, b.post_title != "hidden"}};
    EXPECT_EQ(sql_of(kin::restricted(users(), visible)), sql_of(users()));
    select_statement posts{.columns = {b.post_id.as_expression()}, .from = &b.post};
    EXPECT_EQ(sql_of(kin::restricted(posts, visible)),
              R"(SELECT "post"."id" FROM "post" WHERE "post"."title" <> ?)");
    select_statement joined = users();
    joined.joins.push_back({&b.post, kin::join_kind::left_outer, b.post_user_id == b.user_id});
    EXPECT_EQ(sql_of(kin::restricted(joined, visible)),
              R"(SELECT "user"."id" FROM "user" LEFT JOIN "post" ON "post"."title" <> ? )"
              R"(AND "post"."user_id" = "user"."id")");
    EXPECT_EQ(sql_of(kin::restricted(users(has_posts()), visible)),
              R"(SELECT "user"."id" FROM "user" WHERE EXISTS (SELECT 1 FROM "post" )"
              R"(WHERE "post"."title" <> ? AND "post"."user_id" = "user"."id"))");
}

TEST_F(rewrite, the_conditions_of_a_restriction_see_everything) {
    const table_condition both[] = {{&b.user, has_posts()}, {&b.post, b.post_title != "hidden"}};
    EXPECT_EQ(sql_of(kin::restricted(users(), both)),
              R"(SELECT "user"."id" FROM "user" WHERE EXISTS (SELECT 1 FROM "post" )"
              R"(WHERE "post"."user_id" = "user"."id"))");
}

TEST_F(rewrite, updates_and_deletes_are_restricted) {
    const table_condition visible[] = {{&b.user, b.user_active == true}};
    kin::update_statement change{.target = &b.user,
                                 .set = {{&b.user.columns()[1], expression::of_value(kin::value("x"))}}};
    EXPECT_EQ(kin::compile(dialect, kin::restricted(change, visible)).sql,
              R"(UPDATE "user" SET "name" = ? WHERE "active" = ?)");
    kin::delete_statement removal{.target = &b.user, .where = b.user_id == 1};
    removal.returning = {b.user_id.as_expression(), b.user_name.as_expression()};
    EXPECT_EQ(kin::compile(dialect, kin::restricted(removal, visible)).sql,
              R"(DELETE FROM "user" WHERE "active" = ? AND "id" = ? RETURNING "id", "name")");
}

} // namespace
