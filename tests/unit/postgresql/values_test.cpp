// SPDX-License-Identifier: MIT
#include "kin/postgresql/values.hpp"

#include <string>

#include <gtest/gtest.h>

#include "kin/postgresql/numeric.hpp"
#include "kin/postgresql/temporal.hpp"
#include "kin/postgresql/types.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using namespace kin::postgresql;
using namespace std::string_literals;

/// NUMERIC as the server sends it.
std::string numeric(std::initializer_list<int> words) {
    std::string out;
    for (const int w : words) {
        out += static_cast<char>(w >> 8);
        out += static_cast<char>(w & 255);
    }
    return out;
}

TEST(postgresql_numeric, becomes_the_shortest_text_of_the_number) {
    EXPECT_EQ(text_of_numeric(numeric({0, 0, 0, 0})), "0");
    EXPECT_EQ(text_of_numeric(numeric({1, 0, 0, 0, 7})), "7");
    EXPECT_EQ(text_of_numeric(numeric({2, 0, 0x4000, 2, 12, 5000})), "-12.5");
    EXPECT_EQ(text_of_numeric(numeric({1, -1, 0, 4, 15})), "0.0015");
    EXPECT_EQ(text_of_numeric(numeric({1, -2, 0, 8, 1})), "0.00000001");
    EXPECT_EQ(text_of_numeric(numeric({2, 1, 0, 0, 1, 2})), "10002");
    EXPECT_EQ(text_of_numeric(numeric({1, 2, 0, 0, 3})), "300000000"); // zeros at the end are not sent
    EXPECT_EQ(text_of_numeric(numeric({0, 0, 0xC000, 0})), "NaN");
    EXPECT_EQ(text_of_numeric(numeric({0, 0, 0xF000, 0})), "-Infinity");
}

TEST(postgresql_numeric, refuses_bytes_that_are_none) {
    EXPECT_EQ(text_of_numeric("1234567"), "");
    EXPECT_EQ(text_of_numeric(numeric({2, 0, 0, 0, 7})), "");
}

TEST(postgresql_numeric, loses_zeros_that_say_nothing) {
    EXPECT_EQ(shortest_decimal("1.50"), "1.5");
    EXPECT_EQ(shortest_decimal("100"), "100");
    EXPECT_EQ(shortest_decimal("-0.00"), "0");
}

TEST(postgresql_values, a_number_is_read_in_every_kind_that_holds_it) {
    kin::scratch memory;
    cell c;
    const std::string seven = "\0\0\0\7"s;
    ASSERT_TRUE(read_binary(int4_type, seven, cell_kind::integer, memory, c));
    EXPECT_EQ(c.integer, 7);
    ASSERT_TRUE(read_binary(int4_type, seven, cell_kind::real, memory, c));
    EXPECT_EQ(c.real, 7.0);
    ASSERT_TRUE(read_binary(int4_type, seven, cell_kind::text, memory, c));
    EXPECT_EQ(c.bytes(), "7");
    ASSERT_TRUE(read_binary(int4_type, seven, cell_kind::decimal, memory, c));
    EXPECT_EQ(c.bytes(), "7");
    EXPECT_FALSE(read_binary(int4_type, seven, cell_kind::boolean, memory, c));
    EXPECT_FALSE(read_binary(int4_type, seven, cell_kind::blob, memory, c));
    EXPECT_FALSE(read_binary(int4_type, "\0\7"s, cell_kind::integer, memory, c)); // cut off
}

TEST(postgresql_values, the_text_form_gives_the_same_cells) {
    kin::scratch memory;
    cell c;
    ASSERT_TRUE(read_text(int8_type, "-12", cell_kind::integer, memory, c));
    EXPECT_EQ(c.integer, -12);
    ASSERT_TRUE(read_text(boolean_type, "t", cell_kind::boolean, memory, c));
    EXPECT_EQ(c.integer, 1);
    EXPECT_EQ(c.kind, cell_kind::boolean);
    ASSERT_TRUE(read_text(float8_type, "1e-05", cell_kind::real, memory, c));
    EXPECT_EQ(c.real, 1e-05);
    ASSERT_TRUE(read_text(bytea_type, "\\x00ff", cell_kind::blob, memory, c));
    EXPECT_EQ(c.bytes(), "\0\xff"s);
    ASSERT_TRUE(read_text(timestamptz_type, "1970-01-01 02:00:00.5+02", cell_kind::timestamp, memory, c));
    EXPECT_EQ(c.integer, 500'000);
    ASSERT_TRUE(read_text(date_type, "1970-01-02", cell_kind::date, memory, c));
    EXPECT_EQ(c.integer, 1);
    EXPECT_FALSE(read_text(timestamptz_type, "infinity", cell_kind::timestamp, memory, c));
    EXPECT_FALSE(read_text(text_type, "12", cell_kind::integer, memory, c));
}

TEST(postgresql_temporal, infinity_and_what_64_bits_cannot_say_are_no_times) {
    kin::scratch memory;
    cell c;
    EXPECT_FALSE(
        read_binary(timestamptz_type, "\x7f\xff\xff\xff\xff\xff\xff\xff", cell_kind::timestamp, memory, c));
    EXPECT_FALSE(read_binary(timestamptz_type, "\x80\0\0\0\0\0\0\0"s, cell_kind::timestamp, memory, c));
    EXPECT_FALSE(read_binary(date_type, "\x7f\xff\xff\xff", cell_kind::date, memory, c));
    EXPECT_FALSE(has_date(-2'500'000));
    EXPECT_TRUE(has_date(0));
}

TEST(postgresql_temporal, texts_are_those_of_the_other_databases) {
    char text[temporal_size];
    EXPECT_EQ(std::string_view(text, format_timestamp(-1, text)), "1969-12-31 23:59:59.999999");
    EXPECT_EQ(std::string_view(text, format_timestamp(0, text)), "1970-01-01 00:00:00");
    EXPECT_EQ(std::string_view(text, format_date(11'016, text)), "2000-02-29");
}

} // namespace
