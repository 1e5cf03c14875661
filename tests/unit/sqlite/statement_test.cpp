// SPDX-License-Identifier: MIT
#include "kin/sqlite/statement.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::connection;
using kin::cursor;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::value_of;

class stored : public testing::Test {
protected:
    /// Binds `value`, and reads it back as `expected`.
    void expect_round_trip(const cell& value) {
        const cell parameters[] = {value};
        cursor rows = c.open("SELECT ?", parameters);
        ASSERT_TRUE(rows.next());
        cell back;
        const cell_kind expected[] = {value.kind};
        ASSERT_EQ(rows.read(0, expected, &back), 1U);
        EXPECT_TRUE(back.same_as(value));
    }
    /// Whether the value of an SQL expression can be read as `expected`; then `out` has it.
    bool can_read(std::string_view expression, cell_kind expected, cell& out) {
        cursor rows = c.open("SELECT " + std::string(expression));
        EXPECT_TRUE(rows.next());
        const cell_kind kinds[] = {expected};
        const bool yes = rows.read(0, kinds, &out) == 1;
        if (out.is_bytes()) {
            kept = out.bytes();
            out = cell::of_bytes(kept, out.kind);
        }
        return yes;
    }
    bool can_read(std::string_view expression, cell_kind expected) {
        cell ignored;
        return can_read(expression, expected, ignored);
    }
    std::string text_of(const cell& value) {
        const cell parameters[] = {value};
        return value_of(c, "SELECT ?", parameters);
    }

    engine e = kin::create_engine("sqlite://");
    connection c = e.connect();
    std::string kept;
};

TEST_F(stored, T64_text_comes_back_whole) {
    std::string mebibyte;
    while (mebibyte.size() < 1'048'576) mebibyte += "\xF0\x9F\x98\x80x";
    for (const std::string& text :
         {std::string(), std::string("a\0b\0", 4), std::string("\xF0\x9F\x98\x80"), mebibyte}) {
        expect_round_trip(cell::of_text(text));
        expect_round_trip(cell::of_bytes(text));
    }
}

TEST_F(stored, empty_text_and_blobs_are_not_null) {
    for (const cell& empty : {cell::of_text(std::string_view()), cell::of_bytes(std::string_view())}) {
        const cell parameters[] = {empty};
        EXPECT_EQ(value_of(c, "SELECT ? IS NULL", parameters), "0");
        expect_round_trip(empty);
    }
    EXPECT_EQ(text_of(cell()), "NULL");
}

TEST_F(stored, T60_numbers_come_back_bit_by_bit) {
    using integer = std::numeric_limits<std::int64_t>;
    using real = std::numeric_limits<double>;
    for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, integer::min(), integer::max()}) {
        expect_round_trip(cell::of_integer(n));
    }
    for (const double n :
         {0.1, -1e308, real::min(), real::denorm_min(), real::infinity(), -real::infinity()}) {
        expect_round_trip(cell::of_real(n));
    }
    expect_round_trip(cell::of_integer(1, cell_kind::boolean));
}

TEST_F(stored, T60_a_nan_is_refused_because_sqlite_would_store_null) {
    const cell parameters[] = {cell::of_integer(1), cell::of_real(std::nan(""))};
    const auto failure = caught<kin::data_error>([&] { c.execute("SELECT ?, ?", parameters); });
    EXPECT_EQ(failure.code(), "not_a_number");
    EXPECT_NE(failure.message().find("parameter 2"), std::string_view::npos);
    EXPECT_EQ(failure.sql(), "SELECT ?, ?");
}

