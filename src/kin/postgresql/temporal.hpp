// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kin::postgresql {

// PostgreSQL counts days and microseconds from 2000-01-01.

inline constexpr std::int64_t epoch_days = 10'957; // of 2000-01-01 since 1970-01-01
inline constexpr std::int64_t microseconds_per_day = 86'400'000'000;

/// Whether PostgreSQL has this day, counted from 1970-01-01: from 4714-11-24 BC to the year 5874897.
[[nodiscard]] bool has_date(std::int64_t days) noexcept;
/// Whether PostgreSQL has this time, in microseconds from 1970-01-01: from 4714-11-24 BC on.
[[nodiscard]] bool has_timestamp(std::int64_t microseconds) noexcept;

/// Room for the longest text of a date with a time: `-YYYYYYY-MM-DD HH:MM:SS.ffffff`.
inline constexpr std::size_t temporal_size = 40;
/// Each writes ISO-8601 and returns its size: YYYY-MM-DD; YYYY-MM-DD HH:MM:SS[.ffffff]; HH:MM:SS[.ffffff].
[[nodiscard]] std::size_t format_date(std::int64_t days, char* out) noexcept;
[[nodiscard]] std::size_t format_timestamp(std::int64_t microseconds, char* out) noexcept;
[[nodiscard]] std::size_t format_time(std::int64_t microseconds, char* out) noexcept;

// The texts that the server writes with datestyle ISO. Nothing for any other text, for "infinity" and for days before Christ.

[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text) noexcept;
/// With or without an offset, which is taken off: YYYY-MM-DD HH:MM:SS[.f][+HH[:MM[:SS]]].
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept;
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text) noexcept;

} // namespace kin::postgresql
