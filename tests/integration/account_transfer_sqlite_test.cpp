// SPDX-License-Identifier: MIT
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kin/kin.hpp"
#include "support/faulty_files.hpp"
#include "support/raw_database.hpp"
#include "support/transfer_books.hpp"
#include "unit/engine/database_help.hpp"

// Money moves between accounts in a file of SQLite while locks are not had in time, the process is killed, and the disk fails or is full.
// KIN_SEED=n draws the same faults again (which transfers they hit depends on the threads).

namespace {

using namespace std::chrono_literals;
using kin::testing::file_fault;
using kin::testing::temporary_directory;
using kin::testing::transfer_end;
using kin::testing::transfer_order;
using kin::testing::transfer_style;

/// One transfer, as a process tells of it: what it is about to do, or how that ended.
struct report {
    transfer_order order;
    std::optional<transfer_end> end;
};

class account_transfer_on_files : public testing::Test {
protected:
    account_transfer_on_files() {
        const char* given = std::getenv("KIN_SEED");
        const unsigned seed =
            given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
        chance_.seed(seed);
        std::printf("[ transfer ] KIN_SEED=%u\n", seed);
        kin::testing::open_accounts(kin::database{folder_.url()});
    }
    [[nodiscard]] std::string url(std::string_view options = {}) const {
        return folder_.url().append(options);
    }
    [[nodiscard]] unsigned below(unsigned bound) { return chance_() % bound; }

    /// One transfer through `db`, with its outcome. Attempts come at once: whoever is in the way is there on purpose.
    template <class Told>
    static report transfer(const kin::database& db, const transfer_order& order, Told&& told) {
        report r{.order = order, .end = transfer_end::rolled_back};
        try {
            db.transaction(
                [&](kin::session& s) { kin::testing::move_money(s, order, transfer_style::objects); }, {},
                {.attempts = 2, .first_pause_ms = 1, .longest_pause_ms = 1});
            r.end = transfer_end::committed;
        } catch (const kin::commit_outcome_unknown& e) {
            r.end = transfer_end::unknown;
            told(e);
        } catch (const kin::error& e) {
            told(e);
        }
        return r;
    }
    void expect_order() {
        kin::testing::raw_database file(folder_.file("test.db"));
        EXPECT_EQ(file.ask("PRAGMA integrity_check"), "'ok'");
        for (const std::string& text : books_.contradictions(kin::database{folder_.url()}))
            ADD_FAILURE() << text;
        std::printf("[ transfer ] %s\n", books_.summary().c_str());
    }

    temporary_directory folder_;
    std::mt19937 chance_;
    kin::testing::transfer_books books_;
    std::int64_t last_token_ = 0;
};

TEST_F(account_transfer_on_files, T12_locks_that_are_not_had_in_time_lose_and_double_nothing) {
    constexpr std::size_t faults_wanted = 350;
    const kin::database db{url("?busy_timeout_ms=1")};
    kin::testing::failure_counter failures;
    db.engine().add_observer(failures);
    std::atomic<std::int64_t> token = 0;
    const auto is_enough = [&] { return failures.count("database_locked") >= faults_wanted; };
    const auto work = [&](unsigned seed) {
        std::mt19937 chance(seed);
        while (!is_enough()) {
            const transfer_order order = kin::testing::draw_transfer(chance, ++token);
            std::string code;
            const report r = transfer(db, order, [&](const kin::error& e) { code = e.code(); });
            EXPECT_TRUE(code.empty() || code == "database_locked" || code == "version_conflict") << code;
            books_.note(order, *r.end, code);
        }
    };
    const kin::database hog{url()};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 3; ++i) threads.emplace_back(work, chance_());
    while (!is_enough()) { // somebody who writes for long
        kin::session s = hog.session({.write_intent = true});
        (void)s.get_one<kin::testing::Account>(1);
        std::this_thread::sleep_for(3ms);
        s.rollback();
        std::this_thread::sleep_for(1ms);
    }
    for (std::thread& t : threads) t.join();
    db.engine().remove_observer(failures);
    EXPECT_GT(books_.count(transfer_end::committed), 20U);
    EXPECT_EQ(books_.count(transfer_end::unknown), 0U);
    expect_order();
}

