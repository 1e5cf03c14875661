// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <source_location>
#include <string_view>
#include <vector>

#include "kin/engine/connection.hpp"
#include "kin/engine/events.hpp"
#include "kin/engine/observer_list.hpp"
#include "kin/engine/pool_books.hpp"
#include "kin/engine/pool_status.hpp"
#include "kin/engine/pooled_connection.hpp"

namespace kin {

/// Who borrows: what the pool says when somebody asks who holds its connections.
struct borrower {
    std::source_location where;
    std::string_view label; // instead of `where`; copied
};

/// The connections of an engine. Threads share it. Lends the one given back last, so that those not needed stay idle; callers that wait get
/// theirs in the order in which they came.
/// A database with a single connection lends that one to everybody at once, ordered by `shared_access`.
/// After a fork() the child's pool starts anew, and the parent's connections are left to the parent.
class pool {
public:
    struct limits {
        std::uint32_t size = 5;
        std::uint32_t overflow = 10;
        std::int64_t timeout_ms = 30'000;
        std::int64_t trusted_idle_ms =
            1000; // idle for longer, a connection is asked whether it lives before it is lent
        std::int64_t max_age_ms =
            0; // older, a connection is not lent again; each has a little less of it. 0: without bound
        std::int64_t long_hold_ms = 0; // lent for longer, a connection is told about; 0: never
        std::int64_t connect_timeout_ms = 10'000;
        std::int64_t statement_timeout_ms = 0;
        std::int64_t upkeep_timeout_ms = 5'000; // asking whether a connection lives, resetting it
        isolation_level isolation = isolation_level::unspecified;
        bool reset_on_return = true;
        std::int64_t (*now_ms)() noexcept = &steady_ms;
    };
    using connection_hook = std::function<void(connection&)>;
    using driver_hook = std::function<void(driver_connection&)>;

    pool(const driver& d, const statement_observers& statements, const connection_observers& observers,
         limits l);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool();

    /// Run for each connection that is opened from now on, the driver's first, in the order in which they were added. Before the first acquire().
    void add_hook(connection_hook hook) { connection_hooks_.push_back(std::move(hook)); }
    /// As above; and for those that are open: all but a shared one are replaced when they come back. Safe for threads.
    void add_driver_hook(driver_hook hook);

    /// `keeps_alive` owns this pool and is held by the connection.
    /// Throws: pool_timeout, connection_error, what a hook throws.
    [[nodiscard]] connection acquire(std::shared_ptr<const void> keeps_alive, const borrower& by = {});
    /// Rolls an open transaction back; drops the connection when that fails or when the pool has enough.
    void give_back(std::unique_ptr<pooled_connection> lease) noexcept;
    /// No connection that is open now is lent again: the idle ones are replaced when somebody borrows, the others closed when they come back.
    void invalidate() noexcept;

    /// As invalidate(); and the idle ones are closed now.
    void close_idle() noexcept;

    [[nodiscard]] pool_status status() const;
    [[nodiscard]] std::size_t idle_count() const { return status().idle; }
    [[nodiscard]] std::size_t checked_out_count() const { return status().holders.size(); }

    /// Milliseconds of a steady clock.
    [[nodiscard]] static std::int64_t steady_ms() noexcept;

private:
    [[nodiscard]] pool_books& books();
    [[nodiscard]] std::unique_ptr<pool_books> new_books() const;
    [[nodiscard]] std::unique_ptr<physical_connection> acquire_own(pool_books& b);
    using clock = std::chrono::steady_clock;
    [[nodiscard]] std::unique_ptr<physical_connection> open_when_there_is_room(pool_books& b,
                                                                               clock::time_point until);
    [[nodiscard]] physical_connection& acquire_shared(pool_books& b);
    [[nodiscard]] std::unique_ptr<physical_connection> open(pool_books& b);
    void run_hooks(physical_connection& c);
    [[nodiscard]] bool is_fit(const pool_books& b, physical_connection& idle) const noexcept;
    [[nodiscard]] bool make_as_new(pooled_connection& lease) noexcept;
    void close(std::unique_ptr<physical_connection> c) const noexcept;
    void tell(connection_event_kind kind, std::uint64_t id,
              const pooled_connection* lease = nullptr) const noexcept;
    void tell_of_long_holds(pool_books& b) const;
    [[noreturn]] void fail_timeout(const pool_status& now) const;

    const driver& driver_;
    const statement_observers& statements_;
    const connection_observers& observers_;
    limits limits_;
    std::vector<connection_hook> connection_hooks_;
    std::mutex hooks_mutex_;
    std::vector<driver_hook> driver_hooks_; // guarded by hooks_mutex_
    std::atomic<pool_books*> books_;        // owned; others after a fork()
};

} // namespace kin
