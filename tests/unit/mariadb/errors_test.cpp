// SPDX-License-Identifier: MIT
// The table of errors, row by row: number, class, code, what is left of the transaction, names. What a server really says is in
// refusals_test.cpp.
#include "kin/mariadb/errors.hpp"

#include <new>
#include <string>
#include <typeinfo>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/mariadb/error_names.hpp"

namespace {

using kin::mariadb::aftermath;
using kin::mariadb::server_error;

struct expectation {
    unsigned number;
    const char* state;
    const char* message;
    const std::type_info& type;
    const char* code;
    aftermath leaves;
    bool while_connecting = false;

    [[nodiscard]] server_error error() const { return {number, state, message, while_connecting}; }
};

constexpr auto goes_on = aftermath::statement_undone;
constexpr auto undone = aftermath::transaction_undone;
constexpr auto gone = aftermath::connection_gone;
constexpr bool connecting = true;

const char* const fk = "a foreign key constraint fails (`k`.`post`, CONSTRAINT `fk_post` FOREIGN KEY (`u`) "
                       "REFERENCES `user` (`id`))";

const expectation rows[] = {
    {1213, "40001", "Deadlock found", typeid(kin::deadlock), "deadlock", undone},
    {1614, "XA102", "Transaction branch was rolled back: deadlock", typeid(kin::deadlock), "deadlock",
     undone},
    {1205, "HY000", "Lock wait timeout exceeded", typeid(kin::lock_timeout), "lock_timeout", undone},
    {1689, "HY000", "Wait on a lock was aborted", typeid(kin::lock_timeout), "lock_timeout", undone},
    {1020, "HY000", "Record has changed since last read", typeid(kin::serialization_failure),
     "serialization_failure", undone},
    {1047, "08S01", "WSREP has not yet prepared node", typeid(kin::serialization_failure), "node_not_ready",
     undone},
    {1206, "HY000", "The total number of locks exceeds", typeid(kin::transaction_rollback), "lock_table_full",
     undone},
    {2006, "HY000", "Server has gone away", typeid(kin::connection_error), "connection_lost", gone},
    {2013, "HY000", "Lost connection", typeid(kin::connection_error), "connection_lost", gone},
    {2014, "HY000", "Commands out of sync", typeid(kin::connection_error), "connection_lost", gone},
    {2027, "HY000", "Malformed packet", typeid(kin::connection_error), "connection_lost", gone},
    {2055, "HY000", "Lost connection", typeid(kin::connection_error), "connection_lost", gone},
    {5013, "HY000", "Read error", typeid(kin::connection_error), "connection_lost", gone},
    {5014, "HY000", "Write error", typeid(kin::connection_error), "connection_lost", gone},
    {1053, "08S01", "Server shutdown in progress", typeid(kin::connection_error), "connection_lost", gone},
    {1080, "08S01", "Forcing close", typeid(kin::connection_error), "connection_lost", gone},
    {1158, "08S01", "Got an error reading", typeid(kin::connection_error), "connection_lost", gone},
    {1159, "08S01", "Got timeout reading", typeid(kin::connection_error), "connection_lost", gone},
    {1160, "08S01", "Got an error writing", typeid(kin::connection_error), "connection_lost", gone},
    {1161, "08S01", "Got timeout writing", typeid(kin::connection_error), "connection_lost", gone},
    {1927, "70100", "Connection was killed", typeid(kin::connection_error), "connection_lost", gone},
    {4031, "HY000", "disconnected by the server because of inactivity", typeid(kin::connection_error),
     "connection_lost", gone},
    {2002, "HY000", "Can't connect", typeid(kin::connection_error), "cannot_connect", gone},
    {2003, "HY000", "Can't connect", typeid(kin::connection_error), "cannot_connect", gone},
    {2005, "HY000", "Unknown server host", typeid(kin::connection_error), "cannot_connect", gone},
    {2012, "HY000", "Error in server handshake", typeid(kin::connection_error), "cannot_connect", gone},
    {2026, "HY000", "TLS/SSL error", typeid(kin::connection_error), "cannot_connect", gone},
    {1129, "HY000", "Host is blocked", typeid(kin::connection_error), "login_refused", gone},
    {1130, "HY000", "Host is not allowed", typeid(kin::connection_error), "login_refused", gone},
    {1044, "42000", "Access denied for user", typeid(kin::connection_error), "login_refused", gone,
     connecting},
    {1045, "28000", "Access denied for user", typeid(kin::connection_error), "login_refused", gone,
     connecting},
    {1698, "28000", "Access denied for user", typeid(kin::connection_error), "login_refused", gone,
     connecting},
    {2059, "HY000", "Plugin could not be loaded", typeid(kin::connection_error), "login_refused", gone},
    {2061, "HY000", "Authentication plugin reported error", typeid(kin::connection_error), "login_refused",
     gone},
    {1049, "42000", "Unknown database", typeid(kin::connection_error), "no_such_database", gone, connecting},
    {1040, "08004", "Too many connections", typeid(kin::connection_error), "too_many_connections", gone},
    {1203, "42000", "User has already more than", typeid(kin::connection_error), "too_many_connections",
     gone},
    {1226, "42000", "User has exceeded", typeid(kin::connection_error), "too_many_connections", gone},
    {1969, "70100", "max_statement_time exceeded", typeid(kin::statement_timeout), "statement_timeout",
     goes_on},
    {3024, "HY000", "maximum statement execution time exceeded", typeid(kin::statement_timeout),
     "statement_timeout", goes_on},
    {1317, "70100", "Query execution was interrupted", typeid(kin::statement_error), "interrupted", goes_on},
    {1062, "23000", "Duplicate entry 'a' for key 'uq'", typeid(kin::unique_violation), "unique_violation",
     goes_on},
    {1586, "23000", "Duplicate entry 'a' for key 'uq'", typeid(kin::unique_violation), "unique_violation",
     goes_on},
    {1022, "23000", "Can't write; duplicate key", typeid(kin::unique_violation), "unique_violation", goes_on},
    {1761, "23000", "Foreign key constraint ... would lead to a duplicate entry",
     typeid(kin::unique_violation), "unique_violation", goes_on},
    {1762, "23000", "Foreign key constraint ... would lead to a duplicate entry",
     typeid(kin::unique_violation), "unique_violation", goes_on},
    {1048, "23000", "Column 'name' cannot be null", typeid(kin::not_null_violation), "not_null_violation",
     goes_on},
    {1364, "HY000", "Field 'name' doesn't have a default value", typeid(kin::not_null_violation),
     "not_null_violation", goes_on},
    {1263, "22004", "Column set to default value; NULL supplied to NOT NULL column 'name'",
     typeid(kin::not_null_violation), "not_null_violation", goes_on},
    {4025, "23000", "CONSTRAINT `ck` failed for `k`.`user`", typeid(kin::check_violation), "check_violation",
     goes_on},
    {3819, "HY000", "Check constraint 'ck' is violated.", typeid(kin::check_violation), "check_violation",
     goes_on},
    {1452, "23000", fk, typeid(kin::foreign_key_violation), "foreign_key_violation", goes_on},
    {1216, "23000", "a foreign key constraint fails", typeid(kin::foreign_key_violation),
     "foreign_key_violation", goes_on},
    {1451, "23000", fk, typeid(kin::foreign_key_violation), "foreign_key_violation", goes_on},
    {1217, "23000", "a foreign key constraint fails", typeid(kin::foreign_key_violation),
     "foreign_key_violation", goes_on},
    {1406, "22001", "Data too long for column 'name' at row 1", typeid(kin::data_error), "text_too_long",
     goes_on},
    {1264, "22003", "Out of range value for column 'n' at row 1", typeid(kin::data_error),
     "value_out_of_range", goes_on},
    {1690, "22003", "BIGINT value is out of range", typeid(kin::data_error), "value_out_of_range", goes_on},
    {1365, "22012", "Division by 0", typeid(kin::data_error), "division_by_zero", goes_on},
    {1265, "01000", "Data truncated for column 'n' at row 1", typeid(kin::data_error), "wrong_type", goes_on},
    {1292, "22007", "Incorrect datetime value: 'x' for column `k`.`t`.`d` at row 1", typeid(kin::data_error),
     "wrong_type", goes_on},
    {1366, "22007", "Incorrect string value: 'x' for column `k`.`t`.`s` at row 1", typeid(kin::data_error),
     "wrong_type", goes_on},
    {1411, "HY000", "Incorrect datetime value", typeid(kin::data_error), "wrong_type", goes_on},
    {1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes", typeid(kin::data_error),
     "value_too_big", gone},
    {2020, "HY000", "Got packet bigger than", typeid(kin::data_error), "value_too_big", gone},
    {1118, "42000", "Row size too large", typeid(kin::data_error), "value_too_big", goes_on},
    {1390, "HY000", "Prepared statement contains too many placeholders", typeid(kin::data_error),
     "parameter_count", goes_on},
    {1146, "42S02", "Table 'k.user' doesn't exist", typeid(kin::statement_error), "no_such_table", goes_on},
    {1051, "42S02", "Unknown table 'k.user'", typeid(kin::statement_error), "no_such_table", goes_on},
    {1054, "42S22", "Unknown column 'x' in 'field list'", typeid(kin::statement_error), "no_such_column",
     goes_on},
    {1064, "42000", "You have an error in your SQL syntax", typeid(kin::statement_error), "bad_sql", goes_on},
    {1065, "42000", "Query was empty", typeid(kin::statement_error), "empty_statement", goes_on},
    {1049, "42000", "Unknown database", typeid(kin::statement_error), "no_such_database", goes_on},
    {1044, "42000", "Access denied for user", typeid(kin::statement_error), "not_authorized", goes_on},
    {1045, "28000", "Access denied for user", typeid(kin::statement_error), "not_authorized", goes_on},
    {1698, "28000", "Access denied for user", typeid(kin::statement_error), "not_authorized", goes_on},
    {1142, "42000", "SELECT command denied", typeid(kin::statement_error), "not_authorized", goes_on},
    {1143, "42000", "SELECT command denied", typeid(kin::statement_error), "not_authorized", goes_on},
    {1227, "42000", "Access denied; you need", typeid(kin::statement_error), "not_authorized", goes_on},
    {1370, "42000", "execute command denied", typeid(kin::statement_error), "not_authorized", goes_on},
    {1290, "HY000", "The server is running with --read-only", typeid(kin::statement_error), "read_only",
     goes_on},
    {1792, "25006", "Cannot execute statement in a READ ONLY transaction", typeid(kin::statement_error),
     "read_only", goes_on},
    {1836, "HY000", "Running in read-only mode", typeid(kin::statement_error), "read_only", goes_on},
    {1021, "HY000", "Disk full", typeid(kin::statement_error), "disk_full", goes_on},
    {1114, "HY000", "The table is full", typeid(kin::statement_error), "disk_full", goes_on},
    {1037, "HY001", "Out of memory", typeid(kin::statement_error), "server_out_of_memory", goes_on},
    {1038, "HY001", "Out of sort memory", typeid(kin::statement_error), "server_out_of_memory", goes_on},
    {1041, "HY000", "Out of memory", typeid(kin::statement_error), "server_out_of_memory", goes_on},
    {1170, "42000", "BLOB/TEXT column used in key specification without a key length",
     typeid(kin::statement_error), "key_too_long", goes_on},
    {1071, "42000", "Specified key was too long", typeid(kin::statement_error), "key_too_long", goes_on},
    {2057, "HY000", "The number of parameters in bound buffers differs", typeid(kin::transaction_rollback),
     "schema_changed", undone},
    {1093, "HY000", "Table is specified twice", typeid(kin::statement_error), "statement_refused", goes_on},
    // No row of their own: by the class of SQLSTATE.
    {9999, "08003", "gone", typeid(kin::connection_error), "connection_lost", gone},
    {9999, "40001", "again", typeid(kin::transaction_rollback), "serialization_failure", undone},
    {9999, "22000", "no", typeid(kin::data_error), "value_refused", goes_on},
    {9999, "23000", "no", typeid(kin::constraint_violation), "constraint_violation", goes_on},
    {9999, "HY000", "no", typeid(kin::statement_error), "statement_refused", goes_on},
};

TEST(mariadb_errors, every_row_of_the_table_throws_its_class_and_code_and_says_what_is_left) {
    for (const expectation& row : rows) {
        const server_error e = row.error();
        EXPECT_EQ(kin::mariadb::aftermath_of(e), row.leaves) << row.number;
        try {
            kin::mariadb::fail(e);
        } catch (const kin::database_error& thrown) {
            EXPECT_STREQ(typeid(thrown).name(), row.type.name()) << row.number;
            EXPECT_EQ(thrown.code(), row.code) << row.number;
            EXPECT_EQ(thrown.vendor_code(), row.number);
            EXPECT_EQ(thrown.sqlstate(), row.state);
            const std::string ending = "(MariaDB " + std::to_string(row.number) + ": " +
                                       kin::mariadb::without_values(row.message) + ")";
            EXPECT_TRUE(thrown.message().ends_with(ending)) << thrown.message();
            EXPECT_GT(thrown.message().size(), ending.size() + 10)
                << "says nothing of its own: " << row.number;
        }
    }
}

TEST(mariadb_errors, what_is_retried_is_what_the_server_has_undone) {
    for (const expectation& row : rows) {
        try {
            kin::mariadb::fail(row.error());
        } catch (const kin::transaction_rollback& thrown) {
            EXPECT_EQ(row.leaves, undone) << row.number;
        } catch (const kin::database_error&) {
            EXPECT_NE(row.leaves, undone) << row.number;
        }
    }
}

TEST(mariadb_errors, the_memory_of_the_client_is_the_programs) {
    EXPECT_THROW(kin::mariadb::fail({2008, "HY000", "Client run out of memory"}), std::bad_alloc);
}

TEST(mariadb_errors, a_constraint_is_named) {
    try {
        kin::mariadb::fail({1452, "23000", fk});
    } catch (const kin::foreign_key_violation& thrown) {
        EXPECT_EQ(thrown.table(), "post");
        EXPECT_EQ(thrown.column(), "u");
        EXPECT_EQ(thrown.constraint(), "fk_post");
    }
}

} // namespace
