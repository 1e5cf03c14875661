// SPDX-License-Identifier: MIT
#include "kin/mariadb/words.hpp"

#include <gtest/gtest.h>

namespace {

using kin::mariadb::begins_transaction;
using kin::mariadb::kind_of;
using kin::mariadb::may_change_session;
using kind = kin::mariadb::statement_kind;

TEST(mariadb_words, queries_read) {
    for (const char* sql :
         {"SELECT 1", "  select 1", "(SELECT 1)", "/* why */ SELECT 1", "-- why\nSELECT 1",
          "# x\nSHOW TABLES", "WITH q AS (SELECT 1) SELECT * FROM q", "VALUES (1)", "EXPLAIN DELETE FROM t",
          "ANALYZE SELECT 1", "ANALYZE FORMAT=JSON SELECT 1", "DESC t"}) {
        EXPECT_EQ(kind_of(sql), kind::reads) << sql;
    }
}

TEST(mariadb_words, changes_of_rows_write) {
    for (const char* sql :
         {"INSERT INTO t VALUES (1)", "update t set a = 1", "DELETE FROM t", "REPLACE INTO t VALUES (1)",
          "WITH q AS (SELECT 1) UPDATE t SET a = 1", "ANALYZE UPDATE t SET a = 1"}) {
        EXPECT_EQ(kind_of(sql), kind::writes) << sql;
    }
}

TEST(mariadb_words, definitions_commit_except_those_of_temporary_tables) {
    for (const char* sql :
         {"CREATE TABLE t (a INT)", "create or replace table t (a int)", "DROP TABLE t",
          "ALTER TABLE t ADD b INT", "TRUNCATE t", "GRANT ALL ON x TO y", "ANALYZE TABLE t",
          "CREATE INDEX i ON t (a)", "LOCK TABLES t READ", "RENAME TABLE a TO b", "/* x */ DROP VIEW v"}) {
        EXPECT_EQ(kind_of(sql), kind::commits) << sql;
    }
    for (const char* sql :
         {"CREATE TEMPORARY TABLE t (a INT)", "create or replace temporary table t (a int)",
          "DROP TEMPORARY TABLE t", "SET a = 1", "CALL p()", "BEGIN NOT ATOMIC END", "", "--"}) {
        EXPECT_EQ(kind_of(sql), kind::other) << sql;
    }
}

TEST(mariadb_words, transactions_are_controlled_by_their_own_words) {
    for (const char* sql :
         {"BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK TO s", "SAVEPOINT s", "RELEASE SAVEPOINT s"})
        EXPECT_EQ(kind_of(sql), kind::controls) << sql;
    for (const char* sql : {"BEGIN", "begin work", "START TRANSACTION", "start slave"})
        EXPECT_TRUE(begins_transaction(sql)) << sql;
    for (const char* sql : {"BEGIN NOT ATOMIC END", "COMMIT", "SAVEPOINT begin", ""})
        EXPECT_FALSE(begins_transaction(sql)) << sql;
}

TEST(mariadb_words, variables_locks_and_temporary_tables_stay_in_the_session) {
    for (const char* sql : {"SET a = 1", "SELECT @x := 1", "SELECT get_lock('a', 1)",
                            "SELECT GET_LOCK('a', 1)", "LOCK TABLES t READ", "FLUSH TABLES WITH READ LOCK",
                            "CREATE TEMPORARY TABLE t (a INT)", "CALL p()", "USE other", "HANDLER t OPEN"}) {
        EXPECT_TRUE(may_change_session(sql)) << sql;
    }
    for (const char* sql : {"SELECT 1", "INSERT INTO t VALUES (?)", "CREATE TABLE t (a INT)", "SAVEPOINT s"})
        EXPECT_FALSE(may_change_session(sql)) << sql;
}

} // namespace
