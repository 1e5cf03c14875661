// SPDX-License-Identifier: MIT
#include "kin/mariadb/error_names.hpp"

#include <gtest/gtest.h>

namespace {

using namespace kin::mariadb;

TEST(mariadb_error_names, a_duplicate_names_the_key_whatever_the_value_says) {
    EXPECT_EQ(names_of_duplicate("Duplicate entry 'a' for key 'uq_user_name'").constraint, "uq_user_name");
    EXPECT_EQ(names_of_duplicate("Duplicate entry 'x' for key 'y'' for key 'PRIMARY'").constraint, "PRIMARY");
    EXPECT_EQ(names_of_duplicate("Duplicate entry 'a-b' for key 'ux'").table, "");
    EXPECT_EQ(names_of_duplicate("Duplicate entry 'a' for key 'it's'").constraint, "it's");
}

TEST(mariadb_error_names, a_duplicate_of_mysql_names_the_table_too) {
    const auto found = names_of_duplicate("Duplicate entry 'a' for key 'user.uq_user_name'");
    EXPECT_EQ(found.table, "user");
    EXPECT_EQ(found.constraint, "uq_user_name");
}

TEST(mariadb_error_names, a_foreign_key_names_table_constraint_and_columns) {
    const auto found = names_of_foreign_key(
        "Cannot add or update a child row: a foreign key constraint fails (`kin`.`post`, CONSTRAINT "
        "`fk_post_user_id` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`))");
    EXPECT_EQ(found.table, "post");
    EXPECT_EQ(found.constraint, "fk_post_user_id");
    EXPECT_EQ(found.column, "user_id");
}

TEST(mariadb_error_names, names_in_backticks_may_have_any_character) {
    const auto found = names_of_foreign_key(
        "Cannot delete or update a parent row: a foreign key constraint fails (`k``n`.`p, (q)`, CONSTRAINT "
        "`f``k` FOREIGN KEY (`a`, `b.c`) REFERENCES `user` (`x`, `y`) ON DELETE CASCADE)");
    EXPECT_EQ(found.table, "p, (q)");
    EXPECT_EQ(found.constraint, "f`k");
    EXPECT_EQ(found.column, "a, b.c");
}

TEST(mariadb_error_names, with_ansi_quotes_the_server_writes_names_in_double_quotes) {
    const auto found = names_of_foreign_key("Cannot add or update a child row: a foreign key constraint "
                                            "fails (\"kin\".\"po\"\"st\", CONSTRAINT \"fk\" "
                                            "FOREIGN KEY (\"a\", \"b\") REFERENCES \"user\" (\"x\", \"y\"))");
    EXPECT_EQ(found.table, "po\"st");
    EXPECT_EQ(found.constraint, "fk");
    EXPECT_EQ(found.column, "a, b");
    EXPECT_EQ(names_of_check("CONSTRAINT \"ck\" failed for \"kin\".\"user\"").table, "user");
    EXPECT_EQ(names_of_column("Incorrect integer value: 'x' for column \"k\".\"t\".\"n\" at row 1").column,
              "n");
}

TEST(mariadb_error_names, a_message_that_was_cut_gives_what_is_there) {
    EXPECT_EQ(names_of_foreign_key("a foreign key constraint fails (`kin`.`post`, CONSTRAINT `fk_po").table,
              "post");
    EXPECT_EQ(names_of_foreign_key("a foreign key constraint fails").table, "");
    EXPECT_EQ(names_of_duplicate("Duplicate entry").constraint, "");
    EXPECT_EQ(names_of_check("CONSTRAINT `ck").constraint, "");
}

TEST(mariadb_error_names, a_check_names_constraint_and_table) {
    const auto found = names_of_check("CONSTRAINT `ck_user_1` failed for `kin`.`user`");
    EXPECT_EQ(found.constraint, "ck_user_1");
    EXPECT_EQ(found.table, "user");
    EXPECT_EQ(names_of_check("CONSTRAINT `user`.`age` failed for `kin`.`user`").constraint, "age");
    EXPECT_EQ(names_of_check("Check constraint 'ck_user_1' is violated.").constraint, "ck_user_1");
}

TEST(mariadb_error_names, a_value_names_its_column) {
    EXPECT_EQ(names_of_column("Column 'name' cannot be null").column, "name");
    EXPECT_EQ(names_of_column("Field 'name' doesn't have a default value").column, "name");
    EXPECT_EQ(names_of_column("Data too long for column 'name' at row 1").column, "name");
    EXPECT_EQ(names_of_column("Out of range value for column 'n' at row 3").column, "n");
}

TEST(mariadb_error_names, a_wrong_value_names_table_and_column_whatever_the_value_says) {
    const auto found = names_of_column(
        "Incorrect string value: '\\xFF for column `x`.`y`' for column `kin`.`user`.`name` at row 1");
    EXPECT_EQ(found.table, "user");
    EXPECT_EQ(found.column, "name");
}

TEST(mariadb_error_names, an_unknown_column_or_table_is_named_without_its_database) {
    EXPECT_EQ(names_of_unknown_column("Unknown column 'nmae' in 'field list'").column, "nmae");
    const auto found = names_of_unknown_column("Unknown column 'user.nmae' in 'where clause'");
    EXPECT_EQ(found.table, "user");
    EXPECT_EQ(found.column, "nmae");
    EXPECT_EQ(names_of_missing_table("Table 'kin.usre' doesn't exist").table, "usre");
}

TEST(mariadb_error_names, a_message_is_shown_without_the_values_in_it) {
    EXPECT_EQ(without_values("Duplicate entry 'hunter2' for key 'uq_user_name'"),
              "Duplicate entry for key 'uq_user_name'");
    EXPECT_EQ(without_values("Duplicate entry 'x' for key 'y' z' for key 'PRIMARY'"),
              "Duplicate entry for key 'PRIMARY'");
    EXPECT_EQ(without_values("Incorrect integer value: 'hunter2' for column `k`.`t`.`n` at row 1"),
              "Incorrect integer value for column `k`.`t`.`n` at row 1");
    EXPECT_EQ(without_values("Truncated incorrect DOUBLE value: 'hunter2'"),
              "Truncated incorrect DOUBLE value");
    EXPECT_EQ(without_values("Incorrect datetime value: 'it's' for function str_to_date"),
              "Incorrect datetime value for function str_to_date");
    EXPECT_EQ(without_values("Data too long for column 'name' at row 1"),
              "Data too long for column 'name' at row 1");
}

} // namespace
