// SPDX-License-Identifier: MIT
#include "kin/base/utf8.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

using kin::code_points;
using kin::is_valid_utf8;

namespace {

/// By the definition of UTF-8.
std::string utf8_of(std::uint32_t c) {
    const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 63))};
    if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
    return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 63)), byte(0x80 | (c >> 6 & 63)),
            byte(0x80 | (c & 63))};
}

} // namespace

TEST(utf8, every_character_of_unicode_is_valid_and_counts_as_one) {
    for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
        const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        ASSERT_EQ(is_valid_utf8(utf8_of(c)), !surrogate) << std::hex << c;
        if (surrogate) continue;
        ASSERT_EQ(code_points(utf8_of(c)), 1u) << std::hex << c;
    }
}

TEST(utf8, malformed_text_is_refused) {
    for (const std::string text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3\x28", "\xE0\x80\x80", "\xE0\x9F\xBF",
          "\xE2\x82", "\xE2\x28\xA1", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF0\x9F\x98", "\xFF", "\xFE"})
        EXPECT_FALSE(is_valid_utf8(text));
}

TEST(utf8, a_fault_is_found_wherever_it_stands) {
    for (std::size_t at = 0; at < 40; ++at) {
        std::string text(40, 'a');
        EXPECT_TRUE(is_valid_utf8(text));
        text[at] = '\xC3';
        EXPECT_FALSE(is_valid_utf8(text)) << at;
    }
}

TEST(utf8, a_character_may_cross_any_boundary) {
    for (std::size_t before = 0; before < 20; ++before)
        EXPECT_TRUE(is_valid_utf8(std::string(before, 'a') + "\xF0\x9F\x98\x80" + std::string(20, 'b')));
}

TEST(utf8, long_texts_are_looked_at_to_their_last_byte) {
    for (std::size_t size = 1; size <= 150; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::string text(size, 'a');
            text[at] = '\x80';
            ASSERT_FALSE(is_valid_utf8(text)) << at << " of " << size;
            if (at + 1 == size) continue;
            text[at] = '\xC3';
            ASSERT_FALSE(is_valid_utf8(text)) << at << " of " << size;
            text[at + 1] = '\xB6';
            ASSERT_TRUE(is_valid_utf8(text)) << at << " of " << size;
        }
    }
}

TEST(utf8, nul_is_a_character_and_nothing_is_valid) {
    EXPECT_TRUE(is_valid_utf8(""));
    EXPECT_TRUE(is_valid_utf8(std::string_view("a\0b", 3)));
    EXPECT_EQ(code_points(std::string_view("a\0b", 3)), 3u);
    EXPECT_EQ(code_points("K\xC3\xB6ln"), 4u);
}
