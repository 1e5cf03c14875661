// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chinook {

/// `text` with spaces after it, or before it, to `width` characters (of UTF-8: as a terminal shows them).
[[nodiscard]] std::string left(std::string_view text, std::size_t width);
[[nodiscard]] std::string right(std::string_view text, std::size_t width);

/// "2021-01-31"
[[nodiscard]] std::string day(std::chrono::sys_seconds time);

/// Amounts of money are text in these models: "1.98" is 198 cents, and back.
[[nodiscard]] std::int64_t cents(std::string_view amount);
[[nodiscard]] std::string amount(std::int64_t cents);

} // namespace chinook
