// SPDX-License-Identifier: MIT
#include "kin/mariadb/connection.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "kin/engine/engine_state.hpp"
#include "kin/mariadb/options.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::cell;
using kin::connection;
using kin::cursor;
using kin::engine;
using kin::mariadb::mariadb_connection;
using kin::testing::caught;
using kin::testing::code_of;
using steady = std::chrono::steady_clock;

constexpr kin::transaction_options any_transaction = {};

class mariadb_connections : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (!IsSkipped()) options = kin::mariadb::read_options(where());
    }
    [[nodiscard]] std::unique_ptr<mariadb_connection> connect() const {
        auto made = std::make_unique<mariadb_connection>(options, 5000, plain_names);
        made->set_timeout(10'000);
        return made;
    }
    static void run(mariadb_connection& c, std::string_view sql) {
        const auto statement = c.prepare(sql);
        statement->bind({});
        while (statement->step()) {}
        statement->reset();
    }
    static std::string ask(mariadb_connection& c, std::string_view sql) {
        const auto statement = c.prepare(sql);
        statement->bind({});
        std::string out = "no row";
        while (statement->step()) {
            const cell value = statement->read_raw(0);
            out = value.is_bytes()  ? std::string(value.bytes())
                  : value.is_null() ? "NULL"
                                    : std::to_string(value.integer);
        }
        return out;
    }
    /// Until a statement that begins so is running.
    static void wait_until_running(mariadb_connection& watcher, const std::string& beginning) {
        while (ask(watcher, "SELECT count(*) FROM information_schema.PROCESSLIST WHERE info LIKE '" +
                                beginning + "%'") == "0") {
            std::this_thread::yield();
        }
    }

    kin::mariadb::open_options options;
};

TEST_F(mariadb_connections, a_session_is_strict_speaks_utf8_and_lives_in_utc) {
    const auto c = connect();
    const std::string mode = ask(*c, "SELECT @@sql_mode");
    for (const char* word : {"STRICT_ALL_TABLES", "NO_ZERO_DATE", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES",
                             "PIPES_AS_CONCAT", "NO_AUTO_VALUE_ON_ZERO", "SIMULTANEOUS_ASSIGNMENT"}) {
        EXPECT_NE(mode.find(word), std::string::npos) << word;
    }
    EXPECT_EQ(ask(*c, "SELECT @@character_set_client"), "utf8mb4");
    EXPECT_EQ(ask(*c, "SELECT @@character_set_results"), "utf8mb4");
    EXPECT_EQ(ask(*c, "SELECT @@collation_connection"), "utf8mb4_nopad_bin");
    EXPECT_EQ(ask(*c, "SELECT @@time_zone"), "+00:00");
    EXPECT_EQ(ask(*c, "SELECT @@innodb_snapshot_isolation"), "1");
    EXPECT_EQ(code_of([&] { run(*c, "SELECT 1 WHERE \"nosuch\" = 'nosuch'"); }),
              "no_such_column"); // finding 13
}

