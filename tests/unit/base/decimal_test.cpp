// SPDX-License-Identifier: MIT
#include "kin/base/decimal.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>

#include "kin/base/codec.hpp"
#include "kin/base/error.hpp"
#include "kin/base/field.hpp"

using kin::decimal;
using kin::rounding;

namespace {

const std::string most = std::string(38, '9');

std::string code_of(auto&& calculation) {
    try {
        (void)calculation();
    } catch (const kin::data_error& e) {
        return std::string(e.code());
    }
    return "no error";
}

std::string stored(const decimal& number) {
    kin::cell c;
    kin::scratch memory;
    EXPECT_TRUE(kin::codec<decimal>::encode(number, kin::encoder{c, memory}));
    EXPECT_EQ(c.kind, kin::cell_kind::decimal);
    return std::string(c.bytes());
}

TEST(decimal, is_written_as_it_was_read) {
    for (const std::string& text :
         {std::string("0"), std::string("1.50"), std::string("-0.5"), std::string("0.00"), most, "-" + most,
          "0." + most, "1234567890123456789." + std::string(19, '7')})
        EXPECT_EQ(decimal(text).to_string(), text);
    EXPECT_EQ(decimal("+1.5").to_string(), "1.5");
    EXPECT_EQ(decimal("-0").to_string(), "0");
    EXPECT_EQ(decimal("007.50").to_string(), "7.50");
    std::ostringstream out;
    out << decimal("-12.50");
    EXPECT_EQ(out.str(), "-12.50");
}

TEST(decimal, leaves_zeros_out_that_would_be_too_many) {
    EXPECT_EQ(decimal(most + "." + std::string(30, '0')), decimal(most));
    EXPECT_EQ(decimal("1." + std::string(60, '0')), decimal(1));
    EXPECT_EQ(decimal(std::string(60, '0').append(1, '1')), decimal(1));
}

TEST(decimal, refuses_every_other_text) {
    for (const std::string& wrong :
         {std::string(), std::string("."), std::string("1."), std::string(".5"), std::string("-"),
          std::string("1e5"), std::string("1,5"), std::string(" 1"), std::string("1.2.3"), std::string("NaN"),
          most + "1", "0." + most + "1"})
        EXPECT_FALSE(decimal::parse(wrong)) << wrong;
    EXPECT_EQ(code_of([] { return decimal("12,50"); }), "invalid_decimal");
}

TEST(decimal, is_made_from_every_integer_and_from_no_double) {
    EXPECT_EQ(decimal(std::numeric_limits<std::int64_t>::min()).to_string(), "-9223372036854775808");
    EXPECT_EQ(decimal(std::numeric_limits<std::uint64_t>::max()).to_string(), "18446744073709551615");
    EXPECT_EQ(decimal::from_units(-1999, 2).to_string(), "-19.99");
    static_assert(std::is_convertible_v<int, decimal> && !std::is_constructible_v<decimal, double> &&
                  !std::is_constructible_v<decimal, float> && !std::is_constructible_v<decimal, bool>);
}

TEST(decimal, compares_as_a_number) {
    EXPECT_EQ(decimal("1.5"), decimal("1.500"));
    EXPECT_EQ(std::hash<decimal>()(decimal("1.5")), std::hash<decimal>()(decimal("1.500")));
    EXPECT_EQ(decimal("-0.0"), decimal(0));
    EXPECT_LT(decimal("-1"), decimal("0.1"));
    EXPECT_LT(decimal("-2"), decimal("-1.9"));
    EXPECT_LT(decimal("9.99"), decimal("10"));
    EXPECT_LT(decimal("0." + most), decimal("1"));
    EXPECT_LT(decimal("0.05"), decimal(most));
    EXPECT_GT(decimal(most), decimal("0." + most));
    EXPECT_GT(decimal(3), 2);
}

TEST(decimal, calculates_exactly) {
    EXPECT_EQ((decimal("0.1") + decimal("0.2")).to_string(), "0.3");
    EXPECT_EQ((decimal("1.50") + decimal("2.5")).to_string(), "4.00");
    EXPECT_EQ((decimal("1") - decimal("0.01")).to_string(), "0.99");
    EXPECT_EQ((decimal("-1") - decimal("-1")).to_string(), "0");
    EXPECT_EQ((decimal("19.99") * 3).to_string(), "59.97");
    EXPECT_EQ((decimal("-0.5") * decimal("0.50")).to_string(), "-0.250");
    EXPECT_EQ(decimal(most) - decimal(most), 0);
    EXPECT_EQ(decimal(most) * 1, decimal(most));
    decimal sum;
    for (int i = 0; i < 1000; ++i) sum += decimal("0.001");
    EXPECT_EQ(sum, 1);
}

TEST(decimal, says_so_when_a_result_has_too_many_digits) {
    EXPECT_EQ(code_of([] { return decimal(most) + 1; }), "decimal_overflow");
    EXPECT_EQ(code_of([] { return -decimal(most) - 1; }), "decimal_overflow");
    EXPECT_EQ(code_of([] { return decimal(most) * 10; }), "decimal_overflow");
    EXPECT_EQ(code_of([] { return decimal(most) + decimal("0.1"); }), "decimal_overflow");
    EXPECT_EQ(code_of([] { return decimal("0." + most) * decimal("0.1"); }), "decimal_overflow");
    EXPECT_EQ(code_of([] { return decimal(most).rounded(1); }), "decimal_overflow");
    EXPECT_EQ(code_of([] { return decimal(1).rounded(39); }), "decimal_overflow");
    EXPECT_EQ(decimal("1." + std::string(37, '0')) * decimal("1.0"), 1); // only zeros were too many
}

TEST(decimal, rounds_in_three_ways) {
    EXPECT_EQ(decimal("2.345").rounded(2).to_string(), "2.35");
    EXPECT_EQ(decimal("-2.345").rounded(2).to_string(), "-2.35");
    EXPECT_EQ(decimal("2.5").rounded(0, rounding::half_even).to_string(), "2");
    EXPECT_EQ(decimal("3.5").rounded(0, rounding::half_even).to_string(), "4");
    EXPECT_EQ(decimal("2.51").rounded(0, rounding::half_even).to_string(), "3");
    EXPECT_EQ(decimal("-2.9").rounded(0, rounding::down).to_string(), "-2");
    EXPECT_EQ(decimal("0.4").rounded(0).to_string(), "0");
    EXPECT_FALSE(decimal("-0.4").rounded(0).is_negative());
    EXPECT_EQ(decimal("1.5").rounded(3).to_string(), "1.500");
}

TEST(decimal, divides_to_as_many_digits_as_are_asked_for) {
    EXPECT_EQ(decimal(1).divided_by(3, 5).to_string(), "0.33333");
    EXPECT_EQ(decimal(2).divided_by(3, 5).to_string(), "0.66667");
    EXPECT_EQ(decimal(-1).divided_by(8, 2).to_string(), "-0.13");
    EXPECT_EQ(decimal(-1).divided_by(8, 2, rounding::down).to_string(), "-0.12");
    EXPECT_EQ(decimal(1).divided_by(8, 2, rounding::half_even).to_string(), "0.12");
    EXPECT_EQ(decimal("0.00123").divided_by(decimal("0.1"), 2).to_string(), "0.01");
    EXPECT_EQ(decimal(most).divided_by(decimal(most), 3).to_string(), "1.000");
    EXPECT_EQ(decimal("1.23456").divided_by(1, 2).to_string(), "1.23");
    EXPECT_EQ(decimal("1.235").divided_by(1, 2, rounding::half_even).to_string(), "1.24");
    EXPECT_EQ(decimal("0.0001").divided_by(decimal(most), 2).to_string(), "0.00");
    EXPECT_EQ(code_of([] { return decimal(1).divided_by(0, 2); }), "division_by_zero");
    EXPECT_EQ(code_of([] { return decimal(most).divided_by(decimal("0.01"), 0); }), "decimal_overflow");
}

TEST(decimal, knows_its_digits_and_becomes_other_numbers) {
    EXPECT_EQ(decimal("1.50").scale(), 2);
    EXPECT_EQ(decimal("1.50").digits(), 3);
    EXPECT_EQ(decimal("0.05").digits(), 1);
    EXPECT_EQ(decimal("1.50").trimmed().to_string(), "1.5");
    EXPECT_EQ(decimal("-12.9").to_integer(), -12);
    EXPECT_EQ(decimal("-9223372036854775808").to_integer(), std::numeric_limits<std::int64_t>::min());
    EXPECT_FALSE(decimal("9223372036854775808").to_integer());
    EXPECT_EQ(decimal("0.1").to_double(), 0.1);
}

/// Numbers of 60 bits, which 128-bit integers calculate as a check.
TEST(decimal, calculates_as_integers_do) {
    std::mt19937_64 source(11);
    for (int i = 0; i < 20'000; ++i) {
        const auto a = static_cast<std::int64_t>(source()) >> (source() % 60 + 4);
        const auto b = static_cast<std::int64_t>(source()) >> (source() % 60 + 4);
        const int scale = static_cast<int>(source() % 10);
        const decimal left = decimal::from_units(a, scale);
        const decimal right = decimal::from_units(b, scale);
        ASSERT_EQ(left + right, decimal::from_units(a + b, scale));
        ASSERT_EQ(left - right, decimal::from_units(a - b, scale));
        ASSERT_EQ(left < right, a < b);
        ASSERT_EQ(decimal(left.to_string()), left);
        const std::int64_t small = b % 1000;
        ASSERT_EQ(decimal::from_units(a / 1024, scale) * small, decimal::from_units(a / 1024 * small, scale));
        if (small == 0 || a / small * small != a) continue;
        ASSERT_EQ(left.divided_by(small, scale), decimal::from_units(a / small, scale));
    }
}

TEST(decimal, travels_in_its_shortest_form) {
    EXPECT_EQ(stored(decimal("1.50")), "1.5");
    EXPECT_EQ(stored(decimal("-100.000")), "-100");
    EXPECT_EQ(stored(decimal("0.00")), "0");
    decimal out;
    using codec = kin::codec<decimal>;
    ASSERT_TRUE(codec::decode(out, kin::cell::of_bytes("12.5000", kin::cell_kind::decimal)));
    EXPECT_EQ(out.to_string(), "12.5");
    ASSERT_TRUE(codec::decode(out, kin::cell::of_integer(-3)));
    EXPECT_EQ(out, -3);
    EXPECT_FALSE(codec::decode(out, kin::cell::of_real(1.5)));
    EXPECT_FALSE(codec::decode(out, kin::cell::of_bytes("NaN", kin::cell_kind::decimal)));
    EXPECT_FALSE(codec::decode(out, kin::cell()));
}

TEST(decimal, a_field_with_precision_reads_as_many_zeros_as_its_scale) {
    using price = kin::field<decimal, kin::precision{12, 2}>;
    static_assert(kin::codec<price>::type.precision == 12 && kin::codec<price>::type.scale == 2);
    static_assert(kin::codec<std::optional<price>>::type.scale == 2);
    price out;
    ASSERT_TRUE(kin::codec<price>::decode(out, kin::cell::of_bytes("19.9", kin::cell_kind::decimal)));
    EXPECT_EQ(out.to_string(), "19.90");
    EXPECT_EQ(out, decimal("19.9"));
    EXPECT_EQ(out + 1, decimal("20.9"));
}

} // namespace
