// SPDX-License-Identifier: MIT
#include "kin/app/retry.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace kin::detail {

namespace {

class real_clock final : public retry_clock {
public:
    std::int64_t now_ms() noexcept override {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    }
    void sleep(std::int64_t ms) override { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }
};

retry_clock& real() noexcept {
    static real_clock clock;
    return clock;
}

/// Differs from loop to loop, so that transactions that met once do not meet again.
std::uint64_t seed_of(const void* loop) noexcept {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    return static_cast<std::uint64_t>(now) ^ (reinterpret_cast<std::uintptr_t>(loop) << 20U);
}

} // namespace

retry_loop::retry_loop(const retry_options& options) : options_(options), chance_(seed_of(this)) {
    if (options_.clock == nullptr) options_.clock = &real();
    started_ms_ = options_.clock->now_ms();
}

void retry_loop::pause_or_rethrow() {
    if (++failed_ >= options_.attempts) throw;
    const std::int64_t pause_ms = next_pause_ms();
    if (options_.clock->now_ms() - started_ms_ + pause_ms > options_.total_ms) throw;
    options_.clock->sleep(pause_ms);
}

std::int64_t retry_loop::next_pause_ms() noexcept {
    const std::uint32_t doublings = std::min<std::uint32_t>(failed_ - 1, 30);
    const std::int64_t full = std::min(options_.first_pause_ms << doublings, options_.longest_pause_ms);
    chance_ = (chance_ + 0x9E3779B97F4A7C15U) * 0xD6E8FEB86659FD93U;
    chance_ ^= chance_ >> 32U;
    const auto half = static_cast<std::uint64_t>(std::max<std::int64_t>(full, 0)) / 2;
    return full - static_cast<std::int64_t>(chance_ % (half + 1));
}

} // namespace kin::detail
