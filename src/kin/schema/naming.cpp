// SPDX-License-Identifier: MIT
#include "kin/schema/naming.hpp"

#include <cstdint>

namespace kin {

namespace {

// FNV-1a. Written out because std::hash differs between standard libraries.
std::uint32_t stable_hash(std::string_view text) noexcept {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 16777619u;
    }
    return hash;
}

bool continues_a_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

} // namespace

std::string fit_name(std::string_view name, std::size_t limit) {
    constexpr std::size_t digits = 8;
    if (name.size() <= limit) return std::string(name);
    std::size_t kept = limit - digits - 1;
    while (kept > 0 && continues_a_character(name[kept])) --kept;
    std::string result(name.substr(0, kept));
    result += '_';
    const std::uint32_t hash = stable_hash(name);
    for (unsigned shift = 4 * digits; shift != 0; shift -= 4) {
        result += "0123456789abcdef"[(hash >> (shift - 4)) & 0xFu];
    }
    return result;
}

} // namespace kin
