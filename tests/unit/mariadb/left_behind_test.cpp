// SPDX-License-Identifier: MIT
// What a borrower leaves behind in a connection, and the next one must not find.
#include <string>

#include "kin/engine/connection.hpp"
#include "support/tcp_proxy.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::value_of;

class mariadb_left_behind : public kin::testing::mariadb_server {
protected:
    /// All borrowers get the same connection, as long as it is good.
    [[nodiscard]] engine one() const { return open({.pool_size = 1}); }
};

TEST_F(mariadb_left_behind, T27_a_read_lock_on_all_tables) {
    const engine e = open({.pool_size = 2});
    e.connect().execute("CREATE TABLE t (a INT)");
    e.connect().execute("FLUSH TABLES WITH READ LOCK");
    connection first = e.connect();
    connection second = e.connect();
    for (connection* c : {&first, &second})
        EXPECT_EQ(code_of([&] { c->execute("INSERT INTO t VALUES (1)", {}, {.timeout_ms = 5000}); }), "");
}

TEST_F(mariadb_left_behind, T27_what_a_block_of_statements_has_set) {
    const engine e = one();
    e.connect().execute("BEGIN NOT ATOMIC SET foreign_key_checks = 0; END");
    connection c = e.connect();
    EXPECT_EQ(value_of(c, "SELECT CAST(@@foreign_key_checks + 0 AS CHAR)"), "1");
}

TEST_F(mariadb_left_behind, T28_a_line_that_is_cut_while_rows_are_read_away) {
    kin::testing::tcp_proxy proxy(where().port);
    kin::url through = where();
    through.port = proxy.port();
    const engine e = kin::create_engine(through.to_string_with_password(), {.pool_size = 1});
    {
        connection c = e.connect();
        kin::cursor rows = c.open("SELECT seq, repeat('x', 1000) FROM seq_1_to_100000");
        ASSERT_TRUE(rows.next());
        proxy.cut_all();
    }
    EXPECT_EQ(code_of([&] { e.connect().execute("DO 1"); }), "");
}

TEST_F(mariadb_left_behind, T65_a_statement_whose_text_is_larger_than_a_packet) {
    const engine e = one();
    connection c = e.connect();
    const auto most =
        static_cast<std::size_t>(std::stoul(value_of(c, "SELECT CAST(@@max_allowed_packet AS CHAR)")));
    for (const std::size_t size : {most - 2, most - 1, most, 3 * most}) {
        std::string sql = "SELECT '";
        sql.append(size - sql.size() - 1, 'x') += '\'';
        EXPECT_EQ(code_of([&] { c.execute(sql); }), size + 1 < most ? "" : "value_too_big") << size;
        EXPECT_EQ(code_of([&] { c.execute("DO 1"); }), "") << size;
    }
}

TEST_F(mariadb_left_behind, a_language_of_the_server_takes_no_names_away) {
    const engine e = one();
    connection c = e.connect();
    c.execute("CREATE TABLE t (a INT, UNIQUE KEY uq_t_a (a))");
    c.execute("INSERT INTO t VALUES (1)");
    if (!code_of([&] { c.execute("SET GLOBAL lc_messages = 'de_DE'"); }).empty())
        GTEST_SKIP() << "the user may not set the server's language";
    connection later = open().connect();
    c.execute("SET GLOBAL lc_messages = 'en_US'");
    EXPECT_EQ(caught<kin::unique_violation>([&] { later.execute("INSERT INTO t VALUES (1)"); }).constraint(),
              "uq_t_a");
}

TEST_F(mariadb_left_behind, begin_as_sql_does_not_commit_a_transaction_unseen) {
    const engine e = one();
    connection c = e.connect();
    c.execute("CREATE TABLE t (a INT)");
    for (const char* sql : {"BEGIN", "/* x */ start transaction read only"}) {
        c.begin(kin::transaction_access::write);
        c.execute("INSERT INTO t VALUES (1)");
        EXPECT_EQ(code_of([&] { c.execute(sql); }), "implicit_commit") << sql;
        EXPECT_TRUE(c.in_transaction());
        c.rollback();
    }
    EXPECT_EQ(value_of(c, "SELECT CAST(count(*) AS CHAR) FROM t"), "0");
    c.execute("BEGIN"); // outside of one it is as good as begin()
    EXPECT_TRUE(c.in_transaction());
}

} // namespace
