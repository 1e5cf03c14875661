// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace kin {

/// True for well-formed UTF-8 as Unicode defines it: nothing overlong, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The number of characters as VARCHAR(n) counts them. `text` must be valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view text) noexcept;

} // namespace kin
