// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include "kin/kin.hpp"
#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/listener.hpp"
#include "kin/postgresql/options.hpp"
#include "support/tcp_proxy.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/postgresql/server_test.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::cell;
using kin::cell_kind;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::value_of;

class x_pg : public kin::testing::server_test {};

TEST_F(x_pg, many) {
    std::string sql = "SELECT 1 WHERE 1 IN ($1";
    for (int i = 2; i <= 65536; ++i) sql += ", $" + std::to_string(i);
    sql += ")";
    std::vector<cell> v(65536, cell::of_integer(1));
    {
    connection c = connect();
    try { c.execute(sql, v); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.code()).c_str(), std::string(x.message()).c_str()); }
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "");
    c.begin(kin::transaction_access::write);
    try { c.execute(sql, v); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.code()).c_str(), std::string(x.message()).c_str()); }
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "");
    }
}

TEST_F(x_pg, discard_all) {
    std::string before;
    {
        connection c = connect();
        before = value_of(c, "SHOW search_path");
        c.execute("SELECT 1");
        c.execute("DISCARD ALL");
        c.execute("SELECT 1");
        c.execute("SET search_path = pg_catalog");
    }
    connection c = connect();
    EXPECT_EQ(value_of(c, "SHOW search_path"), before);
}

TEST_F(x_pg, discard_all_in_tx) {
    connection c = connect();
    c.execute("SELECT 1");
    c.begin(kin::transaction_access::write);
    c.execute("DEALLOCATE ALL");
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "");
    c.rollback();
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1"); }), "");
}

TEST_F(x_pg, raw_values) {
    connection c = connect();
    for (const char* sql : {"SELECT 'infinity'::timestamptz", "SELECT '-infinity'::date", "SELECT 'infinity'::timestamp",
                            "SELECT 'NaN'::numeric", "SELECT '{{1,2},{3,4}}'::int[]", "SELECT interval '1 day'", "SELECT ARRAY['infinity'::timestamptz]", "SELECT '294276-12-31'::timestamptz", "SELECT '24:00'::time", "SELECT B'101'", "SELECT 5::money", "SELECT '5874897-12-31'::date", "SELECT '4714-11-24 BC'::date"}) {
        auto rows = c.open(sql);
        ASSERT_TRUE(rows.next());
        EXPECT_FALSE(rows.read_raw(0).is_null()) << sql;
    }
}

TEST_F(x_pg, commit_raw) {
    connection c = connect();
    c.begin(kin::transaction_access::write);
    c.execute("CREATE TABLE t (a int)");
    c.execute("COMMIT");
    try { c.commit(); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.code()).c_str(), std::string(x.message()).c_str()); }
}

TEST_F(x_pg, names) {
    connection c = connect();
    c.execute("CREATE TABLE \"T a.b\" (\"x(y)\" int, \"it's\" text, CONSTRAINT \"un \"\"q\" UNIQUE (\"x(y)\", \"it's\"))");
    c.execute("INSERT INTO \"T a.b\" VALUES (1, ')=(')");
    auto f = caught<kin::unique_violation>([&] { c.execute("INSERT INTO \"T a.b\" VALUES (1, ')=(')"); });
    std::printf("%s|%s|%s\n", std::string(f.constraint()).c_str(), std::string(f.table()).c_str(), std::string(f.column()).c_str());
    c.execute("CREATE TABLE e (a text)");
    c.execute("CREATE UNIQUE INDEX ei ON e (lower(a), (a || ')=('))");
    c.execute("INSERT INTO e VALUES ('x')");
    f = caught<kin::unique_violation>([&] { c.execute("INSERT INTO e VALUES ('x')"); });
    std::printf("%s|%s|%s\n", std::string(f.constraint()).c_str(), std::string(f.table()).c_str(), std::string(f.column()).c_str());
    try { c.execute("SELECT * FROM \"no\"\"such\""); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.table()).c_str(), std::string(x.message()).c_str()); }
    try { c.execute("SELECT e.nosuch FROM e"); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.column()).c_str(), std::string(x.message()).c_str()); }
    try { c.execute("SELECT x.a FROM e"); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.code()).c_str(), std::string(x.message()).c_str()); }
    c.begin(kin::transaction_access::write);
    try { c.execute("SELECT a FROM kin_nosuch"); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.code()).c_str(), std::string(x.message()).c_str()); }
    try { c.execute("SELECT 7"); } catch (const kin::error& x) { std::printf("%s %s\n", std::string(x.code()).c_str(), std::string(x.message()).c_str()); }
    c.rollback();
}

