// SPDX-License-Identifier: MIT
// The classification of errors: what is run again, what is not, and what nobody knows. A row is a test.
#include "kin/postgresql/errors.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/engine/error_reaction.hpp"

namespace {

using kin::testing::error_moment;
using kin::testing::error_reaction;
using enum kin::testing::error_reaction;

struct row {
    const char* sqlstate;
    error_reaction expected;
    error_moment when = error_moment::statement;
    const char* routine = ""; // the function of the server that noticed it
};

class postgresql_error_class : public testing::TestWithParam<row> {};

TEST_P(postgresql_error_class, has_its_reaction) {
    const row& r = GetParam();
    const auto fail = [&] {
        kin::postgresql::fail(
            {.sqlstate = r.sqlstate, .message = "the server's words", .routine = r.routine});
    };
    EXPECT_EQ(kin::testing::reaction_to(fail, r.when), r.expected);
}

// A lock that was not had in time is run again as on the other databases: the transaction is undone as a whole
// (docs/decisions/0026-lock-timeouts-are-run-again.md).
INSTANTIATE_TEST_SUITE_P(
    every_row, postgresql_error_class,
    testing::Values(row{"40001", run_again}, row{"40001", run_again, error_moment::commit},
                    row{"40P01", run_again},
                    row{"0A000", run_again, error_moment::statement, "RevalidateCachedQuery"},
                    row{"0A000", nothing, error_moment::statement, "other"}, row{"55P03", run_again},
                    row{"40003", connect_again}, row{"40003", look_first, error_moment::commit},
                    row{"08000", connect_again}, row{"08003", connect_again}, row{"08006", connect_again},
                    row{"08006", look_first, error_moment::commit}, row{"57P01", connect_again},
                    row{"57P01", look_first, error_moment::commit}, row{"57P02", connect_again},
                    row{"57P03", connect_again}, row{"25006", nothing}, row{"53300", connect_again},
                    row{"57014", nothing}, row{"22001", nothing}, row{"22003", nothing},
                    row{"22021", nothing}, row{"23502", nothing}, row{"23503", nothing},
                    row{"23505", nothing}, row{"23514", nothing}, row{"25P02", nothing}),
    [](const auto& one) {
        return std::string(one.param.sqlstate) +
               (one.param.when == error_moment::commit ? "_in_commit" : "") +
               (*one.param.routine != '\0' ? std::string("_of_") + one.param.routine : std::string());
    });

TEST(postgresql_error_class_without_sqlstate, is_a_lost_connection_and_in_commit_unknown) {
    const auto fail = [] { kin::postgresql::fail_lost("server closed the connection unexpectedly"); };
    EXPECT_EQ(kin::testing::reaction_to(fail, error_moment::statement), connect_again);
    EXPECT_EQ(kin::testing::reaction_to(fail, error_moment::commit), look_first);
}

} // namespace
