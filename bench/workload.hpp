// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

inline constexpr std::int64_t posts_per_user = 100;
inline constexpr std::int64_t insert_users = 1'000; // whose posts the insert workload makes
inline constexpr std::int64_t get_spread =
    10; // the table has this many rows for each row that is fetched by key

/// What one run of a workload gives.
struct result {
    std::uint64_t checksum = 0; // of all that was read or written; the same for both sides
    double cpu_ms = 0;          // user and system time inside the measured functions
};

/// What is measured: "load", "loop", "get", "update", "insert" or "insert-multi", on the database in `file`, which data.hpp made for it. Both sides do the
/// same; the measured work stands in functions kin_bench_measured_*, for scripts/bench_ratios.py to find. kin takes a URL as well.
[[nodiscard]] result run_kin(std::string_view workload, std::int64_t n, const std::string& place);
[[nodiscard]] result run_raw(std::string_view workload, std::int64_t n, const std::string& file);
