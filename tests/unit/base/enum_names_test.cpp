// SPDX-License-Identifier: MIT
#include "kin/base/enum_names.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <utility>

#include "kin/base/codec.hpp"

namespace {

enum class color { red, green, blue = 7 };
enum class narrow : std::uint8_t { first = 2, last = 127 };
enum class below : int { unknown = -1, known };
enum plain { plain_one, plain_five = 5 };
enum class flag : bool { off, on };
enum class nameless {};
enum class http { ok = 200, not_found = 404 };
enum opaque : int;
template <class A, class B> struct Holder {
    enum class state { open, closed };
};
using held = Holder<int, std::map<int, std::pair<char, bool>>>::state;

} // namespace

template <> struct kin::enum_names<http> {
    static constexpr kin::enum_entry<http> entries[] = {{http::ok, "OK"}, {http::not_found, "Not Found"}};
};

static_assert(kin::named_enum<color> && kin::named_enum<plain> && kin::named_enum<http> &&
              kin::named_enum<held>);
static_assert(!kin::named_enum<nameless> && !kin::named_enum<std::byte> && !kin::named_enum<opaque> &&
              !kin::named_enum<int>);
static_assert(std::size(kin::enum_names<color>::entries) == 3);
static_assert(kin::enum_name(color::blue) == "blue" && kin::enum_name(static_cast<color>(3)).empty());
static_assert(kin::enum_name(narrow::first) == "first" && kin::enum_name(narrow::last) == "last");
static_assert(kin::enum_name(below::unknown) == "unknown" && kin::enum_name(below::known) == "known");
static_assert(kin::enum_name(plain_one) == "plain_one" && kin::enum_name(plain_five) == "plain_five");
static_assert(kin::enum_name(flag::off) == "off" && kin::enum_name(flag::on) == "on");
static_assert(kin::enum_name(held::closed) == "closed");
static_assert(kin::enum_name(http::not_found) == "Not Found");

static_assert(kin::codec<color>::type.kind == kin::type_kind::enumeration &&
              kin::codec<color>::type.name_count == 3);
static_assert(kin::codec<color>::type.names[2] == "blue");

TEST(enum_names, of_an_enumeration_inside_a_function_are_found) {
    enum class local { here, there };
    EXPECT_EQ(kin::enum_name(local::there), "there");
}

TEST(enum_names, a_value_is_found_by_its_name_or_left_alone) {
    color c = color::red;
    EXPECT_TRUE(kin::enum_from_name("green", c));
    EXPECT_EQ(c, color::green);
    EXPECT_FALSE(kin::enum_from_name("gre", c));
    EXPECT_FALSE(kin::enum_from_name("", c));
    EXPECT_EQ(c, color::green);
}

TEST(enum_codec, stores_the_name_and_reads_it_back) {
    kin::cell out;
    kin::scratch memory;
    EXPECT_TRUE(kin::codec<http>::encode(http::not_found, kin::encoder{out, memory}));
    EXPECT_EQ(out.bytes(), "Not Found");
    http back = http::ok;
    EXPECT_TRUE(kin::codec<http>::decode(back, out));
    EXPECT_EQ(back, http::not_found);
}

TEST(enum_codec, refuses_values_without_a_name_and_unknown_words) {
    kin::cell out;
    kin::scratch memory;
    EXPECT_FALSE(kin::codec<color>::encode(static_cast<color>(5), kin::encoder{out, memory}));
    color c = color::red;
    EXPECT_FALSE(kin::codec<color>::decode(c, kin::cell::of_text("purple")));
    EXPECT_FALSE(kin::codec<color>::decode(c, kin::cell::of_integer(1)));
    EXPECT_FALSE(kin::codec<color>::decode(c, kin::cell()));
}
