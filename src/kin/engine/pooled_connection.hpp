// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "kin/engine/driver.hpp"
#include "kin/engine/events.hpp"
#include "kin/engine/observer_list.hpp"
#include "kin/engine/shared_access.hpp"
#include "kin/engine/statement_cache.hpp"

namespace kin {

class error;
class pool;

/// An open driver connection with its prepared statements. Owned by the pool, or by the lease that borrowed it.
struct physical_connection {
    explicit physical_connection(std::unique_ptr<driver_connection> c)
        : driver(std::move(c)),
          statements(*driver) {}

    std::unique_ptr<driver_connection> driver;
    statement_cache statements; // after `driver`: statements end before their connection
    std::chrono::steady_clock::time_point idle_since;
    std::int64_t timeout_ms = 0; // what the driver was told

    /// Bounds the calls from now on.
    void set_timeout(std::int64_t ms) noexcept {
        if (ms != timeout_ms) driver->set_timeout(timeout_ms = ms);
    }
};

/// One lease: what a `connection` holds while it has borrowed from the pool. For one thread at a time; the physical connection may be
/// shared with other leases, then every use of it is inside `sharing`.
struct pooled_connection {
    std::shared_ptr<const void> keeps_alive; // the engine's state
    pool* home = nullptr;
    const kin::driver* driver = nullptr;
    const observer_list* observers = nullptr;
    std::unique_ptr<physical_connection> own; // null when the physical connection is shared
    physical_connection* physical = nullptr;
    shared_access* sharing = nullptr; // null unless shared
    std::int64_t lock_timeout_ms = 0;

    statement_observer* observer = nullptr;
    bool began = false;   // begin() has sent a BEGIN that no commit or rollback has ended
    bool reading = false; // shared: a reading transaction that exists in this flag only
    bool lost = false;
    bool broken = false;           // lost, or a rollback failed: not to be used again
    bool refuses_writes = false;   // a read-only transaction that the database does not enforce
    transaction_options open_with; // of the transaction that is open

    // What `connection` offers under the same names.
    void begin(const transaction_options& options);
    void require_write();
    void commit();
    void rollback() noexcept;
    [[nodiscard]] bool in_transaction() const;

    [[nodiscard]] bool is_observed() const noexcept { return observer != nullptr || !observers->empty(); }
    void notify(const statement_event& event) const noexcept;
    /// Asks the driver, after an error, whether the transaction is still there.
    void note_failure() noexcept;
    /// ... and whether the connection is.
    void note_failure(const error& e) noexcept;
    /// To be called in a handler of `e`: notes the failure, tells the observers and throws `e` again with the statement in it.
    [[noreturn]] void fail(const error& e, const statement_event& event, std::int64_t started_ns);
    /// Throws: pending_rollback when the transaction was lost.
    void require_usable() const {
        if (lost) [[unlikely]]
            fail_lost();
    }
    [[noreturn]] static void fail_lost();
    /// Throws: state_error (read_only_transaction).
    [[noreturn]] static void fail_read_only();

private:
    void require_level(isolation_level level) const;
    void send_commit();
    void end() noexcept;
    template <class Work> void control(std::string_view text, Work&& work);
    void send_begin(const transaction_options& options);
    void begin_writing();
};

/// Holds the statement lock of a shared connection; does nothing for one that is not shared.
class statement_lock {
public:
    explicit statement_lock(shared_access* sharing) : sharing_(sharing) {
        if (sharing_ != nullptr) sharing_->lock();
    }
    statement_lock(const statement_lock&) = delete;
    statement_lock& operator=(const statement_lock&) = delete;
    ~statement_lock() {
        if (sharing_ != nullptr) sharing_->unlock();
    }

private:
    shared_access* sharing_;
};

/// Nanoseconds of a steady clock.
[[nodiscard]] std::int64_t now_ns() noexcept;

} // namespace kin
