// SPDX-License-Identifier: MIT
#include "kin/sqlite/call_limit.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "kin/engine/driver.hpp"
#include "kin/engine/url.hpp"
#include "kin/sqlite/driver.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::temporary_directory;
using kin::testing::value_of;

/// Counts for ever.
constexpr const char* endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

TEST(T14, a_statement_that_does_not_end_in_time_is_stopped) {
    const engine e = kin::create_engine("sqlite://", {.statement_timeout_ms = 20});
    connection c = e.connect();
    const auto failure = caught<kin::statement_timeout>([&] { c.execute(endless); });
    EXPECT_EQ(failure.code(), "statement_timeout");
    EXPECT_EQ(failure.sql(), endless);
    EXPECT_EQ(failure.message(), "the statement was stopped because it did not end within 20 ms; make it "
                                 "quicker, or raise statement_timeout_ms");
    EXPECT_EQ(value_of(c, "SELECT 1"), "1");
}

TEST(T16, the_bound_is_for_all_rows_of_a_statement_together) {
    const engine e = kin::create_engine("sqlite://", {.statement_timeout_ms = 20});
    connection c = e.connect();
    kin::cursor rows =
        c.open("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    EXPECT_EQ(code_of([&] {
                  while (rows.next()) {}
              }),
              "statement_timeout");
}

TEST(T16, a_statement_inside_another_has_its_own_time) {
    const engine e = kin::create_engine("sqlite://", {.statement_timeout_ms = 20});
    connection c = e.connect();
    kin::cursor outer = c.open("SELECT 1 UNION ALL SELECT 2");
    ASSERT_TRUE(outer.next());
    EXPECT_EQ(code_of([&] { c.execute(endless); }), "statement_timeout");
    EXPECT_TRUE(outer.next());
}

TEST(T47, a_write_that_was_stopped_ends_the_transaction_and_the_connection_says_so) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url(), {.statement_timeout_ms = 20});
    connection c = e.connect();
    c.execute("CREATE TABLE t (a)");
    c.begin(kin::transaction_access::write);
    c.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(code_of([&] {
                  c.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                            "INSERT INTO t SELECT i FROM n");
              }),
              "statement_timeout");
    EXPECT_TRUE(c.transaction_lost());
    c.rollback();
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "0");
}

TEST(T47, waiting_for_a_lock_ends_with_the_statements_time) {
    const temporary_directory directory;
    const engine holder = kin::create_engine(directory.url());
    connection one = holder.connect();
    one.begin(kin::transaction_access::write);
    const engine e =
        kin::create_engine(directory.url() + "?busy_timeout_ms=600000", {.statement_timeout_ms = 20});
    connection two = e.connect();
    EXPECT_EQ(code_of([&] { two.begin(kin::transaction_access::write); }), "database_locked");
}

/// The driver alone, so that cancel() can be called while the other thread is inside a call.
std::unique_ptr<kin::driver_connection> open_driver(const std::string& url) {
    return kin::sqlite::make_driver(kin::url::parse(url))->connect({});
}

/// Cancels until `done`: a cancel before the call has begun has no effect.
template <class Call> std::string code_when_cancelled(kin::driver_connection& c, Call&& call) {
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done) {
            c.cancel();
            std::this_thread::yield();
        }
    });
    const std::string code = code_of(call);
    done = true;
    other.join();
    return code;
}

TEST(T19, another_thread_cancels_a_statement_and_the_connection_works_on) {
    const auto c = open_driver("sqlite://");
    const auto statement = c->prepare(endless);
    statement->bind({});
    EXPECT_EQ(code_when_cancelled(*c, [&] { (void)statement->step(); }), "statement_cancelled");
    statement->reset();
    c->set_timeout(10);
    statement->bind({});
    EXPECT_EQ(code_of([&] { (void)statement->step(); }), "statement_timeout");
}

TEST(T19, another_thread_cancels_the_wait_for_a_lock) {
    const temporary_directory directory;
    const auto holder = open_driver(directory.url());
    holder->begin({});
    const auto c = open_driver(directory.url() + "?busy_timeout_ms=600000");
    EXPECT_EQ(code_when_cancelled(*c, [&] { c->begin({}); }), "statement_cancelled");
}

} // namespace
