// SPDX-License-Identifier: MIT
#include "kin/sqlite/call_limit.hpp"

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
    // Never taken away again: a statement that started before may have a bound.
    if (timeout_ms > 0) sqlite3_progress_handler(db_, steps_between_looks, &call_limit::check_time, this);
}

void call_limit::cancel() noexcept {
    cancelled_.store(true, std::memory_order_relaxed);
    sqlite3_interrupt(db_);
}

/// Called by SQLite while a statement runs; not 0 stops it.
int call_limit::check_time(void* self) noexcept {
    const auto& limit = *static_cast<call_limit*>(self);
    clock& c = *limit.running_;
    if (c.timeout_ms == 0) return 0;
    const std::int64_t now = now_ns();
    if (c.started_ns == 0) c.started_ns = now;
    c.expired = now - c.started_ns >= c.timeout_ms * ns_per_ms;
    return c.expired ? 1 : 0;
}

/// Called by SQLite when somebody else holds a lock, for the `waits`th time; 0 gives up.
int call_limit::wait_for_lock(void* self, int waits) noexcept {
    // Uneven, so that it does not keep step with a writer that comes again and again; short, for such a one lets go for moments only.
    constexpr int longest_pause_ms = 20;
    auto& limit = *static_cast<call_limit*>(self);
    if (waits == 0) limit.begin_to_wait();
    if (!limit.may_wait_for_lock()) return 0;
    const int pause_ms = 1 + waits % longest_pause_ms;
    limit.paused_ms_ += pause_ms;
    sqlite3_sleep(pause_ms);
    return 1;
}

void call_limit::begin_to_wait() noexcept {
    paused_ms_ = 0;
    if (running_->timeout_ms > 0) waiting_since_ns_ = now_ns();
}

/// busy_timeout_ms counts the pauses, not the clock: on a machine so loaded that each pause takes ten times as long, giving up
/// after a tenth of the attempts would be wrong.
bool call_limit::may_wait_for_lock() const noexcept {
    if (cancelled_.load(std::memory_order_relaxed) || paused_ms_ >= busy_timeout_ms_) return false;
    const std::int64_t timeout_ms = running_->timeout_ms;
    return timeout_ms == 0 || now_ns() - waiting_since_ns_ < timeout_ms * ns_per_ms;
}

void call_limit::fail(int code) const {
    if (code == SQLITE_INTERRUPT && running_->expired) {
        throw statement_timeout({.code = "statement_timeout",
                                 .message = "the statement was stopped because it did not end within " +
                                            std::to_string(running_->timeout_ms) +
                                            " ms; make it quicker, or raise statement_timeout_ms",
                                 .sql = {},
                                 .vendor_code = code});
    }
    const bool was_waiting = (code & 0xff) == SQLITE_BUSY && cancelled_.load(std::memory_order_relaxed);
    if (was_waiting) sqlite::fail(SQLITE_INTERRUPT, "interrupted");
    sqlite::fail(db_, code);
}

} // namespace kin::sqlite
