// SPDX-License-Identifier: MIT
#include "kin/app/retry.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/app/database.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::database;
using kin::session;
using kin::testing::code_of;
using kin::testing::fake_engine;
using kin::testing::fake_server;

/// Time that passes when somebody sleeps.
struct manual_clock final : kin::retry_clock {
    std::int64_t now_ms() noexcept override { return now; }
    void sleep(std::int64_t ms) override {
        pauses.push_back(ms);
        now += ms;
    }
    std::int64_t now = 5'000;
    std::vector<std::int64_t> pauses;
};

template <class Error> [[noreturn]] void give_up(std::string text) {
    throw Error({.code = "serialization_failure", .message = std::move(text), .sql = {}});
}

class retrying : public testing::Test {
protected:
    [[nodiscard]] kin::retry_options options(std::uint32_t attempts) {
        return {.attempts = attempts, .clock = &clock};
    }
    /// The text of the error that comes out of a transaction with this work.
    template <class Work> std::string failure_of(Work work, const kin::retry_options& retry) {
        try {
            db.transaction(work, {}, retry);
        } catch (const std::exception& e) {
            return e.what();
        }
        return {};
    }

    fake_server server;
    database db{fake_engine(server)};
    manual_clock clock;
    int runs = 0;
};

TEST_F(retrying,
       T43_a_transaction_that_always_conflicts_is_tried_as_often_as_was_said_and_keeps_the_last_error) {
    const auto always = [&](session&) {
        give_up<kin::serialization_failure>("conflict " + std::to_string(++runs));
    };
    EXPECT_EQ(failure_of(always, options(4)), "conflict 4");
    EXPECT_EQ(runs, 4);
    EXPECT_EQ(clock.pauses.size(), 3U);
}

TEST_F(retrying, T43_pauses_double_up_to_a_bound_and_vary_by_chance) {
    const auto always = [&](session&) { give_up<kin::deadlock>("again"); };
    kin::retry_options retry = options(9);
    retry.first_pause_ms = 16;
    retry.longest_pause_ms = 256;
    bool varied = false;
    std::vector<std::int64_t> first;
    for (int round = 0; round < 20; ++round) {
        clock.pauses.clear();
        EXPECT_EQ(failure_of(always, retry), "again");
        ASSERT_EQ(clock.pauses.size(), 8U);
        std::int64_t full = 16;
        for (const std::int64_t pause : clock.pauses) {
            EXPECT_LE(pause, full);
            EXPECT_GE(pause, full / 2);
            full = std::min<std::int64_t>(full * 2, 256);
        }
        if (round == 0) first = clock.pauses;
        varied = varied || clock.pauses != first;
    }
    EXPECT_TRUE(varied);
}

TEST_F(retrying, T43_no_attempt_begins_after_the_time_is_over) {
    const auto slow = [&](session&) {
        ++runs;
        clock.now += 4'000;
        give_up<kin::lock_timeout>("locked");
    };
    kin::retry_options retry = options(100);
    retry.total_ms = 10'000;
    EXPECT_EQ(failure_of(slow, retry), "locked");
    EXPECT_EQ(runs, 3);
}

TEST_F(retrying, T43_one_attempt_means_never_again) {
    const auto always = [&](session&) {
        ++runs;
        give_up<kin::deadlock>("no");
    };
    EXPECT_EQ(failure_of(always, options(1)), "no");
    EXPECT_EQ(runs, 1);
    EXPECT_TRUE(clock.pauses.empty());
}

TEST_F(retrying, returns_what_the_attempt_that_succeeded_returned) {
    const int result = db.transaction(
        [&](session&) {
            if (++runs < 3) give_up<kin::serialization_failure>("again");
            return runs;
        },
        {}, options(5));
    EXPECT_EQ(result, 3);
}

TEST_F(retrying, T44_each_attempt_has_a_session_of_its_own) {
    std::vector<const session*> sessions;
    std::vector<bool> fresh;
    db.transaction(
        [&](session& s) {
            fresh.push_back(!s.in_transaction());
            s.execute("UPDATE t");
            if (++runs < 3) give_up<kin::serialization_failure>("again");
        },
        {}, options(5));
    EXPECT_EQ(fresh, (std::vector<bool>{true, true, true}));
    EXPECT_EQ(server.rollbacks, 2);
    EXPECT_EQ(db.engine().pool_status().holders.size(), 0U);
}

TEST_F(retrying, a_conflict_at_the_commit_runs_the_work_again) {
    server.on_commit = [&] {
        if (runs == 1) give_up<kin::serialization_failure>("at commit");
    };
    db.transaction(
        [&](session& s) {
            ++runs;
            s.execute("UPDATE t");
        },
        {}, options(5));
    EXPECT_EQ(runs, 2);
}

TEST_F(retrying, T12_a_commit_whose_outcome_is_unknown_is_never_run_again) {
    server.on_commit = [] {
        throw kin::connection_error({.code = "connection_lost", .message = "gone", .sql = {}});
    };
    const auto work = [&](session& s) {
        ++runs;
        s.execute("UPDATE t");
    };
    EXPECT_EQ(code_of([&] { db.transaction(work, {}, options(5)); }), "commit_outcome_unknown");
    EXPECT_EQ(runs, 1);
}

TEST_F(retrying, T47_what_ran_out_of_time_is_not_run_again) {
    const auto work = [&](session&) {
        ++runs;
        throw kin::statement_timeout({.code = "statement_timeout", .message = "too slow", .sql = {}});
    };
    EXPECT_EQ(failure_of(work, options(5)), "too slow");
    EXPECT_EQ(runs, 1);
}

TEST_F(retrying, an_exception_of_the_program_is_not_tried_again) {
    const auto work = [&](session& s) {
        ++runs;
        s.execute("UPDATE t");
        throw std::runtime_error("mine");
    };
    EXPECT_EQ(failure_of(work, options(5)), "mine");
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(server.rollbacks, 1);
}

} // namespace
