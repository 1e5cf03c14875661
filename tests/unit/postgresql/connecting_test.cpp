// SPDX-License-Identifier: MIT
// How a PostgreSQL server is found by its name.
#include <chrono>
#include <string>
#include <vector>

#include "kin/kin.hpp"
#include "kin/postgresql/channel.hpp"
#include "kin/postgresql/options.hpp"
#include "support/silent_listener.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::postgresql::channel;
using kin::testing::caught;
using kin::testing::code_of;
using addresses = std::vector<std::string>;
using steady = std::chrono::steady_clock;

class postgresql_connecting : public ::testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        where = kin::url::parse(kin::testing::test_url());
        where.options.emplace_back("sslmode", "disable");
        where.host = "db.test";
    }
    /// An answer over a new connection.
    [[nodiscard]] std::string ask(const addresses& found, std::int64_t timeout_ms = 5000) const {
        kin::postgresql::connect_options o = kin::postgresql::read_options(where);
        o.connect_timeout_ms = timeout_ms;
        channel c(o, [&](const std::string&) { return found; });
        return kin::postgresql::library().PQgetvalue(c.run("SELECT 'here'").get(), 0, 0);
    }

    kin::url where;
};

TEST_F(postgresql_connecting, an_address_that_refuses_is_passed_over) {
    EXPECT_EQ(ask({"127.0.0.2", "127.0.0.1"}), "here");
}

TEST_F(postgresql_connecting, an_address_that_is_silent_leaves_time_for_the_next) {
    const kin::testing::silent_listener silent("127.0.0.3", where.port);
    const auto begin = steady::now();
    EXPECT_EQ(ask({"127.0.0.3", "127.0.0.1"}, 3000), "here");
    EXPECT_GE(steady::now() - begin, std::chrono::milliseconds(1400)); // its half
    EXPECT_LT(steady::now() - begin, std::chrono::seconds(10));
}

TEST_F(postgresql_connecting, the_error_names_host_port_and_what_was_tried) {
    const kin::testing::silent_listener silent("127.0.0.3", where.port);
    const auto e =
        caught<kin::connection_error>([&] { static_cast<void>(ask({"127.0.0.2", "127.0.0.3"}, 300)); });
    EXPECT_EQ(e.code(), "cannot_connect");
    for (const std::string& part : {"db.test:" + std::to_string(where.port), std::string("127.0.0.2"),
                                    std::string("127.0.0.3: no answer within")})
        EXPECT_NE(e.message().find(part), std::string::npos) << part << " in " << e.message();
}

TEST_F(postgresql_connecting, a_server_that_refuses_is_the_end) {
    where.database = "no_such_database";
    const auto e = caught<kin::connection_error>([&] { static_cast<void>(ask({"127.0.0.1", "127.0.0.2"})); });
    EXPECT_EQ(e.sqlstate(), "3D000");
    EXPECT_EQ(e.message().find("127.0.0.2"), std::string::npos) << e.message();
}

TEST_F(postgresql_connecting, hosts_of_a_list_are_looked_up_each) {
    where.host = "nowhere.test,db.test";
    kin::postgresql::connect_options o = kin::postgresql::read_options(where);
    o.connect_timeout_ms = 5000;
    channel c(o, [](const std::string& host) -> addresses {
        if (host == "db.test") return {"127.0.0.1"};
        throw kin::connection_error({.code = "cannot_connect", .message = "no such host", .sql = {}});
    });
    EXPECT_TRUE(c.is_open());
}

TEST_F(postgresql_connecting, a_server_is_found_by_name) {
    where.host = "localhost";
    EXPECT_EQ(code_of([&] { (void)kin::create_engine(where.to_string_with_password()); }), "");
    where.host = "nowhere.invalid";
    EXPECT_EQ(code_of([&] { (void)kin::create_engine(where.to_string_with_password()); }), "cannot_connect");
}

} // namespace
