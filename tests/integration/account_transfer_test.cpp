// SPDX-License-Identifier: MIT
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/private_server.hpp"
#include "support/tcp_proxy.hpp"
#include "support/test_database.hpp"
#include "support/transfer_books.hpp"

// Money moves between accounts while the line is cut, backends are ended and the server is killed. KIN_SEED=n draws the same faults again
// (which transfers they hit depends on the threads).

namespace {

using namespace std::chrono_literals;
using kin::testing::private_server;
using kin::testing::proxy_fault;
using kin::testing::proxy_way;
using kin::testing::tcp_proxy;
using kin::testing::transfer_end;
using kin::testing::transfer_order;
using kin::testing::transfer_style;

/// What the administrator, the network and the neighbours do.
enum class fault : std::uint8_t {
    cut_request,
    cut_result,
    cut_before_commit, // COMMIT was sent and never arrived
    cut_after_commit,  // it arrived, and the answer is lost
    end_busy,          // a backend in a transaction
    end_pooled,        // a backend whose connection lies in the pool
    exhaust_pool,
    crash,
};
constexpr std::array<const char*, 8> fault_names = {
    "line cut in a request",
    "line cut in a result",
    "line cut before COMMIT",
    "line cut after COMMIT",
    "backend ended while in use",
    "backend ended in the pool",
    "pool exhausted",
    "server killed",
};

constexpr int faults_wanted = 1000;
constexpr int workers = 4;
constexpr unsigned pool_size = 6;

/// Statements of an administrator.
struct administrator {
    const char* end_busy;
    const char* end_pooled;
    const char* sleep;
};
constexpr administrator on_postgresql = {
    "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE backend_type = 'client "
    "backend' AND state <> 'idle' AND pid <> "
    "pg_backend_pid() ORDER BY random() LIMIT 1) AS victim",
    "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE backend_type = 'client "
    "backend' AND state = 'idle' AND pid <> "
    "pg_backend_pid() ORDER BY state_change LIMIT 1) AS victim",
    "SELECT CAST(pg_sleep(5) AS TEXT)",
};
constexpr administrator on_mariadb = {
    // Who spoke last is in a transaction, who has been silent longest is in the pool.
    "SELECT id FROM information_schema.processlist WHERE user = 'kin' AND id <> connection_id() ORDER BY "
    "time_ms LIMIT 1",
    "SELECT id FROM information_schema.processlist WHERE user = 'kin' AND command = 'Sleep' AND id <> "
    "connection_id() ORDER BY time_ms DESC LIMIT 1",
    "SELECT CAST(SLEEP(5) AS CHAR)",
};

class account_transfer : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::on_sqlite())
            GTEST_SKIP() << "SQLite has no server and no network: see account_transfer_on_files";
        server_.emplace(kin::testing::test_dialect());
        kin::url where = kin::url::parse(server_->url());
        proxy_.emplace(where.port);
        where.options.emplace_back("lock_timeout_ms", "400");
        straight_.emplace(where.to_string_with_password(), kin::engine_options{.pool_size = 1});
        kin::testing::open_accounts(*straight_);
        where.port = proxy_->port();
        db_.emplace(where.to_string_with_password(), kin::engine_options{.pool_size = pool_size,
                                                                         .max_overflow = 0,
                                                                         .pool_timeout_ms = 25,
                                                                         .pool_trust_idle_ms = 2,
                                                                         .connect_timeout_ms = 3000,
                                                                         .statement_timeout_ms = 2000});
        db_->engine().add_observer(failures_);
    }
    void TearDown() override {
        if (db_) db_->engine().remove_observer(failures_);
    }

    void work(unsigned seed) {
        std::mt19937 chance(seed);
        while (!ends_) {
            const transfer_order order = kin::testing::draw_transfer(chance, ++last_token_);
            const auto style = chance() % 3 == 0 ? transfer_style::statements : transfer_style::objects;
            const bool serializable = chance() % 4 == 0;
            const bool dawdles = chance() % 64 == 0;
            transfer_end end = transfer_end::rolled_back;
            std::string code;
            try {
                db_->transaction(
                    [&](kin::session& s) {
                        kin::testing::move_money(s, order, style);
                        if (dawdles)
                            (void)s.sql<std::string>(admin().sleep).execution({.timeout_ms = 2}).one();
                    },
                    {.isolation = serializable ? kin::isolation_level::serializable
                                               : kin::isolation_level::unspecified},
                    {.attempts = 4, .first_pause_ms = 2, .longest_pause_ms = 10});
                end = transfer_end::committed;
            } catch (const kin::commit_outcome_unknown& e) {
                end = transfer_end::unknown;
                code = e.code();
            } catch (const kin::error& e) {
                code = e.code();
                if (!is_expected(code)) ADD_FAILURE() << e.what();
            }
            books_.note(order, end, code);
            if (code == "cannot_connect") std::this_thread::sleep_for(10ms); // the server is not there now
        }
    }

    /// Does one; whether it hit somebody.
    bool strike(fault what, std::mt19937& chance) {
        const auto below = [&](unsigned bound) { return static_cast<std::size_t>(chance() % bound); };
        switch (what) {
        case fault::cut_request: return cut({.way = proxy_way::to_server, .after_bytes = below(400)});
        case fault::cut_result: return cut({.way = proxy_way::to_client, .after_bytes = below(1000)});
        case fault::cut_before_commit: return cut({.way = proxy_way::to_server, .at_text = "COMMIT"});
        case fault::cut_after_commit:
            return cut({.way = proxy_way::to_server, .at_text = "COMMIT", .text_goes_through = true});
        case fault::end_busy: return end_backend(admin().end_busy);
        case fault::end_pooled: return end_backend(admin().end_pooled);
        case fault::exhaust_pool: return exhaust_pool();
        case fault::crash:
            server_->crash();
            std::this_thread::sleep_for(50ms);
            server_->resume();
            straight_->engine().close_connections();
            return true;
        }
        return false;
    }

    [[nodiscard]] static const administrator& admin() {
        return kin::testing::on_mariadb() ? on_mariadb : on_postgresql;
    }

    std::optional<private_server> server_;
    std::optional<tcp_proxy> proxy_;
    std::optional<kin::database> straight_; // past the proxy
    std::optional<kin::database> db_;
    kin::testing::transfer_books books_;
    kin::testing::failure_counter failures_;
    std::atomic<std::int64_t> last_token_ = 0;
    std::atomic<bool> ends_ = false;

    /// Tellers, until it goes.
    class office {
    public:
        office(account_transfer& test, unsigned seed) : ends_(test.ends_) {
            for (unsigned i = 0; i < workers; ++i)
                threads_.emplace_back([&test, s = seed + i] { test.work(s); });
        }
        office(const office&) = delete;
        office& operator=(const office&) = delete;
        ~office() {
            ends_ = true;
            for (std::thread& t : threads_) t.join();
        }

    private:
        std::atomic<bool>& ends_;
        std::vector<std::thread> threads_;
    };

