// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kin {

/// The longest name that every database takes: PostgreSQL cuts longer ones without a word.
inline constexpr std::size_t longest_made_name = 63;

/// `name`, or when it is longer than `limit` bytes its beginning, `_` and 8 hexadecimal digits that depend on all of it.
/// The same name gives the same result on every machine and in every release: migrations compare them.
[[nodiscard]] std::string fit_name(std::string_view name, std::size_t limit = longest_made_name);

} // namespace kin
