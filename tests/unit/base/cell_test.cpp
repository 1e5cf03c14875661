// SPDX-License-Identifier: MIT
#include "kin/base/cell.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

using kin::cell;
using kin::cell_kind;

TEST(cell, is_null_until_something_is_put_in) {
    EXPECT_TRUE(cell().is_null());
    EXPECT_FALSE(cell::of_integer(0).is_null());
    EXPECT_FALSE(cell::of_text("").is_null());
}

TEST(cell, null_is_the_same_as_null_and_as_nothing_else) {
    EXPECT_TRUE(cell().same_as(cell()));
    EXPECT_FALSE(cell().same_as(cell::of_integer(0)));
    EXPECT_FALSE(cell::of_text("").same_as(cell()));
}

TEST(cell, integers_compare_by_value_and_kind) {
    EXPECT_TRUE(cell::of_integer(7).same_as(cell::of_integer(7)));
    EXPECT_FALSE(cell::of_integer(7).same_as(cell::of_integer(8)));
    EXPECT_FALSE(cell::of_integer(7).same_as(cell::of_integer(7, cell_kind::date)));
}

TEST(cell, doubles_compare_by_their_bits) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(cell::of_real(nan).same_as(cell::of_real(nan)));
    EXPECT_FALSE(cell::of_real(0.0).same_as(cell::of_real(-0.0)));
}

TEST(cell, text_compares_by_content_with_nul_and_not_by_address) {
    const std::string one("a\0b", 3);
    const std::string two = one;
    EXPECT_TRUE(cell::of_text(one).same_as(cell::of_text(two)));
    EXPECT_FALSE(cell::of_text(one).same_as(cell::of_text("a")));
    EXPECT_FALSE(cell::of_text("a").same_as(cell::of_bytes("a")));
}

TEST(cell, bytes_of_a_number_are_empty) {
    EXPECT_EQ(cell::of_integer(5).bytes(), "");
    EXPECT_EQ(cell::of_text("five").bytes(), "five");
}
