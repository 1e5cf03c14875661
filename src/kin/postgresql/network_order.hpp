// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace kin::postgresql {

// Numbers as PostgreSQL's binary format has them: the most significant byte first.

template <class Integer> [[nodiscard]] inline Integer swapped(Integer v) noexcept {
    using bits = std::make_unsigned_t<Integer>;
    const auto in = static_cast<bits>(v);
    if constexpr (std::endian::native == std::endian::big || sizeof(Integer) == 1)
        return v;
    else if constexpr (sizeof(Integer) == 2)
        return static_cast<Integer>(__builtin_bswap16(in));
    else if constexpr (sizeof(Integer) == 4)
        return static_cast<Integer>(__builtin_bswap32(in));
    else
        return static_cast<Integer>(__builtin_bswap64(in));
}

template <class Integer> [[nodiscard]] inline Integer read_integer(const char* from) noexcept {
    Integer v{};
    std::memcpy(&v, from, sizeof v);
    return swapped(v);
}

template <class Integer> inline void write_integer(char* to, Integer v) noexcept {
    v = swapped(v);
    std::memcpy(to, &v, sizeof v);
}

} // namespace kin::postgresql
