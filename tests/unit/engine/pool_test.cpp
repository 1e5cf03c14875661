// SPDX-License-Identifier: MIT
#include "kin/engine/pool.hpp"

#include <algorithm>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <string>
#include <vector>

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

using kind = kin::connection_event_kind;

kin::pool& pool_of(const engine& e) { return e.internals().connections; }

/// What happened to connections, in order. For one thread.
struct event_log final : kin::connection_observer {
    struct entry {
        kind what;
        std::uint64_t connection;
        std::string place;
        std::int64_t held_ms;
    };
    void happened(const kin::connection_event& e) noexcept override {
        events.push_back({e.kind, e.connection, std::string(e.place), e.held_ms});
    }
    [[nodiscard]] std::size_t count(kind k) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const entry& e) { return e.what == k; }));
    }
    [[nodiscard]] entry first(kind k) const {
        return *std::find_if(events.begin(), events.end(), [&](const entry& e) { return e.what == k; });
    }
    [[nodiscard]] std::string text() const {
        static constexpr const char* names[] = {"connected", "checked_out", "checked_in",
                                                "held_long", "invalidated", "closed"};
        std::string out;
        for (const entry& e : events) {
            out.append(out.empty() ? "" : ", ").append(names[static_cast<std::size_t>(e.what)]);
            out.append(" ").append(std::to_string(e.connection));
            if (!e.place.empty()) out.append(" ").append(e.place);
        }
        return out;
    }
    std::vector<entry> events;
};

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
    EXPECT_TRUE(failure.message().starts_with("no connection became free within 1 ms: 2 are checked out "
                                              "(pool_size 1, max_overflow 1), the oldest by "))
        << failure.message();
    EXPECT_TRUE(failure.message().ends_with(
        " ms; end sessions sooner, or raise pool_size or max_overflow in engine_options"))
        << failure.message();
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