private:
    static bool is_expected(std::string_view code) {
        for (const std::string_view known :
             {"connection_lost", "cannot_connect", "no_answer", "pool_timeout", "statement_timeout",
              "deadlock", "serialization_failure", "lock_timeout", "version_conflict"}) {
            if (code == known) return true;
        }
        return false;
    }
    bool cut(kin::testing::proxy_plan plan) {
        plan.what = proxy_fault::cut;
        proxy_->arm(std::move(plan));
        for (int i = 0; i < 2000 && !proxy_->fired(); ++i) std::this_thread::sleep_for(100us);
        proxy_->disarm();
        return proxy_->fired();
    }
    bool end_backend(const char* statement) {
        try {
            kin::session s = straight_->session();
            if (!kin::testing::on_mariadb()) return s.sql<bool>(statement).one_or_none().has_value();
            const auto victim = s.sql<std::int64_t>(statement).one_or_none();
            if (!victim) return false;
            s.execute("KILL CONNECTION " + std::to_string(std::get<0>(*victim)));
            return true;
        } catch (const kin::database_error&) {
            return false; // it has ended by itself
        }
    }
    /// Holds all connections for a while, until somebody has waited in vain.
    bool exhaust_pool() {
        const std::size_t before = books_.count("pool_timeout");
        std::vector<kin::connection> held;
        try {
            while (held.size() < pool_size) held.push_back(db_->engine().connect());
        } catch (const kin::error&) {} // it was exhausted already
        for (int i = 0; i < 60 && books_.count("pool_timeout") == before; ++i)
            std::this_thread::sleep_for(1ms);
        return books_.count("pool_timeout") > before;
    }
};

