// SPDX-License-Identifier: MIT
// What a server really says, and what kin makes of it.
#include <optional>
#include <string>

#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;

class mariadb_refusals : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        opened.emplace(open());
        lease.emplace(opened->connect());
        for (const char* sql : {"CREATE TABLE user (id INT PRIMARY KEY, name VARCHAR(10) NOT NULL, x INT, "
                                "CONSTRAINT uq_user_name UNIQUE (name), "
                                "CONSTRAINT ck_user_x CHECK (x > 0))",
                                "CREATE TABLE post (id INT PRIMARY KEY, user_id INT, CONSTRAINT "
                                "fk_post_user_id FOREIGN KEY (user_id) "
                                "REFERENCES user (id))",
                                "INSERT INTO user VALUES (1, 'a', 1)", "INSERT INTO post VALUES (1, 1)"}) {
            lease->execute(sql);
        }
    }
    void TearDown() override {
        lease.reset();
        opened.reset();
        mariadb_server::TearDown();
    }
    template <class Error> Error refused(std::string_view sql) {
        return caught<Error>([&] { lease->execute(sql); });
    }
    std::string code(std::string_view sql) {
        return code_of([&] { lease->execute(sql); });
    }

    std::optional<engine> opened;
    std::optional<connection> lease;
};

TEST_F(mariadb_refusals, a_value_that_is_there_already_names_the_constraint) {
    const auto failure = refused<kin::unique_violation>("INSERT INTO user VALUES (2, 'a', 1)");
    EXPECT_EQ(failure.constraint(), "uq_user_name");
    EXPECT_EQ(failure.vendor_code(), 1062);
    EXPECT_EQ(failure.sqlstate(), "23000");
    EXPECT_EQ(failure.message(),
              "unique constraint uq_user_name: another row has this value already; choose another value or "
              "update that row (MariaDB 1062: Duplicate entry for key 'uq_user_name')");
    EXPECT_EQ(refused<kin::unique_violation>("INSERT INTO user VALUES (1, 'b', 1)").constraint(), "PRIMARY");
}

TEST_F(mariadb_refusals, a_foreign_key_names_table_column_and_constraint_in_both_directions) {
    const auto child = refused<kin::foreign_key_violation>("INSERT INTO post VALUES (2, 9)");
    EXPECT_EQ(child.table(), "post");
    EXPECT_EQ(child.column(), "user_id");
    EXPECT_EQ(child.constraint(), "fk_post_user_id");
    EXPECT_NE(child.message().find("refers to a row that does not exist"), std::string_view::npos);
    const auto parent = refused<kin::foreign_key_violation>("DELETE FROM user");
    EXPECT_EQ(parent.table(), "post");
    EXPECT_EQ(parent.constraint(), "fk_post_user_id");
    EXPECT_NE(parent.message().find("other rows still refer"), std::string_view::npos);
}

TEST_F(mariadb_refusals, a_missing_value_names_its_column) {
    EXPECT_EQ(refused<kin::not_null_violation>("INSERT INTO user VALUES (2, NULL, 1)").column(), "name");
    EXPECT_EQ(refused<kin::not_null_violation>("INSERT INTO user (id) VALUES (2)").column(), "name");
}

TEST_F(mariadb_refusals, a_check_names_itself_and_its_table) {
    const auto failure = refused<kin::check_violation>("INSERT INTO user VALUES (2, 'b', 0)");
    EXPECT_EQ(failure.constraint(), "ck_user_x");
    EXPECT_EQ(failure.table(), "user");
}

TEST_F(mariadb_refusals, T59_what_does_not_fit_is_refused_and_never_cut) {
    EXPECT_EQ(refused<kin::data_error>("INSERT INTO user VALUES (2, 'abcdefghijk', 1)").code(),
              "text_too_long");
    EXPECT_EQ(refused<kin::data_error>("INSERT INTO user VALUES (2, 'abcdefghijk', 1)").column(), "name");
    EXPECT_EQ(refused<kin::data_error>("INSERT INTO user VALUES (3000000000, 'b', 1)").code(),
              "value_out_of_range");
    const auto wrong = refused<kin::data_error>("INSERT INTO user VALUES (2, x'FF', 1)");
    EXPECT_EQ(wrong.code(), "wrong_type");
    EXPECT_EQ(wrong.table(), "user");
    EXPECT_EQ(wrong.column(), "name");
    EXPECT_EQ(code("INSERT INTO user VALUES (2, 'b', 'three')"), "wrong_type");
    EXPECT_EQ(code("INSERT INTO user VALUES (2, 'b', 1 / 0)"), "division_by_zero");
}

TEST_F(mariadb_refusals, T62_dates_that_no_calendar_has_are_refused) {
    lease->execute("CREATE TABLE day (d DATE)");
    EXPECT_EQ(code("INSERT INTO day VALUES ('')"), "wrong_type");
    EXPECT_EQ(code("INSERT INTO day VALUES ('0000-00-00')"), "wrong_type");
    EXPECT_EQ(code("INSERT INTO day VALUES ('2026-02-30')"), "wrong_type");
}

TEST_F(mariadb_refusals, T69_a_missing_table_or_column_is_named) {
    EXPECT_EQ(refused<kin::statement_error>("SELECT * FROM usre").table(), "usre");
    const auto failure = refused<kin::statement_error>("SELECT user.nmae FROM user");
    EXPECT_EQ(failure.code(), "no_such_column");
    EXPECT_EQ(failure.table(), "user");
    EXPECT_EQ(failure.column(), "nmae");
    EXPECT_EQ(code("UPDATE user SET x = 1 WHERE \"nosuch\" = 'nosuch'"), "no_such_column");
}

TEST_F(mariadb_refusals, what_is_no_sql_is_refused) { EXPECT_EQ(code("SELEC 1"), "bad_sql"); }

TEST_F(mariadb_refusals, a_key_of_unlimited_text_says_what_to_do) {
    const auto failure = refused<kin::statement_error>("CREATE TABLE t (a LONGTEXT PRIMARY KEY)");
    EXPECT_EQ(failure.code(), "key_too_long");
    EXPECT_NE(failure.message().find("varchar<N>"), std::string_view::npos);
}

TEST_F(mariadb_refusals, T32_too_many_connections_have_a_code_of_their_own) {
    const auto number = [&](const char* sql) {
        kin::cursor rows = lease->open(sql);
        EXPECT_TRUE(rows.next());
        return rows.read_raw(0).integer;
    };
    const std::string user = "kin_few_" + std::to_string(getpid());
    lease->execute("CREATE USER " + user + "@'127.0.0.1' IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 1");
    lease->execute("GRANT ALL ON *.* TO " + user + "@'127.0.0.1'");
    kin::url few = where();
    few.user = user;
    few.password = "x";
    {
        const engine first = kin::create_engine(few.to_string_with_password());
        const connection held = first.connect();
        EXPECT_EQ(code_of([&] { static_cast<void>(kin::create_engine(few.to_string_with_password())); }),
                  "too_many_connections");
    }
    EXPECT_EQ(number("SELECT 1"), 1);
    lease->execute("DROP USER " + user + "@'127.0.0.1'");
}

} // namespace
