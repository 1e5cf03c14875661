// SPDX-License-Identifier: MIT
#include "kin/engine/echo_observer.hpp"

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "unit/engine/database_help.hpp"

namespace {

TEST(echo, prints_a_statement_on_one_line_with_its_time_and_the_number_of_its_parameters) {
    const kin::cell values[] = {kin::cell::of_integer(1), kin::cell::of_text("secret")};
    const kin::statement_event event{
        .sql = "SELECT a\n  FROM t", .parameters = values, .duration_ns = 120'000};
    EXPECT_EQ(kin::echo_line(event, false), "[kin 0.12 ms] SELECT a FROM t  (2 parameters)");
}

TEST(echo, names_the_code_of_a_failure) {
    const kin::error failure({.code = "disk_full", .message = "full", .sql = {}});
    const kin::statement_event event{
        .sql = "COMMIT", .parameters = {}, .transaction_control = true, .failure = &failure};
    EXPECT_EQ(kin::echo_line(event, true), "[kin 0.00 ms] \x1b[31mCOMMIT\x1b[0m  failed: disk_full");
}

TEST(echo, is_switched_on_by_the_url) {
    const kin::engine e = kin::create_engine("sqlite://?echo=true");
    ::testing::internal::CaptureStderr();
    e.connect().execute("SELECT 1");
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("SELECT 1"), std::string::npos);
}

} // namespace
