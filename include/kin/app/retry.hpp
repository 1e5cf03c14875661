// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kin {

/// PORT: the time, for who wants to test programs that try again.
class retry_clock {
public:
    virtual ~retry_clock() = default;
    [[nodiscard]] virtual std::int64_t now_ms() noexcept = 0;
    virtual void sleep(std::int64_t ms) = 0;
};

/// How often `database::transaction` runs its work again. A value.
struct retry_options {
    std::uint32_t attempts = 5;       // in all; 1: never again
    std::int64_t total_ms = 15'000;   // no attempt begins later than this after the first
    std::int64_t first_pause_ms = 10; // before the second attempt; doubled before each further one
    std::int64_t longest_pause_ms =
        1000;                     // each pause is between half of this schedule and the whole, by chance
    retry_clock* clock = nullptr; // null: the real one. Must outlive the call
};

namespace detail {

/// Counts the attempts of one transaction.
class retry_loop {
public:
    explicit retry_loop(const retry_options& options);
    /// To be called in the handler of an error that may go away: returns after a pause when there is another attempt, else throws the
    /// error again.
    void pause_or_rethrow();

private:
    [[nodiscard]] std::int64_t next_pause_ms() noexcept;

    retry_options options_;
    std::int64_t started_ms_;
    std::uint64_t chance_;
    std::uint32_t failed_ = 0;
};

} // namespace detail
} // namespace kin
