// SPDX-License-Identifier: MIT
#include "kin/engine/connection.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::cell;
using kin::connection;
using kin::cursor;
using kin::engine;
using kin::transaction_access;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::column_of;
using kin::testing::fake_engine;
using kin::testing::fake_server;
using kin::testing::statement_counter;
using kin::testing::temporary_directory;
using kin::testing::value_of;

using strings = std::vector<std::string>;

/// Remembers what it was told.
class listener final : public kin::statement_observer {
public:
    void executed(const kin::statement_event& event) noexcept override {
        told.push_back({std::string(event.sql), event.rows, event.transaction_control,
                        event.failure != nullptr ? std::string(event.failure->code()) : ""});
    }
    struct entry {
        std::string sql;
        std::int64_t rows;
        bool transaction_control;
        std::string failure;
    };
    std::vector<entry> told;
};

class connected : public testing::Test {
protected:
    connected() {
        connection c = e.connect();
        c.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
        c.execute("INSERT INTO t (b) VALUES ('x'), ('y')");
    }
    temporary_directory directory;
    engine e = kin::create_engine(directory.url());
};

TEST_F(connected, execute_returns_how_many_rows_matched) {
    connection c = e.connect();
    EXPECT_EQ(c.execute("UPDATE t SET b = b"), 2);
    EXPECT_EQ(c.execute("CREATE TABLE u (a)"), 0);
    EXPECT_EQ(c.execute("DELETE FROM t WHERE a = 9"), 0);
    EXPECT_EQ(c.execute("INSERT INTO t (b) VALUES ('z') RETURNING a"), 1);
    EXPECT_EQ(c.execute("SELECT a FROM t"), 3);
}

TEST_F(connected, cursors_of_the_same_statement_do_not_disturb_each_other) {
    connection c = e.connect();
    strings seen;
    cursor outer = c.open("SELECT b FROM t ORDER BY a");
    while (outer.next()) {
        cursor inner = c.open("SELECT b FROM t ORDER BY a");
        while (inner.next()) {
            seen.push_back(std::string(outer.read_raw(0).bytes()) + std::string(inner.read_raw(0).bytes()));
        }
    }
    EXPECT_EQ(seen, (strings{"xx", "xy", "yx", "yy"}));
}

TEST_F(connected, a_cursor_left_early_does_not_keep_its_place) {
    connection c = e.connect();
    {
        cursor rows = c.open("SELECT b FROM t ORDER BY a");
        ASSERT_TRUE(rows.next());
        cursor moved = std::move(rows);
        EXPECT_EQ(moved.read_raw(0).bytes(), "x");
    }
    EXPECT_EQ(column_of(c, "SELECT b FROM t ORDER BY a"), (strings{"x", "y"}));
}

TEST_F(connected, a_cursor_at_its_end_stays_there) {
    connection c = e.connect();
    cursor rows = c.open("SELECT 1");
    EXPECT_TRUE(rows.next());
    EXPECT_FALSE(rows.next());
    EXPECT_FALSE(rows.next());
}

TEST_F(connected, a_wrong_number_of_values_is_refused) {
    connection c = e.connect();
    const auto failure = caught<kin::usage_error>([&] { c.execute("SELECT ?, ?"); });
    EXPECT_EQ(failure.code(), "parameter_count");
    EXPECT_EQ(failure.message(), "the statement has 2 placeholders, but 0 values were given: SELECT ?, ?");
}

TEST_F(connected, an_error_carries_the_statement_and_what_kind_of_values_it_had_but_not_the_values) {
    connection c = e.connect();
    const std::string secret = "hunter2";
    const cell values[] = {cell::of_integer(1), cell::of_text(secret)};
    const auto failure =
        caught<kin::unique_violation>([&] { c.execute("INSERT INTO t (a, b) VALUES (?, ?)", values); });
    EXPECT_EQ(failure.sql(), "INSERT INTO t (a, b) VALUES (?, ?)");
    EXPECT_EQ(failure.parameters(), (strings{"integer", "text(7)"}));
    EXPECT_EQ(std::string_view(failure.what()).find(secret), std::string_view::npos);
}

