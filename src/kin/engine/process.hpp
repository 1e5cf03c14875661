// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace kin::detail {

/// How often this process came out of a fork() since the count was started. The one mutable global of kin: what a fork copies is the process, and
/// nothing smaller can be told about it.
extern constinit std::atomic<std::uint64_t> forks_seen;

/// Lets fork() count from now on. Any number of calls.
void count_forks() noexcept;

[[nodiscard]] inline std::uint64_t fork_count() noexcept {
    return forks_seen.load(std::memory_order_relaxed);
}

} // namespace kin::detail
