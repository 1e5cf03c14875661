// SPDX-License-Identifier: MIT
// Values that no type of the program can hold: what errors say of them, and that no other value is made of them.
#include <chrono>
#include <string>
#include <vector>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::testing::caught;
using kin::testing::value_of;
using moment = std::chrono::sys_time<std::chrono::microseconds>;

/// With statements that are prepared, whose values come in binary form, and without.
class postgresql_unreadable : public kin::testing::server_test,
                              public ::testing::WithParamInterface<const char*> {
protected:
    postgresql_unreadable() : server_test(GetParam()) {}
};

TEST_P(postgresql_unreadable, are_not_called_null) {
    kin::database db{e().url().to_string_with_password()};
    kin::session session = db.session();
    for (const char* sql : {"SELECT CAST('infinity' AS TIMESTAMPTZ)", "SELECT CAST('-infinity' AS DATE)",
                            "SELECT CAST('{{1,2},{3,4}}' AS INTEGER[])"}) {
        const auto failure = caught<kin::conversion_error>([&] { (void)session.sql<moment>(sql).all(); });
        EXPECT_EQ(failure.code(), "conversion_error") << sql;
    }
}

TEST_P(postgresql_unreadable, moments_that_are_too_far_are_no_others) {
    kin::database db{e().url().to_string_with_password()};
    kin::session session = db.session();
    for (const char* sql :
         {"SELECT CAST('294276-12-31' AS TIMESTAMPTZ)", "SELECT CAST('5874897-12-31' AS DATE)"}) {
        const auto failure = caught<kin::conversion_error>([&] { (void)session.sql<moment>(sql).all(); });
        EXPECT_EQ(failure.code(), "conversion_error") << sql;
    }
}

INSTANTIATE_TEST_SUITE_P(both_forms, postgresql_unreadable, ::testing::Values("", "prepare=off"));

} // namespace
