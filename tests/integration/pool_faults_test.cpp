// SPDX-License-Identifier: MIT
#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

// The pool on every database: tests named after the reliability items that they prove. How it counts, waits and ages is in
// tests/unit/engine/pool_test.cpp and tests/threads/pool_test.cpp.

namespace {

using kin::connection;
using kin::cursor;
using kin::testing::code_of;
using kin::testing::on_mariadb;
using kin::testing::on_sqlite;

/// The first value of the first row, in the kind that the database gives it.
std::string value_of(connection& c, const char* sql) {
    cursor rows = c.open(sql);
    if (!rows.next()) return "no row";
    const kin::cell value = rows.read_raw(0);
    if (value.is_null()) return "NULL";
    const bool is_number = value.kind == kin::cell_kind::integer || value.kind == kin::cell_kind::boolean;
    return is_number ? std::to_string(value.integer) : std::string(value.bytes());
}

class pool_faults : public testing::Test {
protected:
    [[nodiscard]] kin::database connect(const kin::engine_options& options) const {
        return kin::database(url, options);
    }

    // On SQLite a file: the sessions of a database in memory share a connection.
    std::optional<kin::testing::temporary_directory> folder =
        on_sqlite() ? std::optional<kin::testing::temporary_directory>(std::in_place) : std::nullopt;
    std::string url = folder ? folder->url() : kin::testing::fresh_url();
};

TEST_F(pool_faults, T22_an_exhausted_pool_says_who_holds_its_connections_and_since_when) {
    const kin::database db = connect({.pool_size = 2, .max_overflow = 0, .pool_timeout_ms = 30});
    kin::session report = db.session({.label = "the report"});
    kin::session request = db.session({.label = "GET /users"});
    report.execute("SELECT 1");
    request.execute("SELECT 1");
    std::atomic<int> in_vain = 0;
    std::vector<std::thread> crowd;
    for (int i = 0; i < 10; ++i) {
        crowd.emplace_back([&] {
            try {
                db.session().execute("SELECT 1");
            } catch (const kin::pool_timeout& e) {
                EXPECT_NE(e.message().find("the report"), std::string_view::npos) << e.what();
                EXPECT_NE(e.message().find("GET /users"), std::string_view::npos) << e.what();
                ++in_vain;
            }
        });
    }
    for (std::thread& t : crowd) t.join();
    EXPECT_EQ(in_vain, 10);
    report.commit();
    db.session().execute("SELECT 1");
}

TEST_F(pool_faults, T24_requests_that_throw_leave_no_connection_and_no_transaction_behind) {
    const kin::database db = connect({.pool_size = 2, .max_overflow = 0, .pool_timeout_ms = 5'000});
    db.engine().connect().execute("CREATE TABLE t (a INTEGER)");
    for (int i = 0; i < 300; ++i) {
        EXPECT_THROW(db.transaction([&](kin::session& s) {
            s.execute("INSERT INTO t VALUES (1)");
            if (i % 3 == 0) throw std::runtime_error("the request failed");
            if (i % 3 == 1) throw std::logic_error("it was wrong");
            (void)s.sql<int>("SELECT a FROM nowhere").all();
        }),
                     std::exception)
            << i;
    }
    EXPECT_EQ(db.engine().pool_status().holders.size(), 0U);
    EXPECT_EQ(std::get<0>(db.session().sql<int>("SELECT count(*) FROM t").one()), 0);
}

/// Something that a borrower leaves behind, and how the next one would see it.
struct trace {
    const char* what;
    std::vector<const char*> leave;
    const char* look; // one value, or an error
    const char* clean;
};

std::vector<trace> traces() {
    if (on_sqlite()) {
        return {
            {"a setting", {"PRAGMA cache_size = 17"}, "SELECT cache_size = 17 FROM pragma_cache_size", "0"},
            {"foreign keys off",
             {"PRAGMA foreign_keys = OFF"},
             "SELECT foreign_keys FROM pragma_foreign_keys",
             "1"},
            {"a temporary table",
             {"CREATE TEMP TABLE mine (a)"},
             "SELECT count(*) FROM mine",
             "no_such_table"},
            {"an attached database",
             {"ATTACH ':memory:' AS other"},
             "SELECT count(*) FROM other.sqlite_master",
             "no_such_table"}};
    }
    if (on_mariadb()) {
        return {
            {"a variable", {"SET @mine = 17"}, "SELECT @mine IS NULL", "1"},
            {"a setting", {"SET SESSION sort_buffer_size = 65536"}, "SELECT @@sort_buffer_size = 65536", "0"},
            {"foreign keys off", {"SET foreign_key_checks = 0"}, "SELECT @@foreign_key_checks", "1"},
            {"a temporary table",
             {"CREATE TEMPORARY TABLE mine (a INT)"},
             "SELECT count(*) FROM mine",
             "no_such_table"},
            {"a lock", {"DO get_lock('kin_t27', 0)"}, "SELECT is_free_lock('kin_t27')", "1"}};
    }
    return {{"a setting", {"SET work_mem = '1MB'"}, "SELECT current_setting('work_mem') = '1MB'", "0"},
            {"a role", {"SET SESSION AUTHORIZATION guarded"}, "SELECT current_user = 'guarded'", "0"},
            {"a temporary table",
             {"CREATE TEMPORARY TABLE mine (a INTEGER)"},
             "SELECT count(*) FROM mine",
             "no_such_table"},
            {"a lock",
             {"SELECT pg_advisory_lock(4711)"},
             "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
             "0"},
            {"a channel", {"LISTEN channel"}, "SELECT count(*) FROM pg_listening_channels()", "0"},
            {"a cursor",
             {"DECLARE mine CURSOR WITH HOLD FOR SELECT 1"},
             "SELECT count(*) FROM pg_cursors WHERE name = 'mine'",
             "0"}};
}

std::string seen(connection& c, const char* sql) {
    std::string value;
    const std::string code = code_of([&] { value = value_of(c, sql); });
    return code.empty() ? value : code;
}

TEST_F(pool_faults, T27_nobody_inherits_what_a_borrower_has_left) {
    const kin::database db = connect({.pool_size = 1, .max_overflow = 0});
    if (!on_sqlite() && !on_mariadb())
        db.engine().connect().execute(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guarded') THEN "
            "CREATE ROLE guarded LOGIN PASSWORD 'guarded'; END IF; END $$");
    for (const trace& t : traces()) {
        {
            connection first = db.engine().connect();
            EXPECT_EQ(seen(first, t.look), t.clean) << t.what << ", before";
            for (const char* sql : t.leave) first.execute(sql);
            EXPECT_NE(seen(first, t.look), t.clean) << t.what << " cannot be seen";
        }
        connection second = db.engine().connect();
        EXPECT_EQ(seen(second, t.look), t.clean) << t.what;
    }
}

TEST_F(pool_faults, T27_an_open_transaction_is_not_inherited) {
    const kin::database db = connect({.pool_size = 1, .max_overflow = 0});
    db.engine().connect().execute("CREATE TABLE t (a INTEGER)");
    {
        connection first = db.engine().connect();
        first.begin(kin::transaction_access::write);
        first.execute("INSERT INTO t VALUES (1)");
    }
    connection second = db.engine().connect();
    EXPECT_FALSE(second.in_transaction());
    EXPECT_EQ(value_of(second, "SELECT count(*) FROM t"), "0");
}

TEST_F(pool_faults, T27_what_the_programs_hook_sets_stays_set) {
    int runs = 0;
    const char* const set = on_sqlite()    ? "PRAGMA cache_size = 17"
                            : on_mariadb() ? "SET SESSION sort_buffer_size = 65536"
                                           : "SET work_mem = '1MB'";
    const kin::database db = connect({.pool_size = 1, .max_overflow = 0, .on_connect = [&](connection& c) {
                                          ++runs;
                                          c.execute(set);
                                      }});
    const trace other = traces()[2];
    const trace own = traces()[on_mariadb() ? 1 : 0];
    const auto look = [&](const trace& t) {
        connection c = db.engine().connect();
        return seen(c, t.look);
    };
    for (int i = 0; i < 3; ++i) db.engine().connect().execute("SELECT 1");
    EXPECT_EQ(runs, 1) << "borrowers that set nothing cost nothing";
    EXPECT_NE(look(own), own.clean) << "the hook's setting is lost";
    for (const char* sql : other.leave) db.engine().connect().execute(sql);
    EXPECT_EQ(look(other), other.clean);
    EXPECT_NE(look(own), own.clean) << "the hook's setting is lost with the borrower's";
    EXPECT_GE(runs, 2);
}

/// Ten thousand numbers.
const char* many_rows() {
    if (on_mariadb()) return "SELECT seq FROM seq_1_to_10000";
    if (on_sqlite())
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i "
               "FROM n";
    return "SELECT generate_series(1, 10000)";
}

TEST_F(pool_faults, T28_rows_left_unread_are_nobody_elses_answer) {
    const kin::database db = connect({.pool_size = 1, .max_overflow = 0});
    for (const std::uint32_t fetch_size : {0U, 10U}) {
        for (const bool in_transaction : {false, true}) {
            {
                connection first = db.engine().connect();
                if (in_transaction) first.begin(kin::transaction_access::read);
                {
                    cursor rows = first.open(many_rows(), {}, {.fetch_size = fetch_size});
                    for (int i = 0; i < 5; ++i) ASSERT_TRUE(rows.next());
                }
                EXPECT_EQ(value_of(first, "SELECT 42"), "42");
                cursor open = first.open(many_rows(), {}, {.fetch_size = fetch_size});
                ASSERT_TRUE(open.next());
                EXPECT_EQ(value_of(first, "SELECT 43"), "43") << "beside rows that are still coming";
            }
            connection second = db.engine().connect();
            EXPECT_EQ(value_of(second, "SELECT 44"), "44");
            EXPECT_FALSE(second.in_transaction());
        }
    }
}

TEST_F(pool_faults, T33_a_pool_that_closes_lets_who_has_a_connection_finish) {
    auto db = std::make_optional(connect({.pool_size = 2}));
    db->engine().connect().execute("CREATE TABLE t (a INTEGER)");
    kin::session s = db->session();
    s.execute("INSERT INTO t VALUES (1)");
    db->engine().close_connections();
    EXPECT_EQ(db->engine().pool_status().idle, 0U);
    s.execute("INSERT INTO t VALUES (2)");
    db.reset(); // the session shares the engine
    s.commit();
    EXPECT_EQ(std::get<0>(s.sql<int>("SELECT count(*) FROM t").one()), 2);
}

} // namespace
