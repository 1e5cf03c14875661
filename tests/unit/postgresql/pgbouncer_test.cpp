// SPDX-License-Identifier: MIT
// T92: behind pgbouncer in transaction mode, which gives each transaction another session of the server.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kin/engine/url.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/orm/blog.hpp"

namespace {

using blog::code_of;
using blog::Post;
using blog::User;

constexpr const char* program = "/usr/sbin/pgbouncer";

std::uint16_t free_port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const int s = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(s, reinterpret_cast<sockaddr*>(&address), size) != 0) return 0;
    (void)getsockname(s, reinterpret_cast<sockaddr*>(&address), &size);
    close(s);
    return ntohs(address.sin_port);
}

/// A pgbouncer of this test alone, with two sessions of the server.
class pgbouncer {
public:
    pgbouncer(const kin::url& server, const std::filesystem::path& directory) : port_(free_port()) {
        std::filesystem::permissions(directory, std::filesystem::perms::all);
        const std::string file = (directory / "pgbouncer.ini").string();
        std::ofstream(directory / "users.txt") << '"' << server.user << "\" \"\"\n";
        std::ofstream(file)
            << "[databases]\n* = host=" << server.host << " port=" << server.port
            << " auth_user=" << server.user << "\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=" << port_
            << "\nunix_socket_dir=\nauth_type=trust\nauth_file=" << (directory / "users.txt").string()
            << "\npool_mode=transaction\ndefault_pool_size=2\nignore_startup_parameters=options,"
               "extra_float_digits\nserver_idle_timeout=5\n";
        process_ = fork();
        if (process_ == 0) {
            if (getuid() == 0)
                execl(program, program, "-q", "-u", "nobody", file.c_str(), nullptr);
            else
                execl(program, program, "-q", file.c_str(), nullptr);
            _exit(127);
        }
    }
    pgbouncer(const pgbouncer&) = delete;
    pgbouncer& operator=(const pgbouncer&) = delete;
    ~pgbouncer() {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    std::uint16_t port_;
    pid_t process_ = -1;
};

class postgresql_pgbouncer : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        if (access(program, X_OK) != 0) GTEST_SKIP() << "pgbouncer is not installed";
        direct = kin::url::parse(kin::testing::fresh_url());
        kin::database db{direct.to_string_with_password()};
        db.create_all<User, Post, blog::Comment>();
        // pgbouncer takes no search_path, so the tables are found by the role's own.
        role = "kin_pooled_" + std::to_string(getpid());
        schema = *direct.find_option("search_path");
        kin::connection c = db.engine().connect();
        c.execute("CREATE ROLE " + role + " LOGIN");
        c.execute("ALTER ROLE " + role + " SET search_path = " + schema);
        c.execute("GRANT ALL ON SCHEMA " + schema + " TO " + role);
        c.execute("GRANT ALL ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
        c.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role);
        kin::url server = direct;
        server.user = role;
        bouncer.emplace(server, directory.file(""));
    }
    void TearDown() override {
        bouncer.reset();
        if (role.empty()) return;
        kin::database db{direct.to_string_with_password()};
        kin::connection c = db.engine().connect();
        c.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
        c.execute("DROP OWNED BY " + role);
        c.execute("DROP ROLE " + role);
    }
    /// Waits until pgbouncer listens.
    [[nodiscard]] kin::database open(std::string_view options) const {
        kin::url where = direct;
        where.port = bouncer->port();
        where.user = role;
        where.options.clear();
        const std::string url = where.to_string_with_password() + "?" + std::string(options);
        for (int tries = 0;; ++tries) {
            try {
                return kin::database{url, {.pool_size = 8}};
            } catch (const kin::connection_error&) {
                if (tries == 100) throw;
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
    }

    kin::testing::temporary_directory directory;
    kin::url direct;
    std::string role;
    std::string schema;
    std::optional<pgbouncer> bouncer;
};

TEST_F(postgresql_pgbouncer, T92_everything_works_with_prepare_off) {
    kin::database db = open("prepare=off");
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

TEST_F(postgresql_pgbouncer, T92_prepared_statements_that_are_not_there_are_noticed_and_avoided) {
    kin::database db = open("prepare=on");
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