TEST_F(stored, dates_and_timestamps_are_iso_8601_text_in_sqlalchemys_form) {
    EXPECT_EQ(text_of(cell::of_integer(0, cell_kind::date)), "1970-01-01");
    EXPECT_EQ(text_of(cell::of_integer(19782, cell_kind::date)), "2024-02-29");
    EXPECT_EQ(text_of(cell::of_integer(0, cell_kind::timestamp)), "1970-01-01 00:00:00");
    EXPECT_EQ(text_of(cell::of_integer(-1, cell_kind::timestamp)), "1969-12-31 23:59:59.999999");
    EXPECT_EQ(text_of(cell::of_integer(1'709'210'096'000'007, cell_kind::timestamp)),
              "2024-02-29 12:34:56.000007");
}

TEST_F(stored, dates_and_timestamps_come_back) {
    for (const std::int64_t days : {-719528, -1, 0, 19782, 2932896}) {
        expect_round_trip(cell::of_integer(days, cell_kind::date));
        expect_round_trip(cell::of_integer(days * 86'400'000'000 + 1, cell_kind::timestamp));
    }
}

TEST_F(stored, many_timestamps_of_one_statement_keep_apart) {
    std::vector<cell> values;
    std::string sql = "SELECT count(DISTINCT column1) FROM (VALUES ";
    for (int i = 0; i < 500; ++i) {
        values.push_back(
            cell::of_integer(i * 1'000'003LL, i % 2 == 0 ? cell_kind::timestamp : cell_kind::integer));
        sql += i == 0 ? "(?)" : ", (?)";
    }
    EXPECT_EQ(value_of(c, sql + ")", values), "500");
}

TEST_F(stored, a_date_outside_the_years_0_to_9999_is_refused) {
    for (const cell& value :
         {cell::of_integer(2932897, cell_kind::date), cell::of_integer(-719529, cell_kind::date),
          cell::of_integer(std::numeric_limits<std::int64_t>::max(), cell_kind::timestamp),
          cell::of_integer(std::numeric_limits<std::int64_t>::min(), cell_kind::timestamp)}) {
        EXPECT_EQ(code_of([&] { text_of(value); }), "value_out_of_range");
    }
}

TEST_F(stored, the_usual_forms_of_a_timestamp_are_read) {
    cell out;
    for (const char* text :
         {"'2024-02-29 12:34:56.5'", "'2024-02-29T12:34:56.500000'", "'2024-02-29 12:34:56.50Z'"}) {
        ASSERT_TRUE(can_read(text, cell_kind::timestamp, out)) << text;
        EXPECT_EQ(out.integer, 1'709'210'096'500'000) << text;
    }
    ASSERT_TRUE(can_read("'2024-02-29 12:34'", cell_kind::timestamp, out));
    EXPECT_EQ(out.integer, 1'709'210'040'000'000);
    ASSERT_TRUE(can_read("'2024-02-29'", cell_kind::timestamp, out));
    EXPECT_EQ(out.integer, 19782 * 86'400'000'000);
}

TEST_F(stored, anything_else_is_no_timestamp) {
    for (const char* text :
         {"''", "'2024'", "'2024-2-9'", "'2023-02-29'", "'2024-13-01'", "'2024-00-10'", "'2024-02-29 '",
          "'2024-02-29x'", "'2024-02-29 24:00:00'", "'2024-02-29 12:60'", "'2024-02-29 12:34:60'",
          "'2024-02-29 12:34:56.'", "'2024-02-29 12:34:56.1234567'", "'2024-02-29 12:34:56+01:00'",
          "'2024-02-29Z'", "' 2024-02-29'", "1709210096", "1.5", "x'32'"}) {
        EXPECT_FALSE(can_read(text, cell_kind::timestamp)) << text;
    }
    EXPECT_FALSE(can_read("'2024-02-29 12:00:00'", cell_kind::date));
}

TEST_F(stored, T59_T71_a_value_of_another_kind_is_told_and_never_bent) {
    EXPECT_FALSE(can_read("'7'", cell_kind::integer));
    EXPECT_FALSE(can_read("7.0", cell_kind::integer));
    EXPECT_FALSE(can_read("9223372036854775808", cell_kind::integer)); // SQLite makes it a REAL
    EXPECT_FALSE(can_read("2", cell_kind::boolean));
    EXPECT_FALSE(can_read("-1", cell_kind::boolean));
    EXPECT_FALSE(can_read("'true'", cell_kind::boolean));
    EXPECT_FALSE(can_read("'1.5'", cell_kind::real));
    EXPECT_FALSE(can_read("x'61'", cell_kind::text));
    EXPECT_FALSE(can_read("'a'", cell_kind::blob));
    EXPECT_FALSE(can_read("1", cell_kind::blob));
}

TEST_F(stored, a_uuid_is_sixteen_bytes) {
    using namespace std::string_view_literals;
    expect_round_trip(cell::of_bytes("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"sv,
                                     cell_kind::uuid));
    EXPECT_FALSE(can_read("x'001122'", cell_kind::uuid));
    EXPECT_FALSE(can_read("'0011223344556677'", cell_kind::uuid));
}

TEST_F(stored, a_decimal_is_text_and_never_a_number_with_a_fraction) {
    const cell number = cell::of_bytes("-12345678901234567890123456789012345678.5", cell_kind::decimal);
    expect_round_trip(number);
    EXPECT_EQ(text_of(number), number.bytes());
    cell out;
    ASSERT_TRUE(can_read("12", cell_kind::decimal, out)); // written as a whole number by another program
    EXPECT_EQ(out.bytes(), "12");
    EXPECT_FALSE(can_read("1.5", cell_kind::decimal));
    EXPECT_FALSE(can_read("x'31'", cell_kind::decimal));
}

TEST_F(stored, json_and_arrays_are_text) {
    expect_round_trip(cell::of_bytes(R"({"a":[1,null]})", cell_kind::json));
    expect_round_trip(cell::of_bytes("[1,2]", cell_kind::array));
    EXPECT_FALSE(can_read("5", cell_kind::json));
    EXPECT_FALSE(can_read("x'5B5D'", cell_kind::array));
}

TEST_F(stored, a_time_of_day_is_text_whose_order_is_that_of_time) {
    constexpr std::int64_t second = 1'000'000;
    for (const std::int64_t time : {std::int64_t{0}, second - 1, 86'400 * second - 1})
        expect_round_trip(cell::of_integer(time, cell_kind::time));
    EXPECT_EQ(text_of(cell::of_integer(3'723 * second, cell_kind::time)), "01:02:03");
    EXPECT_EQ(text_of(cell::of_integer(3'723 * second + 4, cell_kind::time)), "01:02:03.000004");
    cell out;
    ASSERT_TRUE(can_read("'13:05'", cell_kind::time, out));
    EXPECT_EQ(out.integer, 47'100 * second);
    for (const std::string_view wrong : {"'24:00:00'", "'12:60'", "'12:00:00Z'", "'noon'", "43200"})
        EXPECT_FALSE(can_read(wrong, cell_kind::time)) << wrong;
    EXPECT_THROW(text_of(cell::of_integer(86'400 * second, cell_kind::time)), kin::data_error);
    EXPECT_THROW(text_of(cell::of_integer(-1, cell_kind::time)), kin::data_error);
}

TEST_F(stored, a_whole_number_is_a_real_and_a_number_is_a_text_where_these_are_asked_for) {
    cell out;
    ASSERT_TRUE(can_read("7", cell_kind::real, out));
    EXPECT_EQ(out.real, 7.0);
    ASSERT_TRUE(can_read("7", cell_kind::text, out));
    EXPECT_EQ(out.bytes(), "7");
    ASSERT_TRUE(can_read("1.5", cell_kind::text, out));
    EXPECT_EQ(out.bytes(), "1.5");
}

TEST_F(stored, null_is_null_in_every_kind) {
    for (const cell_kind kind : {cell_kind::integer, cell_kind::real, cell_kind::boolean, cell_kind::text,
                                 cell_kind::blob, cell_kind::date, cell_kind::timestamp, cell_kind::time,
                                 cell_kind::uuid, cell_kind::decimal, cell_kind::json, cell_kind::array}) {
        cell out = cell::of_integer(1);
        EXPECT_TRUE(can_read("NULL", kind, out));
        EXPECT_TRUE(out.is_null());
    }
}

TEST_F(stored, reading_several_columns_stops_at_the_one_that_does_not_fit) {
    cursor rows = c.open("SELECT 0, 1, 'x', 'y'");
    ASSERT_TRUE(rows.next());
    const cell_kind kinds[] = {cell_kind::integer, cell_kind::integer, cell_kind::text};
    cell out[3];
    EXPECT_EQ(rows.read(1, kinds, out), 1U);
    EXPECT_EQ(out[0].integer, 1);
    EXPECT_EQ(rows.read_raw(2).bytes(), "x");
    EXPECT_EQ(rows.read_raw(2).kind, cell_kind::text);
    EXPECT_EQ(rows.column_count(), 4U);
    EXPECT_EQ(rows.column_name(0), "0");
}

TEST_F(stored, a_statement_survives_a_change_of_its_table) {
    c.execute("CREATE TABLE t (a)");
    c.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(value_of(c, "SELECT * FROM t"), "1");
    c.execute("ALTER TABLE t ADD COLUMN b");
    cursor rows = c.open("SELECT * FROM t");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.column_count(), 2U);
}

} // namespace
