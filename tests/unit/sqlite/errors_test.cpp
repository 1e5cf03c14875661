// SPDX-License-Identifier: MIT
#include "kin/sqlite/errors.hpp"

#include <new>
#include <typeinfo>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "unit/engine/database_help.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::transaction_access;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::temporary_directory;

class refusals : public testing::Test {
protected:
    refusals() {
        for (const char* sql :
             {"CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, x INT, y INT, "
              "CONSTRAINT ck_user_x CHECK (x > 0))",
              "CREATE UNIQUE INDEX ux_user ON user (x, y)",
              "CREATE TABLE post (id INTEGER PRIMARY KEY, user_id REFERENCES user(id) ON DELETE RESTRICT)",
              "CREATE TABLE note (user_id REFERENCES user(id))", "CREATE TABLE strict_one (n INTEGER) STRICT",
              "CREATE TRIGGER no_deletes BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'notes stay'); END",
              "INSERT INTO user VALUES (1, 'a', 1, 1)", "INSERT INTO user VALUES (2, 'B', 3, 3)",
              "INSERT INTO post VALUES (1, 1)", "INSERT INTO note VALUES (2)"}) {
            c.execute(sql);
        }
    }
    template <class Error> Error refused(const char* sql) {
        return caught<Error>([&] { c.execute(sql); });
    }

    engine e = kin::create_engine("sqlite://");
    connection c = e.connect();
};

TEST_F(refusals, a_value_that_is_there_already_names_table_and_column) {
    const auto failure = refused<kin::unique_violation>("INSERT INTO user VALUES (3, 'a', 9, 9)");
    EXPECT_EQ(failure.code(), "unique_violation");
    EXPECT_EQ(failure.table(), "user");
    EXPECT_EQ(failure.column(), "name");
    EXPECT_EQ(failure.vendor_code(), SQLITE_CONSTRAINT_UNIQUE);
    EXPECT_EQ(
        failure.message(),
        "unique constraint on user.name: another row has this value already; choose another value or update "
        "that row (SQLite: UNIQUE constraint failed: user.name)");
}

TEST_F(refusals, a_key_that_is_there_already_is_a_unique_violation) {
    const auto failure = refused<kin::unique_violation>("INSERT INTO user VALUES (1, 'c', 9, 9)");
    EXPECT_EQ(failure.column(), "id");
    EXPECT_EQ(failure.vendor_code(), SQLITE_CONSTRAINT_PRIMARYKEY);
}

TEST_F(refusals, a_unique_index_over_two_columns_names_both) {
    EXPECT_EQ(refused<kin::unique_violation>("INSERT INTO user VALUES (3, 'c', 1, 1)").column(), "x, y");
}

TEST_F(refusals, a_unique_index_over_an_expression_is_named) {
    c.execute("CREATE UNIQUE INDEX ux_lower ON user (lower(name))");
    const auto failure = refused<kin::unique_violation>("INSERT INTO user VALUES (3, 'b', 9, 9)");
    EXPECT_EQ(failure.constraint(), "ux_lower");
}

TEST_F(refusals, a_missing_value_names_table_and_column) {
    const auto failure = refused<kin::not_null_violation>("INSERT INTO user VALUES (3, NULL, 9, 9)");
    EXPECT_EQ(failure.code(), "not_null_violation");
    EXPECT_EQ(failure.table(), "user");
    EXPECT_EQ(failure.column(), "name");
}

TEST_F(refusals, a_check_is_named) {
    const auto failure = refused<kin::check_violation>("INSERT INTO user VALUES (3, 'c', -1, 9)");
    EXPECT_EQ(failure.code(), "check_violation");
    EXPECT_EQ(failure.constraint(), "ck_user_x");
}

TEST_F(refusals, a_reference_to_nothing_is_a_foreign_key_violation) {
    EXPECT_EQ(refused<kin::foreign_key_violation>("INSERT INTO note VALUES (77)").code(),
              "foreign_key_violation");
    EXPECT_EQ(refused<kin::foreign_key_violation>("DELETE FROM user WHERE id = 2").code(),
              "foreign_key_violation");
}

