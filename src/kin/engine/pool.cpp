// SPDX-License-Identifier: MIT
#include "kin/engine/pool.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/longest_timeout.hpp"
#include "kin/engine/process.hpp"

namespace kin {

namespace {

constexpr std::int64_t first_pause_ms = 10; // before a server that was full is asked again
constexpr std::int64_t longest_pause_ms = 500;

/// A number of at most `bound`, spread evenly over the numbers of connections: those opened together do not grow old together.
std::int64_t spread(std::uint64_t id, std::int64_t bound) noexcept {
    std::uint64_t mixed = id * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 32U)) * 0xD6E8FEB86659FD93U;
    mixed ^= mixed >> 32U;
    return static_cast<std::int64_t>(mixed % (static_cast<std::uint64_t>(bound) + 1));
}

} // namespace

pool::pool(const driver& d, const statement_observers& statements, const connection_observers& observers,
           limits l)
    : driver_(d),
      statements_(statements),
      observers_(observers),
      limits_(l),
      books_(nullptr) {
    detail::count_forks();
    if (limits_.size + std::size_t{limits_.overflow} == 0) limits_.size = 1;
    for (std::int64_t* ms : {&limits_.timeout_ms, &limits_.max_age_ms, &limits_.connect_timeout_ms})
        *ms = bounded_timeout(*ms);
    books_ = new_books().release();
}

pool::~pool() {
    pool_books* const last = books_.load();
    if (last->forks == detail::fork_count()) {
        delete last;
    } else {
        last->abandon();
    }
}

std::unique_ptr<pool_books> pool::new_books() const {
    return std::make_unique<pool_books>(limits_.size, limits_.size + std::size_t{limits_.overflow});
}

/// The books of this process. What was open before a fork() belongs to the parent, and its locks may be held for ever.
pool_books& pool::books() {
    pool_books* found = books_.load(std::memory_order_acquire);
    if (found->forks == detail::fork_count()) [[likely]]
        return *found;
    auto fresh = new_books();
    if (!books_.compare_exchange_strong(found, fresh.get())) return *found; // another thread was faster
    found->abandon(); // never deleted: leases of the parent may still point to it
    return *fresh.release();
}

void pool::add_driver_hook(driver_hook hook) {
    pool_books& b = books();
    const std::lock_guard shared_guard(b.shared_mutex);
    if (b.shared != nullptr) {
        const statement_lock statement(&b.sharing);
        hook(*b.shared->driver);
    }
    {
        const std::lock_guard guard(hooks_mutex_);
        driver_hooks_.push_back(std::move(hook));
    }
    b.begin_generation();
}

connection pool::acquire(std::shared_ptr<const void> keeps_alive, const borrower& by) {
    pool_books& b = books();
    if (limits_.long_hold_ms > 0) tell_of_long_holds(b);
    auto lease = std::make_unique<pooled_connection>();
    lease->home = this;
    lease->driver = &driver_;
    lease->observers = &statements_;
    lease->lock_timeout_ms = limits_.timeout_ms;
    lease->timeout_ms = limits_.statement_timeout_ms;
    lease->isolation = limits_.isolation;
    lease->forks = b.forks;
    lease->where = by.where;
    lease->label = by.label;
    if (driver_.has_single_connection()) {
        lease->physical = &acquire_shared(b);
        lease->sharing = &b.sharing;
    } else {
        lease->own = acquire_own(b);
        lease->physical = lease->own.get();
    }
    lease->since_ms = limits_.now_ms();
    b.enter(*lease);
    lease->keeps_alive = std::move(keeps_alive);
    tell(connection_event_kind::checked_out, lease->physical->id, lease.get());
    return connection(lease.release());
}

std::unique_ptr<physical_connection> pool::acquire_own(pool_books& b) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(limits_.timeout_ms);
    auto [is_granted, idle] = b.take(until);
    if (!is_granted) fail_timeout(b.status(limits_.now_ms()));
    if (idle != nullptr) {
        if (is_fit(b, *idle)) return std::move(idle);
        close(std::move(idle));
    }
    return open_when_there_is_room(b, until);
}

