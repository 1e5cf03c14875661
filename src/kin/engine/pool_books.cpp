// SPDX-License-Identifier: MIT
#include "kin/engine/pool_books.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "kin/engine/process.hpp"

namespace kin {

pool_books::pool_books(std::size_t kept, std::size_t places)
    : forks(detail::fork_count()),
      kept_(kept),
      places_(places) {
    idle_.reserve(kept_);
}

pool_books::taken pool_books::take(std::chrono::steady_clock::time_point until) {
    std::unique_lock guard(mutex_);
    if (waiters_.empty()) {
        if (!idle_.empty()) {
            taken out{.is_granted = true, .idle = std::move(idle_.back())};
            idle_.pop_back();
            return out;
        }
        if (open_ < places_) {
            ++open_;
            return {.is_granted = true, .idle = nullptr};
        }
    }
    waiter me;
    waiters_.push_back(&me);
    if (!me.wake.wait_until(guard, until, [&] { return me.what.is_granted; })) std::erase(waiters_, &me);
    return std::move(me.what);
}

/// Hands a place, with its connection if there is one, to who has waited longest. Whether somebody waited. Under the lock.
bool pool_books::serve_first(std::unique_ptr<physical_connection>& c) noexcept {
    if (waiters_.empty()) return false;
    waiter& first = *waiters_.front();
    waiters_.erase(waiters_.begin());
    first.what = {.is_granted = true, .idle = std::move(c)};
    first.wake.notify_one();
    return true;
}

std::unique_ptr<physical_connection> pool_books::put(std::unique_ptr<physical_connection> c) noexcept {
    const std::lock_guard guard(mutex_);
    if (c->generation != generation()) return c;
    if (serve_first(c)) return nullptr;
    if (idle_.size() >= kept_) return c;
    idle_.push_back(std::move(c)); // there is room from the start, so this does not allocate
    return nullptr;
}

void pool_books::give_place() noexcept {
    const std::lock_guard guard(mutex_);
    std::unique_ptr<physical_connection> nothing;
    if (!serve_first(nothing)) --open_;
}

std::unique_ptr<physical_connection> pool_books::take_outdated() noexcept {
    const std::lock_guard guard(mutex_);
    const auto found = std::find_if(idle_.begin(), idle_.end(),
                                    [&](const auto& c) { return c->generation != generation(); });
    if (found == idle_.end()) return nullptr;
    auto out = std::move(*found);
    idle_.erase(found);
    return out;
}

void pool_books::enter(pooled_connection& lease) noexcept {
    const std::lock_guard guard(mutex_);
    lease.older = newest_;
    (newest_ != nullptr ? newest_->newer : oldest_) = &lease;
    newest_ = &lease;
    ++lent_;
}

void pool_books::leave(pooled_connection& lease) noexcept {
    const std::lock_guard guard(mutex_);
    (lease.older != nullptr ? lease.older->newer : oldest_) = lease.newer;
    (lease.newer != nullptr ? lease.newer->older : newest_) = lease.older;
    --lent_;
}

pool_status pool_books::status(std::int64_t now_ms) const {
    pool_status out;
    const std::lock_guard guard(mutex_);
    out.idle = idle_.size();
    out.waiting = waiters_.size();
    out.opening = open_ > idle_.size() + lent_ ? open_ - idle_.size() - lent_ : 0;
    for (const pooled_connection* lease = oldest_; lease != nullptr; lease = lease->newer)
        out.holders.push_back({.place = place_of(*lease), .age_ms = now_ms - lease->since_ms});
    return out;
}

std::vector<connection_holder> pool_books::take_long_holders(std::int64_t now_ms, std::int64_t bound_ms) {
    std::vector<connection_holder> out;
    const std::lock_guard guard(mutex_);
    for (pooled_connection* lease = oldest_; lease != nullptr && now_ms - lease->since_ms >= bound_ms;
         lease = lease->newer) {
        if (std::exchange(lease->told_of_long_hold, true)) continue;
        out.push_back({.place = place_of(*lease), .age_ms = now_ms - lease->since_ms});
    }
    return out;
}

void pool_books::abandon() noexcept {
    // Without the lock: the thread that held it may not exist in this process.
    for (auto& c : idle_) {
        c->driver->abandon();
        static_cast<void>(c.release());
    }
    if (shared == nullptr) return;
    shared->driver->abandon();
    static_cast<void>(shared.release());
}

std::string place_of(const pooled_connection& lease) {
    if (!lease.label.empty()) return lease.label;
    if (lease.where.line() == 0) return "an unknown place";
    std::string_view file = lease.where.file_name();
    file.remove_prefix(file.find_last_of("/\\") + 1);
    return std::string(file) + ":" + std::to_string(lease.where.line());
}

} // namespace kin
