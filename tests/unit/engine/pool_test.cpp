// SPDX-License-Identifier: MIT
#include "kin/engine/pool.hpp"

#include <optional>

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

kin::pool& pool_of(const engine& e) { return e.internals().connections; }

TEST(pool, lends_the_connection_that_was_given_back_last) {
    fake_server server;
    const engine e = fake_engine(server);
    { const connection c = e.connect(); }
    { const connection c = e.connect(); }
    EXPECT_EQ(server.opened, 1);
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
}

TEST(pool, keeps_size_connections_and_closes_the_overflow) {
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 1, .max_overflow = 1});
    {
        const connection a = e.connect();
        const connection b = e.connect();
        EXPECT_EQ(pool_of(e).checked_out_count(), 2U);
    }
    EXPECT_EQ(pool_of(e).checked_out_count(), 0U);
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
    EXPECT_EQ(server.closed, 1);
}

TEST(pool, that_is_exhausted_says_its_sizes_and_how_many_connections_are_out) {
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 1, .max_overflow = 1, .pool_timeout_ms = 1});
    const connection a = e.connect();
    const connection b = e.connect();
    const auto failure = caught<kin::pool_timeout>([&] { static_cast<void>(e.connect()); });
    EXPECT_EQ(failure.code(), "pool_timeout");
    EXPECT_EQ(failure.message(),
              "no connection became free within 1 ms: 2 are checked out (pool_size 1, max_overflow 1); end "
              "sessions sooner, or raise pool_size or max_overflow in engine_options");
}

TEST(pool, a_connection_given_back_in_a_transaction_is_rolled_back) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.begin(transaction_access::write);
    }
    EXPECT_EQ(server.rollbacks, 1);
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
    EXPECT_FALSE(e.connect().in_transaction());
}

TEST(pool, a_connection_that_cannot_roll_back_is_dropped) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.begin(transaction_access::write);
        server.refuses_rollback = true;
    }
    EXPECT_EQ(pool_of(e).idle_count(), 0U);
    EXPECT_EQ(server.closed, 1);
    server.refuses_rollback = false;
    { const connection fresh = e.connect(); }
    EXPECT_EQ(server.opened, 2);
}

TEST(pool, a_connection_that_was_lost_is_not_lent_again) {
    fake_server server;
    const engine e = fake_engine(server);
    const auto lost = [](auto&&...) {
        throw kin::connection_error({.code = "connection_lost", .message = "the server is gone", .sql = {}});
    };
    {
        connection c = e.connect();
        server.on_step = lost;
        EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "connection_lost");
        server.on_step = [](auto&&...) {};
    }
    EXPECT_EQ(pool_of(e).idle_count(), 0U);
    EXPECT_EQ(server.closed, 1);
}

TEST(pool, a_connection_whose_statement_was_refused_is_lent_again) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        server.on_step = [](auto&&...) {
            throw kin::statement_error({.code = "bad_sql", .message = "no", .sql = {}});
        };
        EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "bad_sql");
    }
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
}

TEST(pool, a_failed_opening_does_not_count) {
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 1, .max_overflow = 0, .pool_timeout_ms = 1});
    server.refuses_connections = true;
    EXPECT_EQ(code_of([&] { static_cast<void>(e.connect()); }), "cannot_open");
    EXPECT_EQ(code_of([&] { static_cast<void>(e.connect()); }), "cannot_open");
    server.refuses_connections = false;
    EXPECT_EQ(code_of([&] { static_cast<void>(e.connect()); }), "");
}

TEST(pool, asks_whether_a_connection_lives_only_when_it_was_idle_for_long) {
    fake_server server;
    const kin::observer_list nobody;
    const kin::testing::fake_driver driver(server);
    kin::pool trusting(driver, nobody, {.trusted_idle_ms = 60'000});
    kin::pool suspicious(driver, nobody, {.trusted_idle_ms = 0});
    { const connection c = trusting.acquire(nullptr); }
    { const connection c = suspicious.acquire(nullptr); }
    ASSERT_EQ(server.opened, 2);
    server.alive = false;
    { const connection old = trusting.acquire(nullptr); }
    EXPECT_EQ(server.opened, 2);
    { const connection fresh = suspicious.acquire(nullptr); }
    EXPECT_EQ(server.opened, 3);
    EXPECT_EQ(server.closed, 1);
}

TEST(pool, outlives_its_engine_while_a_connection_is_out) {
    fake_server server;
    std::optional<connection> c;
    {
        const engine e = fake_engine(server);
        c = e.connect();
    }
    EXPECT_EQ(c->execute("UPDATE t"), 0);
    c.reset();
    EXPECT_EQ(server.closed, server.opened);
}

TEST(pool, a_connection_that_was_moved_is_given_back_once) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection a = e.connect();
        connection b = std::move(a);
        a = e.connect();
        a = std::move(b);
        EXPECT_EQ(pool_of(e).checked_out_count(), 1U);
    }
    EXPECT_EQ(pool_of(e).checked_out_count(), 0U);
    EXPECT_EQ(pool_of(e).idle_count(), 2U);
}

TEST(T27, a_connection_is_reset_when_it_goes_back_and_closed_when_that_fails) {
    fake_server server;
    const engine e = fake_engine(server);
    { const connection c = e.connect(); }
    EXPECT_EQ(server.resets, 1);
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
    server.on_reset = [] { throw kin::statement_error({.code = "bad_sql", .message = "no", .sql = {}}); };
    { const connection c = e.connect(); }
    EXPECT_EQ(server.closed, 1);
    EXPECT_EQ(pool_of(e).idle_count(), 0U);
}

TEST(T27, statements_that_a_reset_took_away_are_prepared_again) {
    fake_server server;
    const engine e = fake_engine(server);
    const auto select = [&] { e.connect().execute("SELECT 1"); };
    select();
    select();
    EXPECT_EQ(server.prepared, 1);
    server.reset_keeps_statements = false;
    select();
    select();
    EXPECT_EQ(server.prepared, 2);
    EXPECT_EQ(server.opened, 1);
}

TEST(pool, resets_nothing_when_it_is_told_not_to) {
    fake_server server;
    const engine e = fake_engine(server, {.reset_on_return = false});
    { const connection c = e.connect(); }
    EXPECT_EQ(server.resets, 0);
}

TEST(T28, a_connection_that_says_it_is_broken_after_an_error_is_closed) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        server.on_step = [](auto&&...) {
            throw kin::statement_error({.code = "bad_sql", .message = "no", .sql = {}});
        };
        server.breaks_connections = true;
        EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "bad_sql");
    }
    EXPECT_EQ(server.closed, 1);
}

TEST(T14, connections_know_how_long_opening_and_statements_may_take) {
    fake_server server;
    const engine e = fake_engine(server, {.connect_timeout_ms = 700, .statement_timeout_ms = 800});
    const connection c = e.connect();
    EXPECT_EQ(server.connect_timeout_ms, 700);
    EXPECT_EQ(server.timeout_ms, 800);
}

} // namespace
