// SPDX-License-Identifier: MIT
// The code of docs/guide/engine.md.
#include <iostream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "docs_blog_models.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace docs {
namespace {

using kin::testing::fake_engine;
using kin::testing::fake_server;
using kin::testing::temporary_directory;

TEST(docs_engine, options) {
    const temporary_directory directory;
    const std::string url = directory.url("blog.db");
    // [options]
    kin::database db{url, {.pool_size = 10, .statement_timeout_ms = 5'000}};
    kin::database same{url + "?pool_size=10&statement_timeout_ms=5000"};
    // [/options]
    EXPECT_EQ(std::get<0>(db.session().sql<int>("SELECT 1").one()), 1);
    EXPECT_EQ(std::get<0>(same.session().sql<int>("SELECT 1").one()), 1);
}

TEST(docs_engine, who_holds_the_connections) {
    fake_server server;
    const kin::database db{fake_engine(server)};
    std::ostringstream log;
    // [holders]
    kin::session report = db.session({.label = "nightly report"});
    report.execute("SELECT 1");
    for (const kin::connection_holder& holder : db.engine().pool_status().holders)
        log << holder.place << " for " << holder.age_ms << " ms\n"; // nightly report for 0 ms
    // [/holders]
    EXPECT_TRUE(log.str().starts_with("nightly report for ")) << log.str();
}

TEST(docs_engine, a_hook_for_each_new_connection) {
    const temporary_directory directory;
    const std::string url = directory.url("blog.db");
    // [on_connect]
    kin::database db{url,
                     {.on_connect = [](kin::connection& c) { c.execute("PRAGMA cache_size = -20000"); }}};
    // [/on_connect]
    EXPECT_EQ(std::get<0>(db.session().sql<int>("PRAGMA cache_size").one()), -20000);
}

// [observer]
struct connection_log final : kin::connection_observer {
    void happened(const kin::connection_event& e) noexcept override {
        if (e.kind == kin::connection_event_kind::connected) ++opened; // on the thread that borrows
    }
    std::atomic<int> opened = 0;
};
// [/observer]

TEST(docs_engine, observers) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db")};
    connection_log log;
    db.engine().add_observer(log);
    {
        kin::session one = db.session();
        kin::session two = db.session();
        one.execute("SELECT 1");
        two.execute("SELECT 1");
    }
    EXPECT_EQ(log.opened, 1); // the other one has been open since the engine was made
    db.engine().remove_observer(log);
}

TEST(docs_engine, time_outs) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db")};
    fill(db);
    // [timeouts]
    kin::session session = db.session({.statement_timeout_ms = 2'000});
    auto users = session.query<User>().execution({.timeout_ms = 500}).all();
    session.execute("UPDATE user SET bio = NULL", {}, {.timeout_ms = 10'000});
    // [/timeouts]
    EXPECT_EQ(users.size(), 3U);
}

TEST(docs_engine, cancelling) {
    kin::database db{"sqlite://"};
    std::atomic<bool> done = false;
    // [cancel]
    kin::session session = db.session();
    const kin::cancel_handle stop = session.cancel_handle(); // on the session's own thread
    std::thread other([&] {
        while (!done) stop.cancel(); // safe at any time, also when the session has ended
    });
    EXPECT_THROW((void)session
                     .sql<int>("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                               "SELECT count(*) FROM n")
                     .one(),
                 kin::statement_cancelled);
    // [/cancel]
    done = true;
    other.join();
}

TEST(docs_engine, isolation) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db")};
    fill(db);
    // [isolation]
    kin::session audit = db.session({.isolation = kin::isolation_level::serializable, .read_only = true});
    EXPECT_EQ(audit.query<User>().count(), 3);

    kin::session session = db.session();
    session.begin({.isolation = kin::isolation_level::serializable}); // this transaction alone
    session.get_one<User>(1)->bio = "Plays chess";
    session.commit();
    // [/isolation]
}

struct Transfer {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{36}, kin::unique> token;
};

TEST(docs_engine, running_again) {
    const temporary_directory directory;
    kin::database db{directory.url("blog.db")};
    db.create_all<Transfer>();
    fill(db);
    // [retry]
    const int posts = db.transaction(
        [](kin::session& session) {
            session.get_one<User>(1)->bio = "x";
            return static_cast<int>(session.query<Post>().count());
        },
        {}, {.attempts = 3, .total_ms = 2'000});
    // [/retry]
    EXPECT_GT(posts, 0);
    bool sent = false;
    const std::string token = "8f14e45f";
    // [token]
    try {
        db.transaction([&](kin::session& session) {
            session.add(Transfer{.token = token}); // made by the caller, once for each transfer
            session.get_one<User>(1)->bio = "paid";
        });
        sent = true;
    } catch (const kin::commit_outcome_unknown&) {
        kin::session look = db.session();
        sent = look.query<Transfer>().where(kin::col<&Transfer::token> == token).exists();
    }
    // [/token]
    EXPECT_TRUE(sent);
}

} // namespace
} // namespace docs
