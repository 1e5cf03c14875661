// SPDX-License-Identifier: MIT
#include "kin/engine/pool.hpp"

#include <chrono>
#include <string>

#include "kin/base/error.hpp"

namespace kin {

pool::pool(const driver& d, const observer_list& observers, limits l)
    : driver_(d),
      observers_(observers),
      limits_(l) {
    if (limits_.size + std::size_t{limits_.overflow} == 0) limits_.size = 1;
    idle_.reserve(limits_.size);
}

connection pool::acquire(std::shared_ptr<const void> keeps_alive) {
    auto lease = std::make_unique<pooled_connection>();
    lease->home = this;
    lease->driver = &driver_;
    lease->observers = &observers_;
    lease->lock_timeout_ms = limits_.timeout_ms;
    if (driver_.has_single_connection()) {
        lease->physical = &acquire_shared();
        lease->sharing = &sharing_;
    } else {
        lease->own = acquire_own();
        lease->physical = lease->own.get();
    }
    lease->physical->set_timeout(limits_.statement_timeout_ms);
    lease->keeps_alive = std::move(keeps_alive);
    return connection(lease.release());
}

std::unique_ptr<physical_connection> pool::open() const {
    return std::make_unique<physical_connection>(driver_.connect({.timeout_ms = limits_.connect_timeout_ms}));
}

bool pool::is_alive(physical_connection& idle) const noexcept {
    const auto idle_time = std::chrono::steady_clock::now() - idle.idle_since;
    if (idle_time <= std::chrono::milliseconds(limits_.trusted_idle_ms)) return true;
    idle.set_timeout(limits_.upkeep_timeout_ms);
    return idle.driver->ping();
}

/// Whether the connection of a lease that ended can be lent again.
bool pool::make_as_new(pooled_connection& lease) const noexcept {
    if (lease.broken || lease.physical->driver->in_transaction()) return false;
    if (!limits_.reset_on_return) return true;
    try {
        lease.physical->set_timeout(limits_.upkeep_timeout_ms);
        if (!lease.physical->driver->reset()) lease.physical->statements.clear();
        return true;
    } catch (...) {
        return false;
    }
}

std::unique_ptr<physical_connection> pool::acquire_own() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(limits_.timeout_ms);
    std::unique_lock guard(mutex_);
    for (;;) {
        if (!idle_.empty()) {
            auto found = std::move(idle_.back());
            idle_.pop_back();
            guard.unlock();
            if (is_alive(*found)) return found;
            found.reset();
            guard.lock();
            --open_;
            continue;
        }
        if (open_ < limits_.size + std::size_t{limits_.overflow}) {
            ++open_;
            guard.unlock();
            try {
                return open();
            } catch (...) {
                forget_one();
                throw;
            }
        }
        if (changed_.wait_until(guard, deadline) == std::cv_status::timeout && idle_.empty() &&
            open_ >= limits_.size + std::size_t{limits_.overflow}) {
            fail_timeout(open_);
        }
    }
}

physical_connection& pool::acquire_shared() {
    const std::lock_guard guard(mutex_);
    if (shared_ == nullptr) shared_ = open();
    ++shared_leases_;
    return *shared_;
}

void pool::give_back(std::unique_ptr<pooled_connection> lease) noexcept {
    if (lease->sharing != nullptr) {
        const std::lock_guard guard(mutex_);
        --shared_leases_;
        return;
    }
    const bool usable = make_as_new(*lease);
    auto returned = std::move(lease->own);
    if (usable) returned->idle_since = std::chrono::steady_clock::now();
    {
        const std::lock_guard guard(mutex_);
        // The list has room for `size` connections from the start, so this does not allocate.
        if (usable && idle_.size() < limits_.size) idle_.push_back(std::move(returned));
    }
    if (returned != nullptr) {
        returned.reset(); // closed before it stops to count, and outside the lock
        forget_one();
    }
    changed_.notify_one();
}

void pool::forget_one() noexcept {
    {
        const std::lock_guard guard(mutex_);
        --open_;
    }
    changed_.notify_one();
}

std::size_t pool::idle_count() const {
    const std::lock_guard guard(mutex_);
    return idle_.size();
}

std::size_t pool::checked_out_count() const {
    const std::lock_guard guard(mutex_);
    return driver_.has_single_connection() ? shared_leases_ : open_ - idle_.size();
}

void pool::fail_timeout(std::size_t checked_out) const {
    std::string message = "no connection became free within " + std::to_string(limits_.timeout_ms) +
                          " ms: " + std::to_string(checked_out) + " are checked out (pool_size " +
                          std::to_string(limits_.size) + ", max_overflow " +
                          std::to_string(limits_.overflow) +
                          "); end sessions sooner, or raise pool_size or max_overflow in engine_options";
    throw pool_timeout({.code = "pool_timeout", .message = std::move(message), .sql = {}});
}

} // namespace kin
