// SPDX-License-Identifier: MIT
#include "kin/base/error.hpp"
#include "kin/sql/operators.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/base/field.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/function.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::comparable;
using kin::testing::test_column;

struct model {
    kin::primary_key<int> id;
};

static_assert(comparable<test_column<int>, int> && comparable<test_column<int>, double>);
static_assert(comparable<test_column<kin::primary_key<int>>, long> &&
              comparable<test_column<int>, kin::primary_key<int>>);
static_assert(comparable<test_column<std::string>, const char*> &&
              comparable<test_column<std::string>, char[5]>);
static_assert(comparable<test_column<kin::varchar<50>>, std::string_view>);
static_assert(comparable<test_column<std::optional<int>>, std::nullptr_t>);
static_assert(comparable<test_column<bool>, bool> && comparable<test_column<std::optional<bool>>, bool>);
static_assert(comparable<test_column<std::chrono::sys_time<std::chrono::microseconds>>,
                         std::chrono::system_clock::time_point>);
static_assert(!comparable<test_column<std::string>, int> && !comparable<test_column<int>, const char*>);
static_assert(!comparable<test_column<bool>, int> && !comparable<test_column<int>, bool>);
static_assert(!comparable<test_column<std::string>, test_column<int>>);
static_assert(!comparable<test_column<std::chrono::sys_days>, int>);
using timestamp_column = test_column<std::optional<std::chrono::sys_time<std::chrono::microseconds>>>;
using date_column = test_column<std::chrono::sys_days>;
static_assert(comparable<timestamp_column, std::chrono::sys_days> &&
              comparable<std::chrono::year_month_day, timestamp_column> &&
              comparable<timestamp_column, std::optional<std::chrono::sys_days>>);
static_assert(comparable<timestamp_column, std::chrono::sys_seconds> &&
              comparable<timestamp_column, std::chrono::sys_time<std::chrono::hours>>);
static_assert(!comparable<timestamp_column, date_column> && !comparable<date_column, timestamp_column> &&
              !comparable<date_column, std::chrono::sys_seconds>);

class operators : public ::testing::Test {
protected:
    std::string condition(const kin::predicate& p) {
        const kin::compiled_statement c =
            kin::compile(dialect, {.columns = {}, .from = &blog.user, .where = p});
        parameters = c.parameters;
        const std::string before = "SELECT 1 FROM \"user\" WHERE ";
        return c.sql.substr(before.size());
    }
    kin::testing::standard_dialect dialect;
    kin::testing::blog blog;
    std::vector<kin::value> parameters;
};

TEST_F(operators, value_and_column_may_stand_on_either_side) {
    EXPECT_EQ(condition(blog.user_id == 5), R"("user"."id" = ?)");
    EXPECT_EQ(condition(5 == blog.user_id), R"(? = "user"."id")");
    EXPECT_EQ(condition(5 != blog.user_id), R"(? <> "user"."id")");
    EXPECT_EQ(condition(5 < blog.user_id), R"(? < "user"."id")");
    EXPECT_EQ(condition(blog.user_id >= 5), R"("user"."id" >= ?)");
    EXPECT_EQ(condition(blog.user_id == blog.user_score), R"("user"."id" = "user"."score")");
    EXPECT_EQ(condition("John" == blog.user_name), R"(? = "user"."name")");
}

TEST_F(operators, null_is_asked_for_with_is_null) {
    const std::optional<std::string> nothing;
    EXPECT_EQ(condition(blog.user_bio == nullptr), R"("user"."bio" IS NULL)");
    EXPECT_EQ(condition(blog.user_bio != std::nullopt), R"("user"."bio" IS NOT NULL)");
    EXPECT_EQ(condition(nullptr == blog.user_bio), R"("user"."bio" IS NULL)");
    EXPECT_EQ(condition(blog.user_bio == nothing), R"("user"."bio" IS NULL)");
    EXPECT_EQ(condition(nothing != blog.user_bio), R"("user"."bio" IS NOT NULL)");
    EXPECT_TRUE(parameters.empty());
    EXPECT_EQ(condition(blog.user_bio == std::optional<std::string>("x")), R"("user"."bio" = ?)");
}

TEST_F(operators, in_takes_braces_and_containers_and_an_empty_one_finds_nothing) {
    EXPECT_EQ(condition(blog.user_id.in({1, 2})), R"("user"."id" IN (?, ?))");
    EXPECT_EQ(condition(blog.user_name.not_in({"a", "bc"})), R"("user"."name" NOT IN (?, ?))");
    EXPECT_EQ(condition(blog.user_id.in(std::vector<int>())), "1 = 0");
    EXPECT_EQ(condition(blog.user_id.not_in(std::vector<int>())), "1 = 1");
}

TEST_F(operators, null_in_a_list_means_is_null) {
    using list = std::vector<std::optional<std::string>>;
    EXPECT_EQ(condition(blog.user_bio.in(list{"a", std::nullopt})),
              R"(("user"."bio" IN (?) OR "user"."bio" IS NULL))");
    EXPECT_EQ(condition(blog.user_bio.not_in(list{std::nullopt, "a"})),
              R"(("user"."bio" NOT IN (?) AND "user"."bio" IS NOT NULL))");
    EXPECT_EQ(condition(blog.user_bio.in(list{std::nullopt})), R"("user"."bio" IS NULL)");
    EXPECT_EQ(parameters.size(), 0u);
}

