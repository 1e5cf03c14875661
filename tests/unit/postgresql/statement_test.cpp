// SPDX-License-Identifier: MIT
#include "kin/postgresql/statement.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::connection;
using kin::cursor;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::column_of;
using kin::testing::value_of;
using namespace std::string_literals;

class postgresql_statement : public kin::testing::server_test {
protected:
    using server_test::server_test;
    /// A value sent as a parameter and read back, in a column of this type.
    cell there_and_back(connection& c, std::string_view type, const cell& sent, cell_kind expected) {
        const std::string table = "t" + std::to_string(++tables_);
        c.execute("CREATE TABLE " + table + " (a " + std::string(type) + ")");
        c.execute("INSERT INTO " + table + " VALUES ($1)", {&sent, 1});
        cursor rows = c.open("SELECT a FROM " + table);
        cell got;
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.read(0, {&expected, 1}, &got), 1U) << type;
        if (!got.is_bytes()) return got;
        bytes_ = got.bytes();
        return cell::of_bytes(bytes_, got.kind);
    }
    std::string bytes_;
    int tables_ = 0;
};

TEST_F(postgresql_statement, every_kind_of_cell_goes_there_and_back) {
    connection c = connect();
    const auto same = [&](std::string_view type, const cell& sent) {
        EXPECT_TRUE(there_and_back(c, type, sent, sent.kind).same_as(sent)) << type << " " << sent.integer;
    };
    for (const std::int64_t v : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                 std::numeric_limits<std::int64_t>::max()}) {
        same("bigint", cell::of_integer(v));
    }
    same("smallint", cell::of_integer(-32768));
    same("integer", cell::of_integer(2147483647));
    same("boolean", cell::of_integer(1, cell_kind::boolean));
    for (const double v : {0.1, -0.0, 5e-324, 1.7976931348623157e308, std::nan(""), HUGE_VAL, -HUGE_VAL})
        same("double precision", cell::of_real(v));
    same("real", cell::of_real(0.1F));
    same("text", cell::of_text(""));
    same("text", cell::of_text("it's \"quoted\" \\ and \xE2\x82\xAC"));
    same("varchar(3)", cell::of_text("abc"));
    same("bytea", cell::of_bytes("\0\xff\\x"s));
    same("bytea", cell::of_bytes(""));
    for (const std::int64_t day : {-719'528, -1, 0, 11'016, 2'932'896})
        same("date", cell::of_integer(day, cell_kind::date));
    for (const std::int64_t at : {std::int64_t{-62'135'596'800'000'000}, std::int64_t{-1}, std::int64_t{0},
                                  std::int64_t{253'402'300'799'999'999}}) {
        same("timestamptz", cell::of_integer(at, cell_kind::timestamp));
        same("timestamp", cell::of_integer(at, cell_kind::timestamp));
    }
    same("time", cell::of_integer(86'399'999'999, cell_kind::time));
    same("uuid", cell::of_bytes("0123456789abcdef", cell_kind::uuid));
    for (const char* number : {"0", "-0.0001", "12345678901234567890123456789012345678"})
        same("numeric", cell::of_bytes(number, cell_kind::decimal));
    same("json", cell::of_bytes(R"({"a": [1, null]})", cell_kind::json));
    same("jsonb", cell::of_bytes(R"({"a": [1, null]})", cell_kind::json));
    EXPECT_TRUE(there_and_back(c, "integer", cell(), cell_kind::integer).is_null());
}

TEST_F(postgresql_statement, a_value_that_no_text_can_hold_is_refused_before_it_is_sent) {
    connection c = connect();
    c.begin(kin::transaction_access::write);
    const auto text_with_nul = "a\0b"s;
    const cell nul = cell::of_text(text_with_nul);
    EXPECT_EQ(caught<kin::data_error>([&] { c.execute("SELECT $1", {&nul, 1}); }).code(), "nul_in_text");
    const cell latin1 = cell::of_text("caf\xE9");
    EXPECT_EQ(caught<kin::data_error>([&] { c.execute("SELECT $1", {&latin1, 1}); }).code(), "invalid_utf8");
    const cell day = cell::of_integer(-3'000'000, cell_kind::date);
    EXPECT_EQ(caught<kin::data_error>([&] { c.execute("SELECT $1", {&day, 1}); }).code(),
              "value_out_of_range");
    EXPECT_EQ(value_of(c, "SELECT 'the transaction goes on'"), "the transaction goes on");
}

TEST_F(postgresql_statement, the_same_text_takes_values_of_different_types) {
    connection c = connect();
    c.execute("CREATE TABLE t (a INTEGER, b REAL)");
    c.execute("INSERT INTO t VALUES (1, 1.5), (2, 2.5)");
    const auto count = [&](const cell& v) {
        return value_of(c, "SELECT count(*) FROM t WHERE a >= $1", {&v, 1});
    };
    EXPECT_EQ(count(cell::of_integer(2)), "1");
    EXPECT_EQ(count(cell::of_integer(5'000'000'000)), "0"); // more than the column can hold
    EXPECT_EQ(count(cell::of_real(1.5)), "1");
    EXPECT_EQ(count(cell()), "0");
    EXPECT_EQ(count(cell::of_integer(1)), "2");
}

TEST_F(postgresql_statement, null_first_and_a_number_later_is_no_trouble) {
    connection c = connect();
    c.execute("CREATE TABLE t (a SMALLINT, b TEXT)");
    for (const cell& v : {cell(), cell::of_integer(7), cell()}) {
        const cell values[] = {v, cell::of_text("x")};
        c.execute("INSERT INTO t VALUES ($1, $2)", values);
    }
    EXPECT_EQ(column_of(c, "SELECT a FROM t"), (std::vector<std::string>{"NULL", "7", "NULL"}));
    const cell values[] = {cell::of_integer(40'000), cell::of_text("x")};
    EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t VALUES ($1, $2)", values); }), "value_out_of_range");
}

TEST_F(postgresql_statement, text_takes_the_type_of_the_column_beside_it) {
    connection c = connect();
    c.execute("CREATE TABLE t (a INET, b UUID)");
    const cell values[] = {cell::of_text("10.0.0.1"), cell::of_text("00000000-0000-0000-0000-000000000001")};
    c.execute("INSERT INTO t VALUES ($1, $2)", values);
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t WHERE a = $1 AND b = $2", values), "1");
    EXPECT_EQ(value_of(c, "SELECT a FROM t"), "10.0.0.1"); // a type whose binary form kin does not read
}

TEST_F(postgresql_statement, is_a_single_statement) {
    connection c = connect();
    EXPECT_EQ(code_of([&] { c.execute("SELECT 1; SELECT 2"); }), "several_statements");
    EXPECT_EQ(code_of([&] { c.execute(" -- nothing"); }), "empty_statement");
    EXPECT_EQ(code_of([&] { c.execute("SELECT 'a\0b'"s); }), "bad_sql");
    EXPECT_EQ(code_of([&] { c.execute("SELECT $1, $2"); }), "parameter_count");
}

TEST_F(postgresql_statement, execute_returns_how_many_rows_matched) {
    connection c = connect();
    EXPECT_EQ(c.execute("CREATE TABLE t (a INTEGER)"), 0);
    EXPECT_EQ(c.execute("INSERT INTO t VALUES (1), (2) RETURNING a"), 2);
    EXPECT_EQ(c.execute("UPDATE t SET a = a"), 2);
    EXPECT_EQ(c.execute("DELETE FROM t WHERE a = 9"), 0);
    EXPECT_EQ(c.execute("SELECT a FROM t"), 2);
}

TEST_F(postgresql_statement, many_texts_do_not_pile_up_on_the_server) {
    connection c = connect();
    for (int i = 0; i < 500; ++i) c.execute("SELECT " + std::to_string(i));
    EXPECT_LT(std::stoi(value_of(c, "SELECT count(*) FROM pg_prepared_statements")), 400);
}

TEST_F(postgresql_statement, survives_a_change_of_its_table_outside_of_a_transaction) {
    connection c = connect();
    c.execute("CREATE TABLE t (a INTEGER)");
    c.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(value_of(c, "SELECT * FROM t"), "1");
    c.execute("ALTER TABLE t ALTER a TYPE TEXT");
    EXPECT_EQ(value_of(c, "SELECT * FROM t"), "1");
    c.begin(kin::transaction_access::read);
    c.execute("ALTER TABLE t ALTER a TYPE INTEGER USING 2");
    const auto e = caught<kin::transaction_rollback>([&] { c.execute("SELECT * FROM t"); });
    EXPECT_EQ(e.code(), "schema_changed");
    c.rollback();
    EXPECT_EQ(value_of(c, "SELECT * FROM t"), "1");
}

TEST_F(postgresql_statement, survives_a_type_that_was_made_anew_outside_of_a_transaction) {
    connection c = connect();
    const auto make_anew = [&] {
        c.execute("DROP TABLE IF EXISTS t");
        c.execute("DROP TYPE IF EXISTS mood");
        c.execute("CREATE TYPE mood AS ENUM ('calm')");
        c.execute("CREATE TABLE t (a mood)");
    };
    const cell calm = cell::of_text("calm");
    make_anew();
    c.execute("INSERT INTO t VALUES ($1)", {&calm, 1});
    make_anew();
    c.execute("INSERT INTO t VALUES ($1)", {&calm, 1});
    EXPECT_EQ(value_of(c, "SELECT a FROM t WHERE a = $1", {&calm, 1}), "calm");
    make_anew();
    c.begin(kin::transaction_access::write);
    const auto e =
        caught<kin::transaction_rollback>([&] { c.execute("INSERT INTO t VALUES ($1)", {&calm, 1}); });
    EXPECT_EQ(e.code(), "schema_changed");
    c.rollback();
    c.execute("INSERT INTO t VALUES ($1)", {&calm, 1});
}

/// What a pooler between does: prepared statements are gone.
TEST_F(postgresql_statement, goes_on_without_preparing_when_the_server_forgets) {
    connection c = connect();
    const auto number = [&] { // its text is as long as its binary form
        cursor rows = c.open("SELECT CAST(87654321 AS BIGINT)");
        const cell_kind integer[] = {cell_kind::integer};
        cell got;
        return rows.next() && rows.read(0, integer, &got) == 1 ? got.integer : 0;
    };
    EXPECT_EQ(number(), 87654321);
    c.execute("DEALLOCATE ALL");
    EXPECT_EQ(number(), 87654321);
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM pg_prepared_statements"), "0");
    const cell v = cell::of_integer(2);
    EXPECT_EQ(value_of(c, "SELECT 1 + $1", {&v, 1}), "3");
}

class postgresql_unprepared : public postgresql_statement {
protected:
    postgresql_unprepared() : postgresql_statement("prepare=off") {}
};

TEST_F(postgresql_unprepared, prepares_nothing_and_reads_and_writes_the_same) {
    connection c = connect();
    EXPECT_TRUE(
        there_and_back(c, "bigint", cell::of_integer(-7), cell_kind::integer).same_as(cell::of_integer(-7)));
    EXPECT_TRUE(there_and_back(c, "bytea", cell::of_bytes("\0\xff"s), cell_kind::blob)
                    .same_as(cell::of_bytes("\0\xff"s)));
    EXPECT_TRUE(there_and_back(c, "double precision", cell::of_real(0.1), cell_kind::real)
                    .same_as(cell::of_real(0.1)));
    const cell at = cell::of_integer(-1, cell_kind::timestamp);
    EXPECT_TRUE(there_and_back(c, "timestamptz", at, cell_kind::timestamp).same_as(at));
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM pg_prepared_statements"), "0");
}

} // namespace