TEST_F(refusals, on_delete_restrict_is_a_foreign_key_violation_too) {
    EXPECT_EQ(refused<kin::foreign_key_violation>("DELETE FROM user WHERE id = 1").code(),
              "foreign_key_violation");
}

TEST_F(refusals, a_trigger_that_raises_is_a_constraint_violation) {
    const auto failure = refused<kin::constraint_violation>("DELETE FROM note");
    EXPECT_EQ(failure.code(), "constraint_violation");
    EXPECT_NE(failure.message().find("notes stay"), std::string_view::npos);
}

TEST_F(refusals, a_value_of_the_wrong_type_is_a_data_error) {
    const auto strict = refused<kin::data_error>("INSERT INTO strict_one VALUES ('x')");
    EXPECT_EQ(strict.code(), "wrong_type");
    EXPECT_EQ(strict.table(), "strict_one");
    EXPECT_EQ(strict.column(), "n");
    EXPECT_EQ(refused<kin::data_error>("INSERT INTO post VALUES ('x', 1)").code(), "wrong_type");
}

TEST_F(refusals, a_value_that_is_too_big_is_a_data_error) {
    EXPECT_EQ(refused<kin::data_error>("SELECT zeroblob(2000000000)").code(), "value_too_big");
}

TEST_F(refusals, a_missing_table_is_named) {
    const auto failure = refused<kin::statement_error>("SELECT * FROM nowhere");
    EXPECT_EQ(failure.code(), "no_such_table");
    EXPECT_EQ(failure.table(), "nowhere");
}

TEST_F(refusals, a_missing_column_is_named_in_every_kind_of_statement) {
    const auto select = refused<kin::statement_error>("SELECT user.nmae FROM user");
    EXPECT_EQ(select.code(), "no_such_column");
    EXPECT_EQ(select.table(), "user");
    EXPECT_EQ(select.column(), "nmae");
    const auto insert = refused<kin::statement_error>("INSERT INTO user (nmae) VALUES (1)");
    EXPECT_EQ(insert.code(), "no_such_column");
    EXPECT_EQ(insert.table(), "user");
    EXPECT_EQ(insert.column(), "nmae");
    EXPECT_EQ(refused<kin::statement_error>("UPDATE user SET nmae = 1").column(), "nmae");
}

TEST_F(refusals, T69_a_misspelt_quoted_column_is_an_error_not_a_string) {
    const auto failure = refused<kin::statement_error>("UPDATE user SET x = 1 WHERE \"nosuch\" = 'nosuch'");
    EXPECT_EQ(failure.code(), "no_such_column");
    EXPECT_EQ(failure.column(), "nosuch");
    EXPECT_EQ(refused<kin::statement_error>("CREATE INDEX i ON user (\"nosuch\")").code(), "no_such_column");
}

TEST_F(refusals, text_that_is_not_sql_is_bad_sql) {
    for (const char* sql : {"SELEC 1", "SELECT (", "SELECT 1 FROM", "SELECT @#"}) {
        EXPECT_EQ(refused<kin::statement_error>(sql).code(), "bad_sql") << sql;
    }
}

TEST_F(refusals, what_sqlite_refuses_for_other_reasons_carries_its_words) {
    const auto failure = refused<kin::statement_error>("CREATE TABLE user (a)");
    EXPECT_EQ(failure.code(), "statement_refused");
    EXPECT_NE(failure.message().find("table user already exists"), std::string_view::npos);
}

TEST_F(refusals, text_without_a_statement_or_with_several_is_refused) {
    EXPECT_EQ(refused<kin::statement_error>("").code(), "empty_statement");
    EXPECT_EQ(refused<kin::statement_error>(" -- nothing").code(), "empty_statement");
    EXPECT_EQ(refused<kin::statement_error>("SELECT 1; DELETE FROM user").code(), "several_statements");
    EXPECT_EQ(refused<kin::statement_error>("SELECT 1; -- and\n SELEC").code(), "several_statements");
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1; -- done\n ; "); }), "");
    EXPECT_EQ(code_of([&] { c.execute(std::string_view("SELECT 1\0 DELETE", 16)); }), "bad_sql");
}