TEST_F(connected, an_error_of_preparing_carries_the_statement) {
    connection c = e.connect();
    EXPECT_EQ(caught<kin::statement_error>([&] { c.execute("SELECT * FROM nowhere"); }).sql(),
              "SELECT * FROM nowhere");
    EXPECT_EQ(caught<kin::statement_error>([&] { static_cast<void>(c.is_read_only("SELEC")); }).sql(),
              "SELEC");
}

TEST_F(connected, knows_which_statements_only_read) {
    connection c = e.connect();
    EXPECT_TRUE(c.is_read_only("SELECT * FROM t"));
    EXPECT_TRUE(c.is_read_only("WITH x AS (SELECT 1) SELECT * FROM x"));
    EXPECT_FALSE(c.is_read_only("DELETE FROM t"));
    EXPECT_FALSE(c.is_read_only("WITH x AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT * FROM x)"));
    EXPECT_FALSE(c.is_read_only("SAVEPOINT s"));
}

TEST_F(connected, a_transaction_is_there_from_begin_to_commit_or_rollback) {
    connection c = e.connect();
    EXPECT_FALSE(c.in_transaction());
    c.begin(transaction_access::write);
    EXPECT_TRUE(c.in_transaction());
    c.execute("DELETE FROM t");
    c.rollback();
    EXPECT_FALSE(c.in_transaction());
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "2");
    c.begin(transaction_access::write);
    c.execute("DELETE FROM t WHERE a = 1");
    c.commit();
    connection other = e.connect();
    EXPECT_EQ(value_of(other, "SELECT count(*) FROM t"), "1");
}

TEST_F(connected, transaction_calls_in_the_wrong_order_are_refused) {
    connection c = e.connect();
    EXPECT_EQ(code_of([&] { c.commit(); }), "no_transaction");
    EXPECT_EQ(code_of([&] { c.require_write(); }), "no_transaction");
    c.begin(transaction_access::read);
    EXPECT_EQ(code_of([&] { c.begin(transaction_access::read); }), "transaction_open");
}

TEST_F(connected,
       T37_a_reading_transaction_that_turns_to_writing_waits_for_its_turn_and_sees_what_others_wrote) {
    connection c = e.connect();
    c.begin(transaction_access::read);
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "2");
    e.connect().execute("DELETE FROM t WHERE a = 1"); // an upgrade in place would fail now
    c.require_write();
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "1");
    c.execute("DELETE FROM t");
    statement_counter counter(e);
    c.require_write(); // it is one already
    c.commit();
    EXPECT_EQ(counter.transactions(), 0U);
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "0");
}

TEST_F(connected, T48_a_full_disk_loses_the_transaction_and_nothing_is_sent_until_rollback) {
    connection c = e.connect();
    c.execute("PRAGMA max_page_count = 8");
    c.begin(transaction_access::write);
    c.execute("INSERT INTO t (b) VALUES ('first')");
    const auto failure =
        caught<kin::statement_error>([&] { c.execute("INSERT INTO t (b) VALUES (zeroblob(200000))"); });
    EXPECT_EQ(failure.code(), "disk_full");
    EXPECT_TRUE(c.transaction_lost());
    EXPECT_FALSE(c.in_transaction());
    EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t (b) VALUES ('outside')"); }), "pending_rollback");
    EXPECT_EQ(code_of([&] { static_cast<void>(c.open("SELECT 1")); }), "pending_rollback");
    EXPECT_EQ(code_of([&] { c.commit(); }), "pending_rollback");
    EXPECT_EQ(code_of([&] { c.begin(transaction_access::read); }), "pending_rollback");
    c.rollback();
    EXPECT_FALSE(c.transaction_lost());
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "2");
}

