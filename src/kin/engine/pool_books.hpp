// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "kin/engine/pool_status.hpp"
#include "kin/engine/pooled_connection.hpp"
#include "kin/engine/shared_access.hpp"

namespace kin {

/// What a pool counts: which connections are idle, how many places are taken, who holds one, who waits. Knows no driver and no policy. Threads
/// share it. A place is the right to have one connection open; there are as many as the pool's limits say.
class pool_books {
public:
    pool_books(std::size_t kept, std::size_t places);
    pool_books(const pool_books&) = delete;
    pool_books& operator=(const pool_books&) = delete;

    /// What a caller gets: an idle connection, or null: a place, to open one.
    struct taken {
        bool is_granted = false; // false: the time is over
        std::unique_ptr<physical_connection> idle;
    };
    /// Waits behind those that came before.
    [[nodiscard]] taken take(std::chrono::steady_clock::time_point until);
    /// Gives a connection back, to the first that waits or to the idle ones. Returns it when it is of an older generation, or when
    /// enough are idle: its place is still taken then.
    [[nodiscard]] std::unique_ptr<physical_connection> put(std::unique_ptr<physical_connection> c) noexcept;
    /// Gives a place back.
    void give_place() noexcept;
    /// An idle connection of an older generation, to be closed; null when there is none.
    [[nodiscard]] std::unique_ptr<physical_connection> take_outdated() noexcept;

    void enter(pooled_connection& lease) noexcept;
    void leave(pooled_connection& lease) noexcept;

    /// Connections are of the generation in which their opening began.
    [[nodiscard]] std::uint64_t generation() const noexcept {
        return generation_.load(std::memory_order_relaxed);
    }
    void begin_generation() noexcept { generation_.fetch_add(1, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t next_id() noexcept { return ++ids_; }

    [[nodiscard]] pool_status status(std::int64_t now_ms) const;
    /// The holders that hold for longer than `bound_ms` and were not asked for before.
    [[nodiscard]] std::vector<connection_holder> take_long_holders(std::int64_t now_ms,
                                                                   std::int64_t bound_ms);

    /// After a fork(): leaves all connections to the parent. The books are not used any more.
    void abandon() noexcept;

    const std::uint64_t forks; // of this process, when the books were opened
    shared_access sharing;     // of a database with a single connection, as are
    std::mutex shared_mutex;
    std::unique_ptr<physical_connection> shared; // guarded by shared_mutex

private:
    struct waiter {
        std::condition_variable wake;
        taken what;
    };
    [[nodiscard]] bool serve_first(std::unique_ptr<physical_connection>& c) noexcept;

    const std::size_t kept_;
    const std::size_t places_;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<physical_connection>> idle_; // the back was used last
    std::vector<waiter*> waiters_;                           // the front came first
    std::size_t open_ = 0;                                   // places taken: idle, lent and being opened
    pooled_connection* oldest_ = nullptr;                    // leases, linked
    pooled_connection* newest_ = nullptr;
    std::size_t lent_ = 0;
    std::atomic<std::uint64_t> generation_ = 0;
    std::atomic<std::uint64_t> ids_ = 0;
};

/// How an error or a status names the borrower: its label, or file and line.
[[nodiscard]] std::string place_of(const pooled_connection& lease);

} // namespace kin
