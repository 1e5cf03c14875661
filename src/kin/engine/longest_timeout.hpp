// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

namespace kin {

/// About a hundred years. Who says "as long as it takes" by the largest number there is gets this: a clock's nanoseconds have no place for more.
inline constexpr std::int64_t longest_timeout_ms = 3'000'000'000'000;

[[nodiscard]] constexpr std::int64_t bounded_timeout(std::int64_t ms) noexcept {
    return std::min(ms, longest_timeout_ms);
}

} // namespace kin
