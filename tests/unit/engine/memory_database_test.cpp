// SPDX-License-Identifier: MIT
#include "kin/create_engine.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::connection;
using kin::cursor;
using kin::engine;
using kin::transaction_access;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::statement_counter;
using kin::testing::value_of;

class memory_database : public testing::Test {
protected:
    memory_database() { e.connect().execute("CREATE TABLE t (a)"); }
    engine e = kin::create_engine("sqlite:///:memory:", {.pool_timeout_ms = 50});
    connection one = e.connect();
    connection two = e.connect();
};

TEST_F(memory_database, is_one_for_all_connections) {
    one.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "1");
}

TEST_F(memory_database, lives_as_long_as_its_engine) {
    one.execute("INSERT INTO t VALUES (1)");
    one = e.connect();
    two = e.connect();
    EXPECT_EQ(value_of(one, "SELECT count(*) FROM t"), "1");
}

TEST_F(memory_database, a_reading_transaction_sends_nothing) {
    statement_counter counter(e);
    one.begin(transaction_access::read);
    two.begin(transaction_access::read);
    EXPECT_TRUE(one.in_transaction());
    one.commit();
    two.rollback();
    EXPECT_FALSE(one.in_transaction());
    EXPECT_FALSE(two.in_transaction());
    EXPECT_EQ(counter.transactions(), 0U);
}

TEST_F(memory_database, a_second_writer_on_the_same_thread_is_told_at_once_who_must_finish) {
    one.begin(transaction_access::write);
    const auto failure = caught<kin::lock_timeout>([&] { two.begin(transaction_access::write); });
    EXPECT_EQ(failure.code(), "memory_database_busy");
    EXPECT_EQ(failure.message(),
              "an in-memory database has one connection, and another session is writing on it; commit or "
              "roll back that session first, it belongs to this thread");
    EXPECT_EQ(code_of([&] { two.execute("INSERT INTO t VALUES (2)"); }), "memory_database_busy");
    one.commit();
    two.begin(transaction_access::write);
    two.commit();
}

TEST_F(memory_database, readers_see_what_the_writer_has_not_committed) {
    one.begin(transaction_access::write);
    one.execute("INSERT INTO t VALUES (1)");
    two.begin(transaction_access::read);
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "1");
    one.rollback();
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "0");
}

TEST_F(memory_database, a_write_in_a_reading_transaction_makes_it_a_writing_one) {
    one.begin(transaction_access::read);
    one.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(code_of([&] { two.execute("INSERT INTO t VALUES (2)"); }), "memory_database_busy");
    one.rollback();
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "0");
}

TEST_F(memory_database, require_write_claims_the_right_once) {
    one.begin(transaction_access::read);
    one.require_write();
    one.require_write();
    EXPECT_TRUE(one.in_transaction());
    one.execute("INSERT INTO t VALUES (1)");
    one.commit();
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "1");
}

TEST_F(memory_database, a_write_outside_a_transaction_holds_the_right_for_itself_only) {
    one.execute("INSERT INTO t VALUES (1)");
    two.execute("INSERT INTO t VALUES (2)");
    {
        cursor writing = one.open("INSERT INTO t VALUES (3) RETURNING a");
        EXPECT_EQ(code_of([&] { two.execute("INSERT INTO t VALUES (4)"); }), "memory_database_busy");
        while (writing.next()) {}
    }
    two.execute("INSERT INTO t VALUES (4)");
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "4");
}

TEST_F(memory_database, cursors_of_two_connections_on_one_thread_interleave) {
    one.execute("INSERT INTO t VALUES (1), (2)");
    std::string seen;
    cursor first = one.open("SELECT a FROM t ORDER BY a");
    while (first.next()) {
        cursor second = two.open("SELECT a FROM t ORDER BY a DESC");
        while (second.next()) {
            seen +=
                std::to_string(first.read_raw(0).integer) + std::to_string(second.read_raw(0).integer) + " ";
        }
    }
    EXPECT_EQ(seen, "12 11 22 21 ");
}

TEST_F(memory_database, a_writer_given_back_is_rolled_back_and_lets_the_next_one_write) {
    one.begin(transaction_access::write);
    one.execute("INSERT INTO t VALUES (1)");
    one = e.connect();
    two.execute("INSERT INTO t VALUES (2)");
    EXPECT_EQ(value_of(two, "SELECT a FROM t"), "2");
}

TEST_F(memory_database, a_writer_on_another_thread_is_waited_for_until_the_time_is_over) {
    one.begin(transaction_access::write);
    std::thread([&] {
        const auto failure = caught<kin::lock_timeout>([&] { two.begin(transaction_access::write); });
        EXPECT_EQ(failure.code(), "memory_database_busy");
        EXPECT_NE(failure.message().find("within 50 ms"), std::string_view::npos);
    }).join();
    one.commit();
}

TEST_F(memory_database, T48_a_full_database_loses_the_transaction_here_too) {
    one.execute("PRAGMA max_page_count = 8");
    one.begin(transaction_access::write);
    EXPECT_EQ(code_of([&] { one.execute("INSERT INTO t VALUES (zeroblob(200000))"); }), "disk_full");
    EXPECT_TRUE(one.transaction_lost());
    EXPECT_EQ(code_of([&] { one.execute("SELECT 1"); }), "pending_rollback");
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "0");
    one.rollback();
    two.execute("INSERT INTO t VALUES (1)");
}

TEST_F(memory_database, a_commit_behind_a_comment_is_no_query_and_ends_nobody_elses_transaction) {
    one.begin(transaction_access::write);
    one.execute("INSERT INTO t VALUES (1)");
    for (const char* sql : {"COMMIT", "/* x */ COMMIT", "-- x\n  rollback", "/**//* y */ --\nEND"})
        EXPECT_EQ(code_of([&] { two.execute(sql); }), "memory_database_busy") << sql;
    one.rollback();
    EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "0");
}

TEST_F(memory_database, a_transaction_begun_as_sql_is_the_leases_own_until_it_ends) {
    for (const char* sql : {"BEGIN", "SAVEPOINT s"}) {
        {
            connection c = e.connect();
            c.execute(sql);
            EXPECT_TRUE(c.in_transaction()) << sql;
            c.execute("INSERT INTO t VALUES (1)");
            EXPECT_EQ(code_of([&] { two.begin(transaction_access::write); }), "memory_database_busy") << sql;
        }
        two.begin(transaction_access::write);
        EXPECT_EQ(value_of(two, "SELECT count(*) FROM t"), "0") << sql;
        two.rollback();
    }
}

TEST_F(memory_database, outlives_its_engine_while_a_connection_is_out) {
    connection last = kin::create_engine("sqlite://").connect();
    EXPECT_EQ(value_of(last, "SELECT 1"), "1");
}

TEST(memory_database_isolation, a_transaction_that_asks_for_isolation_has_the_database_to_itself) {
    const engine e = kin::create_engine("sqlite://", {.pool_timeout_ms = 0});
    connection one = e.connect();
    connection two = e.connect();
    one.execute("CREATE TABLE t (a)");
    one.begin({.isolation = kin::isolation_level::serializable, .read_only = true});
    EXPECT_EQ(code_of([&] { two.execute("INSERT INTO t VALUES (1)"); }), "memory_database_busy");
    EXPECT_EQ(code_of([&] { one.execute("INSERT INTO t VALUES (1)"); }), "read_only_transaction");
    one.commit();
    EXPECT_EQ(two.execute("INSERT INTO t VALUES (1)"), 1);
}

} // namespace
