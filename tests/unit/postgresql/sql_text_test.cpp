// SPDX-License-Identifier: MIT
#include "kin/postgresql/sql_text.hpp"

#include <gtest/gtest.h>

namespace {

using kin::postgresql::scan_statement;

TEST(postgresql_sql_text, counts_placeholders_outside_of_quotes_and_comments) {
    EXPECT_EQ(scan_statement("SELECT $1, $2").placeholders, 2U);
    EXPECT_EQ(scan_statement("SELECT $2").placeholders, 2U);
    EXPECT_EQ(scan_statement("SELECT '$1', \"$2\", 'it''s $3' -- $4\n/* $5 /* $6 */ $7 */").placeholders, 0U);
    EXPECT_EQ(scan_statement("SELECT 'a\\', $1").placeholders, 1U);
    EXPECT_EQ(scan_statement("SELECT E'a\\'$1', $2").placeholders, 2U);
    EXPECT_EQ(scan_statement("SELECT $$ $1 $$, $tag$ $2 $$ $tag$, $3").placeholders, 3U);
    EXPECT_EQ(scan_statement("SELECT a$1 FROM t").placeholders, 0U); // part of a name
}

TEST(postgresql_sql_text, knows_a_text_without_a_statement) {
    for (const char* sql : {"", " ;", "-- nothing", "/* nothing */ ; \n"})
        EXPECT_TRUE(scan_statement(sql).is_empty) << sql;
    EXPECT_FALSE(scan_statement("SELECT 1").is_empty);
}

TEST(postgresql_sql_text, knows_which_statements_only_read) {
    for (const char* sql : {"SELECT 1", " (select 1)", "VALUES (1)", "WITH x AS (SELECT 1) SELECT * FROM x",
                            "/* hint */ TABLE t", "SHOW search_path"}) {
        EXPECT_TRUE(scan_statement(sql).reads_only) << sql;
    }
    for (const char* sql : {"DELETE FROM t", "WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x",
                            "SAVEPOINT s", "CREATE TABLE t (a INTEGER)"}) {
        EXPECT_FALSE(scan_statement(sql).reads_only) << sql;
    }
}

TEST(postgresql_sql_text, knows_what_may_leave_something_in_the_session) {
    for (const char* sql :
         {"SET work_mem = '1MB'", "LISTEN x", "DECLARE c CURSOR FOR SELECT 1",
          "CREATE TEMP TABLE t (a INTEGER)", "SELECT PG_ADVISORY_LOCK(1)",
          "SELECT set_config('a.b', 'c', false)", "SELECT 1 AS a INTO TEMPORARY t",
          "SELECT \"pg_advisory_lock\"(1)", "SELECT pg_catalog.\"set_config\"('a.b', 'c', false)"}) {
        EXPECT_TRUE(scan_statement(sql).touches_session) << sql;
    }
    for (const char* sql :
         {"SELECT 1", "INSERT INTO t VALUES ('SET')", "WITH x AS (SELECT 1) SELECT * FROM x", "SAVEPOINT s",
          "ROLLBACK TO SAVEPOINT s"}) {
        EXPECT_FALSE(scan_statement(sql).touches_session) << sql;
    }
}

TEST(postgresql_sql_text, ends_at_the_end_of_a_text_that_is_cut_off) {
    for (const char* sql : {"SELECT 'a", "SELECT \"a", "SELECT E'a\\", "/* a", "-- a", "$tag$ a", "$", "$a"})
        EXPECT_EQ(scan_statement(sql).placeholders, 0U) << sql;
}

} // namespace
