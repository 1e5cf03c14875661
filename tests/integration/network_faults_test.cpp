// SPDX-License-Identifier: MIT
#include <array>
#include <atomic>
#include <string>
#include <thread>

#include <gmock/gmock.h>

#include "integration/server_faults.hpp"

// The network fails between kin and a server: tests named after the reliability items that they prove.

namespace {

using kin::testing::Account;
using kin::testing::code_of;
using kin::testing::ms_of;
using kin::testing::proxy_fault;
using kin::testing::proxy_way;
using kin::testing::server_faults;
using kin::testing::Transfer;

class network_faults : public server_faults {};

constexpr std::int64_t patience_ms = 300;
// The driver may wait for the answer to its request to cancel, and the machine may be busy.
constexpr std::int64_t latest_ms = patience_ms + 5'000;

TEST_F(network_faults, T10_a_commit_cut_before_or_after_it_reached_the_server_is_unknown_and_a_token_tells) {
    const kin::database db = connect();
    for (const bool arrives : {false, true}) {
        const std::int64_t token = arrives ? 1 : 2;
        const auto is_there = [&] {
            kin::session look = straight->session();
            return look.query<Transfer>().where(kin::col<&Transfer::token> == token).exists();
        };
        int runs = 0;
        proxy->arm({.way = proxy_way::to_server, .at_text = "COMMIT", .text_goes_through = arrives});
        EXPECT_EQ(code_of([&] {
                      db.transaction([&](kin::session& s) {
                          ++runs;
                          s.add(Transfer{.token = token});
                      });
                  }),
                  "commit_outcome_unknown");
        EXPECT_TRUE(proxy->fired());
        EXPECT_EQ(runs, 1);
        // The server may still be about to commit when the client hears of the cut.
        EXPECT_EQ(becomes_true([&] { return is_there() == arrives; }), true);
        EXPECT_TRUE(works(db));
    }
}

TEST_F(network_faults, T10_a_session_whose_commit_is_unknown_goes_on_after_rollback_with_what_is_there) {
    const kin::database db = connect();
    kin::session s = db.session();
    auto account = s.get_one<Account>(1);
    account->balance = 7;
    proxy->arm({.way = proxy_way::to_server, .at_text = "COMMIT", .text_goes_through = true});
    EXPECT_EQ(code_of([&] { s.commit(); }), "commit_outcome_unknown");
    s.rollback();
    EXPECT_TRUE(becomes_true([&] { return balance(1) == 7; }));
    s.refresh(account);
    EXPECT_EQ(account->balance, 7);
}

TEST_F(network_faults, T13_a_line_cut_after_any_number_of_bytes_is_an_error_at_once_and_is_not_used_again) {
    const kin::database db = connect();
    for (const proxy_way way : {proxy_way::to_server, proxy_way::to_client}) {
        for (std::size_t bytes = 0; bytes < 300; bytes += 11) {
            ASSERT_TRUE(works(db));
            proxy->arm({.way = way, .after_bytes = bytes, .what = proxy_fault::cut});
            const std::int64_t took = ms_of([&] {
                EXPECT_EQ(code_of([&] {
                              kin::session s = db.session();
                              for (int i = 0; i < 100 && !proxy->fired(); ++i) (void)s.query<Account>().all();
                              (void)s.query<Account>().all();
                          }),
                          "connection_lost")
                    << bytes;
            });
            EXPECT_LE(took, 1'000);
            EXPECT_TRUE(proxy->fired());
        }
    }
    EXPECT_TRUE(works(db));
}

class silent_peer : public server_faults, public testing::WithParamInterface<proxy_fault> {};

TEST_P(silent_peer, T14_T15_a_statement_that_gets_no_answer_ends_in_time_and_the_next_one_works) {
    const kin::database db = connect({.statement_timeout_ms = patience_ms});
    ASSERT_TRUE(works(db));
    proxy->arm({.way = proxy_way::to_server, .after_bytes = 0, .what = GetParam()});
    const std::int64_t took = ms_of([&] {
        kin::session s = db.session();
        EXPECT_THROW((void)s.query<Account>().all(), kin::database_error);
    });
    EXPECT_GE(took, patience_ms);
    EXPECT_LE(took, latest_ms);
    EXPECT_TRUE(works(db));
}

TEST_P(silent_peer, T14_T15_a_commit_that_gets_no_answer_ends_in_time_and_is_unknown) {
    const kin::database db = connect({.statement_timeout_ms = patience_ms});
    kin::session s = db.session();
    s.get_one<Account>(1)->balance = 7;
    s.flush();
    proxy->arm({.way = proxy_way::to_client, .after_bytes = 0, .what = GetParam()});
    const std::int64_t took =
        ms_of([&] { EXPECT_EQ(code_of([&] { s.commit(); }), "commit_outcome_unknown"); });
    EXPECT_LE(took, latest_ms);
    s.rollback();
    EXPECT_TRUE(works(db));
}

INSTANTIATE_TEST_SUITE_P(every_silence, silent_peer,
                         testing::Values(proxy_fault::stall, proxy_fault::swallow), [](const auto& what) {
                             return std::string(what.param == proxy_fault::stall ? "nobody_reads"
                                                                                 : "nobody_answers");
                         });

TEST_F(network_faults, T16_the_bound_holds_for_a_whole_answer_that_comes_drop_by_drop) {
    const kin::database db = connect({.statement_timeout_ms = patience_ms});
    kin::session s = db.session();
    EXPECT_EQ(s.query<Account>().count(), accounts);
    proxy->arm(
        {.way = proxy_way::to_client, .after_bytes = 1, .what = proxy_fault::drip, .drip_pause_ms = 20});
    const std::int64_t took =
        ms_of([&] { EXPECT_THROW((void)s.query<Account>().all(), kin::database_error); });
    EXPECT_GE(took, patience_ms - 50);
    EXPECT_LE(took, latest_ms);
    proxy->heal();
    s.rollback();
    EXPECT_TRUE(works(db));
}

TEST_F(network_faults, T17_a_server_that_takes_a_connection_and_says_nothing_is_given_up_in_time) {
    const kin::database db = connect({.pool_size = 1, .connect_timeout_ms = patience_ms});
    ASSERT_TRUE(works(db));
    db.engine().close_connections();
    ASSERT_TRUE(becomes_true([&] { return proxy->open_connections() == 0; }));
    proxy->arm({.way = proxy_way::to_server, .after_bytes = 0, .what = proxy_fault::stall});
    const kin::url where = kin::url::parse(proxied_url());
    const std::int64_t took = ms_of([&] {
        const auto failure = kin::testing::caught<kin::connection_error>([&] { (void)works(db); });
        EXPECT_EQ(failure.code(), "cannot_connect");
        const std::string text(failure.what());
        EXPECT_NE(text.find("127.0.0.1:" + std::to_string(where.port)), std::string::npos) << text;
        EXPECT_EQ(text.find(":" + where.password + "@"), std::string::npos) << text;
    });
    EXPECT_LE(took, latest_ms);
    EXPECT_TRUE(works(db));
}

/// As when the server is just dying: nothing was lost, because there was no connection yet.
TEST_F(network_faults, T17_a_line_that_is_cut_while_a_connection_is_made_is_none_that_was_lost) {
    const kin::database db = connect({.pool_size = 1});
    for (const std::size_t sent : {0U, 1U, 40U}) {
        db.engine().close_connections();
        ASSERT_TRUE(becomes_true([&] { return proxy->open_connections() == 0; }));
        proxy->arm({.way = proxy_way::to_client, .after_bytes = sent, .what = proxy_fault::cut});
        EXPECT_EQ(code_of([&] { (void)works(db); }), "cannot_connect") << sent;
        EXPECT_TRUE(proxy->fired());
        EXPECT_TRUE(works(db));
    }
    db.engine().close_connections();
    proxy->refuse(true);
    EXPECT_EQ(code_of([&] { (void)works(db); }), "cannot_connect");
    proxy->refuse(false);
    EXPECT_TRUE(works(db));
}

TEST_F(network_faults, T17_a_port_where_nobody_listens_and_a_name_that_nobody_has_are_told) {
    kin::url where = kin::url::parse(direct_url());
    where.port = 1;
    where.password = "hunter2";
    auto failure = kin::testing::caught<kin::connection_error>(
        [&] { (void)works(kin::database(where.to_string_with_password())); });
    EXPECT_EQ(failure.code(), "cannot_connect");
    EXPECT_NE(failure.message().find("127.0.0.1:1/"), std::string_view::npos) << failure.what();
    EXPECT_EQ(std::string_view(failure.what()).find("hunter2"), std::string_view::npos) << failure.what();

    where.host = "no-such-host.invalid";
    const std::int64_t took = ms_of([&] {
        failure = kin::testing::caught<kin::connection_error>([&] {
            (void)works(kin::database(where.to_string_with_password(), {.connect_timeout_ms = 1'000}));
        });
    });
    EXPECT_EQ(failure.code(), "cannot_connect");
    EXPECT_NE(failure.message().find("no-such-host.invalid"), std::string_view::npos) << failure.what();
    EXPECT_LE(took, latest_ms);
}

TEST_F(network_faults, T18_an_answer_that_was_cut_leaves_no_object_behind) {
    const kin::database db = connect();
    for (std::size_t bytes = 20; bytes < 400; bytes += 40) {
        kin::session s = db.session();
        EXPECT_EQ(s.query<Account>().count(), accounts);
        proxy->arm({.way = proxy_way::to_client, .after_bytes = bytes, .what = proxy_fault::cut});
        std::size_t read = 0;
        EXPECT_EQ(code_of([&] {
                      while (!proxy->fired()) read = s.query<Account>().all().size();
                      (void)s.query<Account>().count();
                  }),
                  "connection_lost");
        EXPECT_TRUE(read == 0 || read == accounts) << bytes;
        s.rollback();
        EXPECT_EQ(s.query<Account>().all().size(), std::size_t{accounts});
        EXPECT_EQ(s.get_one<Account>(1)->balance, 100);
    }
}

TEST_F(network_faults, T19_another_thread_stops_a_statement_and_the_session_works_on) {
    const kin::database db = connect();
    kin::session s = db.session();
    const std::int64_t backend = backend_of(s);
    const kin::cancel_handle stop = s.cancel_handle();
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done) {
            usleep(20'000);
            stop.cancel();
        }
    });
    const std::int64_t took = ms_of([&] {
        EXPECT_EQ(code_of([&] { (void)s.sql<std::string>(kin::testing::endless_query()).one(); }),
                  "statement_cancelled");
    });
    done = true;
    other.join();
    EXPECT_LE(took, 1'000 + 5'000) << "the machine may be busy, but not for sixty seconds";
    s.rollback();
    EXPECT_EQ(s.query<Account>().count(), accounts);
    const std::string running =
        kin::testing::on_mariadb()
            ? "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%seq_1_to_1000000%' AND "
              "id = "
            : "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)%' "
              "AND pid = ";
    EXPECT_EQ(ask(running + std::to_string(backend)), 0) << "the server goes on with it";
}

TEST_F(network_faults, T19_a_cancelling_that_comes_too_late_meets_no_other_statement) {
    const kin::database db = connect({.pool_size = 1, .max_overflow = 0});
    for (int i = 0; i < 30; ++i) {
        kin::session s = db.session();
        const kin::cancel_handle stop = s.cancel_handle();
        std::thread other([&] { stop.cancel(); });
        EXPECT_THAT(code_of([&] { s.execute("SELECT 1"); }), testing::AnyOf("", "statement_cancelled"));
        other.join();
        s.rollback();
        EXPECT_EQ(s.query<Account>().count(), accounts) << i;
        s.close();
        EXPECT_TRUE(works(db)) << "the next borrower, " << i;
    }
}

} // namespace
