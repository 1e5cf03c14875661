// SPDX-License-Identifier: MIT
#include "kin/base/value.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/base/field.hpp"

using kin::cell_kind;
using kin::value;

namespace {
enum class color { red, green };
struct unknown {};
} // namespace

static_assert(!std::is_constructible_v<value, unknown>);
static_assert(!std::is_convertible_v<kin::cell, value>);
static_assert(std::is_nothrow_move_constructible_v<value>);

TEST(value, is_null_by_default_and_from_nullptr_nullopt_and_a_null_char_pointer) {
    EXPECT_TRUE(value().is_null());
    EXPECT_TRUE(value(nullptr).is_null());
    EXPECT_TRUE(value(std::optional<int>()).is_null());
    EXPECT_TRUE(value(static_cast<const char*>(nullptr)).is_null());
}

TEST(value, is_made_from_literals_strings_and_views) {
    for (const value& v : {value("J%"), value(std::string("J%")), value(std::string_view("J%"))}) {
        EXPECT_EQ(v.kind(), cell_kind::text);
        EXPECT_EQ(v.view().bytes(), "J%");
    }
}

TEST(value, is_made_from_anything_with_a_codec) {
    EXPECT_EQ(value(5).view().integer, 5);
    EXPECT_EQ(value(2.5).view().real, 2.5);
    EXPECT_EQ(value(true).kind(), cell_kind::boolean);
    EXPECT_EQ(value(color::green).view().bytes(), "green");
    EXPECT_EQ(value(kin::primary_key<int>(9)).view().integer, 9);
    EXPECT_EQ(value(std::optional<std::string_view>("x")).view().bytes(), "x");
}

TEST(value, owns_its_text) {
    std::string source = "a text that is too long to live inside a std::string object";
    const value v = source;
    source.assign(source.size(), '-');
    EXPECT_EQ(v.view().bytes(), "a text that is too long to live inside a std::string object");
}

TEST(value, keeps_its_content_when_copied_and_moved) {
    value first = "short";
    value copy = first;
    const value moved = std::move(first);
    EXPECT_EQ(copy, moved);
    copy = 5;
    EXPECT_EQ(copy.view().integer, 5);
    EXPECT_EQ(moved.view().bytes(), "short");
}

TEST(value, empty_text_is_not_null_and_has_an_address) {
    const value v = "";
    EXPECT_FALSE(v.is_null());
    EXPECT_NE(v.view().data, nullptr);
}

TEST(value, binds_by_name_in_a_braced_list) {
    const std::map<std::string, value> parameters{{"p", "J%"}, {"n", 5}, {"none", nullptr}};
    EXPECT_EQ(parameters.at("p").view().bytes(), "J%");
    EXPECT_EQ(parameters.at("n").view().integer, 5);
    EXPECT_TRUE(parameters.at("none").is_null());
}

TEST(value, refuses_what_fits_no_column) {
    try {
        value v(std::numeric_limits<std::uint64_t>::max());
        FAIL();
    } catch (const kin::data_error& e) {
        EXPECT_EQ(e.code(), "value_out_of_range");
    }
    EXPECT_THROW(value(static_cast<color>(77)), kin::data_error);
}
