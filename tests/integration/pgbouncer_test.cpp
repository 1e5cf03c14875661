// SPDX-License-Identifier: MIT
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "support/transfer_books.hpp"
#include "unit/engine/database_help.hpp"

// Through a pooler that gives each transaction another server process: T92 of the reliability items, and finding 10.

namespace {

using kin::testing::Account;
using kin::testing::code_of;
using kin::testing::transfer_end;
using kin::testing::transfer_style;

std::uint16_t free_port() {
    const int s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    const bool good = bind(s, reinterpret_cast<sockaddr*>(&here), size) == 0 &&
                      getsockname(s, reinterpret_cast<sockaddr*>(&here), &size) == 0;
    close(s);
    return good ? ntohs(here.sin_port) : std::uint16_t{0};
}

/// A pooler of the running test alone, in transaction mode, with two server processes.
class bouncer {
public:
    bouncer(const std::string& program, const kin::url& server, const std::filesystem::path& folder)
        : port_(free_port()) {
        const std::string file = (folder / "pgbouncer.ini").string();
        std::ofstream(file)
            << "[databases]\n* = host=" << server.host << " port=" << server.port << " user=" << server.user
            << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
            << "\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
               "max_client_conn = 100\n";
        pid_ = fork();
        if (pid_ != 0) return;
        if (const int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) dup2(nowhere, STDERR_FILENO);
        // It refuses to run as root, and who it runs as then may not come into the folder: so it is given the open file.
        const int config = open(file.c_str(), O_RDONLY);
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(1);
        execl(program.c_str(), "pgbouncer", ("/dev/fd/" + std::to_string(config)).c_str(), nullptr);
        _exit(1);
    }
    bouncer(const bouncer&) = delete;
    bouncer& operator=(const bouncer&) = delete;
    ~bouncer() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    std::uint16_t port_;
    pid_t pid_ = 0;
};

class pgbouncer : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql") GTEST_SKIP() << "pgbouncer is PostgreSQL's";
        const std::string program = "/usr/sbin/pgbouncer";
        if (access(program.c_str(), X_OK) != 0) GTEST_SKIP() << "pgbouncer is not installed";
        kin::url where = kin::url::parse(kin::testing::test_url());
        where.database = name_;
        admin_.emplace(kin::testing::test_url());
        admin_->engine().connect().execute("CREATE DATABASE " + name_); // it takes no search_path
        straight_.emplace(where.to_string_with_password());
        kin::testing::open_accounts(*straight_);
        bouncer_.emplace(program, where, folder_.file("."));
        where.port = bouncer_->port();
        where.options.emplace_back("prepare", "off");
        url_ = where.to_string_with_password();
        for (int i = 0; i < 500 && !code_of([&] { works(kin::database(url_)); }).empty(); ++i) usleep(10'000);
    }
    void TearDown() override {
        if (!admin_) return;
        bouncer_.reset();
        straight_.reset();
        admin_->engine().connect().execute("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    }
    static void works(const kin::database& db) {
        kin::session s = db.session();
        EXPECT_EQ(s.query<Account>().count(), kin::testing::account_count);
    }

    const std::string name_ = "kin_bouncer_" + std::to_string(getpid());
    kin::testing::temporary_directory folder_;
    std::optional<kin::database> admin_;
    std::optional<kin::database> straight_;
    std::optional<bouncer> bouncer_;
    std::string url_;
};

TEST_F(pgbouncer, T92_sessions_on_many_threads_share_two_servers_and_nobody_gets_anothers_answer) {
    const kin::database db{url_};
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
    for (const std::string& text : books.contradictions(*straight_)) ADD_FAILURE() << text;
}

TEST_F(pgbouncer, T92_two_sessions_never_run_each_others_statements) {
    const kin::database db{url_};
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
    const kin::database db{url_};
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

} // namespace
