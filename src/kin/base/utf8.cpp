// SPDX-License-Identifier: MIT
#include "kin/base/utf8.hpp"

#include <bit>
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

constexpr std::size_t word_size = sizeof(std::uint64_t);

std::uint64_t word_at(const unsigned char* p) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, p, word_size);
    return word;
}

constexpr std::size_t block = 8 * word_size;

/// All bits that are set in one of its words. Written out, because compilers leave a loop a loop.
std::uint64_t block_at(const unsigned char* p) noexcept {
    return word_at(p) | word_at(p + word_size) | word_at(p + 2 * word_size) | word_at(p + 3 * word_size) |
           word_at(p + 4 * word_size) | word_at(p + 5 * word_size) | word_at(p + 6 * word_size) |
           word_at(p + 7 * word_size);
}

/// The place of the first byte of a word, as it lies in memory, whose high bit is among `bits`; word_size when there is none.
std::size_t first_byte(std::uint64_t bits) noexcept {
    const int zeros =
        std::endian::native == std::endian::little ? std::countr_zero(bits) : std::countl_zero(bits);
    return static_cast<std::size_t>(zeros) / 8;
}

/// How many bytes of ASCII stand at the beginning: many at a time, because that is what most text is.
std::size_t ascii_length(const unsigned char* p, std::size_t size) noexcept {
    std::size_t done = 0;
    for (; size - done >= block; done += block) {
        if ((block_at(p + done) & high_bits) != 0) break;
    }
    for (; size - done >= word_size; done += word_size) {
        const std::uint64_t bits = word_at(p + done) & high_bits;
        if (bits != 0) return done + first_byte(bits);
    }
    if (size >= word_size) { // what is left, with some of what is ASCII before it, is one more word
        return size - word_size + first_byte(word_at(p + size - word_size) & high_bits);
    }
    while (done < size && p[done] < 0x80) ++done;
    return done;
}

} // namespace

bool is_valid_utf8(std::string_view text) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t left = text.size();
    for (;;) {
        const std::size_t ascii = ascii_length(p, left);
        p += ascii;
        left -= ascii;
        if (left == 0) return true;
        do { // such characters come in runs
            const std::size_t length = sequence_length(p, left);
            if (length == 0) return false;
            p += length;
            left -= length;
        } while (left != 0 && *p >= 0x80);
    }
}

std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text) count += continues(static_cast<unsigned char>(c)) ? 0 : 1;
    return count;
}

} // namespace kin
