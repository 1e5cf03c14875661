// SPDX-License-Identifier: MIT
// How a MariaDB server is found by its name.
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "kin/kin.hpp"
#include "kin/mariadb/connection.hpp"
#include "kin/mariadb/options.hpp"
#include "support/silent_listener.hpp"
#include "support/tcp_proxy.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::mariadb::mariadb_connection;
using kin::mariadb::ssl_mode;
using kin::testing::caught;
using kin::testing::code_of;
using addresses = std::vector<std::string>;
using steady = std::chrono::steady_clock;

constexpr auto soon = std::chrono::seconds(10);

class mariadb_connecting : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        options = kin::mariadb::read_options(where());
        options.host = "db.test";
    }
    [[nodiscard]] std::unique_ptr<mariadb_connection> connect(addresses found,
                                                              std::int64_t timeout_ms = 5000) {
        return std::make_unique<mariadb_connection>(options, timeout_ms, plain_names,
                                                    [this, found](const std::string& host) {
                                                        EXPECT_EQ(host, "db.test");
                                                        ++lookups;
                                                        return found;
                                                    });
    }
    static std::string first(mariadb_connection& c, std::string_view sql) {
        const auto statement = c.prepare(sql);
        statement->bind({});
        EXPECT_TRUE(statement->step());
        std::string text(statement->read_raw(0).bytes());
        statement->reset();
        return text;
    }

    kin::mariadb::open_options options;
    std::atomic<int> lookups = 0;
};

TEST_F(mariadb_connecting, the_address_of_a_name_is_used) {
    EXPECT_EQ(first(*connect({"127.0.0.1"}), "SELECT 'here'"), "here");
    EXPECT_EQ(lookups, 1);
}

TEST_F(mariadb_connecting, an_address_that_refuses_is_passed_over) {
    EXPECT_EQ(first(*connect({"127.0.0.2", "127.0.0.1"}), "SELECT 'here'"), "here");
}

TEST_F(mariadb_connecting, an_address_that_is_silent_leaves_time_for_the_next) {
    const kin::testing::silent_listener silent("127.0.0.3", options.port);
    const auto begin = steady::now();
    EXPECT_EQ(first(*connect({"127.0.0.3", "127.0.0.1"}, 3000), "SELECT 'here'"), "here");
    EXPECT_GE(steady::now() - begin, std::chrono::milliseconds(1400)); // its half
    EXPECT_LT(steady::now() - begin, soon);
}

TEST_F(mariadb_connecting, the_error_names_host_port_and_what_was_tried) {
    const kin::testing::silent_listener silent("127.0.0.3", options.port);
    const auto e =
        caught<kin::connection_error>([&] { static_cast<void>(connect({"127.0.0.2", "127.0.0.3"}, 300)); });
    EXPECT_EQ(e.code(), "cannot_connect");
    for (const std::string& part : {"db.test:" + std::to_string(options.port), std::string("127.0.0.2"),
                                    std::string("127.0.0.3: no answer within"), std::string("300 ms")})
        EXPECT_NE(e.message().find(part), std::string::npos) << part << " in " << e.message();
}

TEST_F(mariadb_connecting, a_server_that_refuses_the_login_is_the_end) {
    options.password = "wrong";
    const auto e =
        caught<kin::connection_error>([&] { static_cast<void>(connect({"127.0.0.1", "127.0.0.2"})); });
    EXPECT_EQ(e.code(), "login_refused");
}

TEST_F(mariadb_connecting, a_look_up_that_hangs_is_left_alone_at_the_deadline) {
    auto release = std::make_shared<std::promise<void>>();
    auto done = std::make_shared<std::promise<void>>();
    const auto begin = steady::now();
    const auto e = caught<kin::connection_error>([&] {
        const mariadb_connection c(options, 100, plain_names, [=](const std::string&) {
            release->get_future().wait();
            done->set_value();
            return addresses{"127.0.0.1"};
        });
    });
    EXPECT_LT(steady::now() - begin, soon);
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("100 ms"), std::string::npos) << e.message();
    EXPECT_NE(e.message().find("db.test"), std::string::npos) << e.message();
    release->set_value();
    done->get_future().wait();
}

TEST_F(mariadb_connecting, a_statement_is_stopped_at_the_server_that_runs_it) {
    // The name leads elsewhere by now; a session of the same number may run another statement there.
    const auto c = connect({"127.0.0.1"});
    c->set_timeout(200);
    EXPECT_EQ(code_of([&] { static_cast<void>(first(*c, "SELECT sleep(20)")); }), "statement_timeout");
    EXPECT_EQ(lookups, 1);
    EXPECT_FALSE(c->is_broken());
}