TEST_F(connected, T48_a_connection_given_back_after_a_lost_transaction_is_clean) {
    {
        connection c = e.connect();
        c.execute("PRAGMA max_page_count = 8");
        c.begin(transaction_access::write);
        code_of([&] { c.execute("INSERT INTO t (b) VALUES (zeroblob(200000))"); });
        ASSERT_TRUE(c.transaction_lost());
    }
    connection c = e.connect();
    EXPECT_FALSE(c.transaction_lost());
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "2");
}

TEST_F(connected, an_error_that_leaves_the_transaction_alone_does_not_end_it) {
    connection c = e.connect();
    c.begin(transaction_access::write);
    c.execute("INSERT INTO t (b) VALUES ('z')");
    EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t (a) VALUES (1)"); }), "unique_violation");
    EXPECT_FALSE(c.transaction_lost());
    c.commit();
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "3");
}

TEST_F(connected, a_commit_that_fails_is_rolled_back) {
    connection c = e.connect();
    c.execute("CREATE TABLE u (a REFERENCES t(a) DEFERRABLE INITIALLY DEFERRED)");
    c.begin(transaction_access::write);
    c.execute("INSERT INTO u VALUES (99)");
    const auto failure = caught<kin::foreign_key_violation>([&] { c.commit(); });
    EXPECT_EQ(failure.sql(), "COMMIT");
    EXPECT_FALSE(c.in_transaction());
    EXPECT_FALSE(c.transaction_lost());
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM u"), "0");
}

TEST_F(connected, observers_are_told_statements_rows_transactions_and_failures) {
    listener engine_wide;
    listener of_lease;
    e.add_observer(engine_wide);
    {
        connection c = e.connect();
        c.set_observer(&of_lease);
        c.begin(transaction_access::write);
        c.execute("UPDATE t SET b = 'q'");
        column_of(c, "SELECT a FROM t");
        code_of([&] { c.execute("INSERT INTO t (a) VALUES (1)"); });
        c.commit();
    }
    { e.connect().execute("SELECT 1"); }
    e.remove_observer(engine_wide);
    { e.connect().execute("SELECT 2"); }

    ASSERT_EQ(of_lease.told.size(), 5U);
    EXPECT_EQ(of_lease.told[0].sql, "BEGIN IMMEDIATE");
    EXPECT_TRUE(of_lease.told[0].transaction_control);
    EXPECT_EQ(of_lease.told[1].rows, 2);
    EXPECT_EQ(of_lease.told[2].rows, 2);
    EXPECT_EQ(of_lease.told[3].failure, "unique_violation");
    EXPECT_EQ(of_lease.told[4].sql, "COMMIT");
    ASSERT_EQ(engine_wide.told.size(), 6U);
    EXPECT_EQ(engine_wide.told[5].sql, "SELECT 1");
}

TEST_F(connected, a_statement_counter_counts_what_is_sent_besides_transactions) {
    statement_counter counter(e);
    connection c = e.connect();
    c.begin(transaction_access::write);
    c.execute("DELETE FROM t");
    c.commit();
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(counter.transactions(), 1U);
    EXPECT_EQ(counter.statements(), strings{"DELETE FROM t"});
    counter.reset();
    EXPECT_EQ(counter.count(), 0U);
}

TEST(connection, an_error_that_is_not_kins_passes_as_it_is_and_gives_the_statement_back) {
    kin::testing::fake_server server;
    const engine e = kin::testing::fake_engine(server);
    connection c = e.connect();
    server.on_step = [](std::string_view) { throw std::bad_alloc(); };
    EXPECT_THROW(c.execute("UPDATE t"), std::bad_alloc);
    server.on_step = [](std::string_view) {};
    EXPECT_EQ(c.execute("UPDATE t"), 0);
    EXPECT_EQ(server.prepared, 1);
}

