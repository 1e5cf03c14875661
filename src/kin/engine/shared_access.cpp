// SPDX-License-Identifier: MIT
#include "kin/engine/shared_access.hpp"

#include <chrono>
#include <string>

#include "kin/base/error.hpp"

namespace kin {

namespace {

[[noreturn]] void fail_busy(std::string_view what_to_do) {
    std::string message = "an in-memory database has one connection, and another session is writing on it; ";
    message += what_to_do;
    throw lock_timeout({.code = "memory_database_busy", .message = std::move(message), .sql = {}});
}

} // namespace

void shared_access::lock() {
    const auto me = std::this_thread::get_id();
    if (holder_.load(std::memory_order_relaxed) != me) {
        statement_mutex_.lock();
        holder_.store(me, std::memory_order_relaxed);
    }
    ++depth_;
}

void shared_access::unlock() noexcept {
    if (--depth_ != 0) return;
    holder_.store(std::thread::id(), std::memory_order_relaxed);
    statement_mutex_.unlock();
}

void shared_access::claim_writing(lease by, std::int64_t timeout_ms) {
    const auto me = std::this_thread::get_id();
    std::unique_lock guard(writer_mutex_);
    if (is_writing(by)) return;
    if (!is_writing(nullptr)) {
        if (writer_thread_ == me)
            fail_busy("commit or roll back that session first, it belongs to this thread");
        if (holder_.load(std::memory_order_relaxed) == me) {
            fail_busy("read the rows of this thread's open queries to their end before writing, the other "
                      "thread waits for them");
        }
        const bool free = released_.wait_for(guard, std::chrono::milliseconds(timeout_ms),
                                             [&] { return is_writing(nullptr); });
        if (!free) {
            fail_busy("it did not finish within " + std::to_string(timeout_ms) +
                      " ms: commit sooner, or use a file");
        }
    }
    writer_.store(by, std::memory_order_relaxed);
    writer_thread_ = me;
}

void shared_access::release_writing(lease by) noexcept {
    {
        const std::lock_guard guard(writer_mutex_);
        if (!is_writing(by)) return;
        writer_.store(nullptr, std::memory_order_relaxed);
    }
    released_.notify_one();
}

} // namespace kin
