// SPDX-License-Identifier: MIT
// What no statement has told as an error: a connection that broke, a transaction that was ended, behind the engine's back.
#include <chrono>
#include <future>
#include <limits>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::transaction_access;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::fake_engine;
using kin::testing::fake_server;

TEST(T28, a_connection_that_broke_without_an_error_is_not_lent_again) {
    fake_server server;
    server.needs_reset = false;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.execute("SELECT 1");
        server.breaks_connections = true;
    }
    EXPECT_EQ(server.closed, 1);
}

TEST(ended_transaction, is_none_to_commit_and_no_lost_connection) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.begin(transaction_access::write);
        server.ends_transactions = true; // as COMMIT as SQL does
        const auto failure = caught<kin::state_error>([&] { c.commit(); });
        EXPECT_EQ(failure.code(), "no_transaction");
        EXPECT_NE(failure.message().find("a statement has ended the transaction"), std::string_view::npos);
        EXPECT_FALSE(c.transaction_lost());
        EXPECT_EQ(code_of([&] { c.require_write(); }), "no_transaction");
    }
    EXPECT_EQ(server.closed, 0);
}

TEST(longest_timeout, is_what_the_largest_number_means) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 1,
                                          .max_overflow = 0,
                                          .pool_timeout_ms = most,
                                          .pool_recycle_ms = most,
                                          .connect_timeout_ms = most,
                                          .statement_timeout_ms = most});
    auto held = std::make_unique<connection>(e.connect());
    EXPECT_GT(server.timeout_ms, 1'000'000'000);
    EXPECT_GT(server.connect_timeout_ms, 1'000'000'000);
    auto waits =
        std::async(std::launch::async, [&] { return code_of([&] { static_cast<void>(e.connect()); }); });
    while (e.pool_status().waiting == 0 &&
           waits.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        std::this_thread::yield();
    held.reset();
    EXPECT_EQ(waits.get(), "");
    EXPECT_EQ(server.opened, 1); // nor is a connection too old at once
}

} // namespace
