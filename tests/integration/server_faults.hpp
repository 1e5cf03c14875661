// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kin/kin.hpp"
#include "support/tcp_proxy.hpp"
#include "support/test_database.hpp"
#include "support/transfer_books.hpp"
#include "unit/engine/database_help.hpp"

namespace kin::testing {

/// A test on a database that has a server: ten accounts of 100, and a proxy between kin and the server that breaks the line.
class server_faults : public ::testing::Test {
protected:
    static constexpr int accounts = 10;

    void SetUp() override {
        if (on_sqlite()) GTEST_SKIP() << "SQLite has no server and no network";
        url_ = fresh_url();
        url where = url::parse(url_);
        proxy.emplace(where.port);
        where.host = "127.0.0.1";
        where.port = proxy->port();
        proxied_ = where.to_string_with_password();
        straight.emplace(url_);
        straight->create_all<Account, Transfer>();
        straight->transaction([](session& s) {
            for (int i = 0; i < accounts; ++i) s.add(Account{.balance = 100});
        });
    }

    /// Through the proxy.
    [[nodiscard]] database connect(const engine_options& options = {}) const {
        return database(proxied_, options);
    }
    [[nodiscard]] const std::string& proxied_url() const noexcept { return proxied_; }
    [[nodiscard]] const std::string& direct_url() const noexcept { return url_; }
    /// One value, past the proxy.
    template <class T = std::int64_t> [[nodiscard]] T ask(std::string_view sql) const {
        session s = straight->session();
        return std::get<0>(s.sql<T>(sql).one());
    }
    [[nodiscard]] std::int64_t balance(int id) const {
        session s = straight->session();
        return s.get_one<Account>(id)->balance;
    }
    [[nodiscard]] static bool works(const database& db) {
        session s = db.session();
        return s.query<Account>().count() == accounts;
    }
    /// What the server calls the connection of a session.
    [[nodiscard]] static std::int64_t backend_of(session& s) {
        return std::get<0>(
            s.sql<std::int64_t>(on_mariadb() ? "SELECT connection_id()" : "SELECT pg_backend_pid()").one());
    }
    /// The administrator ends it; returns when it has gone.
    void end_backend(std::int64_t backend) const {
        session s = straight->session();
        const std::string id = std::to_string(backend);
        if (on_mariadb())
            s.execute("KILL CONNECTION " + id);
        else
            s.execute("SELECT pg_terminate_backend(" + id + ")");
        s.commit();
        EXPECT_TRUE(becomes_true([&] { return !has_backend(backend); }));
    }
    /// PostgreSQL's is a process, which is gone when its sockets are closed.
    [[nodiscard]] bool has_backend(std::int64_t backend) const {
        if (!on_mariadb()) return kill(static_cast<pid_t>(backend), 0) == 0 || errno != ESRCH;
        return ask("SELECT count(*) FROM information_schema.processlist WHERE id = " +
                   std::to_string(backend)) != 0;
    }
    /// Asks until the answer is yes; false when it is not within 5 s.
    [[nodiscard]] static bool becomes_true(const std::function<bool()>& is_so) {
        for (int i = 0; i < 1000; ++i) {
            if (is_so()) return true;
            usleep(5000);
        }
        return false;
    }

    std::optional<tcp_proxy> proxy;
    std::optional<database> straight; // past the proxy

private:
    std::string url_;
    std::string proxied_;
};

/// How long `work` took.
template <class Work> std::int64_t ms_of(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
        .count();
}

} // namespace kin::testing
