// SPDX-License-Identifier: MIT
#include "kin/mariadb/statement.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::connection;
using kin::cursor;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;

class mariadb_statements : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        opened.emplace(open());
        lease.emplace(opened->connect());
    }
    void TearDown() override {
        lease.reset();
        opened.reset();
        mariadb_server::TearDown();
    }
    connection& c() { return *lease; }

    /// Stores `value` in a column of `type` and reads it back.
    void expect_round_trip(const std::string& type, const cell& value) {
        c().execute("CREATE TEMPORARY TABLE v (c " + type + ")");
        const cell parameters[] = {value};
        c().execute("INSERT INTO v VALUES (?)", parameters);
        {
            cursor rows = c().open("SELECT c FROM v");
            ASSERT_TRUE(rows.next());
            cell back;
            const cell_kind expected[] = {value.kind};
            EXPECT_EQ(rows.read(0, expected, &back), 1U) << type;
            EXPECT_TRUE(back.same_as(value))
                << type << ": " << back.bytes().substr(0, 50) << " " << back.integer;
        }
        c().execute("DROP TEMPORARY TABLE v");
    }
    std::int64_t integer_of(const std::string& sql) {
        cursor rows = c().open(sql);
        EXPECT_TRUE(rows.next());
        cell out;
        const cell_kind expected[] = {cell_kind::integer};
        EXPECT_EQ(rows.read(0, expected, &out), 1U) << sql;
        return out.integer;
    }
    bool can_read(const std::string& expression, cell_kind expected) {
        cursor rows = c().open("SELECT " + expression);
        EXPECT_TRUE(rows.next());
        cell out;
        const cell_kind kinds[] = {expected};
        return rows.read(0, kinds, &out) == 1;
    }

    std::optional<engine> opened;
    std::optional<connection> lease;
};

