// SPDX-License-Identifier: MIT
#include "kin/postgresql/listener.hpp"

#include <chrono>
#include <future>
#include <limits>
#include <string>
#include <thread>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::postgresql::listener;
using kin::postgresql::notify;
using kin::testing::code_of;

class postgresql_listener : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        db.emplace(kin::testing::fresh_url(), kin::engine_options{.pool_timeout_ms = 500});
        // Channels belong to the database, which other tests use at the same time.
        channel = "kin \"" + std::to_string(getpid()) + "\"";
    }
    std::optional<kin::database> db;
    std::string channel;
};

TEST_F(postgresql_listener, waits_as_long_as_it_takes_for_the_largest_number) {
    listener hears{db->engine()};
    hears.listen(channel);
    auto heard =
        std::async(std::launch::async, [&] { return hears.wait(std::numeric_limits<std::int64_t>::max()); });
    EXPECT_EQ(heard.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    kin::session session = db->session();
    notify(session, channel, "late");
    session.commit();
    EXPECT_TRUE(heard.get().has_value());
}

TEST_F(postgresql_listener, hears_what_was_committed_and_nothing_that_was_rolled_back) {
    listener hears{db->engine()};
    hears.listen(channel);
    kin::session session = db->session();
    notify(session, channel, "lost");
    session.rollback();
    notify(session, channel, "first");
    notify(session, channel, "first"); // the same in one transaction is one
    notify(session, channel);
    EXPECT_EQ(hears.wait(0), std::nullopt); // not committed yet
    session.commit();
    const auto first = hears.wait(5'000);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->channel, channel);
    EXPECT_EQ(first->payload, "first");
    EXPECT_NE(first->sender, 0);
    const auto second = hears.wait(5'000);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->payload, "");
    EXPECT_EQ(hears.wait(0), std::nullopt);
}

TEST_F(postgresql_listener, hears_the_channels_it_was_told_to) {
    listener hears{db->engine()};
    hears.listen(channel);
    hears.listen(channel + "2");
    hears.unlisten(channel);
    kin::session session = db->session();
    notify(session, channel, "a");
    notify(session, channel + "2", "b");
    session.commit();
    const auto one = hears.wait(5'000);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->payload, "b");
    EXPECT_EQ(code_of([&] { hears.listen(""); }), "bad_identifier");
}

TEST_F(postgresql_listener, waits_no_longer_than_it_was_told_and_wakes_when_something_comes) {
    listener hears{db->engine()};
    hears.listen(channel);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(hears.wait(50), std::nullopt);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
    std::thread other([this] {
        kin::session session = db->session();
        notify(session, channel, "now");
        session.commit();
    });
    const auto heard = hears.wait(20'000);
    other.join();
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->payload, "now");
}

TEST_F(postgresql_listener, a_lost_server_is_an_error_and_not_silence) {
    listener hears{db->engine()};
    hears.listen(channel);
    kin::session session = db->session();
    session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                    "AND query LIKE 'LISTEN%' "
                    "AND query LIKE '%" +
                    std::to_string(getpid()) + "%'");
    EXPECT_EQ(code_of([&] { (void)hears.wait(20'000); }), "connection_lost");
    EXPECT_EQ(code_of([&] { (void)hears.wait(0); }), "connection_lost");
}

TEST_F(postgresql_listener, whose_server_is_lost_warns_the_pool_of_the_others) {
    const auto backend = [](kin::session& session) {
        return std::get<0>(session.sql<std::int64_t>("SELECT pg_backend_pid()").one());
    };
    listener hears{db->engine()};
    hears.listen(channel);
    std::int64_t idle = 0;
    {
        kin::session session = db->session();
        idle = backend(session);
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND query LIKE 'LISTEN%' AND query LIKE '%" +
            std::to_string(getpid()) + "%'");
    }
    EXPECT_EQ(code_of([&] { (void)hears.wait(20'000); }), "connection_lost");
    kin::session session = db->session();
    EXPECT_NE(backend(session), idle);
}

TEST_F(postgresql_listener, leaves_no_trace_in_the_pool) {
    {
        listener hears{db->engine()};
        hears.listen(channel);
        listener moved = std::move(hears);
        EXPECT_EQ(db->engine().pool_status().holders.size(), 1U);
    }
    EXPECT_EQ(db->engine().pool_status().holders.size(), 0U);
    kin::session session = db->session();
    EXPECT_EQ(std::get<0>(session.sql<std::int64_t>("SELECT count(*) FROM pg_listening_channels()").one()),
              0);
}

TEST_F(postgresql_listener, a_payload_of_8000_bytes_is_refused) {
    kin::session session = db->session();
    EXPECT_THROW(notify(session, channel, std::string(8'000, 'x')), kin::data_error);
}

TEST(postgresql_only, is_said_to_engines_of_other_databases) {
    if (!kin::testing::on_sqlite()) GTEST_SKIP() << "on SQLite";
    kin::database db{"sqlite:///:memory:"};
    EXPECT_EQ(code_of([&] { listener hears{db.engine()}; }), "wrong_database");
    kin::session session = db.session();
    EXPECT_EQ(code_of([&] { notify(session, "c"); }), "wrong_database");
}

} // namespace