/// A pool whose time stands still until the test moves it.
class timed_pool : public testing::Test {
protected:
    timed_pool() { now_ms_ = 1'000; }
    [[nodiscard]] std::unique_ptr<kin::pool> make(kin::pool::limits l) {
        l.now_ms = []() noexcept { return now_ms_; };
        return std::make_unique<kin::pool>(driver, statements, observers, l);
    }
    static void pass(std::int64_t ms) { now_ms_ += ms; }

    fake_server server;
    kin::statement_observers statements;
    kin::connection_observers observers;
    kin::testing::fake_driver driver{server};

private:
    static inline std::int64_t now_ms_ = 0;
};

TEST_F(timed_pool, asks_whether_a_connection_lives_only_when_it_was_idle_for_long) {
    const auto pool = make({.trusted_idle_ms = 1'000});
    { const connection c = pool->acquire(nullptr); }
    server.alive = false;
    pass(1'000);
    { const connection old = pool->acquire(nullptr); }
    EXPECT_EQ(server.pings, 0);
    pass(1'001);
    { const connection fresh = pool->acquire(nullptr); }
    EXPECT_EQ(server.pings, 1);
    EXPECT_EQ(server.opened, 2);
    EXPECT_EQ(server.closed, 1);
}

TEST_F(timed_pool, T20_a_restarted_server_is_noticed_before_a_connection_is_lent) {
    const auto pool = make({.size = 2});
    {
        const connection a = pool->acquire(nullptr);
        const connection b = pool->acquire(nullptr);
    }
    server.alive = false; // the old connections
    pass(60'000);
    connection c = pool->acquire(nullptr);
    EXPECT_EQ(c.execute("UPDATE t"), 0);
    EXPECT_EQ(server.opened, 3);
}

TEST_F(timed_pool, T14_asking_and_resetting_have_their_own_short_time_out) {
    const auto pool = make({.statement_timeout_ms = 90'000, .upkeep_timeout_ms = 700});
    {
        connection c = pool->acquire(nullptr);
        c.execute("UPDATE t");
        EXPECT_EQ(server.timeout_ms, 90'000);
    }
    EXPECT_EQ(server.timeout_ms, 700);
    connection c = pool->acquire(nullptr);
    c.execute("UPDATE t");
    EXPECT_EQ(server.timeout_ms, 90'000);
}

TEST_F(timed_pool, T30_connections_that_were_opened_together_are_replaced_one_after_the_other) {
    constexpr std::uint32_t size = 50;
    const auto pool = make({.size = size, .trusted_idle_ms = 1'000'000, .max_age_ms = 10'000});
    const auto borrow_all = [&] {
        std::vector<connection> all;
        for (std::uint32_t i = 0; i < size; ++i) all.push_back(pool->acquire(nullptr));
    };
    borrow_all();
    pass(7'999);
    borrow_all();
    EXPECT_EQ(server.closed, 0); // nobody is too old yet
    pass(1'001);
    borrow_all();
    const int at_nine_seconds = server.closed;
    EXPECT_GT(at_nine_seconds, 5);
    EXPECT_LT(at_nine_seconds, 45);
    pass(1'000);
    borrow_all();
    EXPECT_EQ(server.closed, 50);
}

TEST_F(timed_pool, T25_a_connection_that_is_held_for_long_is_told_about_once_with_who_has_it) {
    const auto pool = make({.long_hold_ms = 500});
    event_log log;
    observers.add(log);
    const connection held = pool->acquire(nullptr, {.where = {}, .label = "nightly report"});
    pass(499);
    { const connection c = pool->acquire(nullptr); }
    EXPECT_EQ(log.count(kind::held_long), 0U);
    pass(1);
    testing::internal::CaptureStderr();
    { const connection c = pool->acquire(nullptr); }
    { const connection c = pool->acquire(nullptr); }
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "[kin] nightly report has held a connection for 500 ms; end its session sooner\n");
    ASSERT_EQ(log.count(kind::held_long), 1U);
    const auto told = log.first(kind::held_long);
    EXPECT_EQ(told.place, "nightly report");
    EXPECT_EQ(told.held_ms, 500);
}

TEST_F(timed_pool, T22_says_who_holds_its_connections_and_for_how_long) {
    const auto pool = make({.size = 2, .overflow = 0, .timeout_ms = 0});
    const connection a = pool->acquire(nullptr, {.where = {}, .label = "nightly report"});
    pass(20);
    const connection b = pool->acquire(nullptr, {.where = std::source_location::current(), .label = {}});
    const std::string place = "pool_test.cpp:" + std::to_string(__LINE__ - 1);
    pass(5);
    const kin::pool_status now = pool->status();
    ASSERT_EQ(now.holders.size(), 2U);
    EXPECT_EQ(now.idle, 0U);
    EXPECT_EQ(now.waiting, 0U);
    EXPECT_EQ(now.holders[0].place, "nightly report");
    EXPECT_EQ(now.holders[0].age_ms, 25);
    EXPECT_EQ(now.holders[1].place, place);
    EXPECT_EQ(now.holders[1].age_ms, 5);
    const auto failure = caught<kin::pool_timeout>([&] { static_cast<void>(pool->acquire(nullptr)); });
    EXPECT_EQ(failure.message(), "no connection became free within 0 ms: 2 are checked out (pool_size 2, "
                                 "max_overflow 0), the oldest by nightly report for 25 ms, " +
                                     place +
                                     " for 5 ms; end sessions sooner, or raise pool_size or max_overflow in "
                                     "engine_options");
}

TEST_F(timed_pool, tells_what_happens_to_its_connections) {
    const auto pool = make({.size = 1, .overflow = 1});
    event_log log;
    observers.add(log);
    {
        const connection a = pool->acquire(nullptr, {.where = {}, .label = "a"});
        const connection b = pool->acquire(nullptr, {.where = {}, .label = "b"});
        pass(7);
    }
    EXPECT_EQ(log.text(), "connected 1, checked_out 1 a, connected 2, checked_out 2 b, checked_in 2 b, "
                          "checked_in 1 a, closed 1");
    observers.remove(log);
    { const connection c = pool->acquire(nullptr); }
    EXPECT_EQ(log.events.size(), 7U);
}

TEST(pool, T06_a_lost_connection_lets_all_others_be_replaced) {
    fake_server server;
    const engine e = fake_engine(server);
    event_log log;
    e.add_observer(log);
    {
        connection a = e.connect();
        const connection b = e.connect();
        const connection c = e.connect();
        { connection idle = e.connect(); }
        server.on_step = [](auto&&...) {
            throw kin::connection_error({.code = "connection_lost", .message = "gone", .sql = {}});
        };
        EXPECT_EQ(code_of([&] { a.execute("SELECT 1"); }), "connection_lost");
        EXPECT_EQ(code_of([&] { a.execute("SELECT 1"); }), "connection_lost");
        server.on_step = [](auto&&...) {};
    }
    EXPECT_EQ(server.closed, 3); // those that came back; the idle one waits for somebody to borrow it
    EXPECT_EQ(log.count(kind::invalidated), 1U);
    { connection fresh = e.connect(); }
    EXPECT_EQ(server.closed, 4);
    EXPECT_EQ(server.opened, 5);
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
    e.remove_observer(log);
}

TEST(pool, T14_a_connection_that_gave_no_answer_in_time_is_closed_and_the_others_stay) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection a = e.connect();
        const connection b = e.connect();
        server.on_step = [&](auto&&...) {
            server.breaks_connections = true;
            throw kin::statement_timeout({.code = "statement_timeout", .message = "no", .sql = {}});
        };
        EXPECT_EQ(code_of([&] { a.execute("SELECT 1"); }), "statement_timeout");
        server.breaks_connections = false;
    }
    EXPECT_EQ(server.closed, 1);
    EXPECT_EQ(pool_of(e).idle_count(), 1U);
}

TEST(pool, closes_its_idle_connections_on_request_and_the_others_when_they_come_back) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        const connection out = e.connect();
        { const connection idle = e.connect(); }
        e.close_connections();
        EXPECT_EQ(server.closed, 1);
    }
    EXPECT_EQ(server.closed, 2);
    EXPECT_EQ(e.connect().execute("UPDATE t"), 0);
}

TEST(pool, T24_ten_thousand_tasks_that_throw_leave_no_connection_out) {
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 2, .max_overflow = 0, .pool_timeout_ms = 0});
    for (int i = 0; i < 10'000; ++i) {
        try {
            connection c = e.connect();
            c.begin(transaction_access::write);
            throw i;
        } catch (int) {}
    }
    EXPECT_EQ(e.pool_status().holders.size(), 0U);
    EXPECT_EQ(server.opened, 1);
    EXPECT_EQ(server.rollbacks, 10'000);
}

TEST(pool, T26_places_of_connections_that_could_not_be_opened_are_free_again) {
    fake_server server;
    const engine e = fake_engine(server, {.pool_size = 2, .max_overflow = 1, .pool_timeout_ms = 0});
    server.refuses_connections = true;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(code_of([&] { static_cast<void>(e.connect()); }), "cannot_open");
    server.refuses_connections = false;
    const connection a = e.connect();
    const connection b = e.connect();
    const connection c = e.connect();
    EXPECT_EQ(code_of([&] { static_cast<void>(e.connect()); }), "pool_timeout");
}

TEST(pool, a_hook_sets_up_each_new_connection_once) {
    fake_server server;
    server.needs_reset = false;
    std::vector<std::string> set_up;
    server.on_step = [&](std::string_view sql) { set_up.emplace_back(sql); };
    const engine e = fake_engine(server, {.on_connect = [](connection& c) { c.execute("SET a"); }});
    { const connection c = e.connect(); }
    { const connection c = e.connect(); }
    EXPECT_EQ(set_up, (std::vector<std::string>{"SET a"}));
}

TEST(T27, a_hook_sets_up_a_connection_again_that_was_reset) {
    fake_server server;
    std::vector<std::string> set_up;
    server.on_step = [&](std::string_view sql) { set_up.emplace_back(sql); };
    const engine e = fake_engine(server, {.on_connect = [](connection& c) { c.execute("SET a"); }});
    { const connection c = e.connect(); }
    EXPECT_EQ(set_up, (std::vector<std::string>{"SET a", "SET a"}));
    EXPECT_EQ(server.opened, 1);
}

TEST(pool, a_connection_whose_hook_throws_is_closed) {
    fake_server server;
    bool fails = true;
    const engine e = fake_engine(
        server, {.pool_size = 1, .max_overflow = 0, .pool_timeout_ms = 0, .on_connect = [&](connection&) {
                     if (fails) throw std::runtime_error("no");
                 }});
    EXPECT_THROW(static_cast<void>(e.connect()), std::runtime_error);
    EXPECT_EQ(server.closed, 1);
    fails = false;
    const connection c = e.connect();
    EXPECT_EQ(e.pool_status().holders.size(), 1U);
}

TEST(pool, a_transaction_that_a_hook_leaves_open_is_rolled_back) {
    fake_server server;
    const engine e =
        fake_engine(server, {.on_connect = [](connection& c) { c.begin(transaction_access::write); }});
    const connection c = e.connect();
    EXPECT_FALSE(c.in_transaction());
    EXPECT_EQ(server.rollbacks, 1);
}

TEST(pool, T33_outlives_its_engine_while_a_connection_is_out) {
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
