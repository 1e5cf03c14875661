// SPDX-License-Identifier: MIT
// The public compliance suite, on the database of the tests; and that it finds what is wrong.
#include "kin/testing/dialect_suite.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "kin/create_engine.hpp"
#include "kin/engine/connection.hpp"
#include "kin/engine/inspector.hpp"
#include "support/suite_results.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::check_outcome;
using kin::testing::dialect_suite;

class compliance : public testing::TestWithParam<std::string> {};

TEST_P(compliance, holds) {
    const auto& result = kin::testing::suite_result(GetParam());
    EXPECT_NE(result.outcome, check_outcome::failed) << to_string(result);
    EXPECT_EQ(result.reason.empty(), result.outcome == check_outcome::passed);
}

INSTANTIATE_TEST_SUITE_P(suite, compliance, testing::ValuesIn(dialect_suite::names()), [](const auto& name) {
    std::string word = name.param;
    std::replace(word.begin(), word.end(), '.', '_');
    return word;
});

/// A SQLite database on which every connection gets `sql` first: one that does not do what kin's programs rely on.
dialect_suite spoilt(const std::string& url, const std::string& sql) {
    return dialect_suite([url, sql] {
        return kin::create_engine(url, {.on_connect = [sql](kin::connection& c) { c.execute(sql); }});
    });
}

TEST(dialect_suite_itself, leaves_nothing_behind_also_after_a_failure) {
    const kin::testing::temporary_directory folder;
    const auto failed = spoilt(folder.url(), "PRAGMA foreign_keys = OFF").run_all("errors.");
    EXPECT_TRUE(std::any_of(failed.begin(), failed.end(),
                            [](const auto& r) { return r.outcome == check_outcome::failed; }));
    const kin::engine e = kin::create_engine(folder.url());
    kin::connection c = e.connect();
    EXPECT_EQ(e.inspect(c)->table_names(), std::vector<std::string>());
}

TEST(dialect_suite_itself, finds_a_database_without_foreign_keys) {
    const kin::testing::temporary_directory folder;
    const auto result =
        spoilt(folder.url(), "PRAGMA foreign_keys = OFF").run("errors.a_row_that_is_not_there");
    EXPECT_EQ(to_string(result),
              "failed errors.a_row_that_is_not_there: a reference to nothing: no error was thrown");
}

TEST(dialect_suite_itself, finds_a_database_that_ignores_checks) {
    const kin::testing::temporary_directory folder;
    const auto all = spoilt(folder.url(), "PRAGMA ignore_check_constraints = ON").run_all("errors.");
    std::set<std::string> failed;
    for (const auto& result : all)
        if (result.outcome == check_outcome::failed) failed.insert(result.name);
    EXPECT_EQ(failed, (std::set<std::string>{"errors.a_value_that_a_check_refuses",
                                             "errors.a_failed_flush_leaves_the_session_usable"}));
}

TEST(dialect_suite_itself, says_what_is_not_supported_by_whose_answer) {
    const auto result = dialect_suite("sqlite:///:memory:").run("types.not_a_number");
    EXPECT_EQ(to_string(result), "not supported types.not_a_number: refused with not_a_number");
}

TEST(dialect_suite_itself, tells_a_failure_in_the_words_of_the_driver) {
    const kin::testing::temporary_directory folder;
    const auto result = spoilt(folder.url(), "PRAGMA query_only = ON").run("writing.removed_rows_are_gone");
    EXPECT_EQ(result.outcome, check_outcome::failed);
    EXPECT_NE(result.reason.find("readonly"), std::string::npos) << result.reason;
}

TEST(dialect_suite_itself, has_names_that_are_unique_and_refuses_others) {
    const auto names = dialect_suite::names();
    EXPECT_GT(names.size(), 60U);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    EXPECT_EQ(kin::testing::code_of([] { (void)dialect_suite("sqlite:///:memory:").run("types.colours"); }),
              "unknown_check");
}

TEST(dialect_suite_itself, knows_every_feature_by_name) {
    EXPECT_EQ(kin::testing::feature_name(kin::feature::json_path), "json_path");
    const auto all = kin::testing::all_features();
    EXPECT_TRUE(std::find(all.begin(), all.end(), kin::feature::json_path) != all.end());
}

} // namespace
