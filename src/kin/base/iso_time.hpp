// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kin::detail {

// Dates and times as ISO-8601 text, whose order is the order of time.

/// Room for the longest text: `YYYY-MM-DD HH:MM:SS.ffffff`.
inline constexpr std::size_t iso_time_size = 26;

/// Writes YYYY-MM-DD and returns its size; 0 when the year is not 0 to 9999.
[[nodiscard]] std::size_t format_date(std::int64_t days, char* out) noexcept;
/// Writes YYYY-MM-DD HH:MM:SS.ffffff and returns its size; 0 when the year is not 0 to 9999.
[[nodiscard]] std::size_t format_timestamp(std::int64_t microseconds, char* out) noexcept;

/// Writes HH:MM:SS[.ffffff] and returns its size; 0 when it is not a time of the day.
[[nodiscard]] std::size_t format_time(std::int64_t microseconds, char* out) noexcept;

/// Days since 1970-01-01 of YYYY-MM-DD. Nothing for any other text and for days that no calendar has.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text) noexcept;
/// Microseconds since 1970-01-01 of YYYY-MM-DD[ HH:MM[:SS[.f]]] with one to six f, T instead of the space, Z at the end of a time.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept;

/// Microseconds since midnight of HH:MM[:SS[.f]] with one to six f.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text) noexcept;

} // namespace kin::detail
