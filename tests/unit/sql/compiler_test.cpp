// SPDX-License-Identifier: MIT
#include "kin/sql/compiler.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/sql/function.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::expression;
using kin::select_statement;
using kin::testing::blog;
using kin::testing::standard_dialect;
using kin::testing::test_column;

select_statement from_user(const blog& b, kin::predicate where = {}) {
    return {.columns = {b.user_id.as_expression()}, .from = &b.user, .where = std::move(where)};
}

select_statement posts_of_user(const blog& b) {
    return {.columns = {}, .from = &b.post, .where = b.post_user_id == b.user_id};
}

struct expectation {
    std::string story;
    std::function<std::string(const blog&, const standard_dialect&)> compile;
    std::string sql;
};

const expectation expectations[] = {
    {"where_joins_conditions",
     [](const blog& b, const standard_dialect& d) {
         return kin::compile(
                    d, from_user(b, b.user_name == "John" && (b.user_id < 5 || !(b.user_active == true))))
             .sql;
     },
     R"(SELECT "user"."id" FROM "user" WHERE "user"."name" = ? AND ("user"."id" < ? OR NOT ("user"."active" = ?)))"},
    {"between_and_negation_are_parenthesised",
     [](const blog& b, const standard_dialect& d) {
         return kin::compile(d, from_user(b, b.user_id.between(1, 2) && !b.user_bio.is_null())).sql;
     },
     R"(SELECT "user"."id" FROM "user" WHERE ("user"."id" BETWEEN ? AND ?) AND NOT ("user"."bio" IS NULL))"},
    {"join_group_having_order_limit",
     [](const blog& b, const standard_dialect& d) {
         select_statement s{.columns = {b.user_name.as_expression(), kin::count(b.post_id)}, .from = &b.user};
         s.joins.push_back({&b.post, kin::join_kind::left_outer, b.post_user_id == b.user_id});
         s.group_by = {b.user_id.as_expression()};
         s.having = kin::count() > 1;
         s.order_by = {kin::count(b.post_id).desc(), b.user_id.asc()};
         s.limit = 10;
         s.offset = 20;
         return kin::compile(d, s).sql;
     },
     R"(SELECT "user"."name", count("post"."id") FROM "user" LEFT JOIN "post" ON "post"."user_id" = "user"."id")"
     R"( GROUP BY "user"."id" HAVING count(*) > ? ORDER BY count("post"."id") DESC, "user"."id" LIMIT ? OFFSET ?)"},
    {"exists_reaches_out_to_the_enclosing_select",
     [](const blog& b, const standard_dialect& d) {
         const auto posts = std::make_shared<select_statement>(posts_of_user(b));
         return kin::compile(d, from_user(b, !kin::predicate(expression::exists(posts)))).sql;
     },
     R"(SELECT "user"."id" FROM "user" WHERE NOT EXISTS (SELECT 1 FROM "post" WHERE "post"."user_id" = "user"."id"))"},
    {"exists_on_the_same_table_gets_an_alias",
     [](const blog& b, const standard_dialect& d) {
         const test_column<int> outer_id(*b.post.find_column("id"), 1);
         const auto children = std::make_shared<select_statement>(
             select_statement{.columns = {}, .from = &b.post, .where = b.post_parent_id == outer_id});
         return kin::compile(d, {.columns = {b.post_id.as_expression()},
                                 .from = &b.post,
                                 .where = kin::predicate(expression::exists(children))})
             .sql;
     },
     R"(SELECT "post"."id" FROM "post" WHERE EXISTS (SELECT 1 FROM "post" AS "post_1")"
     R"( WHERE "post_1"."parent_id" = "post"."id"))"},
    {"a_table_joined_twice_gets_an_alias",
     [](const blog& b, const standard_dialect& d) {
         const test_column<int> parent_id(*b.post.find_column("id"), 0, 1);
         select_statement s{.columns = {b.post_id.as_expression(), parent_id.as_expression()},
                            .from = &b.post};
         s.joins.push_back({&b.post, kin::join_kind::inner, b.post_parent_id == parent_id});
         return kin::compile(d, s).sql;
     },
     R"(SELECT "post"."id", "post_1"."id" FROM "post" JOIN "post" AS "post_1" ON "post"."parent_id" = "post_1"."id")"},
    {"in_select",
     [](const blog& b, const standard_dialect& d) {
         const auto ids = std::make_shared<select_statement>(
             select_statement{.columns = {b.post_user_id.as_expression()}, .from = &b.post});
         return kin::compile(
                    d, from_user(b, kin::predicate(expression::in_select(b.user_id.as_expression(), ids))))
             .sql;
     },
     R"(SELECT "user"."id" FROM "user" WHERE "user"."id" IN (SELECT "post"."user_id" FROM "post"))"},
    {"count_of_plain_rows",
     [](const blog& b, const standard_dialect& d) {
         select_statement s = from_user(b, b.user_id > 1);
         s.order_by = {b.user_id.desc()};
         return kin::compile_count(d, s).sql;
     },
     R"(SELECT count(*) FROM "user" WHERE "user"."id" > ?)"},
    {"count_of_limited_rows",
     [](const blog& b, const standard_dialect& d) {
         select_statement s = from_user(b);
         s.limit = 3;
         return kin::compile_count(d, s).sql;
     },
     R"(SELECT count(*) FROM (SELECT 1 FROM "user" LIMIT ?) AS "q")"},
    {"count_of_distinct_rows_names_the_columns",
     [](const blog& b, const standard_dialect& d) {
         select_statement s = from_user(b);
         s.distinct = true;
         return kin::compile_count(d, s).sql;
     },
     R"(SELECT count(*) FROM (SELECT DISTINCT "user"."id" AS "c0" FROM "user") AS "q")"},
    {"exists_statement",
     [](const blog& b, const standard_dialect& d) {
         return kin::compile_exists(d, from_user(b, b.user_id == 1)).sql;
     },
     R"(SELECT EXISTS (SELECT 1 FROM "user" WHERE "user"."id" = ?))"},
    {"update_writes_its_own_columns_bare_and_qualifies_them_in_a_subquery",
     [](const blog& b, const standard_dialect& d) {
         const auto posts = std::make_shared<select_statement>(posts_of_user(b));
         return kin::compile(d,
                             kin::update_statement{
                                 .target = &b.user,
                                 .set = {{b.user.find_column("score"), b.user_score + 1},
                                         {b.user.find_column("bio"), expression::of_value(kin::value("x"))}},
                                 .where = b.user_id == 1 && kin::predicate(expression::exists(posts))})
             .sql;
     },
     R"(UPDATE "user" SET "score" = "score" + ?, "bio" = ? WHERE "id" = ? AND EXISTS (SELECT 1 FROM "post")"
     R"( WHERE "post"."user_id" = "user"."id"))"},
    {"delete_from",
     [](const blog& b, const standard_dialect& d) {
         return kin::compile(d, kin::delete_statement{&b.user, b.user_name == "x"}).sql;
     },
     R"(DELETE FROM "user" WHERE "name" = ?)"},
};

