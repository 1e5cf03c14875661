// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

struct sqlite3;

namespace kin::sqlite {

/// Bounds the calls of one connection in time, and lets another thread stop them. Owned by the connection, beside its database.
class call_limit {
public:
    /// When an execution of a statement began, as far as it had to be known.
    struct clock {
        std::int64_t timeout_ms = 0; // 0: without bound
        std::int64_t started_ns = 0; // 0: it has not lasted long enough to be looked at
        bool expired = false;
    };

    call_limit() = default;
    call_limit(const call_limit&) = delete;
    call_limit& operator=(const call_limit&) = delete;

    /// From now on waits for locks as long as `busy_timeout_ms` says, within the time-out of the call.
    void install(sqlite3* db, int busy_timeout_ms) noexcept;
    /// For the executions and calls that start from now on; 0: without bound.
    void set_timeout(std::int64_t timeout_ms) noexcept;
    /// Safe for threads.
    void cancel() noexcept;

    /// A new execution begins.
    void start(clock& c) noexcept {
        c = clock{.timeout_ms = timeout_ms_};
        cancelled_.store(false, std::memory_order_relaxed);
        running_ = &c;
    }
    /// A call that belongs to no execution begins: preparing, BEGIN, COMMIT.
    void start() noexcept { start(own_); }
    /// The next step of an execution begins.
    void resume(clock& c) noexcept { running_ = &c; }
    /// Throws what the last call on the database failed with. Throws: statement_timeout, statement_cancelled, database_error.
    [[noreturn]] void fail(int code) const;

private:
    static int check_time(void* self) noexcept;
    static int wait_for_lock(void* self, int waits) noexcept;
    void begin_to_wait() noexcept;
    [[nodiscard]] bool may_wait_for_lock() const noexcept;

    sqlite3* db_ = nullptr;
    std::int64_t busy_timeout_ms_ = 0;
    std::int64_t timeout_ms_ = 0;
    std::int64_t waiting_since_ns_ = 0; // for the lock that is waited for, as
    std::int64_t paused_ms_ = 0;
    std::atomic<bool> cancelled_ = false; // since the start of the last execution
    clock own_;
    clock* running_ = &own_;
};

} // namespace kin::sqlite
