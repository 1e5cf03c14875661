// SPDX-License-Identifier: MIT
#include "kin/postgresql/connection.hpp"

#include <chrono>
#include <string>

#include <netinet/in.h>
#include <sys/socket.h>

#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;
using kin::connection;
using kin::transaction_access;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::value_of;

class postgresql_connection : public kin::testing::server_test {
protected:
    using server_test::server_test;
};

TEST_F(postgresql_connection, T09_a_commit_that_silently_rolled_back_is_an_error) {
    connection c = connect();
    c.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)");
    c.begin(transaction_access::write);
    c.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t VALUES (1)"); }), "unique_violation");
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "pending_rollback");
    EXPECT_EQ(caught<kin::statement_error>([&] { c.commit(); }).code(), "not_committed");
    EXPECT_FALSE(c.in_transaction());
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "0");
}

TEST_F(postgresql_connection, a_savepoint_saves_a_transaction_from_a_failed_statement) {
    connection c = connect();
    c.begin(transaction_access::write);
    c.execute("SAVEPOINT s");
    EXPECT_EQ(code_of([&] { c.execute("SELECT nonsense"); }), "no_such_column");
    EXPECT_TRUE(c.in_transaction());
    c.execute("ROLLBACK TO SAVEPOINT s");
    EXPECT_EQ(value_of(c, "SELECT 1"), "1");
    c.commit();
}

class postgresql_deadline : public postgresql_connection {
protected:
    postgresql_deadline() : postgresql_connection("statement_timeout_ms=200") {}
};

TEST_F(postgresql_deadline, T47_a_statement_that_takes_too_long_is_cancelled) {
    connection c = connect();
    const auto e = caught<kin::statement_timeout>([&] { c.execute("SELECT pg_sleep(60)"); });
    EXPECT_EQ(e.code(), "statement_timeout");
    EXPECT_EQ(e.sqlstate(), "57014");
    EXPECT_EQ(e.sql(), "SELECT pg_sleep(60)");
    EXPECT_EQ(value_of(c, "SELECT 1"), "1"); // the connection is still good
}

TEST_F(postgresql_connection, T21_a_terminated_backend_is_a_lost_connection_and_the_pool_goes_on) {
    std::string pid;
    {
        connection c = connect();
        c.begin(transaction_access::write);
        pid = value_of(c, "SELECT pg_backend_pid()");
        connection administrator = connect();
        administrator.execute("SELECT pg_terminate_backend(" + pid + ")");
        EXPECT_EQ(caught<kin::connection_error>([&] { c.execute("SELECT 1"); }).code(), "connection_lost");
        EXPECT_FALSE(c.in_transaction());
    }
    connection next = connect();
    EXPECT_NE(value_of(next, "SELECT pg_backend_pid()"), pid);
}

TEST_F(postgresql_connection, T27_nobody_inherits_what_a_borrower_has_set) {
    std::string pid;
    {
        connection c = connect();
        pid = value_of(c, "SELECT pg_backend_pid()");
        c.execute("SET work_mem = '1MB'");
        c.execute("CREATE TEMPORARY TABLE mine (a INTEGER)");
        c.execute("SELECT pg_advisory_lock(4711)");
        c.execute("LISTEN channel");
        c.execute("DECLARE mine CURSOR WITH HOLD FOR SELECT 1");
        c.begin({.access = transaction_access::write});
    }
    connection next = connect();
    EXPECT_EQ(value_of(next, "SELECT pg_backend_pid()"), pid);
    EXPECT_NE(value_of(next, "SHOW work_mem"), "1MB");
    EXPECT_EQ(value_of(next, "SHOW timezone"), "UTC"); // what kin itself has set stays
    EXPECT_EQ(code_of([&] { next.execute("SELECT * FROM mine"); }), "no_such_table");
    EXPECT_EQ(
        value_of(next,
                 "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"),
        "0");
    EXPECT_EQ(value_of(next, "SELECT count(*) FROM pg_listening_channels()"), "0");
    EXPECT_EQ(value_of(next, "SELECT count(*) FROM pg_cursors WHERE name = 'mine'"), "0");
    EXPECT_FALSE(next.in_transaction());
}

TEST_F(postgresql_connection, speaks_utf8_and_universal_time) {
    connection c = connect();
    EXPECT_EQ(value_of(c, "SHOW timezone"), "UTC");
    EXPECT_EQ(value_of(c, "SHOW client_encoding"), "UTF8");
}

TEST(postgresql_connect, T17_a_port_on_which_nobody_listens_is_named) {
    const auto e = caught<kin::connection_error>(
        [] { static_cast<void>(kin::create_engine("postgresql://john:hunter2@127.0.0.1:1/blog")); });
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("127.0.0.1:1/blog"), std::string_view::npos) << e.message();
    EXPECT_EQ(std::string_view(e.what()).find("hunter2"), std::string_view::npos);
}

/// A server that takes the connection and never says a word.
class silent_server {
public:
    silent_server() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 && listen(listener_, 1) == 0 &&
            getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
            port_ = ntohs(address.sin_port);
        }
    }
    silent_server(const silent_server&) = delete;
    silent_server& operator=(const silent_server&) = delete;
    ~silent_server() { close(listener_); }
    [[nodiscard]] std::string port() const { return std::to_string(port_); }

private:
    int listener_ = socket(AF_INET, SOCK_STREAM, 0);
    int port_ = 0;
};

TEST(postgresql_connect, T15_a_server_that_never_answers_is_given_up_after_the_deadline) {
    const silent_server server;
    const std::string url = "postgresql://127.0.0.1:" + server.port() + "/d?connect_timeout_ms=100";
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(code_of([&] { static_cast<void>(kin::create_engine(url)); }), "cannot_connect");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

} // namespace
