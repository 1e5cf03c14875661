// SPDX-License-Identifier: MIT
#include "kin/engine/pool.hpp"

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::connection;
using kin::cursor;
using kin::engine;
using kin::transaction_access;
using kin::testing::temporary_directory;
using kin::testing::value_of;

/// Runs `work` on several threads at once.
template <class Work> void on_threads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
    for (std::thread& t : threads) t.join();
}

TEST(pool_on_threads, never_lends_more_than_its_limit_nor_one_connection_twice) {
    kin::testing::fake_server server;
    const engine e = kin::testing::fake_engine(server, {.pool_size = 2, .max_overflow = 1});
    std::atomic<int> out = 0;
    std::atomic<int> most = 0;
    on_threads(8, [&](int) {
        for (int i = 0; i < 500; ++i) {
            connection c = e.connect();
            const int now = ++out;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {}
            c.begin(transaction_access::write);
            c.execute("UPDATE t");
            --out;
        }
    });
    EXPECT_LE(most, 3);
    EXPECT_EQ(e.internals().connections.checked_out_count(), 0U);
    EXPECT_LE(e.internals().connections.idle_count(), 2U);
}

TEST(pool_on_threads, a_waiting_thread_gets_the_connection_that_another_gives_back) {
    kin::testing::fake_server server;
    const engine e = kin::testing::fake_engine(server, {.pool_size = 1, .max_overflow = 0});
    auto held = std::make_unique<connection>(e.connect());
    std::thread waiting([&] { EXPECT_EQ(e.connect().execute("UPDATE t"), 0); });
    held.reset();
    waiting.join();
    EXPECT_EQ(server.opened, 1);
}

TEST(pool_on_threads, T23_gives_connections_in_the_order_in_which_threads_asked) {
    constexpr int count = 100;
    kin::testing::fake_server server;
    const engine e = kin::testing::fake_engine(server, {.pool_size = 1, .max_overflow = 0});
    auto held = std::make_unique<connection>(e.connect());
    std::vector<int> order; // written by who has the only connection
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            const connection mine = e.connect();
            order.push_back(i);
        });
        while (e.pool_status().waiting != static_cast<std::size_t>(i) + 1) std::this_thread::yield();
    }
    held.reset();
    for (std::thread& t : threads) t.join();
    std::vector<int> expected(count);
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(order, expected);
    EXPECT_EQ(server.opened, 1);
}

TEST(pool_on_threads, T22_who_waits_in_vain_stops_waiting_and_takes_nothing_from_others) {
    kin::testing::fake_server server;
    const engine patient =
        kin::testing::fake_engine(server, {.pool_size = 2, .max_overflow = 0, .pool_timeout_ms = 20});
    const connection a = patient.connect();
    auto b = std::make_unique<connection>(patient.connect());
    std::atomic<int> timed_out = 0;
    on_threads(10, [&](int) {
        try {
            static_cast<void>(patient.connect());
        } catch (const kin::pool_timeout&) {
            ++timed_out;
        }
    });
    EXPECT_EQ(timed_out, 10);
    EXPECT_EQ(patient.pool_status().waiting, 0U);
    b.reset();
    EXPECT_EQ(patient.connect().execute("UPDATE t"), 0);
}

TEST(pool_on_threads, T06_a_disconnect_under_load_leaves_no_connection_of_before_in_use) {
    kin::testing::fake_server server;
    const engine e = kin::testing::fake_engine(server, {.pool_size = 3, .max_overflow = 1});
    on_threads(8, [&](int thread) {
        for (int i = 0; i < 300; ++i) {
            connection c = e.connect();
            if (thread == 0 && i % 50 == 0) e.internals().connections.invalidate();
            c.execute("UPDATE t");
        }
    });
    EXPECT_EQ(e.pool_status().holders.size(), 0U);
    const int open_now = server.opened - server.closed;
    EXPECT_LE(open_now, 4);
    EXPECT_EQ(static_cast<std::size_t>(open_now), e.pool_status().idle);
}

TEST(pool_on_threads, T37_eight_writers_of_a_file_lose_nothing) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url(), {.pool_size = 8});
    e.connect().execute("CREATE TABLE t (n INTEGER)");
    e.connect().execute("INSERT INTO t VALUES (0)");
    on_threads(8, [&](int) {
        for (int i = 0; i < 10; ++i) {
            connection c = e.connect();
            c.begin(transaction_access::read);
            c.require_write();
            c.execute("UPDATE t SET n = n + 1");
            c.commit();
        }
    });
    connection c = e.connect();
    EXPECT_EQ(value_of(c, "SELECT n FROM t"), "80");
}

TEST(pool_on_threads, many_threads_open_a_new_file_at_once) {
    const temporary_directory directory;
    on_threads(8, [&](int) { kin::create_engine(directory.url()).connect().execute("SELECT 1"); });
}

TEST(pool_on_threads, writers_of_a_memory_database_take_turns_and_readers_go_between) {
    const engine e = kin::create_engine("sqlite://");
    e.connect().execute("CREATE TABLE t (n INTEGER)");
    e.connect().execute("INSERT INTO t VALUES (0)");
    on_threads(6, [&](int number) {
        connection c = e.connect();
        for (int i = 0; i < 100; ++i) {
            if (number % 2 == 0) {
                EXPECT_NE(value_of(c, "SELECT n FROM t"), "NULL");
                continue;
            }
            c.begin(transaction_access::write);
            const std::string before = value_of(c, "SELECT n FROM t");
            c.execute("UPDATE t SET n = n + 1");
            EXPECT_EQ(value_of(c, "SELECT n FROM t"), std::to_string(std::stoi(before) + 1));
            if (i % 2 == 0) {
                c.commit();
            } else {
                c.rollback();
            }
        }
    });
    connection c = e.connect();
    EXPECT_EQ(value_of(c, "SELECT n FROM t"), "150");
}

TEST(pool_on_threads, writes_outside_transactions_do_not_slip_into_another_threads_transaction) {
    const engine e = kin::create_engine("sqlite://");
    e.connect().execute("CREATE TABLE t (n INTEGER)");
    on_threads(4, [&](int number) {
        connection c = e.connect();
        for (int i = 0; i < 50; ++i) {
            if (number != 0) {
                c.execute("INSERT INTO t VALUES (1)");
                continue;
            }
            c.begin(transaction_access::write);
            c.execute("INSERT INTO t VALUES (2)");
            c.rollback();
        }
    });
    connection c = e.connect();
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t WHERE n = 1"), "150");
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t WHERE n = 2"), "0");
}

TEST(pool_on_threads,
     a_thread_with_open_rows_is_told_at_once_instead_of_waiting_for_a_writer_that_waits_for_it) {
    const engine e = kin::create_engine("sqlite://");
    connection writer = e.connect();
    writer.execute("CREATE TABLE t (n INTEGER)");
    writer.begin(transaction_access::write);
    std::thread([&] {
        connection reader = e.connect();
        cursor rows = reader.open("SELECT 1");
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(kin::testing::code_of([&] { reader.execute("INSERT INTO t VALUES (1)"); }),
                  "memory_database_busy");
    }).join();
    writer.commit();
}

TEST(pool_on_threads, observers_come_and_go_while_statements_run) {
    const engine e = kin::create_engine("sqlite://");
    on_threads(4, [&](int number) {
        connection c = e.connect();
        for (int i = 0; i < 200; ++i) {
            if (number % 2 == 0) {
                const kin::testing::statement_counter counter(e);
            } else {
                c.execute("SELECT 1");
            }
        }
    });
}

} // namespace
