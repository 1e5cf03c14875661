// SPDX-License-Identifier: MIT
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "support/transfer_books.hpp"
#include "unit/engine/database_help.hpp"

// Transactions meet on every database: tests named after the reliability items that they prove. What only SQLite's locks do is in
// reliability_sqlite_test.cpp.

namespace {

using kin::isolation_level;
using kin::testing::Account;
using kin::testing::caught;
using kin::testing::code_of;

struct Doctor {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{20}, kin::unique> name;
    bool on_call = true;
};

class conflicts : public testing::Test {
protected:
    conflicts() {
        db.create_all<Account, Doctor>();
        db.transaction([](kin::session& s) {
            s.add(Account{.balance = 100});
            s.add(Account{.balance = 100});
            s.add(Doctor{.name = "Alice"});
            s.add(Doctor{.name = "Bob"});
        });
    }
    template <class T = std::int64_t> [[nodiscard]] T ask(std::string_view sql) const {
        kin::session s = db.session();
        return std::get<0>(s.sql<T>(sql).one());
    }
    [[nodiscard]] std::int64_t balance(int id) const {
        kin::session s = db.session();
        return s.get_one<Account>(id)->balance;
    }
    // On SQLite a file: the sessions of a database in memory share a connection.
    std::optional<kin::testing::temporary_directory> folder =
        kin::testing::on_sqlite() ? std::optional<kin::testing::temporary_directory>(std::in_place)
                                  : std::nullopt;
    kin::database db{folder ? folder->url() : kin::testing::fresh_url()};
};

TEST_F(conflicts, T09_a_commit_after_a_failed_statement_is_an_error_and_keeps_nothing) {
    kin::session s = db.session();
    s.get_one<Account>(1)->balance = 7;
    s.flush();
    s.add(Doctor{.name = "Alice"});
    EXPECT_EQ(code_of([&] { s.flush(); }), "unique_violation");
    EXPECT_EQ(code_of([&] { s.commit(); }), "pending_rollback");
    EXPECT_EQ(balance(1), 100);
    s.rollback();
    EXPECT_EQ(s.get_one<Account>(1)->balance, 100);
    EXPECT_EQ(s.query<Doctor>().count(), 2);
}

/// Lets the steps of two transactions happen in a given order, as far as the database allows: who has to wait for the other there loses
/// its turn.
class interleaving {
public:
    explicit interleaving(std::vector<int> order) : order_(std::move(order)) {}
    void wait_for_turn(int who) {
        std::unique_lock lock(mutex_);
        const std::size_t seen = at_;
        // The other one may be waiting for a lock of ours, in the database.
        turn_.wait_for(lock, std::chrono::milliseconds(30),
                       [&] { return at_ == order_.size() || order_[at_] == who; });
        if (at_ == seen && at_ < order_.size() && order_[at_] != who) return;
        if (at_ < order_.size()) ++at_;
        turn_.notify_all();
    }

private:
    std::vector<int> order_;
    std::size_t at_ = 0;
    std::mutex mutex_;
    std::condition_variable turn_;
};

/// All orders in which two lines of three steps can be woven into one.
std::vector<std::vector<int>> all_orders() {
    std::vector<std::vector<int>> out;
    for (unsigned bits = 0; bits < 64; ++bits) {
        std::vector<int> order;
        for (unsigned i = 0; i < 6; ++i) order.push_back((bits >> i) & 1U);
        if (std::count(order.begin(), order.end(), 1) == 3) out.push_back(std::move(order));
    }
    return out;
}

TEST_F(conflicts, T34_two_updaters_in_every_order_end_as_if_one_had_come_after_the_other) {
    const auto orders = all_orders();
    ASSERT_EQ(orders.size(), 20U);
    std::atomic<int> runs = 0;
    for (const std::vector<int>& order : orders) {
        db.transaction([](kin::session& s) { s.get_one<Account>(1)->balance = 100; });
        interleaving steps(order);
        const auto update = [&](int who, const std::function<std::int64_t(std::int64_t)>& change) {
            bool is_first = true;
            const auto step = [&] {
                if (is_first) steps.wait_for_turn(who);
            };
            db.transaction(
                [&](kin::session& s) {
                    ++runs;
                    step();
                    auto account = s.get_one<Account>(1);
                    step();
                    account->balance = change(account->balance);
                    s.flush();
                    step();
                    is_first = false;
                },
                {.isolation = isolation_level::serializable}, {.attempts = 50, .first_pause_ms = 1});
        };
        std::thread one([&] { update(0, [](std::int64_t n) { return n + 1; }); });
        std::thread two([&] { update(1, [](std::int64_t n) { return n * 2; }); });
        one.join();
        two.join();
        const std::int64_t end = balance(1);
        EXPECT_TRUE(end == 201 || end == 202) << end;
    }
    EXPECT_GT(runs, 40) << "nobody met anybody";
}

TEST_F(conflicts, T35_two_transactions_that_wait_for_each_other_both_end_well) {
    std::atomic<int> holding = 0;
    std::atomic<int> runs = 0;
    const auto add_one = [&](int first, int second) {
        db.transaction(
            [&](kin::session& s) {
                ++runs;
                const auto add_to = [&](int id) {
                    s.execute("UPDATE account SET balance = balance + 1 WHERE id = :id", {{"id", id}});
                };
                add_to(first);
                if (++holding <= 2 &&
                    !kin::testing::on_sqlite()) // where one writer locks out all others, nobody can
                    while (holding < 2) std::this_thread::yield();
                add_to(second);
            },
            {}, {.attempts = 20});
    };
    std::thread one([&] { add_one(1, 2); });
    std::thread two([&] { add_one(2, 1); });
    one.join();
    two.join();
    EXPECT_EQ(balance(1), 102);
    EXPECT_EQ(balance(2), 102);
    EXPECT_GE(runs, kin::testing::on_sqlite() ? 2 : 3);
}

TEST_F(conflicts, T39_six_threads_that_read_add_and_write_lose_nothing) {
    constexpr int threads = 6;
    constexpr int rounds = 60;
    const auto add_one = [&] {
        for (int done = 0; done < rounds;) {
            try {
                db.transaction(
                    [](kin::session& s) { s.get_one<Account>(1)->balance += 1; }, {},
                    {.attempts = 1000, .total_ms = 600'000, .first_pause_ms = 1, .longest_pause_ms = 20});
                ++done;
            } catch (const kin::stale_data&) {} // read again
        }
    };
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back(add_one);
    for (std::thread& t : all) t.join();
    EXPECT_EQ(balance(1), 100 + threads * rounds);
    EXPECT_EQ(ask("SELECT version FROM account WHERE id = 1"), 1 + threads * rounds);
}

/// What who comes too late is told: the version does not match, or on MariaDB that the row has changed since the transaction began.
template <class Late> void expect_conflict(Late&& late) {
    try {
        late();
        ADD_FAILURE() << "nobody was told";
    } catch (const kin::stale_data&) {
    } catch (const kin::serialization_failure&) {}
}

TEST_F(conflicts, T39_who_read_an_older_version_is_told) {
    kin::session one = db.session();
    kin::session two = db.session();
    one.get_one<Account>(1)->balance += 1;
    two.get_one<Account>(1)->balance += 10;
    one.commit();
    expect_conflict([&] { two.commit(); });
    two.rollback();
    EXPECT_EQ(balance(1), 101);
}

TEST_F(conflicts, T40_an_update_does_not_bring_back_what_somebody_else_removed) {
    kin::session one = db.session();
    kin::session two = db.session();
    one.remove(one.get_one<Account>(1));
    two.get_one<Account>(1)->balance += 10;
    one.commit();
    expect_conflict([&] { two.commit(); });
    two.rollback();
    EXPECT_EQ(ask("SELECT count(*) FROM account"), 1);
}

TEST_F(conflicts, T40_a_removal_does_not_take_away_what_somebody_else_changed) {
    kin::session one = db.session();
    kin::session two = db.session();
    one.remove(one.get_one<Account>(1));
    two.get_one<Account>(1)->balance += 10;
    two.commit();
    expect_conflict([&] { one.commit(); });
    one.rollback();
    EXPECT_EQ(balance(1), 110);
}

TEST_F(conflicts, T45_after_a_savepoint_was_rolled_back_objects_and_rows_are_the_same) {
    kin::session s = db.session();
    auto account = s.get_one<Account>(1);
    account->balance = 1;
    kin::ref<Doctor> kept;
    kin::ref<Doctor> lost;
    {
        auto outer = s.begin_nested();
        kept = s.add(Doctor{.name = "Carol"});
        try {
            auto inner = s.begin_nested();
            account->balance = 2;
            s.remove(s.get_one<Account>(2));
            lost = s.add(Doctor{.name = "Alice"});
            inner.commit();
            ADD_FAILURE() << "there are two of the name";
        } catch (const kin::unique_violation&) {}
        EXPECT_EQ(account->balance, 1);
        account->balance = 3;
        outer.commit();
    }
    s.commit();
    EXPECT_EQ(kin::state_of(lost), kin::object_state::transient);
    EXPECT_EQ(kin::state_of(kept), kin::object_state::persistent);
    EXPECT_EQ(balance(1), 3);
    EXPECT_EQ(balance(2), 100);
    EXPECT_EQ(s.get_one<Account>(2)->balance, 100);
    EXPECT_EQ(ask("SELECT count(*) FROM doctor"), 3);
    account->balance = 4;
    s.commit();
    EXPECT_EQ(balance(1), 4);
}

TEST_F(conflicts, T46_of_two_doctors_who_see_each_other_on_call_one_stays) {
    std::atomic<int> have_looked = 0;
    std::atomic<int> runs = 0;
    const auto go_home = [&](int id) {
        db.transaction(
            [&](kin::session& s) {
                const bool is_first = ++runs <= 2;
                const auto on_call = s.query<Doctor>().where(kin::col<&Doctor::on_call> == true).count();
                if (is_first) {
                    ++have_looked;
                    while (have_looked < 2) std::this_thread::yield();
                }
                if (on_call < 2) return;
                s.get_one<Doctor>(id)->on_call = false;
            },
            {.isolation = isolation_level::serializable}, {.attempts = 50, .first_pause_ms = 1});
    };
    std::thread alice([&] { go_home(1); });
    std::thread bob([&] { go_home(2); });
    alice.join();
    bob.join();
    kin::session s = db.session();
    EXPECT_EQ(s.query<Doctor>().where(kin::col<&Doctor::on_call> == true).count(), 1);
    EXPECT_GE(runs, 3) << "one was to be run again";
}

TEST_F(conflicts,
       T47_a_lock_that_is_not_had_in_time_has_its_own_error_and_the_half_transaction_is_never_kept) {
    kin::url where = kin::url::parse(folder ? folder->url() + "?busy_timeout_ms=20"
                                            : db.engine().url().to_string_with_password());
    if (!folder) {
        std::erase_if(where.options, [](const auto& option) { return option.first == "lock_timeout_ms"; });
        where.options.emplace_back("lock_timeout_ms", "50");
    }
    const kin::database hasty(where.to_string_with_password());
    kin::session holder = db.session();
    holder.get_one<Account>(1)->balance = 1;
    holder.flush();

    kin::session s = hasty.session();
    const auto failure = caught<kin::lock_timeout>([&] {
        if (!kin::testing::on_sqlite()) s.get_one<Account>(2)->balance = 2; // half of it is written
        s.flush();
        s.get_one<Account>(1)->balance = 2;
        s.flush();
    });
    EXPECT_EQ(code_of([&] { s.commit(); }), "pending_rollback");
    s.rollback();
    holder.rollback();
    EXPECT_EQ(balance(1), 100);
    EXPECT_EQ(balance(2), 100);
}

TEST_F(conflicts, T47_a_statement_that_takes_too_long_has_its_own_error_and_is_not_run_again) {
    int runs = 0;
    const auto failure = caught<kin::statement_timeout>([&] {
        db.transaction([&](kin::session& s) {
            ++runs;
            s.get_one<Account>(1)->balance = 7;
            s.flush();
            (void)s.sql<std::string>(kin::testing::endless_query()).execution({.timeout_ms = 30}).one();
        });
    });
    EXPECT_EQ(failure.code(), "statement_timeout");
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(balance(1), 100);
}

TEST_F(conflicts, T47_a_statement_that_the_server_stops_by_its_own_bound_is_not_run_again) {
    if (kin::testing::on_sqlite()) GTEST_SKIP() << "SQLite has no bound of its own";
    int runs = 0;
    const std::string code = code_of([&] {
        db.transaction([&](kin::session& s) {
            ++runs;
            s.get_one<Account>(1)->balance = 7;
            s.flush();
            s.execute(kin::testing::on_mariadb() ? "SET max_statement_time = 0.05"
                                                 : "SET LOCAL statement_timeout = 50");
            (void)s
                .sql<std::string>(kin::testing::on_mariadb() ? "SELECT CAST(SLEEP(60) AS CHAR)"
                                                             : "SELECT CAST(pg_sleep(60) AS TEXT)")
                .one();
        });
    });
    EXPECT_EQ(code, kin::testing::on_mariadb() ? "statement_timeout" : "statement_cancelled");
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(balance(1), 100);
}

} // namespace
