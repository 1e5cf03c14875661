// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "kin/engine/connection.hpp"
#include "kin/engine/pooled_connection.hpp"

namespace kin {

/// The connections of an engine. Threads share it. Lends the one given back last, so that those not needed stay idle.
/// A database with a single connection lends that one to everybody at once, ordered by `shared_access`.
class pool {
public:
    struct limits {
        std::uint32_t size = 5;
        std::uint32_t overflow = 10;
        std::int64_t timeout_ms = 30'000;
        std::int64_t trusted_idle_ms =
            1000; // idle for longer, a connection is asked whether it lives before it is lent
        std::int64_t connect_timeout_ms = 10'000;
        std::int64_t statement_timeout_ms = 0;
        std::int64_t upkeep_timeout_ms = 5'000; // asking whether a connection lives, resetting it
        bool reset_on_return = true;
    };

    pool(const driver& d, const observer_list& observers, limits l);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    /// `keeps_alive` owns this pool and is held by the connection.
    /// Throws: pool_timeout, connection_error.
    [[nodiscard]] connection acquire(std::shared_ptr<const void> keeps_alive);
    /// Rolls an open transaction back; drops the connection when that fails or when the pool has enough.
    void give_back(std::unique_ptr<pooled_connection> lease) noexcept;

    [[nodiscard]] std::size_t idle_count() const;
    [[nodiscard]] std::size_t checked_out_count() const;

private:
    [[nodiscard]] std::unique_ptr<physical_connection> open() const;
    [[nodiscard]] std::unique_ptr<physical_connection> acquire_own();
    [[nodiscard]] bool is_alive(physical_connection& idle) const noexcept;
    [[nodiscard]] bool make_as_new(pooled_connection& lease) const noexcept;
    [[nodiscard]] physical_connection& acquire_shared();
    void forget_one() noexcept;
    [[noreturn]] void fail_timeout(std::size_t checked_out) const;

    const driver& driver_;
    const observer_list& observers_;
    limits limits_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<physical_connection>> idle_; // the back was used last
    std::size_t open_ = 0;                                   // idle, lent and being opened

    std::unique_ptr<physical_connection> shared_; // of a database with a single connection
    std::size_t shared_leases_ = 0;
    shared_access sharing_;
};

} // namespace kin
