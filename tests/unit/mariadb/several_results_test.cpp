// SPDX-License-Identifier: MIT
// Procedures, whose statements have a result each, and one more at the end.
#include <string>

#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::connection;
using kin::cursor;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::column_of;
using kin::testing::value_of;

class mariadb_several_results : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        connection c = open().connect();
        c.execute("CREATE TABLE t (a INT)");
        c.execute("CREATE PROCEDURE two() BEGIN SELECT CAST(seq AS CHAR) FROM seq_1_to_5000; INSERT INTO t "
                  "VALUES (1); "
                  "SELECT repeat('x', 100000); END");
        c.execute("CREATE PROCEDURE fails() BEGIN SELECT 'a'; SIGNAL SQLSTATE '45000'; END");
        c.execute("CREATE PROCEDURE begins() BEGIN START TRANSACTION; SIGNAL SQLSTATE '45000'; END");
        c.execute("CREATE PROCEDURE ends() BEGIN COMMIT; SIGNAL SQLSTATE '45000'; END");
        c.execute("CREATE PROCEDURE doubled(IN a INT, OUT b INT) SET b = 2 * a");
    }
};

TEST_F(mariadb_several_results, the_rows_are_those_of_the_first_and_the_connection_goes_on) {
    connection c = open().connect();
    c.begin(kin::transaction_access::write);
    EXPECT_EQ(column_of(c, "CALL two()").size(), 5000U);
    EXPECT_EQ(value_of(c, "SELECT CAST(count(*) AS CHAR) FROM t"), "1");
    EXPECT_TRUE(c.in_transaction());
    EXPECT_EQ(column_of(c, "CALL two()").size(), 5000U);
    c.execute("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END");
    EXPECT_EQ(value_of(c, "SELECT CAST(count(*) AS CHAR) FROM t"), "2");
}

TEST_F(mariadb_several_results, rows_that_are_left_or_read_later_disturb_nobody) {
    connection c = open().connect();
    for (const bool leaves : {true, false}) {
        cursor rows = c.open("CALL two()");
        ASSERT_TRUE(rows.next());
        if (!leaves) c.execute("DO 1"); // between two rows
        for (int n = 1; !leaves && n < 5000; ++n) ASSERT_TRUE(rows.next()) << n;
        EXPECT_EQ(leaves || !rows.next(), true);
    }
    EXPECT_EQ(value_of(c, "SELECT CAST(count(*) AS CHAR) FROM t"), "2");
}

TEST_F(mariadb_several_results, an_error_behind_the_rows_is_one) {
    connection c = open().connect();
    EXPECT_EQ(caught<kin::statement_error>([&] { c.execute("CALL fails()"); }).sqlstate(), "45000");
    EXPECT_EQ(code_of([&] { (void)c.open("CALL fails()").next(); }), "");
    EXPECT_EQ(value_of(c, "SELECT 'b'"), "b");
}

TEST_F(mariadb_several_results, a_transaction_begun_in_a_procedure_that_fails_is_known) {
    connection c = open().connect();
    EXPECT_EQ(code_of([&] { c.execute("CALL begins()"); }), "statement_refused");
    EXPECT_TRUE(c.in_transaction()) << "what comes now would be lost with it, unseen";
    c.rollback();
    c.execute("INSERT INTO t VALUES (1)");
    EXPECT_FALSE(c.in_transaction());
}

TEST_F(mariadb_several_results, a_transaction_ended_in_a_procedure_that_fails_is_lost) {
    connection c = open().connect();
    c.begin(kin::transaction_access::write);
    EXPECT_EQ(code_of([&] { c.execute("CALL ends()"); }), "statement_refused");
    EXPECT_TRUE(c.transaction_lost());
    EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t VALUES (1)"); }), "pending_rollback");
    c.rollback();
    EXPECT_EQ(value_of(c, "SELECT CAST(count(*) AS CHAR) FROM t"), "0");
}

TEST_F(mariadb_several_results, an_out_parameter_is_a_row) {
    kin::database db{url_with()};
    kin::session session = db.session();
    EXPECT_EQ(std::get<0>(session.sql<std::int64_t>("CALL doubled(:a, :b)", {{"a", 21}, {"b", 0}}).one()),
              42);
    EXPECT_EQ(std::get<0>(session.sql<std::int64_t>("SELECT 1").one()), 1);
}

} // namespace
