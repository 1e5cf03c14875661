// SPDX-License-Identifier: MIT
// The classification of errors: what is run again, what is not, and what nobody knows. A row is a test.
#include "kin/mariadb/errors.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/engine/error_reaction.hpp"

namespace {

using kin::testing::error_moment;
using kin::testing::error_reaction;
using enum kin::testing::error_reaction;

struct row {
    unsigned number;
    error_reaction expected;
    error_moment when = error_moment::statement;
};

class mariadb_error_class : public testing::TestWithParam<row> {};

TEST_P(mariadb_error_class, has_its_reaction) {
    const row& r = GetParam();
    const auto fail = [&] {
        kin::mariadb::fail({.number = r.number, .sqlstate = "HY000", .message = "the server's words"});
    };
    EXPECT_EQ(kin::testing::reaction_to(fail, r.when), r.expected);
}

// 1205 undoes the statement only: the driver rolls back before it throws (connection_test.cpp, finding 4).
INSTANTIATE_TEST_SUITE_P(
    every_row, mariadb_error_class,
    testing::Values(row{1213, run_again}, row{1213, run_again, error_moment::commit}, row{1205, run_again},
                    row{1020, run_again}, row{1047, run_again}, row{1290, nothing}, row{1792, nothing},
                    row{2006, connect_again}, row{2013, connect_again},
                    row{2013, look_first, error_moment::commit}, row{1927, connect_again},
                    row{1927, look_first, error_moment::commit}, row{1040, connect_again}, row{1153, nothing},
                    row{1264, nothing}, row{1366, nothing}, row{1406, nothing}, row{1969, nothing}),
    [](const auto& one) {
        return std::to_string(one.param.number) +
               (one.param.when == error_moment::commit ? "_in_commit" : "");
    });

} // namespace
