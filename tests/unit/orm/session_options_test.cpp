// SPDX-License-Identifier: MIT
#include "kin/orm/session_options.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "unit/engine/fake_driver.hpp"
#include "unit/orm/blog.hpp"

// How the transactions and statements of a session run, and who stops them.

namespace {

using blog::code_of;
using blog::User;
using kin::isolation_level;
using kin::session;
using kin::testing::fake_engine;
using kin::testing::fake_server;

constexpr const char* endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

TEST(session_transactions, have_the_isolation_of_the_engine_the_session_or_the_call_whichever_is_nearest) {
    fake_server server;
    const kin::engine e = fake_engine(server, {.isolation = isolation_level::read_committed});
    {
        session s(e);
        s.execute("SELECT 1");
        EXPECT_EQ(server.begun_with.load().isolation, isolation_level::read_committed);
    }
    session s(e, {.isolation = isolation_level::serializable});
    s.execute("SELECT 1");
    EXPECT_EQ(server.begun_with.load().isolation, isolation_level::serializable);
    s.commit();
    s.begin({.access = kin::transaction_access::read, .isolation = isolation_level::read_committed});
    EXPECT_EQ(server.begun_with.load().isolation, isolation_level::read_committed);
    EXPECT_EQ(code_of([&] { s.begin(); }), "transaction_open");
}

TEST(session_transactions, of_a_read_only_session_are_read_only_and_deferrable_when_it_says_so) {
    fake_server server;
    const kin::engine e = fake_engine(server);
    session s(e, {.isolation = isolation_level::serializable, .read_only = true, .deferrable = true});
    s.execute("SELECT 1");
    EXPECT_TRUE(server.begun_with.load().read_only);
    EXPECT_TRUE(server.begun_with.load().deferrable);
}

TEST(session_transactions, ask_for_a_level_that_is_not_there_at_the_first_statement) {
    kin::database db{"sqlite://"};
    session s = db.session({.isolation = isolation_level::repeatable_read});
    EXPECT_EQ(code_of([&] { s.execute("SELECT 1"); }), "unsupported_isolation");
    EXPECT_FALSE(s.in_transaction());
}

class reader : public blog::test {};

TEST_F(reader, a_read_only_session_reads_and_refuses_to_flush_until_it_is_rolled_back) {
    session.add(blog::user("John"));
    session.commit();
    kin::session reading = db.session({.read_only = true});
    auto john = reading.get_one<User>(1);
    EXPECT_EQ(john->name, "John");
    john->name = "Jane";
    EXPECT_EQ(code_of([&] { reading.commit(); }), "read_only_transaction");
    EXPECT_EQ(code_of([&] { (void)reading.query<User>().all(); }), "pending_rollback");
    reading.rollback();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(code_of([&] { reading.execute("DELETE FROM \"user\""); }), "read_only_transaction");
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 1);
}

TEST(session_statements, take_as_long_as_the_engine_the_session_or_the_statement_says) {
    fake_server server;
    const kin::engine e = fake_engine(server, {.statement_timeout_ms = 500});
    session plain(e);
    plain.execute("SELECT 1");
    EXPECT_EQ(server.timeout_ms, 500);
    plain.execute("SELECT 1", {}, {.timeout_ms = 50});
    EXPECT_EQ(server.timeout_ms, 50);
    plain.execute("SELECT 1");
    EXPECT_EQ(server.timeout_ms, 500);
    session hurried(e, {.statement_timeout_ms = 100});
    hurried.execute("SELECT 1");
    EXPECT_EQ(server.timeout_ms, 100);
    session unbound(e, {.statement_timeout_ms = 0});
    unbound.execute("SELECT 1");
    EXPECT_EQ(server.timeout_ms, 0);
}

TEST(session_statements, that_run_out_of_time_are_stopped_and_the_session_goes_on) {
    kin::database db{"sqlite://"};
    session s = db.session();
    EXPECT_EQ(code_of([&] { (void)s.sql<int>(endless).execution({.timeout_ms = 10}).all(); }),
              "statement_timeout");
    EXPECT_EQ(std::get<0>(s.sql<int>("SELECT 1").one()), 1);
}

TEST_F(reader, a_query_has_a_time_out_of_its_own) {
    session.add(blog::user("John"));
    session.commit();
    EXPECT_EQ(session.query<User>().execution({.timeout_ms = 60'000}).all().size(), 1U);
    EXPECT_EQ(code_of([&] {
                  const std::string slow = "SELECT * FROM \"user\" WHERE (" +
                                           std::string(kin::testing::endless_query()) + ") <> ''";
                  (void)session.query<User>().from_sql(slow).execution({.timeout_ms = 10}).all();
              }),
              "statement_timeout");
}

TEST(T19, another_thread_cancels_what_a_session_is_doing) {
    kin::database db{"sqlite://"};
    session s = db.session();
    const kin::cancel_handle stop = s.cancel_handle();
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done) {
            stop.cancel();
            std::this_thread::yield();
        }
    });
    EXPECT_EQ(code_of([&] { (void)s.sql<int>(endless).one(); }), "statement_cancelled");
    done = true;
    other.join();
    EXPECT_EQ(std::get<0>(s.sql<int>("SELECT 1").one()), 1);
}

TEST(T19, a_handle_reaches_each_connection_of_its_session_and_none_of_others) {
    fake_server server;
    const kin::engine e = fake_engine(server);
    kin::cancel_handle stop;
    stop.cancel();
    {
        session s(e);
        stop = s.cancel_handle();
        stop.cancel();
        EXPECT_EQ(server.cancels, 0); // it has no connection yet
        s.execute("SELECT 1");
        stop.cancel();
        EXPECT_EQ(server.cancels, 1);
        s.commit();
        session other(e);
        other.execute("SELECT 1");
        stop.cancel();
        EXPECT_EQ(server.cancels, 1);
        s.execute("SELECT 1");
        stop.cancel();
        EXPECT_EQ(server.cancels, 2);
    }
    stop.cancel();
    EXPECT_EQ(server.cancels, 2);
}

TEST(T22, the_pool_names_a_session_by_its_label_or_the_line_that_made_it) {
    fake_server server;
    const kin::engine e = fake_engine(server);
    kin::database db{e};
    session labelled = db.session({.label = "GET /users"});
    session plain = db.session();
    const std::string line = "session_options_test.cpp:" + std::to_string(__LINE__ - 1);
    labelled.execute("SELECT 1");
    plain.execute("SELECT 1");
    const auto holders = e.pool_status().holders;
    ASSERT_EQ(holders.size(), 2U);
    EXPECT_EQ(holders[0].place, "GET /users");
    EXPECT_EQ(holders[1].place, line);
    db.transaction([&](session& s) {
        s.execute("SELECT 1");
        EXPECT_EQ(e.pool_status().holders.back().place,
                  "session_options_test.cpp:" + std::to_string(__LINE__ - 3));
    });
}

} // namespace