TEST_F(mariadb_statements, T64_text_and_blobs_come_back_whole) {
    std::string mebibyte;
    while (mebibyte.size() < 1'048'576) mebibyte += "\xF0\x9F\x98\x80x";
    for (const std::string& text :
         {std::string(), std::string("a\0b\0", 4), std::string("\xF0\x9F\x98\x80"),
          std::string("back\\slash 'quote' \"double\" `tick`"), std::string("space  "), std::string(250, 'x'),
          std::string(251, 'y'), std::string(70'000, 'z'), mebibyte}) {
        expect_round_trip("LONGTEXT", cell::of_text(text));
        expect_round_trip("LONGBLOB", cell::of_bytes(text));
    }
    expect_round_trip("LONGBLOB", cell::of_bytes(std::string_view("\xFF\xFE\x00", 3)));
}

TEST_F(mariadb_statements, T60_numbers_come_back_bit_by_bit) {
    for (const double number : {0.0, 0.1 + 0.2, 1e308, 5e-324, std::numeric_limits<double>::max(),
                                std::numeric_limits<double>::denorm_min(), -1.0 / 3}) {
        expect_round_trip("DOUBLE", cell::of_real(number));
    }
    c().execute("CREATE TEMPORARY TABLE z (c DOUBLE)");
    const cell minus_zero[] = {cell::of_real(-0.0)};
    c().execute("INSERT INTO z VALUES (?)", minus_zero); // MariaDB stores zero without a sign
    cursor rows = c().open("SELECT c FROM z");
    ASSERT_TRUE(rows.next());
    EXPECT_FALSE(std::signbit(rows.read_raw(0).real));
    expect_round_trip("FLOAT", cell::of_real(static_cast<double>(0.1F)));
    for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                      std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
        expect_round_trip("BIGINT", cell::of_integer(number));
    }
}

TEST_F(mariadb_statements, T59_integers_of_every_width_come_back_and_never_wrap) {
    const struct {
        const char* type;
        std::int64_t least, most;
    } widths[] = {{"TINYINT", -128, 127},           {"SMALLINT", -32768, 32767},
                  {"MEDIUMINT", -8388608, 8388607}, {"INT", -2147483648LL, 2147483647},
                  {"TINYINT UNSIGNED", 0, 255},     {"SMALLINT UNSIGNED", 0, 65535},
                  {"INT UNSIGNED", 0, 4294967295LL}};
    for (const auto& [type, least, most] : widths) {
        expect_round_trip(type, cell::of_integer(least));
        expect_round_trip(type, cell::of_integer(most));
        c().execute(std::string("CREATE TEMPORARY TABLE v (c ") + type + ")");
        for (const std::int64_t beyond : {least - 1, most + 1}) {
            const cell parameters[] = {cell::of_integer(beyond)};
            EXPECT_EQ(code_of([&] { c().execute("INSERT INTO v VALUES (?)", parameters); }),
                      "value_out_of_range")
                << type;
        }
        c().execute("DROP TEMPORARY TABLE v");
    }
    EXPECT_FALSE(can_read("CAST(18446744073709551615 AS UNSIGNED)", cell_kind::integer));
}

TEST_F(mariadb_statements, T62_dates_and_times_come_back) {
    constexpr std::int64_t day = 86'400'000'000;
    for (const std::int64_t days :
         {std::int64_t{0}, std::int64_t{-719162}, std::int64_t{2932896}, std::int64_t{11016}})
        expect_round_trip("DATE",
                          cell::of_integer(days, cell_kind::date)); // 0001-01-01, 9999-12-31, a leap day
    for (const std::int64_t time :
         {std::int64_t{0}, std::int64_t{-1}, 11016 * day + 123'456, 2932896 * day + day - 1})
        expect_round_trip("DATETIME(6)", cell::of_integer(time, cell_kind::timestamp));
    for (const std::int64_t time : {std::int64_t{0}, std::int64_t{1}, day - 1})
        expect_round_trip("TIME(6)", cell::of_integer(time, cell_kind::time));
}

TEST_F(mariadb_statements, what_mariadb_cannot_hold_is_refused_before_it_is_sent) {
    const auto code = [&](const cell& value) {
        const cell parameters[] = {value};
        return code_of([&] { c().execute("SELECT ?", parameters); });
    };
    EXPECT_EQ(code(cell::of_real(std::nan(""))), "not_a_number");
    EXPECT_EQ(code(cell::of_real(std::numeric_limits<double>::infinity())), "not_a_number");
    EXPECT_EQ(code(cell::of_integer(2932897, cell_kind::date)), "value_out_of_range");
    EXPECT_EQ(code(cell::of_integer(-719529, cell_kind::date)),
              "value_out_of_range"); // a day before the year 0
}

TEST_F(mariadb_statements, T65_a_value_larger_than_a_packet_is_refused_before_it_is_sent) {
    const std::string large(17 * 1024 * 1024, 'x');
    const cell parameters[] = {cell::of_text(large)};
    const auto failure = caught<kin::data_error>([&] { c().execute("SELECT length(?)", parameters); });
    EXPECT_EQ(failure.code(), "value_too_big");
    EXPECT_NE(failure.message().find("max_allowed_packet"), std::string_view::npos);
    EXPECT_EQ(integer_of("SELECT 1"), 1);
}

TEST_F(mariadb_statements, decimals_and_uuids_travel_exactly) {
    expect_round_trip("DECIMAL(38, 2)",
                      cell::of_bytes("999999999999999999999999999999999999.99", cell_kind::decimal));
    expect_round_trip("BINARY(16)",
                      cell::of_bytes(std::string_view("\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\xff", 16),
                                     cell_kind::uuid));
    expect_round_trip("JSON", cell::of_bytes(R"({"a": [1, 2.5, "x"]})", cell_kind::json));
}

TEST_F(mariadb_statements, sums_are_integers_where_they_are_whole) {
    EXPECT_EQ(integer_of("SELECT sum(seq) FROM seq_1_to_10"), 55);
    EXPECT_TRUE(can_read("CAST(2 AS DECIMAL(10, 4))", cell_kind::integer));
    EXPECT_FALSE(can_read("CAST(2.5 AS DECIMAL(10, 4))", cell_kind::integer));
    EXPECT_TRUE(can_read("CAST(2.5 AS DECIMAL(10, 4))", cell_kind::real));
}

TEST_F(mariadb_statements, a_value_of_another_kind_is_not_read) {
    EXPECT_FALSE(can_read("'x'", cell_kind::integer));
    EXPECT_FALSE(can_read("1", cell_kind::text));
    EXPECT_FALSE(can_read("2", cell_kind::boolean));
    EXPECT_FALSE(can_read("x'41'", cell_kind::text));
    EXPECT_FALSE(can_read("'x'", cell_kind::blob));
    EXPECT_FALSE(can_read("CAST('2026-11-29' AS DATE)", cell_kind::integer));
    EXPECT_FALSE(can_read("CAST('30:00:00' AS TIME)", cell_kind::time));
    EXPECT_TRUE(can_read("NULL", cell_kind::integer));
}

TEST_F(mariadb_statements, a_row_can_be_read_while_another_statement_runs) {
    cursor outer = c().open("SELECT seq, concat('n', seq) FROM seq_1_to_1000 ORDER BY seq");
    std::int64_t n = 0;
    while (outer.next()) {
        ++n;
        const cell parameters[] = {cell::of_integer(n)};
        cursor inner =
            c().open("SELECT ? + 1", parameters); // the rest of the outer rows is read into memory now
        ASSERT_TRUE(inner.next());
        cell both[2];
        const cell_kind kinds[] = {cell_kind::integer, cell_kind::text};
        ASSERT_EQ(outer.read(0, kinds, both), 2U); // the outer row is still there
        ASSERT_EQ(both[0].integer, n);
        ASSERT_EQ(both[1].bytes(), "n" + std::to_string(n));
    }
    EXPECT_EQ(n, 1000);
}

TEST_F(mariadb_statements, T28_rows_that_are_left_unread_disturb_nobody) {
    c().begin(kin::transaction_access::write);
    for (const char* sql :
         {"SELECT seq FROM seq_1_to_10", "SELECT seq, repeat('x', 1000) FROM seq_1_to_1000000", "SELECT 1",
          "SELECT a.seq FROM seq_1_to_100000 AS a, seq_1_to_100000 AS b"}) {
        {
            cursor rows = c().open(sql);
            ASSERT_TRUE(rows.next());
        }
        EXPECT_EQ(integer_of("SELECT 42"), 42) << sql;
        EXPECT_TRUE(c().in_transaction()) << sql;
    }
    c().rollback();
}

TEST_F(mariadb_statements, a_statement_runs_again_whose_last_row_was_read_when_another_one_ran) {
    for (int rows_read = 1; rows_read <= 4; ++rows_read) {
        for (int turn = 0; turn < 2; ++turn) {
            cursor rows = c().open("SELECT seq FROM seq_1_to_3", {}, {.timeout_ms = 5000});
            for (int n = 1; n <= rows_read; ++n) EXPECT_EQ(rows.next(), n <= 3);
            EXPECT_EQ(integer_of("SELECT 42"), 42);
        }
        EXPECT_EQ(integer_of("SELECT count(*) FROM seq_1_to_3"), 3);
    }
}

TEST_F(mariadb_statements, a_statement_can_run_again_and_fail_in_between) {
    c().execute("CREATE TABLE t (a INT PRIMARY KEY)");
    const auto insert = [&](std::int64_t n) {
        const cell parameters[] = {cell::of_integer(n)};
        return c().execute("INSERT INTO t VALUES (?)", parameters);
    };
    EXPECT_EQ(insert(1), 1);
    EXPECT_EQ(code_of([&] { insert(1); }), "unique_violation");
    EXPECT_EQ(insert(2), 1);
    EXPECT_EQ(integer_of("SELECT count(*) FROM t"), 2);
}

TEST_F(mariadb_statements, returned_keys_come_in_the_order_of_the_rows_and_an_error_among_them_is_one) {
    c().execute("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT UNIQUE)");
    std::vector<std::int64_t> ids;
    cursor rows = c().open("INSERT INTO t (a) VALUES (7), (3), (5) RETURNING id");
    while (rows.next()) ids.push_back(rows.read_raw(0).integer);
    EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(code_of([&] { c().execute("INSERT INTO t (a) VALUES (8), (3) RETURNING id"); }),
              "unique_violation");
    EXPECT_EQ(integer_of("SELECT count(*) FROM t"), 3);
}

TEST_F(mariadb_statements, finding_14_an_update_counts_the_rows_that_it_matched) {
    c().execute("CREATE TABLE t (a INT)");
    EXPECT_EQ(c().execute("INSERT INTO t VALUES (1), (2)"), 2);
    EXPECT_EQ(c().execute("UPDATE t SET a = 1 WHERE a = 1"), 1);
    EXPECT_EQ(c().execute("DELETE FROM t"), 2);
    EXPECT_EQ(c().execute("CREATE INDEX i ON t (a)"), 0);
}

TEST_F(mariadb_statements, a_text_has_exactly_one_statement) {
    EXPECT_EQ(code_of([&] { c().execute("SELECT 1; SELECT 2"); }), "bad_sql");
    EXPECT_EQ(code_of([&] { c().execute(""); }), "empty_statement");
    EXPECT_EQ(code_of([&] { c().execute(std::string_view("SELECT 1\0", 9)); }), "bad_sql");
    EXPECT_EQ(code_of([&] { c().execute("SELECT ?"); }), "parameter_count");
    EXPECT_EQ(integer_of("SELECT 1;"), 1);
}

TEST_F(mariadb_statements, a_table_that_changes_under_a_prepared_statement_is_read_as_it_is) {
    c().execute("CREATE TABLE t (a INT)");
    c().execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(integer_of("SELECT a FROM t"), 1);
    c().execute("ALTER TABLE t MODIFY a BIGINT");
    c().execute("UPDATE t SET a = 10000000000");
    EXPECT_EQ(integer_of("SELECT a FROM t"), 10'000'000'000);
}

} // namespace