TEST_F(mariadb_connections, no_server_may_ask_for_files_of_this_machine) {
    const auto c = connect();
    EXPECT_NE(code_of([&] { run(*c, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t"); }), "");
}

TEST_F(mariadb_connections, T17_a_closed_port_is_named_without_the_password) {
    kin::mariadb::open_options closed = options;
    closed.port = 1;
    closed.password = "secret";
    const auto failure =
        caught<kin::connection_error>([&] { const mariadb_connection c(closed, 1000, plain_names); });
    EXPECT_EQ(failure.code(), "cannot_connect");
    EXPECT_NE(failure.message().find("127.0.0.1:1/"), std::string_view::npos);
    EXPECT_EQ(failure.message().find("secret"), std::string_view::npos);
}

TEST_F(mariadb_connections, a_wrong_password_user_or_database_is_refused_at_once) {
    kin::mariadb::open_options wrong = options;
    wrong.password = "wrong-secret";
    const auto refused =
        caught<kin::connection_error>([&] { const mariadb_connection c(wrong, 1000, plain_names); });
    EXPECT_EQ(refused.code(), "login_refused");
    EXPECT_EQ(refused.message().find("wrong-secret"), std::string_view::npos);
    wrong = options;
    wrong.database = "there_is_none";
    EXPECT_EQ(code_of([&] { const mariadb_connection c(wrong, 1000, plain_names); }), "no_such_database");
}

TEST_F(mariadb_connections, a_transaction_is_known_from_the_server) {
    const auto c = connect();
    EXPECT_FALSE(c->in_transaction());
    c->begin(any_transaction);
    EXPECT_TRUE(c->in_transaction());
    run(*c, "SELECT 1");
    EXPECT_TRUE(c->in_transaction());
    c->commit();
    EXPECT_FALSE(c->in_transaction());
    c->begin(any_transaction);
    c->rollback();
    EXPECT_FALSE(c->in_transaction());
    run(*c, "START TRANSACTION"); // also when it was begun by hand
    EXPECT_TRUE(c->in_transaction());
}

TEST_F(mariadb_connections, a_refused_statement_leaves_the_transaction_open) {
    const auto c = connect();
    run(*c, "CREATE TABLE t (a INT PRIMARY KEY)");
    c->begin(any_transaction);
    run(*c, "INSERT INTO t VALUES (1)");
    EXPECT_EQ(code_of([&] { run(*c, "INSERT INTO t VALUES (1)"); }), "unique_violation");
    EXPECT_TRUE(c->in_transaction());
    c->commit();
    EXPECT_EQ(ask(*c, "SELECT count(*) FROM t"), "1");
}

TEST_F(mariadb_connections, isolation_and_reading_only_are_asked_for_in_words) {
    const auto c = connect();
    const kin::transaction_options o{.isolation = kin::isolation_level::serializable, .read_only = true};
    EXPECT_EQ(c->begin_text(o), "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION READ ONLY");
    EXPECT_EQ(c->begin_text({}), "START TRANSACTION");
    run(*c, "CREATE TABLE t (a INT)");
    c->begin(o);
    EXPECT_EQ(code_of([&] { run(*c, "INSERT INTO t VALUES (1)"); }), "read_only");
    EXPECT_TRUE(c->in_transaction());
    c->rollback();
}

TEST_F(mariadb_connections, definitions_inside_a_transaction_are_refused_before_they_commit_it) {
    const auto c = connect();
    run(*c, "CREATE TABLE t (a INT)");
    c->begin(any_transaction);
    run(*c, "INSERT INTO t VALUES (1)");
    const auto failure = caught<kin::statement_error>([&] { run(*c, "CREATE TABLE u (a INT)"); });
    EXPECT_EQ(failure.code(), "implicit_commit");
    EXPECT_TRUE(c->in_transaction());
    c->rollback();
    EXPECT_EQ(ask(*c, "SELECT count(*) FROM t"), "0");
    run(*c, "CREATE TABLE u (a INT)");
    c->begin(any_transaction);
    run(*c, "CREATE TEMPORARY TABLE tmp (a INT)"); // commits nothing
    EXPECT_TRUE(c->in_transaction());
}

TEST_F(mariadb_connections, T35_of_two_that_wait_for_each_other_one_is_told_and_rolled_back) {
    const auto first = connect();
    const auto second = connect();
    const auto watcher = connect();
    run(*first, "CREATE TABLE t (id INT PRIMARY KEY, n INT)");
    run(*first, "INSERT INTO t VALUES (1, 0), (2, 0)");
    first->begin(any_transaction);
    second->begin(any_transaction);
    run(*first, "UPDATE t SET n = n + 1 WHERE id = 1");
    run(*second, "UPDATE t SET n = n + 10 WHERE id = 2");
    auto waiting = std::async(std::launch::async, [&] {
        return code_of([&] { run(*first, "UPDATE t SET n = n + 1 WHERE id = 2"); });
    });
    wait_until_running(*watcher, "UPDATE t SET n = n + 1");
    const std::string second_code = code_of([&] { run(*second, "UPDATE t SET n = n + 10 WHERE id = 1"); });
    const std::string first_code = waiting.get();
    EXPECT_NE(first_code.empty(), second_code.empty());
    EXPECT_EQ(first_code + second_code, "deadlock");
    EXPECT_EQ(first->in_transaction(), first_code.empty());
    EXPECT_EQ(second->in_transaction(), second_code.empty());
}

TEST_F(mariadb_connections, T36_finding_4_after_a_lock_timeout_nothing_of_the_transaction_is_left) {
    options.lock_timeout_ms = 1000;
    const auto holder = connect();
    const auto c = connect();
    run(*holder, "CREATE TABLE t (id INT PRIMARY KEY)");
    run(*holder, "INSERT INTO t VALUES (1)");
    holder->begin(any_transaction);
    run(*holder, "DELETE FROM t WHERE id = 1");
    c->begin(any_transaction);
    run(*c, "INSERT INTO t VALUES (2)"); // the server itself would keep this half
    const auto failure = caught<kin::lock_timeout>([&] { run(*c, "DELETE FROM t WHERE id = 1"); });
    EXPECT_EQ(failure.vendor_code(), 1205);
    EXPECT_FALSE(c->in_transaction());
    holder->rollback();
    EXPECT_EQ(ask(*c, "SELECT count(*) FROM t"), "1");
}

TEST_F(mariadb_connections, T36_finding_6_a_lost_update_is_a_serialization_failure) {
    const auto first = connect();
    const auto second = connect();
    run(*first, "CREATE TABLE t (id INT PRIMARY KEY, n INT)");
    run(*first, "INSERT INTO t VALUES (1, 0)");
    first->begin(any_transaction);
    EXPECT_EQ(ask(*first, "SELECT n FROM t WHERE id = 1"), "0");
    run(*second, "UPDATE t SET n = 5 WHERE id = 1");
    const auto failure =
        caught<kin::serialization_failure>([&] { run(*first, "UPDATE t SET n = 1 WHERE id = 1"); });
    EXPECT_EQ(failure.vendor_code(), 1020);
    EXPECT_FALSE(first->in_transaction());
    EXPECT_EQ(ask(*first, "SELECT n FROM t WHERE id = 1"), "5");
}

TEST_F(mariadb_connections, T14_a_statement_that_takes_too_long_is_stopped_and_the_connection_goes_on) {
    const auto c = connect();
    c->begin(any_transaction);
    c->set_timeout(200);
    const auto started = steady::now();
    EXPECT_EQ(caught<kin::statement_timeout>([&] { run(*c, "SELECT sleep(30)"); }).code(),
              "statement_timeout");
    EXPECT_LT(steady::now() - started, std::chrono::seconds(5));
    c->set_timeout(10'000);
    EXPECT_FALSE(c->is_broken());
    EXPECT_TRUE(c->in_transaction());
    EXPECT_EQ(ask(*c, "SELECT 42"), "42");
}

TEST_F(mariadb_connections, T19_another_thread_can_cancel_what_runs) {
    const auto c = connect();
    const auto watcher = connect();
    auto running = std::async(std::launch::async, [&] {
        return caught<kin::statement_cancelled>(
            [&] { run(*c, "SELECT count(*) FROM seq_1_to_100000 AS a, seq_1_to_100000 AS b"); });
    });
    wait_until_running(*watcher, "SELECT count(*) FROM seq_1");
    c->cancel();
    EXPECT_EQ(running.get().code(), "statement_cancelled");
    EXPECT_FALSE(c->is_broken());
    EXPECT_EQ(ask(*c, "SELECT 42"), "42");
}

TEST_F(mariadb_connections, to_cancel_a_connection_that_does_nothing_harms_nothing) {
    const auto c = connect();
    c->cancel();
    EXPECT_EQ(ask(*c, "SELECT 42"), "42");
    c->begin(any_transaction);
    c->cancel();
    EXPECT_EQ(ask(*c, "SELECT 43"), "43");
    EXPECT_TRUE(c->in_transaction());
}

TEST_F(mariadb_connections, T21_a_connection_that_was_killed_is_lost_and_says_so) {
    const auto c = connect();
    const auto killer = connect();
    const std::string id = ask(*c, "SELECT connection_id()");
    c->begin(any_transaction);
    run(*killer, "KILL " + id);
    const auto failure = caught<kin::connection_error>([&] { run(*c, "SELECT 1"); });
    EXPECT_EQ(failure.code(), "connection_lost");
    EXPECT_TRUE(c->is_broken());
    EXPECT_FALSE(c->in_transaction());
    EXPECT_FALSE(c->ping());
}

TEST_F(mariadb_connections, T27_a_reset_leaves_nothing_of_what_a_borrower_did) {
    const auto c = connect();
    const auto other = connect();
    run(*c, "SET foreign_key_checks = 0");
    run(*c, "SET sql_mode = ''");
    run(*c, "CREATE TEMPORARY TABLE tmp (a INT)");
    EXPECT_EQ(ask(*c, "SELECT get_lock('kin_lock', 0)"), "1");
    run(*c, "USE mysql");
    EXPECT_FALSE(c->reset()) << "the prepared statements are gone";
    EXPECT_EQ(ask(*c, "SELECT @@foreign_key_checks"), "1");
    EXPECT_NE(ask(*c, "SELECT @@sql_mode").find("STRICT_ALL_TABLES"), std::string::npos);
    EXPECT_EQ(ask(*c, "SELECT DATABASE()"), options.database);
    EXPECT_EQ(code_of([&] { run(*c, "SELECT * FROM tmp"); }), "no_such_table");
    EXPECT_EQ(ask(*other, "SELECT is_free_lock('kin_lock')"), "1");
}

TEST_F(mariadb_connections, a_reset_after_statements_that_leave_nothing_costs_nothing) {
    const auto c = connect();
    run(*c, "SELECT 1");
    EXPECT_EQ(c->needed_reset(), kin::reset_need::nothing);
}

TEST_F(mariadb_connections, a_streamed_result_does_not_stand_in_the_way_of_a_commit) {
    const auto c = connect();
    c->begin(any_transaction);
    const auto rows = c->prepare("SELECT seq FROM seq_1_to_100000");
    rows->bind({});
    ASSERT_TRUE(rows->step());
    c->commit();
    EXPECT_FALSE(c->in_transaction());
    std::int64_t n = 1;
    while (rows->step()) ++n;
    EXPECT_EQ(n, 100'000);
}

} // namespace