fault draw_fault(std::mt19937& chance) {
    static constexpr std::array<fault, 24> urn = {
        fault::end_busy,         fault::end_busy,          fault::end_busy,          fault::end_busy,
        fault::cut_request,      fault::cut_request,       fault::cut_request,       fault::cut_request,
        fault::cut_request,      fault::cut_result,        fault::cut_result,        fault::cut_result,
        fault::cut_result,       fault::cut_before_commit, fault::cut_before_commit, fault::cut_before_commit,
        fault::cut_after_commit, fault::cut_after_commit,  fault::cut_after_commit,  fault::end_busy,
        fault::end_busy,         fault::end_pooled,        fault::end_pooled,        fault::exhaust_pool};
    return urn[chance() % urn.size()];
}

TEST_F(account_transfer, T07_T08_T12_a_thousand_faults_lose_double_and_halve_nothing) {
    const char* given = std::getenv("KIN_SEED");
    const unsigned seed =
        given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
    std::printf("[ transfer ] KIN_SEED=%u\n", seed);
    const auto started = std::chrono::steady_clock::now();

    std::array<int, fault_names.size()> hits{};
    int all = 0;
    {
        const office tellers(*this, seed);
        std::mt19937 chance(seed);
        const auto has_met_all = [&] { // what transfers do to each other is up to the threads
            return failures_.count("deadlock") > 0 && failures_.count("serialization_failure") > 0 &&
                   failures_.count("statement_timeout") > 0;
        };
        for (int tries = 0; (all < faults_wanted || !has_met_all()) && tries < 3 * faults_wanted; ++tries) {
            const bool is_time_to_crash = all % 300 == 150 && hits.back() <= all / 300;
            const fault what = is_time_to_crash ? fault::crash : draw_fault(chance);
            std::this_thread::sleep_for(
                std::chrono::milliseconds(chance() % 12)); // some come in quick succession
            if (!strike(what, chance)) continue;
            ++all;
            ++hits[static_cast<std::size_t>(what)];
        }
        proxy_->disarm();
    }

    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    std::printf("[ transfer ] %d faults in %lld ms:", all, static_cast<long long>(took.count()));
    for (std::size_t i = 0; i < hits.size(); ++i)
        std::printf(" %s %d%s", fault_names[i], hits[i], i + 1 < hits.size() ? "," : "\n");
    std::printf("[ transfer ] %s\n", books_.summary().c_str());
    std::printf("[ transfer ] statements refused by the way:");
    for (const char* code : {"deadlock", "serialization_failure", "lock_timeout", "statement_timeout"})
        std::printf(" %s %zu", code, failures_.count(code));
    std::printf("\n");

    EXPECT_GE(all, faults_wanted);
    for (std::size_t i = 0; i < hits.size(); ++i) EXPECT_GE(hits[i], 3) << fault_names[i];
    EXPECT_GT(failures_.count("deadlock"), 0U);
    EXPECT_GT(failures_.count("serialization_failure"), 0U);
    EXPECT_GT(failures_.count("statement_timeout"), 0U);
    EXPECT_GT(books_.count(transfer_end::unknown), 50U);
    EXPECT_EQ(failures_.count("commit_outcome_unknown"), books_.count(transfer_end::unknown))
        << "one was tried again";
    EXPECT_GT(books_.count(transfer_end::committed), 300U);

    // The pool has healed, and nobody holds anything.
    EXPECT_EQ(db_->engine().pool_status().holders.size(), 0U);
    db_->transaction([](kin::session& s) {
        EXPECT_EQ(s.query<kin::testing::Account>().count(), kin::testing::account_count);
    });
    for (const std::string& text : books_.contradictions(*straight_)) ADD_FAILURE() << text;
}

} // namespace
