// SPDX-License-Identifier: MIT
// Each allocation of a transaction fails in turn, down to the drivers: what is told, and that the connection is as good as before, or closed.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/create_engine.hpp"
#include "kin/sql/dialect.hpp"
#include "support/failing_allocator.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::cell;
using kin::connection;
using kin::cursor;
using kin::engine;
using kin::testing::code_of;
using kin::testing::failing_allocator;
using kin::testing::value_of;
using mode = failing_allocator::mode;

class no_memory : public ::testing::TestWithParam<mode> {
protected:
    no_memory() {
        connection c = e.connect();
        c.execute("CREATE TABLE t (a INTEGER, b VARCHAR(2000))");
        c.execute("INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z'), (4, 'z'), (5, 'z')");
        std::string sql = "INSERT INTO t VALUES (";
        e.dialect().placeholder(sql, 1);
        sql += ", ";
        e.dialect().placeholder(sql, 2);
        insert = sql + ')';
    }
    /// Adds one row, and leaves rows unread.
    void transaction() const {
        connection c = e.connect();
        c.begin(kin::transaction_access::write);
        const std::string text(2000, 'x');
        const cell values[] = {cell::of_integer(6), cell::of_text(text)};
        {
            cursor rows = c.open("SELECT a, b FROM t");
            static_cast<void>(rows.next());
            c.execute(insert, values); // while rows are on their way
            static_cast<void>(rows.next());
        }
        {
            cursor rows = c.open("SELECT a, b FROM t", {}, {.fetch_size = 2});
            for (int n = 0; n < 3; ++n) static_cast<void>(rows.next());
        }
        c.commit();
    }

    [[nodiscard]] int rows() const {
        connection c = e.connect();
        return std::stoi(value_of(c, "SELECT CAST(count(*) AS CHAR(9)) FROM t"));
    }

    engine e = kin::create_engine(kin::testing::fresh_url(), {.pool_size = 1});
    std::string insert;
};

TEST_P(no_memory, leaves_no_connection_out_and_none_in_a_wrong_state) {
    int count = 5;
    bool fired = true;
    for (std::size_t nth = 1; fired; ++nth) {
        ASSERT_LT(nth, 10'000U);
        e.close_connections(); // so that connecting and preparing are part of it
        std::string code;
        {
            const failing_allocator fails(nth, GetParam());
            try {
                transaction();
            } catch (const std::bad_alloc&) {
                code = "bad_alloc";
            } catch (const kin::error& x) {
                code = x.code();
            }
            fired = fails.fired();
        }
        EXPECT_TRUE(code.empty() || (fired && code == "bad_alloc")) << nth << ": " << code;
        EXPECT_TRUE(e.pool_status().holders.empty()) << nth;
        const int added = rows() - count;
        EXPECT_TRUE(added == 1 || (added == 0 && !code.empty())) << nth << ": " << added << ' ' << code;
        EXPECT_EQ(code_of([&] { transaction(); }), "") << nth;
        count = rows();
    }
}

INSTANTIATE_TEST_SUITE_P(each_allocation, no_memory, ::testing::Values(mode::once, mode::from_then_on));

} // namespace
