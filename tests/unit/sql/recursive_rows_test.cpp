// SPDX-License-Identifier: MIT
#include "kin/sql/recursive_rows.hpp"

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/rewrite.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::expression;
using kin::predicate;
using kin::select_statement;
using kin::testing::blog;
using kin::testing::plain_dialect;
using kin::testing::standard_dialect;

/// Posts below the post 1: WITH RECURSIVE, as the operand of IN.
class recursive_rows : public testing::Test {
protected:
    [[nodiscard]] select_statement keys() const {
        auto rows = std::make_shared<kin::table>("walk");
        const kin::column& id = rows->add_column({.name = "id"});
        select_statement start{
            .columns = {b.post_id.as_expression()}, .from = &b.post, .where = b.post_id == 1};
        select_statement step{.columns = {b.post_id.as_expression()}, .from = &b.post};
        step.joins.push_back(
            {rows.get(), kin::join_kind::inner,
             predicate(expression::binary(kin::sql_operator::equal, b.post_parent_id.as_expression(),
                                          expression::of_column(id)))});
        select_statement s{.columns = {expression::of_column(id)}, .from = rows.get()};
        s.recursive = std::make_shared<kin::recursive_rows>(
            kin::recursive_rows{std::move(rows), std::move(start), std::move(step)});
        return s;
    }
    [[nodiscard]] predicate below() const {
        return predicate(
            expression::in_select(b.post_id.as_expression(), std::make_shared<select_statement>(keys())));
    }

    blog b;
    standard_dialect dialect;
};

TEST_F(recursive_rows, are_written_before_the_select_that_reads_them) {
    EXPECT_EQ(
        kin::compile(dialect, keys()).sql,
        R"(WITH RECURSIVE "walk" ("id") AS (SELECT "post"."id" FROM "post" WHERE "post"."id" = ? UNION )"
        R"(SELECT "post"."id" FROM "post" JOIN "walk" ON "post"."parent_id" = "walk"."id") )"
        R"(SELECT "walk"."id" FROM "walk")");
}

TEST_F(recursive_rows, inside_of_a_condition_their_tables_get_names_of_their_own) {
    const auto compiled = kin::compile(
        dialect, select_statement{.columns = {b.post_id.as_expression()}, .from = &b.post, .where = below()});
    EXPECT_EQ(
        compiled.sql,
        R"(SELECT "post"."id" FROM "post" WHERE "post"."id" IN (WITH RECURSIVE "walk" ("id") AS ()"
        R"(SELECT "post_1"."id" FROM "post" AS "post_1" WHERE "post_1"."id" = ? UNION )"
        R"(SELECT "post_1"."id" FROM "post" AS "post_1" JOIN "walk" ON "post_1"."parent_id" = "walk"."id") )"
        R"(SELECT "walk"."id" FROM "walk"))");
    EXPECT_EQ(compiled.parameters.size(), 1U);
}

TEST_F(recursive_rows, several_operands_are_one_row) {
    auto both = std::make_shared<select_statement>(select_statement{
        .columns = {b.post_id.as_expression(), b.post_user_id.as_expression()}, .from = &b.post});
    const predicate in(expression::in_select({b.user_id.as_expression(), b.user_id.as_expression()}, both));
    EXPECT_EQ(kin::compile(dialect, select_statement{.columns = {}, .from = &b.user, .where = in}).sql,
              R"(SELECT 1 FROM "user" WHERE ("user"."id", "user"."id") IN )"
              R"((SELECT "post"."id", "post"."user_id" FROM "post"))");
}

TEST_F(recursive_rows, criteria_hold_in_each_of_their_parts) {
    const kin::table_condition some{&b.post, b.post_user_id == 7};
    const select_statement s = kin::restricted(keys(), {&some, 1});
    EXPECT_EQ(kin::compile(dialect, s).sql,
              R"(WITH RECURSIVE "walk" ("id") AS (SELECT "post"."id" FROM "post" )"
              R"(WHERE "post"."user_id" = ? AND "post"."id" = ? UNION )"
              R"(SELECT "post"."id" FROM "post" JOIN "walk" ON "post"."parent_id" = "walk"."id" )"
              R"(WHERE "post"."user_id" = ?) SELECT "walk"."id" FROM "walk")");
}

TEST_F(recursive_rows, have_values_as_they_are_stored) {
    kin::table shape("shape");
    const kin::column& outline =
        shape.add_column({.name = "outline", .type = {.kind = kin::type_kind::text, .sql_read = "shown(?)"}});
    const auto all = std::make_shared<kin::table>("walk");
    const kin::column& walked = all->add_column({.name = "outline", .type = outline.type});
    const select_statement rows{.columns = {expression::of_column(outline)}, .from = &shape};
    select_statement s{.columns = {expression::of_column(walked)}, .from = all.get()};
    s.recursive = std::make_shared<kin::recursive_rows>(kin::recursive_rows{all, rows, rows});
    EXPECT_EQ(kin::compile(dialect, s).sql,
              R"(WITH RECURSIVE "walk" ("outline") AS (SELECT "shape"."outline" FROM "shape" UNION )"
              R"(SELECT "shape"."outline" FROM "shape") SELECT shown("walk"."outline") FROM "walk")");
    const predicate in(
        expression::in_select({expression::of_column(outline)}, std::make_shared<select_statement>(s)));
    const std::string sql =
        kin::compile(dialect, select_statement{.columns = {}, .from = &shape, .where = in}).sql;
    EXPECT_EQ(sql.find("shown"), std::string::npos) << sql; // both sides of IN
}

TEST_F(recursive_rows, are_refused_where_the_database_has_none) {
    try {
        (void)kin::compile(plain_dialect(), keys());
        FAIL() << "plain has no recursive queries";
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "unsupported_feature");
        EXPECT_NE(std::string(e.what()).find("plain has no recursive queries"), std::string::npos);
    }
}

} // namespace