TEST_F(refusals, a_table_that_is_being_read_cannot_be_dropped) {
    kin::cursor rows = c.open("SELECT * FROM strict_one, user");
    c.execute("INSERT INTO strict_one VALUES (1)");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(refused<kin::lock_timeout>("DROP TABLE strict_one").code(), "table_locked");
}

TEST(locks, a_second_writer_of_a_file_gives_up_after_the_busy_timeout) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url() + "?busy_timeout_ms=1");
    connection one = e.connect();
    connection two = e.connect();
    one.begin(transaction_access::write);
    const auto failure = caught<kin::lock_timeout>([&] { two.begin(transaction_access::write); });
    EXPECT_EQ(failure.code(), "database_locked");
    EXPECT_EQ(failure.sql(), "BEGIN IMMEDIATE");
    EXPECT_TRUE(failure.is_retryable());
}

TEST(locks, a_reader_that_writes_after_somebody_else_did_gets_a_serialization_failure) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url());
    connection one = e.connect();
    one.execute("CREATE TABLE t (a)");
    one.begin(transaction_access::read);
    one.execute("SELECT * FROM t");
    e.connect().execute("INSERT INTO t VALUES (1)");
    const auto failure = caught<kin::serialization_failure>([&] { one.execute("INSERT INTO t VALUES (2)"); });
    EXPECT_EQ(failure.code(), "serialization_failure");
    EXPECT_EQ(failure.vendor_code(), SQLITE_BUSY_SNAPSHOT);
}

struct row {
    int code;
    const char* name;
    const std::type_info* type;
};

class result_code : public testing::TestWithParam<row> {};

TEST_P(result_code, has_its_class_and_its_code) {
    try {
        kin::sqlite::fail(GetParam().code, "what SQLite says");
    } catch (const kin::error& e) {
        EXPECT_EQ(e.code(), GetParam().name);
        EXPECT_EQ(typeid(e), *GetParam().type);
        EXPECT_EQ(e.vendor_code(), GetParam().code);
        EXPECT_TRUE(e.message().ends_with(" (SQLite: what SQLite says)")) << e.message();
    }
}

// Those that a test cannot provoke on a healthy machine.
INSTANTIATE_TEST_SUITE_P(
    sqlite, result_code,
    testing::Values(row{SQLITE_IOERR_FSYNC, "io_error", &typeid(kin::statement_error)},
                    row{SQLITE_CORRUPT_INDEX, "corrupt_database", &typeid(kin::connection_error)},
                    row{SQLITE_NOTADB, "not_a_database", &typeid(kin::connection_error)},
                    row{SQLITE_CANTOPEN_ISDIR, "cannot_open", &typeid(kin::connection_error)},
                    row{SQLITE_PERM, "cannot_open", &typeid(kin::connection_error)},
                    row{SQLITE_READONLY_DBMOVED, "read_only", &typeid(kin::statement_error)},
                    row{SQLITE_BUSY_RECOVERY, "database_locked", &typeid(kin::lock_timeout)},
                    row{SQLITE_PROTOCOL, "database_locked", &typeid(kin::lock_timeout)},
                    row{SQLITE_LOCKED_SHAREDCACHE, "table_locked", &typeid(kin::lock_timeout)},
                    row{SQLITE_RANGE, "parameter_count", &typeid(kin::data_error)},
                    row{SQLITE_CONSTRAINT_ROWID, "unique_violation", &typeid(kin::unique_violation)},
                    row{SQLITE_CONSTRAINT_VTAB, "constraint_violation", &typeid(kin::constraint_violation)},
                    row{SQLITE_INTERRUPT, "statement_cancelled", &typeid(kin::statement_cancelled)},
                    row{SQLITE_AUTH, "not_authorized", &typeid(kin::statement_error)},
                    row{SQLITE_SCHEMA, "schema_changed", &typeid(kin::statement_error)},
                    row{SQLITE_MISUSE, "statement_refused", &typeid(kin::statement_error)}));

TEST(sqlite_errors, out_of_memory_is_bad_alloc) {
    EXPECT_THROW(kin::sqlite::fail(SQLITE_NOMEM, ""), std::bad_alloc);
    EXPECT_THROW(kin::sqlite::fail(SQLITE_IOERR_NOMEM, ""), std::bad_alloc);
}

} // namespace
