// SPDX-License-Identifier: MIT
#include <csignal>
#include <string>
#include <thread>

#include "integration/server_faults.hpp"
#include "support/private_server.hpp"

// Processes end: those of the server, and those of the program. Tests named after the reliability items that they prove.

namespace {

using kin::testing::Account;
using kin::testing::code_of;
using kin::testing::server_faults;
using kin::testing::Transfer;

class backend_faults : public server_faults {};

const char* slow() {
    return kin::testing::on_mariadb() ? "SELECT CAST(SLEEP(60) AS CHAR)"
                                      : "SELECT CAST(pg_sleep(60) AS TEXT)";
}

/// A child process, which tells by its pipe what `work` returns, when it is ready. It ends without a word to anybody.
class child_process {
public:
    template <class Work> explicit child_process(Work&& work) {
        int ends[2];
        EXPECT_EQ(pipe(ends), 0);
        pid_ = fork();
        if (pid_ == 0) {
            try {
                said_ = work();
            } catch (...) {
                _exit(1);
            }
            if (write(ends[1], &said_, sizeof said_) != sizeof said_) _exit(2);
            for (;;) pause();
        }
        close(ends[1]);
        EXPECT_EQ(read(ends[0], &said_, sizeof said_), static_cast<ssize_t>(sizeof said_))
            << "the child came to an end of its own";
        close(ends[0]);
    }
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process() { end(); }
    [[nodiscard]] std::int64_t said() const noexcept { return said_; }
    void end() {
        if (pid_ == 0) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

private:
    pid_t pid_ = 0;
    std::int64_t said_ = 0;
};

TEST_F(backend_faults, T05_a_program_killed_in_its_transaction_leaves_neither_rows_nor_locks) {
    child_process child([&] {
        static const kin::database db(direct_url());
        static kin::session s = db.session();
        s.add(Transfer{.token = 1});
        s.get_one<Account>(1)->balance = 0;
        s.flush();
        return backend_of(s);
    });
    EXPECT_TRUE(has_backend(child.said()));
    child.end();
    EXPECT_TRUE(becomes_true([&] { return !has_backend(child.said()); }));
    straight->transaction([](kin::session& s) { s.get_one<Account>(1)->balance += 1; });
    EXPECT_EQ(balance(1), 101);
    EXPECT_EQ(ask("SELECT count(*) FROM transfer"), 0);
}

TEST_F(backend_faults, T06_T21_a_backend_ended_before_a_statement_is_a_lost_connection) {
    const kin::database db = connect();
    kin::session s = db.session();
    auto account = s.get_one<Account>(1);
    end_backend(backend_of(s));
    account->balance = 7;
    EXPECT_EQ(code_of([&] { s.flush(); }), "connection_lost");
    EXPECT_EQ(code_of([&] { s.flush(); }), "pending_rollback");
    s.rollback();
    EXPECT_EQ(account->balance, 100);
    EXPECT_TRUE(works(db));
}

TEST_F(backend_faults, T06_T21_a_backend_ended_in_the_middle_of_a_statement_is_a_lost_connection) {
    const kin::database db = connect();
    kin::session s = db.session();
    const std::int64_t backend = backend_of(s);
    std::thread administrator([&] {
        EXPECT_TRUE(becomes_true([&] {
            return ask((kin::testing::on_mariadb() ? "SELECT count(*) FROM information_schema.processlist "
                                                     "WHERE state = 'User sleep' AND id = "
                                                   : "SELECT count(*) FROM pg_stat_activity WHERE wait_event "
                                                     "= 'PgSleep' AND pid = ") +
                       std::to_string(backend)) == 1;
        }));
        end_backend(backend);
    });
    EXPECT_EQ(code_of([&] { (void)s.sql<std::string>(slow()).one(); }), "connection_lost");
    administrator.join();
    s.rollback();
    EXPECT_TRUE(works(db));
}

TEST_F(backend_faults, T06_a_backend_that_is_known_to_have_ended_before_commit_has_certainly_not_committed) {
    const kin::database db(direct_url());
    kin::session s = db.session();
    s.add(Transfer{.token = 1});
    s.flush();
    end_backend(backend_of(s));
    EXPECT_EQ(code_of([&] { s.commit(); }), "connection_lost");
    s.rollback();
    EXPECT_EQ(ask("SELECT count(*) FROM transfer"), 0);
    EXPECT_TRUE(works(db));
}

TEST_F(backend_faults, T06_T10_a_backend_ended_while_it_commits_leaves_the_outcome_unknown) {
    const kin::database db = connect();
    kin::session s = db.session();
    const std::int64_t backend = backend_of(s);
    std::optional<kin::connection> holder;
    if (kin::testing::on_mariadb()) {
        s.add(Transfer{.token = 1});
        s.flush();
        holder.emplace(straight->engine().connect());
        holder->execute("FLUSH TABLES WITH READ LOCK"); // a commit waits for it
    } else {
        s.execute("CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
                  "pg_sleep(60); RETURN "
                  "NULL; END $$");
        s.execute("CREATE CONSTRAINT TRIGGER dawdles AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED "
                  "FOR EACH "
                  "ROW EXECUTE FUNCTION dawdle()");
        s.commit();
        s.add(Transfer{.token = 1});
        s.flush();
    }
    ASSERT_EQ(backend_of(s), backend);
    std::thread administrator([&] {
        const std::string is_committing =
            (kin::testing::on_mariadb() ? "SELECT count(*) FROM information_schema.processlist WHERE info = "
                                          "'COMMIT' AND state LIKE 'Waiting%' AND id = "
                                        : "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT' AND "
                                          "wait_event = 'PgSleep' AND pid = ") +
            std::to_string(backend);
        EXPECT_TRUE(becomes_true([&] { return ask(is_committing) == 1; }));
        end_backend(backend);
    });
    EXPECT_EQ(code_of([&] { s.commit(); }), "commit_outcome_unknown");
    administrator.join();
    if (holder) holder->execute("UNLOCK TABLES");
    s.rollback();
    EXPECT_TRUE(works(db));
    EXPECT_EQ(ask("SELECT count(*) FROM transfer"), 0);
}

TEST_F(backend_faults, T20_T21_connections_that_ended_in_the_pool_are_replaced_and_nobody_notices) {
    const kin::database db = connect({.pool_trust_idle_ms = -1});
    for (int i = 0; i < 5; ++i) {
        kin::session s = db.session();
        const std::int64_t backend = backend_of(s);
        s.commit();
        if (i % 2 == 0)
            end_backend(backend);
        else
            proxy->cut_all();
        EXPECT_NE(backend_of(s), backend);
        EXPECT_TRUE(works(db));
    }
}

TEST_F(backend_faults,
       T21_a_connection_idle_for_too_long_is_replaced_and_a_transaction_idle_for_too_long_is_lost) {
    const kin::database db = connect({.pool_trust_idle_ms = -1, .reset_on_return = false});
    const bool mariadb = kin::testing::on_mariadb();
    {
        kin::session s = db.session();
        const std::int64_t backend = backend_of(s);
        s.execute(mariadb ? "SET SESSION wait_timeout = 1" : "SET idle_session_timeout = '100ms'");
        s.commit();
        EXPECT_TRUE(becomes_true([&] { return !has_backend(backend); }));
        EXPECT_NE(backend_of(s), backend);
        EXPECT_TRUE(works(db));
    }
    kin::session s = db.session();
    s.execute(mariadb ? "SET SESSION idle_transaction_timeout = 1"
                      : "SET idle_in_transaction_session_timeout = '100ms'");
    const std::int64_t backend = backend_of(s);
    s.get_one<Account>(1)->balance = 7;
    s.flush();
    EXPECT_TRUE(becomes_true([&] { return !has_backend(backend); }));
    EXPECT_EQ(code_of([&] { (void)s.query<Account>().count(); }), "connection_lost");
    s.rollback();
    EXPECT_EQ(balance(1), 100);
}

TEST_F(backend_faults, T29_a_fork_leaves_the_parents_connections_to_the_parent) {
    const kin::database db = connect();
    kin::session s = db.session();
    s.get_one<Account>(1)->balance = 5;
    s.flush();
    const pid_t child = fork();
    if (child == 0) {
        bool good = code_of([&] { (void)s.query<Account>().count(); }) == "forked_connection";
        s.close();
        {
            kin::session own = db.session();
            good =
                good && own.query<Account>().count() == accounts && own.get_one<Account>(1)->balance == 100;
        }
        _exit(good ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    s.commit();
    EXPECT_EQ(balance(1), 5);
}

/// On a server of its own: it dies.
class server_death : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::on_sqlite()) GTEST_SKIP() << "SQLite has no server";
        server.emplace(kin::testing::test_dialect());
        db.emplace(server->url(),
                   kin::engine_options{.pool_trust_idle_ms = -1, .connect_timeout_ms = 15'000});
        kin::testing::open_accounts(*db);
    }
    std::optional<kin::testing::private_server> server;
    std::optional<kin::database> db;
};

TEST_F(server_death, T06_T20_a_server_that_was_killed_and_comes_back_is_noticed_only_inside_of_transactions) {
    kin::session open = db->session();
    open.get_one<Account>(1)->balance = 0;
    open.flush();
    {
        kin::session other = db->session();
        EXPECT_EQ(other.query<Account>().count(), kin::testing::account_count);
    } // its connection lies in the pool
    server->crash();
    EXPECT_EQ(code_of([&] { (void)db->session().query<Account>().count(); }), "cannot_connect");
    server->resume();
    EXPECT_EQ(db->session().query<Account>().count(), kin::testing::account_count) << "nobody notices";
    EXPECT_EQ(code_of([&] { open.commit(); }), "connection_lost");
    open.rollback();
    EXPECT_EQ(db->session().get_one<Account>(1)->balance, kin::testing::opening_balance);
}

/// Finding 12: PostgreSQL ends all connections when one of its processes is killed, and takes none for a while.
TEST_F(server_death, T06_one_backend_killed_takes_all_connections_with_it_and_the_pool_heals) {
    if (kin::testing::on_mariadb()) GTEST_SKIP() << "MariaDB's sessions are threads of one process";
    kin::session victim = db->session();
    kin::session bystander = db->session();
    const auto pid = std::get<0>(victim.sql<std::int64_t>("SELECT pg_backend_pid()").one());
    EXPECT_EQ(bystander.query<Account>().count(), kin::testing::account_count);
    ASSERT_EQ(kill(static_cast<pid_t>(pid), SIGKILL), 0);
    EXPECT_EQ(code_of([&] { (void)victim.query<Account>().count(); }), "connection_lost");
    EXPECT_EQ(code_of([&] {
                  for (;;) (void)bystander.sql<int>("SELECT 1").one(); // it may take a moment
              }),
              "connection_lost");
    victim.rollback();
    bystander.rollback();
    const auto start = std::chrono::steady_clock::now();
    for (;;) {
        const std::string code = code_of([&] { (void)db->session().query<Account>().count(); });
        if (code.empty()) break;
        ASSERT_TRUE(code == "cannot_connect" || code == "connection_lost") << code;
        ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
        usleep(10'000);
    }
    EXPECT_EQ(victim.query<Account>().count(), kin::testing::account_count);
    EXPECT_EQ(bystander.query<Account>().count(), kin::testing::account_count);
}

} // namespace
