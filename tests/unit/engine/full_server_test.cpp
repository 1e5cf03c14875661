// SPDX-License-Identifier: MIT
// A server that has no room for another connection.
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "kin/engine/pool.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::fake_engine;
using kin::testing::fake_server;

TEST(full_server, is_asked_again_until_it_has_room) {
    fake_server server;
    server.full_for = 3;
    const engine e = fake_engine(server, {.pool_timeout_ms = 20'000});
    const connection c = e.connect();
    EXPECT_EQ(server.opened, 1);
    EXPECT_EQ(server.full_for, 0);
}

TEST(full_server, is_asked_for_no_longer_than_pool_timeout_ms) {
    fake_server server;
    server.full_for = 1'000'000;
    const engine e = fake_engine(server, {.pool_timeout_ms = 60});
    const auto begin = std::chrono::steady_clock::now();
    const auto error = caught<kin::connection_error>([&] { (void)e.connect(); });
    EXPECT_EQ(error.code(), "too_many_connections");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    EXPECT_LT(server.full_for, 1'000'000 - 1); // more than once
    server.full_for = 0;
    const connection c = e.connect(); // the places are all there
    EXPECT_EQ(e.pool_status().holders.size(), 1U);
}

TEST(full_server, another_refusal_is_not_tried_again) {
    fake_server server;
    server.refuses_connections = true;
    const engine e = fake_engine(server, {.pool_timeout_ms = 20'000});
    EXPECT_EQ(code_of([&] { (void)e.connect(); }), "cannot_open");
}

TEST(full_server, a_connection_that_comes_back_meanwhile_is_taken) {
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 2, .pool_timeout_ms = 20'000});
    auto first = std::make_unique<connection>(e.connect());
    server.full_for = 1'000'000;
    std::thread other([&] { first.reset(); });
    const connection second = e.connect();
    other.join();
    EXPECT_EQ(server.opened, 1);
}

/// A user of the server who may connect once, and an engine of that user.
class full_real_server : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::on_sqlite()) GTEST_SKIP() << "SQLite has no server";
        admin.emplace(kin::create_engine(kin::testing::fresh_url()));
        user = "kin_once_" + std::to_string(getpid());
        connection c = admin->connect();
        if (kin::testing::on_mariadb()) {
            c.execute("CREATE USER " + user + "@'127.0.0.1' IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 1");
            c.execute("GRANT ALL ON *.* TO " + user + "@'127.0.0.1'");
        } else {
            c.execute("CREATE ROLE " + user + " LOGIN CONNECTION LIMIT 1");
        }
    }
    void TearDown() override {
        if (!admin) return;
        admin->connect().execute(kin::testing::on_mariadb() ? "DROP USER " + user + "@'127.0.0.1'"
                                                            : "DROP ROLE " + user);
    }
    [[nodiscard]] engine open(std::int64_t pool_timeout_ms) const {
        kin::url where = admin->url();
        where.user = user;
        where.password = "x";
        return kin::create_engine(where.to_string_with_password(),
                                  {.pool_size = 1, .pool_timeout_ms = pool_timeout_ms});
    }
    std::optional<engine> admin;
    std::string user;
};

TEST_F(full_real_server, is_known_by_its_error_and_waited_for) {
    auto first = std::make_unique<engine>(open(1'000));
    EXPECT_EQ(caught<kin::connection_error>([&] { (void)open(50); }).code(), "too_many_connections");
    std::thread other([&] { first.reset(); });
    const engine second = open(20'000);
    other.join();
    EXPECT_EQ(second.pool_status().holders.size(), 0U);
}

} // namespace