TEST(transaction_options, reach_the_driver) {
    fake_server server;
    const engine e = fake_engine(server);
    connection c = e.connect();
    const kin::transaction_options asked = {.access = transaction_access::read,
                                            .isolation = kin::isolation_level::serializable,
                                            .read_only = true,
                                            .deferrable = true};
    c.begin(asked);
    EXPECT_EQ(server.begun_with.load(), asked);
}

TEST(transaction_options, an_isolation_level_that_the_database_has_not_is_refused_with_those_that_it_has) {
    fake_server server;
    const engine e = fake_engine(server);
    connection c = e.connect();
    const auto failure =
        caught<kin::usage_error>([&] { c.begin({.isolation = kin::isolation_level::repeatable_read}); });
    EXPECT_EQ(failure.code(), "unsupported_isolation");
    EXPECT_EQ(failure.message(), "this database has no isolation level REPEATABLE READ; there are: READ "
                                 "COMMITTED, SERIALIZABLE");
    EXPECT_FALSE(c.in_transaction());
}

TEST(transaction_options, a_read_only_transaction_writes_nothing_on_sqlite) {
    const temporary_directory directory;
    for (const std::string& url : {directory.url(), std::string("sqlite://")}) {
        const engine e = kin::create_engine(url);
        connection c = e.connect();
        c.execute("CREATE TABLE t (a)");
        c.begin({.read_only = true});
        EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "0");
        EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t VALUES (1)"); }), "read_only_transaction");
        EXPECT_EQ(code_of([&] { c.require_write(); }), "read_only_transaction");
        c.commit();
        c.execute("INSERT INTO t VALUES (1)");
        EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "1");
    }
}

TEST(transaction_options, who_asks_for_serializable_on_sqlite_keeps_one_transaction) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url());
    connection one = e.connect();
    connection two = e.connect();
    one.execute("CREATE TABLE t (a)");
    one.begin({.access = transaction_access::read, .isolation = kin::isolation_level::serializable});
    EXPECT_EQ(value_of(one, "SELECT count(*) FROM t"), "0");
    two.execute("INSERT INTO t VALUES (1)");
    one.require_write();
    EXPECT_EQ(code_of([&] { one.execute("INSERT INTO t VALUES (2)"); }), "serialization_failure");
}

void lose_connection() {
    throw kin::connection_error({.code = "connection_lost", .message = "the server is gone", .sql = {}});
}

TEST(T10, a_connection_lost_while_committing_leaves_the_outcome_unknown) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.begin(transaction_access::write);
        server.on_commit = lose_connection;
        const auto failure = caught<kin::commit_outcome_unknown>([&] { c.commit(); });
        EXPECT_EQ(failure.code(), "commit_outcome_unknown");
        EXPECT_EQ(failure.sql(), "COMMIT");
        EXPECT_NE(failure.message().find("the server is gone"), std::string_view::npos);
        EXPECT_FALSE(c.in_transaction());
    }
    EXPECT_EQ(server.closed, 1);
}

TEST(T10, a_commit_that_never_left_is_a_lost_connection_like_any_other) {
    fake_server server;
    const engine e = fake_engine(server);
    connection c = e.connect();
    c.begin(transaction_access::write);
    server.on_commit = lose_connection;
    server.may_have_committed = false;
    EXPECT_EQ(code_of([&] { c.commit(); }), "connection_lost");
}

TEST(T14, a_commit_that_got_no_answer_in_time_leaves_the_outcome_unknown) {
    fake_server server;
    const engine e = fake_engine(server);
    connection c = e.connect();
    c.begin(transaction_access::write);
    server.on_commit = [&server] {
        server.breaks_connections = true;
        throw kin::statement_timeout({.code = "statement_timeout", .message = "no answer", .sql = {}});
    };
    EXPECT_EQ(code_of([&] { c.commit(); }), "commit_outcome_unknown");
}

} // namespace
