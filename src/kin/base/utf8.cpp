// SPDX-License-Identifier: MIT
#include "kin/base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace kin {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

constexpr bool continues(unsigned char byte) noexcept { return (byte & 0xC0U) == 0x80U; }

/// Bytes of the well-formed sequence that begins at `p`, 0 if there is none (Unicode 15, table 3-7).
std::size_t sequence_length(const unsigned char* p, std::size_t left) noexcept {
    const unsigned char lead = p[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (left < 2 || !continues(p[1])) return 0;
    if (lead < 0xE0) return 2;
    if (left < 3 || !continues(p[2])) return 0;
    if (lead < 0xF0) {
        if (lead == 0xE0 && p[1] < 0xA0) return 0; // overlong
        if (lead == 0xED && p[1] > 0x9F) return 0; // surrogate
        return 3;
    }
    if (lead > 0xF4 || left < 4 || !continues(p[3])) return 0;
    if (lead == 0xF0 && p[1] < 0x90) return 0; // overlong
    if (lead == 0xF4 && p[1] > 0x8F) return 0; // beyond U+10FFFF
    return 4;
}

} // namespace

bool is_valid_utf8(std::string_view text) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
        while (left >= 32) { // most text is ASCII: many bytes at a time
            std::uint64_t words[4];
            std::memcpy(words, p, sizeof words);
            if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) break;
            p += 32;
            left -= 32;
        }
        while (left >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, p, sizeof word);
            if ((word & high_bits) != 0) break;
            p += 8;
            left -= 8;
        }
        if (left == 0) break;
        const std::size_t length = sequence_length(p, left);
        if (length == 0) return false;
        p += length;
        left -= length;
    }
    return true;
}

std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text) count += continues(static_cast<unsigned char>(c)) ? 0 : 1;
    return count;
}

} // namespace kin
