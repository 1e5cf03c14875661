// SPDX-License-Identifier: MIT
#include "kin/base/array_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "kin/base/codec.hpp"
#include "kin/base/decimal.hpp"
#include "kin/base/json.hpp"
#include "kin/base/time_of_day.hpp"
#include "kin/base/uuid.hpp"

using kin::cell;
using kin::cell_kind;
using kin::codec;

namespace {

enum class Color { red, green };

template <class T> std::string stored(const std::vector<T>& values) {
    cell c;
    kin::scratch memory;
    if (!codec<std::vector<T>>::encode(values, kin::encoder{c, memory})) return "refused";
    EXPECT_EQ(c.kind, cell_kind::array);
    return std::string(c.bytes());
}

template <class T> std::optional<std::vector<T>> read(std::string_view text) {
    std::vector<T> out;
    if (!codec<std::vector<T>>::decode(out, cell::of_bytes(text, cell_kind::array))) return std::nullopt;
    return out;
}

template <class T> void expect_round_trip(const std::vector<T>& values, std::string_view text) {
    EXPECT_EQ(stored(values), text);
    EXPECT_EQ(read<T>(text), values);
}

TEST(array_text, writes_numbers_and_booleans_as_such_and_null_as_null) {
    expect_round_trip<int>({}, "[]");
    expect_round_trip<std::int64_t>({1, std::numeric_limits<std::int64_t>::min()},
                                    "[1,-9223372036854775808]");
    expect_round_trip<bool>({true, false}, "[true,false]");
    expect_round_trip<double>({0.1, -2.0, 1e300}, "[0.1,-2,1e+300]");
    expect_round_trip<std::optional<int>>({1, std::nullopt}, "[1,null]");
    expect_round_trip<std::optional<std::string>>({std::nullopt, "null"}, R"([null,"null"])");
}

TEST(array_text, writes_the_rest_as_strings) {
    using namespace std::chrono_literals;
    expect_round_trip<std::string>({"", "a\"b\\", "\n", std::string("\0", 1), "\xC3\xA9"},
                                   "[\"\",\"a\\\"b\\\\\",\"\\n\",\"\\u0000\",\"\xC3\xA9\"]");
    expect_round_trip<kin::decimal>({kin::decimal("12.5"), kin::decimal(-3)}, R"(["12.5","-3"])");
    expect_round_trip<kin::uuid>({kin::uuid("0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e")},
                                 R"(["0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e"])");
    expect_round_trip<std::chrono::sys_days>({std::chrono::sys_days(2026y / 11 / 29)}, R"(["2026-11-29"])");
    expect_round_trip<std::chrono::sys_seconds>({std::chrono::sys_days(2026y / 11 / 29) + 1s},
                                                R"(["2026-11-29 00:00:01"])");
    expect_round_trip<kin::time_of_day>({kin::time_of_day(9, 30)}, R"(["09:30:00"])");
    expect_round_trip<std::chrono::seconds>({1s}, "[1000000]");
    expect_round_trip<Color>({Color::green, Color::red}, R"(["green","red"])");
    const double infinite = std::numeric_limits<double>::infinity();
    expect_round_trip<double>({infinite, -infinite}, R"(["Infinity","-Infinity"])");
    EXPECT_TRUE(std::isnan(read<double>(R"(["NaN"])")->front()));
}

TEST(array_text, refuses_elements_that_cannot_be_stored) {
    using namespace std::chrono_literals;
    EXPECT_EQ(stored<std::string>({"\xff"}), "refused");
    EXPECT_EQ(stored<std::uint64_t>({~std::uint64_t{0}}), "refused");
    EXPECT_EQ(stored<Color>({static_cast<Color>(7)}), "refused");
    EXPECT_EQ(stored<std::chrono::sys_days>({std::chrono::sys_days(10000y / 1 / 1)}), "refused");
    static_assert(!kin::storable<std::vector<kin::json>> && !kin::storable<std::vector<std::vector<int>>> &&
                  !kin::storable<std::vector<std::vector<std::byte>>>);
}

TEST(array_text, reads_arrays_of_other_programs) {
    EXPECT_EQ(read<int>(" [ 1 , 2 ] "), (std::vector<int>{1, 2}));
    EXPECT_EQ(read<int>("[ ]"), std::vector<int>());
    EXPECT_EQ(read<int>("\t[\r\n1\r\n,\t2\n]\r\n"), (std::vector<int>{1, 2}));
    EXPECT_EQ(read<double>("[1]"), std::vector<double>{1});
    EXPECT_EQ(read<kin::decimal>("[0.10]"), std::vector<kin::decimal>{kin::decimal("0.1")});
    EXPECT_EQ(read<std::string>(R"(["\u0041"])"), std::vector<std::string>{"A"});
}

TEST(array_text, says_no_to_what_is_no_array_of_the_type) {
    for (const std::string_view wrong :
         {"", "[", "[1", "[1,", "[1,]", "[,1]", "[1]]", "[1] 2", "{}", "1", "[1 2]", "[1.5]", "[\"1\"]",
          "[true]", "[null]", "[3000000000]", "[99999999999999999999]"})
        EXPECT_FALSE(read<int>(wrong)) << wrong;
    EXPECT_FALSE(read<std::string>("[1]"));
    EXPECT_FALSE(read<bool>("[1]"));
    EXPECT_FALSE(read<bool>("[,true]"));
    EXPECT_FALSE(read<double>("[1e999]"));
    EXPECT_FALSE(read<kin::decimal>("[,1]"));
    EXPECT_FALSE(read<double>(R"(["1"])"));
    EXPECT_FALSE(read<kin::uuid>(R"(["1"])"));
    EXPECT_FALSE(read<kin::time_of_day>(R"(["25:00"])"));
    // The second is not the first once more.
    EXPECT_FALSE(read<double>(R"(["NaN","x"])"));
    EXPECT_FALSE(read<kin::uuid>(R"(["00000000-0000-0000-0000-000000000001","1"])"));
    EXPECT_FALSE(read<kin::time_of_day>(R"(["12:00","25:00"])"));
}

TEST(array_text, has_nothing_behind_its_end) {
    kin::detail::array_reader reader("[1]]");
    kin::cell c;
    EXPECT_TRUE(reader.next(kin::cell_kind::integer, c));
    for (int times = 0; times < 2; ++times) {
        EXPECT_FALSE(reader.next(kin::cell_kind::integer, c));
        EXPECT_FALSE(reader.is_whole());
    }
}

} // namespace
