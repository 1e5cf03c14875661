// SPDX-License-Identifier: MIT
// The classification of errors: what is run again, what is not, and what nobody knows. A row is a test.
#include "kin/sqlite/errors.hpp"

#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "unit/engine/error_reaction.hpp"

namespace {

using kin::testing::error_moment;
using kin::testing::error_reaction;
using enum kin::testing::error_reaction;

struct row {
    int code;
    error_reaction expected;
};

class sqlite_error_class : public testing::TestWithParam<row> {};

TEST_P(sqlite_error_class, has_its_reaction) {
    const row& r = GetParam();
    const auto fail = [&] { kin::sqlite::fail(r.code, "SQLite's words"); };
    EXPECT_EQ(kin::testing::reaction_to(fail, error_moment::statement), r.expected);
}

// Whether the transaction is still there after 7, 9, 10 and 13 is asked of SQLite itself (connection_test.cpp, T48).
INSTANTIATE_TEST_SUITE_P(
    every_row, sqlite_error_class,
    testing::Values(row{SQLITE_BUSY, run_again}, row{SQLITE_BUSY_SNAPSHOT, run_again},
                    row{SQLITE_LOCKED, run_again}, row{SQLITE_LOCKED_SHAREDCACHE, run_again},
                    row{SQLITE_NOMEM, nothing}, row{SQLITE_INTERRUPT, nothing},
                    row{SQLITE_IOERR_WRITE, nothing}, row{SQLITE_FULL, nothing},
                    row{SQLITE_CORRUPT, connect_again}, row{SQLITE_NOTADB, connect_again},
                    row{SQLITE_CONSTRAINT_UNIQUE, nothing}, row{SQLITE_CONSTRAINT_FOREIGNKEY, nothing},
                    row{SQLITE_MISMATCH, nothing}),
    [](const auto& one) { return "code_" + std::to_string(one.param.code); });

} // namespace
