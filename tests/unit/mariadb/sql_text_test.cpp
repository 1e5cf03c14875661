// SPDX-License-Identifier: MIT
// Statements as MariaDB wants them written.
#include <string>

#include <gtest/gtest.h>

#include "kin/mariadb/dialect.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/ddl_compiler.hpp"
#include "kin/sql/function.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::testing::blog;

const kin::mariadb::mariadb_dialect mariadb;

std::string selected(kin::expression column, const blog& b) {
    return kin::compile(mariadb, kin::select_statement{.columns = {std::move(column)}, .from = &b.user}).sql;
}

TEST(mariadb_sql_text, two_integers_divide_to_an_integer) {
    const blog b;
    EXPECT_EQ(selected(b.user_id / 2, b), "SELECT `user`.`id` DIV ? FROM `user`");
    EXPECT_EQ(selected((b.user_id + 1) / (b.user_id * 2), b),
              "SELECT (`user`.`id` + ?) DIV (`user`.`id` * ?) FROM `user`");
    EXPECT_EQ(selected(kin::count(b.user_id) / 2, b), "SELECT count(`user`.`id`) DIV ? FROM `user`");
    EXPECT_EQ(selected(b.user_id / 2.5, b), "SELECT `user`.`id` / ? FROM `user`");
    EXPECT_EQ(selected(kin::avg(b.user_id) / 2.0, b), "SELECT avg(`user`.`id`) / ? FROM `user`");
}

TEST(mariadb_sql_text, the_length_of_a_text_is_counted_in_characters) {
    const blog b;
    EXPECT_EQ(selected(kin::character_length(b.user_name), b),
              "SELECT char_length(`user`.`name`) FROM `user`");
}

TEST(mariadb_sql_text, a_table_says_engine_and_collation) {
    const blog b;
    EXPECT_TRUE(
        kin::compile_create_table(mariadb, b.user)
            .ends_with("\n) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"));
    const kin::mariadb::mariadb_dialect mysql;
    mysql.learn({.is_mariadb = false, .version = 80036});
    EXPECT_TRUE(kin::compile_create_table(mysql, b.user).ends_with("COLLATE utf8mb4_0900_bin"));
}

TEST(mariadb_sql_text, keys_count_up_by_auto_increment) {
    const blog b;
    EXPECT_NE(kin::compile_create_table(mariadb, b.user).find("`id` INTEGER NOT NULL AUTO_INCREMENT"),
              std::string::npos);
}

TEST(mariadb_sql_text, a_text_of_any_length_is_indexed_by_its_beginning) {
    kin::table t("t");
    t.add_column({.name = "a", .type = {.kind = kin::type_kind::text}});
    t.add_column({.name = "b", .type = {.kind = kin::type_kind::integer, .bits = 32}});
    t.indexes.push_back({.name = "ix", .columns = {0, 1}});
    EXPECT_EQ(kin::compile_create_indexes(mariadb, t).front(), "CREATE INDEX `ix` ON `t` (`a`(255), `b`)");
}

TEST(mariadb_sql_text, rows_that_are_there_already_are_left_out_without_silencing_other_errors) {
    const blog b;
    const kin::column* columns[] = {&b.post.columns()[1], &b.post.columns()[2]};
    EXPECT_EQ(
        kin::compile_insert_missing(mariadb, b.post, columns, 1),
        "INSERT INTO `post` (`title`, `user_id`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `title` = `title`");
}

TEST(mariadb_sql_text, a_row_of_defaults_and_a_list_of_keys) {
    const blog b;
    EXPECT_EQ(kin::compile_insert(mariadb, b.user, {}, 1, {}), "INSERT INTO `user` () VALUES ()");
    std::string out;
    mariadb.in_array(out, 1, kin::cell_kind::integer, false);
    EXPECT_EQ(out, " IN (SELECT j.v FROM JSON_TABLE(?, '$[*]' COLUMNS (v BIGINT PATH '$')) AS j)");
    out.clear();
    mariadb.in_array(out, 1, kin::cell_kind::integer, true);
    EXPECT_EQ(out, " NOT IN (SELECT j.v FROM JSON_TABLE(?, '$[*]' COLUMNS (v BIGINT PATH '$')) AS j)");
}

TEST(mariadb_sql_text, rows_with_values_of_their_own_are_joined) {
    const blog b;
    const kin::column* set[] = {&b.post.columns()[1], &b.post.columns()[2]};
    const kin::column* keys[] = {&b.post.columns()[0]};
    EXPECT_EQ(
        kin::compile_update_each(mariadb, b.post, set, keys, 2),
        "UPDATE `post` JOIN (SELECT ? AS column1, ? AS column2, ? AS column3 UNION ALL SELECT ?, ?, ?) AS "
        "`kin_rows` ON `post`.`id` = `kin_rows`.column1 SET `post`.`title` = `kin_rows`.column2, "
        "`post`.`user_id` = `kin_rows`.column3");
}

TEST(mariadb_sql_text, a_foreign_key_is_dropped_by_its_name) {
    const blog b;
    EXPECT_EQ(kin::compile_drop_foreign_key(mariadb, b.post, "fk"),
              "ALTER TABLE `post` DROP CONSTRAINT `fk`");
}

} // namespace
