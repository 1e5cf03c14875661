// SPDX-License-Identifier: MIT
#include <atomic>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/pgbouncer.hpp"
#include "support/transfer_books.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/orm/blog.hpp"

// Through a pooler that gives each transaction another server process: T92 of the reliability items, and finding 10.

namespace {

using blog::Post;
using blog::User;
using kin::testing::Account;
using kin::testing::code_of;
using kin::testing::transfer_end;
using kin::testing::transfer_style;

class pgbouncer : public kin::testing::pgbouncer {
protected:
    void SetUp() override {
        kin::testing::pgbouncer::SetUp();
        if (!IsSkipped()) kin::testing::open_accounts(straight());
    }
};

TEST_F(pgbouncer, T92_sessions_on_many_threads_share_two_servers_and_nobody_gets_anothers_answer) {
    const kin::database db = pooled();
    kin::testing::transfer_books books;
    std::atomic<std::int64_t> token = 0;
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 6; ++seed) {
        threads.emplace_back([&, seed] {
            std::mt19937 chance(seed);
            for (int i = 0; i < 40; ++i) {
                const auto order = kin::testing::draw_transfer(chance, ++token);
                const auto style = i % 2 == 0 ? transfer_style::objects : transfer_style::statements;
                std::string code;
                try {
                    db.transaction([&](kin::session& s) { kin::testing::move_money(s, order, style); },
                                   {.isolation = kin::isolation_level::serializable}, {.attempts = 100});
                } catch (const kin::error& e) {
                    code = e.code();
                }
                EXPECT_TRUE(code.empty() || code == "version_conflict") << code;
                books.note(order, code.empty() ? transfer_end::committed : transfer_end::rolled_back, code);
            }
        });
    }
    for (std::thread& t : threads) t.join();
    EXPECT_GT(books.count(transfer_end::committed), 200U);
    for (const std::string& text : books.contradictions(straight())) ADD_FAILURE() << text;
}

TEST_F(pgbouncer, T92_two_sessions_never_run_each_others_statements) {
    const kin::database db = pooled();
    kin::session one = db.session();
    kin::session two = db.session();
    std::set<std::int64_t> servers;
    for (std::int64_t n = 0; n < 50; ++n) {
        for (kin::session* s : {&one, &two}) {
            const auto [answer, backend] =
                s->sql<std::int64_t, std::int64_t>("SELECT CAST(:n AS BIGINT), pg_backend_pid()", {{"n", n}})
                    .one();
            EXPECT_EQ(answer, n);
            servers.insert(backend);
        }
        one.commit();
        if (n % 3 != 0) two.commit();
    }
    EXPECT_EQ(servers.size(), 2U) << "the pooler never changed the server";
    EXPECT_EQ(std::get<0>(one.sql<std::int64_t>("SELECT count(*) FROM pg_prepared_statements").one()), 0);
}

TEST_F(pgbouncer, T92_values_of_all_kinds_objects_and_relations_work_without_prepared_statements) {
    const kin::database db = pooled();
    kin::session s = db.session();
    const auto account = s.query<Account>().order_by(kin::col<&Account::id>).first();
    ASSERT_TRUE(account);
    for (int i = 0; i < 20; ++i) {
        auto now = s.get_one<Account>(1);
        now->balance += 1;
        s.commit();
        s.refresh(now);
        EXPECT_EQ(now->balance, kin::testing::opening_balance + i + 1);
    }
    {
        auto nested = s.begin_nested();
        s.get_one<Account>(2)->balance = 0;
        s.flush();
        nested.rollback();
    }
    EXPECT_EQ(s.get_one<Account>(2)->balance, kin::testing::opening_balance);
    EXPECT_EQ(code_of([&] { (void)s.sql<int>("SELECT 1 / 0").one(); }), "division_by_zero");
    s.rollback();
    EXPECT_EQ(s.query<Account>().where(kin::col<&Account::id>.in({1, 2, 3})).count(), 3);
}

class pgbouncer_blog : public kin::testing::pgbouncer {
protected:
    void SetUp() override {
        more_settings = "ignore_startup_parameters = options\n"; // which kin sends with prepare=on
        kin::testing::pgbouncer::SetUp();
        if (!IsSkipped()) straight().create_all<User, Post, blog::Comment>();
    }
};

TEST_F(pgbouncer_blog, T92_everything_works_with_prepare_off) {
    const kin::database db = pooled("off", {.pool_size = 8});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&db, t] {
            for (int i = 0; i < 10; ++i) {
                kin::session session = db.session();
                const auto user = session.add(blog::user("user " + std::to_string(t)));
                for (int p = 0; p < 3; ++p) (void)blog::post("post", user);
                session.commit();
                EXPECT_EQ(session.query<User>().where(kin::col<&User::id> == user->id).one()->posts.size(),
                          3U);
            }
        });
    }
    for (std::thread& t : threads) t.join();
    kin::session session = db.session();
    EXPECT_EQ(session.query<Post>().count(), 120);
    std::int64_t n = 0;
    for (const auto& posts : session.query<Post>().in_batches(7)) {
        n += static_cast<std::int64_t>(posts.size());
        EXPECT_EQ(posts.front()->user->posts.size(), 3U);
    }
    EXPECT_EQ(n, 120);
    session.remove(session.query<User>().first());
    session.rollback();
    EXPECT_EQ(session.query<Post>().count(), 120);
}

TEST_F(pgbouncer_blog, T92_prepared_statements_that_are_not_there_are_noticed_and_avoided) {
    const kin::database db = pooled("on", {.pool_size = 8});
    int lost = 0;
    for (int round = 0; round < 3; ++round) {
        // Two transactions at a time, so that each session of the pool meets both of the server's.
        std::vector<kin::session> sessions;
        for (int s = 0; s < 2; ++s) sessions.push_back(db.session());
        for (kin::session& one : sessions) {
            try {
                (void)one.query<User>().count();
                one.commit();
            } catch (const kin::transaction_rollback& e) {
                EXPECT_EQ(e.code(), "prepared_statement_lost") << e.what();
                ++lost;
                one.rollback();
            }
        }
    }
    EXPECT_LE(lost, 2); // once for each connection of the pool: then it prepares nothing any more
    db.transaction([](kin::session& session) { session.add(blog::user("after all")); });
    EXPECT_EQ(db.session().query<User>().count(), 1);
}

} // namespace