TEST(compiler, writes_each_statement_as_expected) {
    const blog b;
    const standard_dialect d;
    for (const expectation& e : expectations) EXPECT_EQ(e.compile(b, d), e.sql) << e.story;
}

TEST(compiler, parameters_come_in_the_order_of_their_placeholders) {
    const blog b;
    select_statement s = from_user(b, b.user_id == 1 && b.user_id.in({2, 3}) && 4 == b.user_id);
    s.columns.push_back(kin::coalesce(b.user_bio, "zero"));
    s.limit = 5;
    s.offset = 6;
    const std::vector<kin::value> expected = {"zero", 1, 2, 3, 4, 5, 6};
    EXPECT_EQ(kin::compile(standard_dialect(), s).parameters, expected);
}

TEST(compiler, identifiers_are_quoted_whatever_they_are) {
    kin::table hostile{R"(a"; DROP TABLE user; --)"};
    const kin::column& c = hostile.add_column({.name = R"(x" = "y)"});
    EXPECT_EQ(kin::compile(standard_dialect(), {.columns = {expression::of_column(c)}, .from = &hostile}).sql,
              R"(SELECT "a""; DROP TABLE user; --"."x"" = ""y" FROM "a""; DROP TABLE user; --")");
    for (const std::string& name : {std::string(), std::string("a\0b", 3), std::string("\xff")}) {
        kin::table bad{name};
        EXPECT_THROW((void)kin::compile(standard_dialect(), {.columns = {}, .from = &bad}),
                     kin::compile_error)
            << name;
    }
}