/// Opens a connection, on a place that was taken. A server that has no room for one is asked again, with pauses that grow, and whoever gives a connection back meanwhile
/// is faster: the place goes back between two attempts.
std::unique_ptr<physical_connection> pool::open_when_there_is_room(pool_books& b, clock::time_point until) {
    for (std::int64_t pause_ms = first_pause_ms;; pause_ms = std::min(2 * pause_ms, longest_pause_ms)) {
        try {
            return open(b);
        } catch (const connection_error& e) {
            b.give_place();
            const auto again = clock::now() + std::chrono::milliseconds(pause_ms);
            if (e.code() != "too_many_connections" || again >= until) throw;
            std::this_thread::sleep_until(again);
        } catch (...) {
            b.give_place();
            throw;
        }
        auto [is_granted, idle] = b.take(until);
        if (!is_granted) fail_timeout(b.status(limits_.now_ms()));
        if (idle == nullptr) continue;
        if (is_fit(b, *idle)) return std::move(idle);
        close(std::move(idle));
    }
}

physical_connection& pool::acquire_shared(pool_books& b) {
    const std::lock_guard guard(b.shared_mutex);
    if (b.shared == nullptr) b.shared = open(b);
    return *b.shared;
}

std::unique_ptr<physical_connection> pool::open(pool_books& b) {
    const std::uint64_t generation = b.generation();
    auto c =
        std::make_unique<physical_connection>(driver_.connect({.timeout_ms = limits_.connect_timeout_ms}));
    c->id = b.next_id();
    c->generation = generation;
    if (limits_.max_age_ms > 0)
        c->fit_until_ms = limits_.now_ms() + limits_.max_age_ms - spread(c->id, limits_.max_age_ms / 5);
    c->set_timeout(limits_.statement_timeout_ms);
    run_hooks(*c);
    c->driver->keep_settings();
    tell(connection_event_kind::connected, c->id);
    return c;
}

void pool::run_hooks(physical_connection& c) {
    {
        const std::lock_guard guard(hooks_mutex_);
        for (const driver_hook& hook : driver_hooks_) hook(*c.driver);
    }
    if (connection_hooks_.empty()) return;
    struct unlent {
        connection front;
        ~unlent() { delete std::exchange(front.lease_, nullptr); } // the pool still has what it stands for
    };
    unlent visitor{connection(new pooled_connection())};
    pooled_connection& lease = *visitor.front.lease_;
    lease.home = this;
    lease.driver = &driver_;
    lease.observers = &statements_;
    lease.timeout_ms = limits_.statement_timeout_ms;
    lease.forks = detail::fork_count();
    lease.physical = &c;
    for (const connection_hook& hook : connection_hooks_) hook(visitor.front);
    lease.rollback();
}

/// Whether an idle connection can be lent.
bool pool::is_fit(const pool_books& b, physical_connection& idle) const noexcept {
    if (idle.generation != b.generation()) return false;
    const std::int64_t now = limits_.now_ms();
    if (idle.fit_until_ms != 0 && now >= idle.fit_until_ms) return false;
    if (now - idle.idle_since_ms <= limits_.trusted_idle_ms) return true;
    idle.set_timeout(limits_.upkeep_timeout_ms);
    return idle.driver->ping();
}

void pool::give_back(std::unique_ptr<pooled_connection> lease) noexcept {
    if (lease->forks != detail::fork_count()) {
        if (lease->own == nullptr) return;
        lease->own->driver->abandon();
        static_cast<void>(lease->own.release());
        return;
    }
    pool_books& b = *books_.load(std::memory_order_acquire);
    const bool is_usable = lease->sharing != nullptr || make_as_new(*lease);
    b.leave(*lease);
    tell(connection_event_kind::checked_in, lease->physical->id, lease.get());
    if (lease->sharing != nullptr) return;
    auto returned = std::move(lease->own);
    returned->idle_since_ms = limits_.now_ms();
    if (is_usable) returned = b.put(std::move(returned));
    if (returned == nullptr) return;
    close(std::move(returned));
    b.give_place(); // when it is closed: the server counts too
}