TEST_F(operators, contains_takes_percent_underscore_and_backslash_as_they_are) {
    EXPECT_EQ(condition(blog.user_name.contains(R"(50%_\)")), R"("user"."name" LIKE ? ESCAPE '\')");
    EXPECT_EQ(parameters.at(0).view().bytes(), R"(%50\%\_\\%)");
    (void)condition(blog.user_name.starts_with("a"));
    EXPECT_EQ(parameters.at(0).view().bytes(), "a%");
    (void)condition(blog.user_name.ends_with("a"));
    EXPECT_EQ(parameters.at(0).view().bytes(), "%a");
    (void)condition(blog.user_name.like("a%"));
    EXPECT_EQ(parameters.at(0).view().bytes(), "a%");
}

TEST_F(operators, a_date_beside_a_timestamp_is_its_midnight) {
    using namespace std::chrono_literals;
    const timestamp_column column(blog.user.columns()[0]);
    const std::chrono::sys_days day = 2026y / 11 / 29;
    const std::int64_t midnight =
        std::chrono::sys_time<std::chrono::microseconds>(day).time_since_epoch().count();
    const auto bound = [&](std::size_t i) {
        EXPECT_EQ(parameters.at(i).kind(), kin::cell_kind::timestamp);
        return parameters.at(i).view().integer;
    };
    EXPECT_EQ(condition(column >= day), R"("user"."id" >= ?)");
    EXPECT_EQ(bound(0), midnight);
    EXPECT_EQ(condition(std::chrono::year_month_day(day) == column), R"(? = "user"."id")");
    EXPECT_EQ(bound(0), midnight);
    EXPECT_EQ(condition(column.between(day, day + 12h)), R"("user"."id" BETWEEN ? AND ?)");
    EXPECT_EQ(bound(0), midnight);
    EXPECT_EQ(bound(1), midnight + 12 * std::int64_t{3'600'000'000});
    EXPECT_EQ(condition(column.in({day})), R"("user"."id" IN (?))");
    EXPECT_EQ(bound(0), midnight);
    EXPECT_EQ(condition(column == std::optional<std::chrono::sys_days>()), R"("user"."id" IS NULL)");
    EXPECT_THROW((void)(column < std::chrono::sys_days(std::chrono::days(200'000'000))), kin::data_error);
    EXPECT_THROW((void)(column < 2026y / 2 / 30), kin::data_error);
}

TEST_F(operators, numbers_are_bound_in_the_kind_of_the_column_where_nothing_is_lost) {
    (void)condition(blog.user_score == 5);
    EXPECT_EQ(parameters.at(0).kind(), kin::cell_kind::real);
    (void)condition(blog.user_id < 5.5);
    EXPECT_EQ(parameters.at(0).kind(), kin::cell_kind::real);
    (void)condition(blog.user_active == true);
    EXPECT_EQ(parameters.at(0).kind(), kin::cell_kind::boolean);
    const model m{.id = 7};
    (void)condition(blog.user_id == m.id);
    EXPECT_EQ(parameters.at(0), kin::value(7));
}

TEST_F(operators, columns_calculate) {
    EXPECT_EQ(condition(blog.user_id + 1 > blog.user_score * 2),
              R"(("user"."id" + ?) > ("user"."score" * ?))");
    static_assert(std::is_same_v<decltype(blog.user_id + 1)::value_type, std::int64_t>);
    static_assert(std::is_same_v<decltype(2 * blog.user_score)::value_type, double>);
    static_assert(std::is_same_v<decltype(blog.post_parent_id - 1)::value_type, std::optional<std::int64_t>>);
}

TEST_F(operators, functions_have_the_type_that_sql_gives_them) {
    static_assert(std::is_same_v<decltype(kin::count())::value_type, std::int64_t>);
    static_assert(std::is_same_v<decltype(kin::sum(blog.user_id))::value_type, std::optional<std::int64_t>>);
    static_assert(std::is_same_v<decltype(kin::sum(blog.user_score))::value_type, std::optional<double>>);
    static_assert(std::is_same_v<decltype(kin::max(blog.user_name))::value_type, std::optional<std::string>>);
    static_assert(
        std::is_same_v<decltype(kin::lower(blog.user_bio))::value_type, std::optional<std::string>>);
    static_assert(std::is_same_v<decltype(kin::coalesce(blog.user_bio, "none"))::value_type, std::string>);
    static_assert(std::is_same_v<decltype(kin::coalesce(blog.user_bio, blog.user_bio))::value_type,
                                 std::optional<std::string>>);
    EXPECT_EQ(condition(kin::coalesce(blog.user_bio, "none") == kin::lower(blog.user_name)),
              R"(coalesce("user"."bio", ?) = lower("user"."name"))");
    EXPECT_EQ(condition(kin::round(kin::abs(blog.user_score), 2) > 1),
              R"(round(abs("user"."score"), ?) > ?)");
    EXPECT_EQ(condition(kin::character_length(blog.user_name) < 5), R"(length("user"."name") < ?)");
}

} // namespace
