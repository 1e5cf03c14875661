// SPDX-License-Identifier: MIT
// A network that breaks, stands still or drips between kin and a MariaDB server.
#include <chrono>
#include <memory>
#include <string>
#include <typeinfo>

#include "kin/kin.hpp"
#include "kin/mariadb/connection.hpp"
#include "kin/mariadb/options.hpp"
#include "support/tcp_proxy.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::mariadb::mariadb_connection;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::proxy_fault;
using kin::testing::proxy_way;
using kin::testing::tcp_proxy;
using steady = std::chrono::steady_clock;

constexpr std::int64_t timeout_ms = 300;
constexpr auto soon = std::chrono::seconds(10); // the bound, an answer to "stop", and a loaded machine

class mariadb_network : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        proxy = std::make_unique<tcp_proxy>(where().port);
        direct = kin::mariadb::read_options(where());
        through = direct;
        through.port = proxy->port();
    }
    [[nodiscard]] std::unique_ptr<mariadb_connection> connect(std::int64_t connect_timeout_ms = 5000) const {
        auto made = std::make_unique<mariadb_connection>(through, connect_timeout_ms, plain_names);
        made->set_timeout(5000);
        return made;
    }
    static std::int64_t run(mariadb_connection& c, std::string_view sql) {
        const auto statement = c.prepare(sql);
        statement->bind({});
        std::int64_t rows = 0;
        while (statement->step()) ++rows;
        statement->reset();
        return rows;
    }
    [[nodiscard]] std::int64_t rows_of(std::string_view table) const {
        mariadb_connection c(direct, 5000, plain_names);
        return run(c, "SELECT * FROM " + std::string(table));
    }

    std::unique_ptr<tcp_proxy> proxy;
    kin::mariadb::open_options direct;
    kin::mariadb::open_options through;
};

TEST_F(mariadb_network, T17_a_server_that_accepts_and_says_nothing_is_given_up_in_time) {
    proxy->arm({.way = proxy_way::to_client, .after_bytes = 0, .what = proxy_fault::stall});
    const auto started = steady::now();
    const auto failure = caught<kin::connection_error>([&] { static_cast<void>(connect(timeout_ms)); });
    EXPECT_LT(steady::now() - started, soon);
    EXPECT_EQ(failure.code(), "cannot_connect");
    EXPECT_NE(failure.message().find("127.0.0.1:" + std::to_string(proxy->port())), std::string_view::npos);
    EXPECT_NE(failure.message().find("300 ms"), std::string_view::npos);
    EXPECT_EQ(failure.message().find(direct.password + "@"), std::string_view::npos);
}

TEST_F(mariadb_network, T13_a_line_that_is_cut_while_connecting_is_a_connection_error) {
    for (const std::size_t bytes : {0U, 1U, 30U, 90U, 120U}) {
        proxy->arm({.way = proxy_way::to_client, .after_bytes = bytes, .what = proxy_fault::cut});
        const std::string code = code_of([&] { static_cast<void>(connect()); });
        EXPECT_TRUE(code == "connection_lost" || code == "cannot_connect") << bytes << ": " << code;
    }
}

TEST_F(mariadb_network, T13_a_line_that_is_cut_at_any_byte_is_a_lost_connection) {
    for (const std::size_t bytes : {0U, 1U, 5U, 20U, 60U, 100U, 500U, 5000U}) {
        for (const proxy_way way : {proxy_way::to_client, proxy_way::to_server}) {
            const auto c = connect();
            proxy->arm({.way = way, .after_bytes = bytes, .what = proxy_fault::cut});
            std::string code;
            while (!proxy->fired())
                code = code_of([&] { run(*c, "SELECT seq, repeat('x', 100) FROM seq_1_to_100"); });
            if (code.empty())
                code = code_of([&] { run(*c, "SELECT 1"); }); // it came through as the line was cut
            EXPECT_EQ(code, "connection_lost") << bytes;
            EXPECT_TRUE(c->is_broken());
            EXPECT_FALSE(c->in_transaction());
            EXPECT_FALSE(c->ping());
        }
    }
}

TEST_F(mariadb_network, T15_a_peer_that_falls_silent_is_given_up_in_time) {
    const auto c = connect();
    c->set_timeout(timeout_ms);
    proxy->arm({.way = proxy_way::to_client, .after_bytes = 0, .what = proxy_fault::stall});
    const auto started = steady::now();
    const auto failure = caught<kin::statement_timeout>([&] { run(*c, "SELECT 1"); });
    EXPECT_LT(steady::now() - started, soon);
    EXPECT_EQ(failure.code(), "statement_timeout");
    EXPECT_TRUE(c->is_broken());
    EXPECT_EQ(code_of([&] { run(*c, "SELECT 1"); }), "connection_lost");
}

TEST_F(mariadb_network, T16_an_answer_that_drips_has_one_deadline_for_all_of_it) {
    const auto c = connect();
    c->set_timeout(timeout_ms);
    proxy->arm(
        {.way = proxy_way::to_client, .after_bytes = 10, .what = proxy_fault::drip, .drip_pause_ms = 20});
    const auto started = steady::now();
    EXPECT_EQ(code_of([&] { run(*c, "SELECT repeat('x', 100000)"); }), "statement_timeout");
    EXPECT_LT(steady::now() - started, soon);
    EXPECT_TRUE(c->is_broken());
}

TEST_F(mariadb_network, T10_a_commit_whose_answer_is_lost_is_unknown_and_not_run_again) {
    for (const bool arrives : {true, false}) {
        kin::url where_through = where();
        where_through.port = proxy->port();
        kin::database db{where_through.to_string_with_password()};
        db.engine().connect().execute("CREATE TABLE IF NOT EXISTS token (a INT)");
        const std::int64_t before = rows_of("token");
        kin::session session = db.session();
        session.execute("INSERT INTO token VALUES (1)");
        proxy->arm({.way = proxy_way::to_server,
                    .at_text = "COMMIT",
                    .text_goes_through = arrives,
                    .what = proxy_fault::cut});
        const auto failure = caught<kin::commit_outcome_unknown>([&] { session.commit(); });
        EXPECT_EQ(failure.code(), "commit_outcome_unknown");
        session.rollback();
        if (arrives) {
            while (rows_of("token") == before) {} // the server commits what has reached it
        } else {
            EXPECT_EQ(rows_of("token"), before);
        }
    }
}

TEST_F(mariadb_network, T18_half_a_result_makes_no_object) {
    kin::url where_through = where();
    where_through.port = proxy->port();
    kin::database db{where_through.to_string_with_password()};
    {
        kin::connection c = db.engine().connect();
        c.execute("CREATE TABLE many (a INT)");
        c.execute("INSERT INTO many SELECT seq FROM seq_1_to_5000");
    }
    kin::session session = db.session();
    proxy->arm({.way = proxy_way::to_client, .after_bytes = 20'000, .what = proxy_fault::cut});
    EXPECT_EQ(code_of([&] { static_cast<void>(session.sql<int>("SELECT a FROM many").all()); }),
              "connection_lost");
    session.rollback();
    EXPECT_EQ(session.sql<int>("SELECT a FROM many").all().size(), 5000U); // by a new connection
}

} // namespace