/// What a child does until it is killed.
[[noreturn]] void transfer_for_ever(const std::string& url, unsigned seed, std::int64_t token, int pipe) {
    const auto tell = [&](const report& r) {
        if (write(pipe, &r, sizeof r) != sizeof r) _exit(1);
    };
    std::mt19937 chance(seed);
    const kin::database db{url};
    (void)db.session().query<kin::testing::Account>().count(); // opens the file before the time runs
    for (;;) {
        const transfer_order order = kin::testing::draw_transfer(chance, ++token);
        tell({.order = order, .end = {}});
        try {
            db.transaction(
                [&](kin::session& s) { kin::testing::move_money(s, order, transfer_style::objects); });
            tell({.order = order, .end = transfer_end::committed});
        } catch (const kin::error&) {
            _exit(2); // nobody is in its way
        }
    }
}

TEST_F(account_transfer_on_files, T02_T12_a_process_killed_at_any_moment_loses_and_doubles_nothing) {
    constexpr int kills = 350;
    int in_between = 0;
    for (int i = 0; i < kills; ++i) {
        std::array<int, 2> pipe_ends{};
        ASSERT_EQ(pipe(pipe_ends.data()), 0);
        const std::string where = url(i % 2 == 0 ? "?journal=wal" : "?journal=delete");
        const unsigned seed = chance_();
        const pid_t child = fork();
        if (child == 0) transfer_for_ever(where, seed, last_token_, pipe_ends[1]);
        close(pipe_ends[1]);
        std::optional<transfer_order> open;
        const auto read_one = [&] {
            report r;
            if (read(pipe_ends[0], &r, sizeof r) != sizeof r) return false;
            last_token_ = r.order.token;
            if (r.end) books_.note(r.order, *r.end);
            open = r.end ? std::nullopt : std::optional(r.order);
            return true;
        };
        ASSERT_TRUE(read_one()) << "the child did nothing";
        for (auto wanted = below(3); wanted != 0;) { // however slow the machine is, some are committed
            ASSERT_TRUE(read_one());
            if (!open) --wanted;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(below(8000)));
        kill(child, SIGKILL);
        while (read_one()) {}
        close(pipe_ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended with " << WEXITSTATUS(status);
        if (!open) continue;
        ++in_between;
        books_.note(*open, transfer_end::unknown);
    }
    EXPECT_GT(in_between, kills / 4);
    EXPECT_GT(books_.count(transfer_end::committed), static_cast<std::size_t>(kills) / 4);
    expect_order();
}

TEST_F(account_transfer_on_files, T12_T48_T49_a_disk_that_fails_or_is_full_loses_and_doubles_nothing) {
    constexpr int faults_wanted = 350;
    int hits = 0;
    for (int round = 0; hits < faults_wanted; ++round) {
        ASSERT_LT(round, 100);
        kin::testing::faulty_files files;
        const kin::database db{url(round % 2 == 0 ? "?journal=wal" : "?journal=delete")};
        for (int i = 0; i < 20 && hits < faults_wanted; ++i) {
            files.arm(below(2) == 0 ? file_fault::io_error : file_fault::disk_full, 1 + below(25));
            while (!files.fired()) {
                const transfer_order order = kin::testing::draw_transfer(chance_, ++last_token_);
                std::string code;
                const report r = transfer(db, order, [&](const kin::error& e) { code = e.code(); });
                EXPECT_TRUE(code.empty() || code == "io_error" || code == "disk_full") << code;
                books_.note(order, *r.end, code);
            }
            files.disarm();
            ++hits;
        }
    }
    EXPECT_GT(books_.count(transfer_end::rolled_back), static_cast<std::size_t>(faults_wanted) / 2);
    EXPECT_GT(books_.count("disk_full"), 50U);
    EXPECT_GT(books_.count("io_error"), 50U);
    expect_order();
}

} // namespace
