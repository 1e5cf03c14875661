// SPDX-License-Identifier: MIT
#include "kin/sqlite/call_limit.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/sqlite/errors.hpp"

namespace kin::sqlite {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
/// Steps of SQLite's virtual machine between two looks at the clock: well under a millisecond.
constexpr int steps_between_looks = 10'000;

std::int64_t now_ns() noexcept {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

} // namespace

void call_limit::install(sqlite3* db, int busy_timeout_ms) noexcept {
    db_ = db;
    busy_timeout_ms_ = busy_timeout_ms;
    sqlite3_busy_handler(db, &call_limit::wait_for_lock, this);
}

void call_limit::set_timeout(std::int64_t timeout_ms) noexcept {
    timeout_ms_ = timeout_ms;
    sqlite3_progress_handler(db_, timeout_ms > 0 ? steps_between_looks : 0, &call_limit::check_time, this);
}

void call_limit::cancel() noexcept {
    cancelled_.store(true, std::memory_order_relaxed);
    sqlite3_interrupt(db_);
}

/// Called by SQLite while a statement runs; not 0 stops it.
int call_limit::check_time(void* self) noexcept {
    const auto& limit = *static_cast<call_limit*>(self);
    clock& c = *limit.running_;
    const std::int64_t now = now_ns();
    if (c.started_ns == 0) c.started_ns = now;
    c.expired = now - c.started_ns >= limit.timeout_ms_ * ns_per_ms;
    return c.expired ? 1 : 0;
}

/// Called by SQLite when somebody else holds a lock, for the `waits`th time; 0 gives up.
int call_limit::wait_for_lock(void* self, int waits) noexcept {
    constexpr int longest_pause_ms = 50;
    auto& limit = *static_cast<call_limit*>(self);
    const std::int64_t now = now_ns();
    if (waits == 0) limit.waiting_since_ns_ = now;
    if (!limit.may_wait_for_lock(now - limit.waiting_since_ns_)) return 0;
    sqlite3_sleep(std::min(1 + waits * waits, longest_pause_ms));
    return 1;
}

bool call_limit::may_wait_for_lock(std::int64_t waited_ns) const noexcept {
    if (cancelled_.load(std::memory_order_relaxed)) return false;
    const std::int64_t bound_ms =
        timeout_ms_ > 0 ? std::min(timeout_ms_, busy_timeout_ms_) : busy_timeout_ms_;
    return waited_ns < bound_ms * ns_per_ms;
}

void call_limit::fail(int code) const {
    if (code == SQLITE_INTERRUPT && running_->expired) {
        throw statement_timeout({.code = "statement_timeout",
                                 .message = "the statement was stopped because it did not end within " +
                                            std::to_string(timeout_ms_) +
                                            " ms; make it quicker, or raise statement_timeout_ms",
                                 .sql = {},
                                 .vendor_code = code});
    }
    const bool was_waiting = (code & 0xff) == SQLITE_BUSY && cancelled_.load(std::memory_order_relaxed);
    if (was_waiting) sqlite::fail(SQLITE_INTERRUPT, "interrupted");
    sqlite::fail(db_, code);
}

} // namespace kin::sqlite