TEST_F(x_pg, listener_for_ever) {
    kin::postgresql::listener l(e());
    l.listen("a");
    const auto start = std::chrono::steady_clock::now();
    std::thread later([&] { std::this_thread::sleep_for(std::chrono::milliseconds(200)); e().connect().execute("NOTIFY a"); });
    const auto got = l.wait(std::numeric_limits<std::int64_t>::max());
    later.join();
    EXPECT_TRUE(got.has_value());
    (void)start;
}

TEST_F(x_pg, huge_timeouts) {
    const auto most = std::numeric_limits<std::int64_t>::max();
    const engine e = kin::create_engine(kin::testing::fresh_url(), {.pool_size = 1, .max_overflow = 0, .pool_timeout_ms = most, .pool_recycle_ms = most, .connect_timeout_ms = most, .statement_timeout_ms = most});
    EXPECT_EQ(code_of([&] { e.connect().execute("SELECT pg_sleep(0.1)"); }), "");
    EXPECT_EQ(code_of([&] { e.connect().execute("SELECT pg_sleep(0.1)"); }), "");
    std::thread t;
    {
        connection c = e.connect();
        t = std::thread([&] { EXPECT_EQ(code_of([&] { e.connect().execute("SELECT 1"); }), ""); });
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    t.join();
}

TEST_F(x_pg, dates) {
    connection c = connect();
    const cell_kind ts[] = {cell_kind::timestamp};
    cell out;
    auto rows = c.open("SELECT '5874897-12-31'::date");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.read(0, ts, &out), 0U);
    const cell null[] = {cell()};
    EXPECT_EQ(value_of(c, "SELECT (now() < $1)::text", null), "NULL");
    const cell far[] = {cell::of_integer(110'000'000, cell_kind::date)};
    EXPECT_EQ(value_of(c, "SELECT (now() < $1)::text", far), "true");
}

TEST_F(x_pg, cursor_in_copy) {
    connection c = connect();
    c.execute("CREATE TABLE t (a int primary key)");
    EXPECT_EQ(code_of([&] { c.execute("COPY t FROM STDIN"); }), "copy_not_served");
    connection d = connect();
    EXPECT_EQ(code_of([&] { d.execute("SELECT 1"); }), "");
}

TEST_F(x_pg, hold_cursor) {
    connection c = connect();
    auto rows = c.open("SELECT * FROM generate_series(1, 100)", {}, {.fetch_size = 10});
    ASSERT_TRUE(rows.next());
    c.begin(kin::transaction_access::write);
    EXPECT_EQ(code_of([&] { c.execute("SELECT nosuch"); }), "no_such_column");
    c.rollback();
    int n = 1;
    EXPECT_EQ(code_of([&] { while (rows.next()) ++n; }), "");
    EXPECT_EQ(n, 100);
}

TEST_F(x_pg, role) {
    connection c = connect();
    EXPECT_EQ(code_of([&] { c.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE"); }), "");
    c.execute("SET ROLE pg_monitor");
    c.execute("SELECT \"pg_advisory_lock\"(77)");
    c.execute("SELECT set_config('a.b', 'c', false)");
    c = connect();
    std::printf("%s %s\n", value_of(c, "SHOW default_transaction_isolation").c_str(), value_of(c, "SHOW role").c_str());
}

TEST_F(x_pg, quoted_function) {
    { connection c = connect();
    c.execute("SELECT \"pg_advisory_lock\"(77)"); }
    connection c = connect();
    EXPECT_EQ(value_of(c, "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory'"), "0");
}
} // namespace