TEST(compiler, an_alias_never_takes_the_name_of_another_table) {
    kin::table t{"t"}, t_1{"T_1"};
    select_statement s{.columns = {}, .from = &t_1};
    s.joins = {{&t, kin::join_kind::inner, {}}, {&t, kin::join_kind::inner, {}}};
    EXPECT_EQ(kin::compile(standard_dialect(), s).sql,
              R"(SELECT 1 FROM "T_1" JOIN "t" ON 1 = 1 JOIN "t" AS "t_2" ON 1 = 1)");
}

class pending_key final : public kin::late_value {
public:
    explicit pending_key(kin::value v) : value_(std::move(v)) {}
    [[nodiscard]] kin::value get() const override { return value_; }

private:
    kin::value value_;
};

TEST(compiler, late_values_are_asked_for_when_the_statement_is_written) {
    const blog b;
    const auto compile_with = [&](kin::value v) {
        return kin::compile(
            standard_dialect(),
            from_user(b, kin::predicate(expression::binary(
                             kin::sql_operator::equal, b.user_id.as_expression(),
                             expression::of_late_value(std::make_shared<pending_key>(std::move(v)))))));
    };
    EXPECT_EQ(compile_with(7).parameters, std::vector<kin::value>{7});
    EXPECT_EQ(compile_with(nullptr).sql, R"(SELECT "user"."id" FROM "user" WHERE "user"."id" IS NULL)");
}

class json_dialect final : public kin::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "json"; }
    [[nodiscard]] bool supports(kin::feature) const noexcept override { return true; }
    void in_array(std::string& out, std::size_t n, kin::cell_kind, bool negated) const override {
        out.append(negated ? " NOT IN JSON ?" : " IN JSON ?").append(std::to_string(n));
    }
};

TEST(compiler, a_list_in_one_json_parameter_is_the_dialects_business) {
    const blog b;
    const auto ids = expression::binary(kin::sql_operator::in_array, b.user_id.as_expression(),
                                        expression::of_value(kin::value("[1,2]")));
    const select_statement s = from_user(b, b.user_id > 0 && kin::predicate(ids));
    const kin::compiled_statement c = kin::compile(json_dialect(), s);
    EXPECT_EQ(c.sql, R"(SELECT "user"."id" FROM "user" WHERE "user"."id" > ? AND "user"."id" IN JSON ?2)");
    EXPECT_EQ(c.parameters, (std::vector<kin::value>{0, "[1,2]"}));
    EXPECT_THROW((void)kin::compile(standard_dialect(), s), kin::compile_error);
}

std::string code_of(const std::function<void()>& call, std::string* message = nullptr) {
    try {
        call();
    } catch (const kin::compile_error& e) {
        if (message != nullptr) *message = e.message();
        return std::string(e.code());
    }
    return {};
}

TEST(compiler, refuses_a_column_whose_table_is_not_in_the_query) {
    const blog b;
    std::string message;
    EXPECT_EQ(
        code_of([&] { (void)kin::compile(standard_dialect(), from_user(b, b.post_title == "x")); }, &message),
        "table_not_in_query");
    EXPECT_NE(message.find("\"title\""), std::string::npos);
    EXPECT_NE(message.find("\"post\""), std::string::npos);
    const test_column<int> second(*b.user.find_column("id"), 0, 1);
    EXPECT_EQ(code_of([&] { (void)kin::compile(standard_dialect(), from_user(b, second == 1)); }),
              "table_not_in_query");
}

TEST(compiler, refuses_too_many_values_and_too_large_limits) {
    const blog b;
    const standard_dialect small{{.parameters = 2}};
    EXPECT_EQ(code_of([&] { (void)kin::compile(small, from_user(b, b.user_id.in({1, 2, 3}))); }),
              "too_many_parameters");
    select_statement s = from_user(b);
    s.limit = std::uint64_t{1} << 63;
    EXPECT_EQ(code_of([&] { (void)kin::compile(small, s); }), "limit_out_of_range");
    s.limit = (std::uint64_t{1} << 63) - 1;
    EXPECT_EQ(code_of([&] { (void)kin::compile(small, s); }), "");
}

} // namespace