TEST_F(mariadb_connecting, a_list_of_hosts_is_no_host) {
    kin::url list = where();
    list.host = "127.0.0.1,127.0.0.1";
    const auto e = caught<kin::connection_error>([&] {
        static_cast<void>(
            kin::create_engine(list.to_string_with_password() + "?ssl_mode=disabled").connect());
    });
    EXPECT_EQ(e.code(), "cannot_connect");
}

TEST_F(mariadb_connecting, a_server_is_found_by_name) {
    kin::url by_name = where();
    by_name.host = "127.1"; // a name to all but the system, which needs no network to find its address
    EXPECT_EQ(code_of([&] { (void)kin::create_engine(by_name.to_string_with_password()); }), "");
    by_name.host = "nowhere.invalid";
    const auto e =
        caught<kin::connection_error>([&] { (void)kin::create_engine(by_name.to_string_with_password()); });
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("the host nowhere.invalid has no address"), std::string::npos) << e.message();
}

/// The server has a certificate for the name 127.1 (scripts/servers.sh), which is 127.0.0.1.
class mariadb_certificate : public mariadb_connecting {
protected:
    void SetUp() override {
        mariadb_connecting::SetUp();
        if (IsSkipped()) return;
        options.ssl_ca = first(*connect({"127.0.0.1"}), "SELECT coalesce(@@ssl_ca, '')");
        if (options.ssl_ca.empty()) GTEST_SKIP() << "the server has no certificate (is there an openssl?)";
        options.ssl = ssl_mode::verify_full;
        options.host = "127.1";
    }
    [[nodiscard]] std::unique_ptr<mariadb_connection> connect_by_name(std::int64_t timeout_ms = 5000) const {
        return std::make_unique<mariadb_connection>(options, timeout_ms, plain_names);
    }
};

TEST_F(mariadb_certificate, is_checked_with_the_name_of_the_url) {
    const auto c = connect_by_name();
    EXPECT_NE(first(*c, "SELECT variable_value FROM information_schema.session_status WHERE variable_name = "
                        "'Ssl_cipher'"),
              "");
    options.host = "127.0.1"; // the same address
    const auto e = caught<kin::connection_error>([&] { static_cast<void>(connect_by_name()); });
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("TLS"), std::string::npos) << e.message();
    options.ssl = ssl_mode::required; // encrypted only
    EXPECT_EQ(code_of([&] { static_cast<void>(connect_by_name()); }), "");
}

TEST_F(mariadb_certificate, a_statement_is_stopped_over_a_verified_connection_too) {
    const auto c = connect_by_name();
    c->set_timeout(200);
    EXPECT_EQ(code_of([&] { static_cast<void>(first(*c, "SELECT sleep(20)")); }), "statement_timeout");
    EXPECT_FALSE(c->is_broken());
    EXPECT_EQ(first(*c, "SELECT repeat('x', 1000000)").size(), 1'000'000U); // comes in many pieces
}

TEST_F(mariadb_certificate, a_server_that_falls_silent_within_the_handshake_is_given_up_in_time) {
    kin::testing::tcp_proxy proxy(options.port);
    options.port = proxy.port();
    // The greeting has about 100 bytes; what comes behind it is TLS.
    proxy.arm({.way = kin::testing::proxy_way::to_client,
               .after_bytes = 200,
               .what = kin::testing::proxy_fault::stall});
    const auto begin = steady::now();
    const auto e = caught<kin::connection_error>([&] { static_cast<void>(connect_by_name(300)); });
    EXPECT_LT(steady::now() - begin, soon);
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("300 ms"), std::string::npos) << e.message();
    EXPECT_TRUE(proxy.fired());
}

TEST_F(mariadb_certificate, a_peer_that_falls_silent_later_is_given_up_in_time) {
    kin::testing::tcp_proxy proxy(options.port);
    options.port = proxy.port();
    const auto c = connect_by_name();
    c->set_timeout(300);
    proxy.arm({.way = kin::testing::proxy_way::to_client,
               .after_bytes = 0,
               .what = kin::testing::proxy_fault::stall});
    const auto begin = steady::now();
    EXPECT_EQ(code_of([&] { static_cast<void>(first(*c, "SELECT 1")); }), "statement_timeout");
    EXPECT_LT(steady::now() - begin, soon);
    EXPECT_TRUE(c->is_broken());
}

TEST_F(mariadb_certificate, a_server_that_is_silent_is_given_up_in_time) {
    options.host = "127.3"; // 127.0.0.3
    const kin::testing::silent_listener silent("127.0.0.3", options.port);
    const auto begin = steady::now();
    const auto e = caught<kin::connection_error>([&] { static_cast<void>(connect_by_name(300)); });
    EXPECT_LT(steady::now() - begin, soon);
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("300 ms"), std::string::npos) << e.message();
}

} // namespace