/// Whether the connection of a lease that ended can be lent again.
bool pool::make_as_new(pooled_connection& lease) noexcept {
    physical_connection& c = *lease.physical;
    // It may have broken without an error: while the rows that a cursor left were read away.
    if (lease.broken || c.driver->is_broken() || c.driver->in_transaction()) return false;
    const reset_need needed = c.driver->needed_reset();
    if (!limits_.reset_on_return || needed == reset_need::nothing) return true;
    if (needed == reset_need::closing) return false;
    try {
        c.set_timeout(limits_.upkeep_timeout_ms);
        if (!c.driver->reset()) c.statements.clear();
        run_hooks(c); // what they had set is gone as well
        c.driver->keep_settings();
        return true;
    } catch (...) {
        return false;
    }
}

void pool::close(std::unique_ptr<physical_connection> c) const noexcept {
    const std::uint64_t id = c->id;
    c.reset();
    tell(connection_event_kind::closed, id);
}

void pool::invalidate() noexcept {
    pool_books& b = *books_.load(std::memory_order_acquire);
    if (b.forks != detail::fork_count()) return;
    b.begin_generation();
    tell(connection_event_kind::invalidated, 0);
}

void pool::close_idle() noexcept {
    pool_books& b = *books_.load(std::memory_order_acquire);
    if (b.forks != detail::fork_count()) return;
    b.begin_generation();
    while (auto c = b.take_outdated()) {
        close(std::move(c));
        b.give_place();
    }
}

void pool::tell(connection_event_kind kind, std::uint64_t id, const pooled_connection* lease) const noexcept {
    if (observers_.empty()) return;
    connection_event event{.kind = kind, .connection = id};
    std::string place;
    if (lease != nullptr) {
        try {
            place = place_of(*lease);
        } catch (...) {
            place.clear(); // no memory for the name; that it happened is told all the same
        }
        event.place = place;
        event.held_ms = limits_.now_ms() - lease->since_ms;
    }
    observers_.each([&](connection_observer& o) { o.happened(event); });
}

void pool::tell_of_long_holds(pool_books& b) const {
    for (const connection_holder& holder : b.take_long_holders(limits_.now_ms(), limits_.long_hold_ms)) {
        std::fprintf(stderr, "[kin] %s has held a connection for %lld ms; end its session sooner\n",
                     holder.place.c_str(), static_cast<long long>(holder.age_ms));
        observers_.each([&](connection_observer& o) {
            o.happened(
                {.kind = connection_event_kind::held_long, .place = holder.place, .held_ms = holder.age_ms});
        });
    }
}

pool_status pool::status() const {
    const pool_books& b = *books_.load(std::memory_order_acquire);
    return b.forks == detail::fork_count() ? b.status(limits_.now_ms()) : pool_status();
}

std::int64_t pool::steady_ms() noexcept { return now_ns() / 1'000'000; }

void pool::fail_timeout(const pool_status& now) const {
    constexpr std::size_t shown = 5;
    std::string message = "no connection became free within " + std::to_string(limits_.timeout_ms) +
                          " ms: " + std::to_string(now.holders.size()) + " are checked out (pool_size " +
                          std::to_string(limits_.size) + ", max_overflow " +
                          std::to_string(limits_.overflow) + ")";
    const char* separator = ", the oldest by ";
    for (std::size_t i = 0; i < std::min(shown, now.holders.size()); ++i) {
        const connection_holder& holder = now.holders[i];
        message.append(std::exchange(separator, ", ")).append(holder.place);
        message.append(" for ").append(std::to_string(holder.age_ms)).append(" ms");
    }
    message += "; end sessions sooner, or raise pool_size or max_overflow in engine_options";
    throw pool_timeout({.code = "pool_timeout", .message = std::move(message), .sql = {}});
}

} // namespace kin
