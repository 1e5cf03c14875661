// SPDX-License-Identifier: MIT
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

// Threads that share an engine of a server: its pool, its drivers and the client library.

namespace {

struct Counter {
    kin::primary_key<int> id;
    std::int64_t value = 0;
    kin::field<int, kin::version> version;
};

/// Runs `work` on several threads at once.
template <class Work> void on_threads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
    for (std::thread& t : threads) t.join();
}

class threads_on_a_server : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::on_sqlite()) GTEST_SKIP() << "KIN_TEST_URL names no server";
        url = kin::testing::fresh_url();
        const kin::database db(url);
        db.create_all<Counter>();
        db.transaction([](kin::session& s) {
            for (int i = 0; i < 4; ++i) s.add(Counter{});
        });
    }
    [[nodiscard]] std::int64_t sum() const {
        kin::session s = kin::database(url).session();
        std::int64_t all = 0;
        for (const auto& one : s.query<Counter>().all()) all += one->value;
        return all;
    }
    /// Adds one to a counter, whatever comes in between.
    static void add_one(const kin::database& db, int id) {
        for (;;) {
            try {
                return db.transaction([&](kin::session& s) { s.get_one<Counter>(id)->value += 1; }, {},
                                      {.attempts = 100, .first_pause_ms = 1, .longest_pause_ms = 10});
            } catch (const kin::stale_data&) {} // read again
        }
    }
    std::string url;
};

TEST_F(threads_on_a_server, T42_sixteen_sessions_share_an_engine_and_lose_nothing) {
    const kin::database db(url, {.pool_size = 6, .max_overflow = 2});
    on_threads(16, [&](int number) {
        for (int i = 0; i < 15; ++i) add_one(db, 1 + (number + i) % 4);
    });
    EXPECT_EQ(sum(), 16 * 15);
    EXPECT_EQ(db.engine().pool_status().holders.size(), 0U);
}

TEST_F(threads_on_a_server, engines_are_made_and_closed_by_many_threads_at_once) {
    on_threads(8, [&](int number) {
        for (int i = 0; i < 3; ++i) {
            const kin::database own(url, {.pool_size = 1});
            add_one(own, 1 + number % 4);
            own.engine().close_connections();
        }
    });
    EXPECT_EQ(sum(), 8 * 3);
}

TEST_F(threads_on_a_server, T06_connections_that_end_under_load_are_replaced) {
    std::atomic<bool> done = false;
    std::thread administrator([&] {
        const kin::database own(url);
        while (!done) {
            kin::session s = own.session();
            if (!kin::testing::on_mariadb()) {
                s.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
                          "'under_load'");
                continue;
            }
            const std::string mine = "SELECT id FROM information_schema.processlist WHERE db = database() "
                                     "AND id <> connection_id()";
            for (const auto& [id] : s.sql<std::int64_t>(mine).all()) {
                try {
                    s.execute("KILL CONNECTION " + std::to_string(id));
                } catch (const kin::statement_error&) {} // it has gone by itself
            }
        }
    });
    const kin::database victims(kin::testing::on_mariadb() ? url : url + "&application_name=under_load",
                                {.pool_size = 4, .pool_trust_idle_ms = -1});
    std::atomic<int> lost = 0;
    on_threads(6, [&](int number) {
        for (int i = 0; i < 20; ++i) {
            try {
                add_one(victims, 1 + number % 4);
            } catch (const kin::connection_error&) {
                ++lost;
            } catch (const kin::commit_outcome_unknown&) {
                ++lost;
            }
        }
    });
    done = true;
    administrator.join();
    EXPECT_GT(lost, 0);
    EXPECT_GE(sum(), 6 * 20 - lost);
    EXPECT_LE(sum(), 6 * 20);
    add_one(victims, 1);
}

TEST_F(threads_on_a_server, T19_statements_are_stopped_from_other_threads) {
    const kin::database db(url);
    on_threads(4, [&](int) {
        kin::session s = db.session();
        const kin::cancel_handle stop = s.cancel_handle();
        std::atomic<bool> done = false;
        std::thread other([&] {
            while (!done) {
                stop.cancel();
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        });
        EXPECT_EQ(kin::testing::code_of([&] {
                      (void)s.sql<std::string>(kin::testing::endless_query())
                          .execution({.timeout_ms = 60'000})
                          .one();
                  }),
                  "statement_cancelled");
        done = true;
        other.join();
        s.rollback();
    });
}

} // namespace
