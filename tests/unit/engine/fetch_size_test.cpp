// SPDX-License-Identifier: MIT
// Rows that stay with the server until they are asked for, on every database.
#include <string>

#include "kin/engine/connection.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::connection;
using kin::cursor;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::value_of;

class fetch_size : public testing::Test {
protected:
    fetch_size() {
        connection c = e.connect();
        c.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR(20))");
        for (int i = 1; i <= 10; ++i)
            c.execute("INSERT INTO t VALUES (" + std::to_string(i) + ", 'b" + std::to_string(i) + "')");
    }
    static constexpr const char* all = "SELECT a, b FROM t ORDER BY a";
    static std::int64_t number(cursor& rows) {
        constexpr cell_kind kinds[] = {cell_kind::integer};
        cell out;
        EXPECT_EQ(rows.read(0, kinds, &out), 1U);
        return out.integer;
    }
    /// The sum of the numbers that are left.
    static std::int64_t sum(cursor& rows) {
        std::int64_t out = 0;
        while (rows.next()) out += number(rows);
        return out;
    }

    static std::int64_t count(connection& c) {
        cursor rows = c.open("SELECT count(*) FROM t");
        EXPECT_TRUE(rows.next());
        return number(rows);
    }

    kin::engine e = kin::create_engine(kin::testing::fresh_url(), {.pool_size = 1, .pool_timeout_ms = 500});
};

TEST_F(fetch_size, of_any_number_gives_every_row_once) {
    connection c = e.connect();
    for (const bool in_transaction : {false, true}) {
        if (in_transaction) c.begin(kin::transaction_access::read);
        for (const std::uint32_t size : {1U, 3U, 5U, 10U, 11U, 1'000U}) {
            cursor rows = c.open(all, {}, {.fetch_size = size});
            EXPECT_EQ(rows.column_count(), 2U);
            EXPECT_EQ(rows.column_name(1), "b");
            EXPECT_EQ(sum(rows), 55) << size;
            EXPECT_FALSE(rows.next());
        }
    }
}

TEST_F(fetch_size, a_statement_is_read_whole_again_without_it) {
    connection c = e.connect();
    for (const std::uint32_t size : {2U, 0U, 3U}) {
        cursor rows = c.open(all, {}, {.fetch_size = size});
        EXPECT_EQ(sum(rows), 55);
    }
}

TEST_F(fetch_size, parameters_and_no_rows) {
    connection c = e.connect();
    const std::string sql = kin::testing::test_dialect() == "postgresql" ? "SELECT a FROM t WHERE a > $1"
                                                                         : "SELECT a FROM t WHERE a > ?";
    for (const int least : {7, 10}) {
        const cell parameters[] = {cell::of_integer(least)};
        cursor rows = c.open(sql, parameters, {.fetch_size = 2});
        EXPECT_EQ(sum(rows), least == 7 ? 27 : 0);
    }
}

TEST_F(fetch_size, the_connection_is_free_between_the_rows) {
    connection c = e.connect();
    c.begin(kin::transaction_access::write);
    cursor rows = c.open(all, {}, {.fetch_size = 2});
    cursor same = c.open(all, {}, {.fetch_size = 3});
    std::int64_t n = 0;
    while (rows.next()) {
        EXPECT_EQ(number(rows), ++n);
        ASSERT_TRUE(same.next());
        EXPECT_EQ(number(same), n);
        EXPECT_EQ(count(c), 10);
        c.execute("UPDATE t SET b = 'x' WHERE a = 1");
    }
    EXPECT_EQ(n, 10);
    EXPECT_FALSE(same.next());
}

TEST_F(fetch_size, what_is_left_early_is_closed) {
    connection c = e.connect();
    c.begin(kin::transaction_access::write);
    for (int i = 0; i < 20; ++i) {
        cursor rows = c.open(all, {}, {.fetch_size = 2});
        EXPECT_TRUE(rows.next());
    }
    if (kin::testing::test_dialect() == "postgresql") {
        EXPECT_EQ(value_of(c, "SELECT count(*) FROM pg_cursors WHERE name LIKE 'kin%'"), "0");
    }
    c.commit();
    EXPECT_EQ(count(c), 10);
}

TEST_F(fetch_size, an_error_of_the_query_comes_when_it_is_opened) {
    connection c = e.connect();
    c.begin(kin::transaction_access::read);
    EXPECT_EQ(
        code_of([&] { static_cast<void>(c.open("SELECT nonsense FROM t", {}, {.fetch_size = 2}).next()); }),
        "no_such_column");
    c.rollback();
    EXPECT_EQ(count(c), 10);
}

TEST_F(fetch_size, postgresql_closes_a_cursor_with_the_savepoint_that_it_began_in) {
    if (kin::testing::test_dialect() != "postgresql") GTEST_SKIP() << "PostgreSQL's own";
    connection c = e.connect();
    c.begin(kin::transaction_access::write);
    cursor before = c.open(all, {}, {.fetch_size = 2});
    ASSERT_TRUE(before.next());
    c.execute("SAVEPOINT s");
    cursor inside = c.open(all, {}, {.fetch_size = 2});
    ASSERT_TRUE(inside.next());
    c.execute("ROLLBACK TO SAVEPOINT s");
    EXPECT_EQ(sum(before), 54); // it began outside
    ASSERT_TRUE(inside.next()); // was here already
    EXPECT_EQ(caught<kin::statement_error>([&] { static_cast<void>(inside.next()); }).code(),
              "cursor_closed");
    c.rollback();
    EXPECT_EQ(count(c), 10);
}

TEST_F(fetch_size, without_a_transaction_nothing_is_left_in_the_session) {
    {
        connection c = e.connect();
        cursor rows = c.open(all, {}, {.fetch_size = 2});
        EXPECT_TRUE(rows.next());
    }
    connection c = e.connect();
    if (kin::testing::test_dialect() == "postgresql") {
        EXPECT_EQ(value_of(c, "SELECT count(*) FROM pg_cursors WHERE name LIKE 'kin%'"), "0");
    }
    EXPECT_EQ(count(c), 10);
}

} // namespace
