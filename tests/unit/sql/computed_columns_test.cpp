// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/now.hpp"
#include "unit/sql/standard_dialect.hpp"

// Row operations in which SQL makes the values of some columns.

namespace {

using columns = std::vector<const kin::column*>;
using kin::assignment;
using kin::expression;

/// Placeholders have numbers.
class numbering_dialect final : public kin::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "numbering"; }
    [[nodiscard]] bool supports(kin::feature f) const noexcept override {
        return f != kin::feature::array_rows;
    }
    void placeholder(std::string& out, std::size_t n) const override {
        out.append("$").append(std::to_string(n));
    }
};

class computed_columns : public ::testing::Test {
protected:
    static expression value_of(std::int64_t v) { return expression::of_value(kin::value(v)); }
    static expression upper(expression e) { return expression::call("upper", {std::move(e)}); }
    [[nodiscard]] assignment title_by(std::string_view text) const {
        return {title, upper(expression::of_value(kin::value(text)))};
    }
    [[nodiscard]] assignment one_more() const {
        return {user_id,
                expression::binary(kin::sql_operator::add, expression::of_column(*user_id), value_of(1))};
    }

    numbering_dialect dialect;
    kin::testing::standard_dialect standard;
    kin::testing::blog blog;
    const kin::column* id = blog.post.find_column("id");
    const kin::column* title = blog.post.find_column("title");
    const kin::column* user_id = blog.post.find_column("user_id");
};

TEST_F(computed_columns, each_row_of_an_insert_has_the_expression_and_its_placeholders) {
    const std::vector<assignment> made{title_by("new")};
    EXPECT_EQ(kin::compile_insert(dialect, blog.post, columns{user_id}, 2, columns{id, title}, made),
              R"(INSERT INTO "post" ("user_id", "title") VALUES ($1, upper($2)), ($3, upper($4)) )"
              R"(RETURNING "id", "title")");
    EXPECT_EQ(kin::parameters_of(dialect, nullptr, made), std::vector<kin::value>{kin::value("new")});
}

TEST_F(computed_columns, an_insert_may_have_nothing_else) {
    const std::vector<assignment> made{{title, expression::call("now", {})}};
    EXPECT_EQ(kin::compile_insert(dialect, blog.post, columns{}, 2, columns{}, made),
              R"(INSERT INTO "post" ("title") VALUES (now()), (now()))");
    EXPECT_TRUE(kin::parameters_of(dialect, nullptr, made).empty());
}

TEST_F(computed_columns, an_insert_cannot_name_columns) {
    const std::vector<assignment> made{one_more()};
    try {
        (void)kin::parameters_of(dialect, nullptr, made);
        FAIL();
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "table_not_in_query");
    }
}

TEST_F(computed_columns, an_update_has_them_behind_what_it_sets_and_before_the_keys) {
    const std::vector<assignment> made{one_more()};
    EXPECT_EQ(
        kin::compile_update(dialect, blog.post, columns{title}, columns{id}, 2, made, columns{id, user_id}),
        R"(UPDATE "post" SET "title" = $1, "user_id" = "user_id" + $2 WHERE "id" IN ($3, $4) )"
        R"(RETURNING "id", "user_id")");
    EXPECT_EQ(kin::parameters_of(dialect, &blog.post, made), std::vector<kin::value>{kin::value(1)});
    EXPECT_EQ(kin::compile_update(dialect, blog.post, columns{}, columns{id}, 1, made),
              R"(UPDATE "post" SET "user_id" = "user_id" + $1 WHERE "id" = $2)");
}

TEST_F(computed_columns, rows_with_values_of_their_own_share_what_names_nothing) {
    const std::vector<assignment> made{{user_id, expression::call("now", {})}};
    EXPECT_EQ(
        kin::compile_update_each(standard, blog.post, columns{title}, columns{id}, 2, columns{id}, made),
        R"(UPDATE "post" SET "title" = "kin_rows".column2, "user_id" = now() FROM (VALUES (?, ?), (?, ?)) AS )"
        R"("kin_rows" WHERE "post"."id" = "kin_rows".column1 RETURNING "post"."id")");
}

TEST_F(computed_columns, now_is_a_point_in_time_that_other_times_compare_with) {
    const auto condition = kin::now() < kin::utc_time{5};
    EXPECT_EQ(condition.items().size(), 3u);
    kin::utc_time read;
    EXPECT_TRUE(kin::codec<kin::utc_time>::decode(read, kin::cell::of_integer(7, kin::cell_kind::timestamp)));
    EXPECT_EQ(read.microseconds, 7);
    EXPECT_FALSE(kin::codec<kin::utc_time>::decode(read, kin::cell::of_integer(7)));
}

} // namespace
