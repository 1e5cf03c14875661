// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

#include "kin/engine/cancel_target.hpp"
#include "kin/engine/driver.hpp"
#include "kin/engine/events.hpp"
#include "kin/engine/longest_timeout.hpp"
#include "kin/engine/observer_list.hpp"
#include "kin/engine/process.hpp"
#include "kin/engine/sent_statements.hpp"
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
    statement_cache statements;     // after `driver`: statements end before their connection
    std::uint64_t id = 0;           // counted by the pool
    std::uint64_t generation = 0;   // of the pool, when opening began
    std::int64_t idle_since_ms = 0; // by the pool's clock, as
    std::int64_t fit_until_ms = 0;  // 0: for ever
    std::int64_t timeout_ms = 0;    // what the driver was told

    /// Bounds the calls from now on.
    void set_timeout(std::int64_t ms) noexcept {
        ms = bounded_timeout(ms);
        if (ms != timeout_ms) driver->set_timeout(timeout_ms = ms);
    }
};

/// One lease: what a `connection` holds while it has borrowed from the pool. For one thread at a time; the physical connection may be
/// shared with other leases, then every use of it is inside `sharing`.
struct pooled_connection {
    std::shared_ptr<const void> keeps_alive; // the engine's state
    pool* home = nullptr;
    const kin::driver* driver = nullptr;
    const statement_observers* observers = nullptr;
    std::unique_ptr<physical_connection> own; // null when the physical connection is shared
    physical_connection* physical = nullptr;
    shared_access* sharing = nullptr; // null unless shared
    std::int64_t lock_timeout_ms = 0;
    std::int64_t timeout_ms = 0;                              // of statements that have none of their own
    isolation_level isolation = isolation_level::unspecified; // of transactions that ask for none
    std::uint64_t forks = 0;                                  // of the process that borrowed it

    // For the pool: who has it.
    std::source_location where = {};
    std::string label;
    std::int64_t since_ms = 0;
    bool told_of_long_hold = false;
    pooled_connection* older = nullptr;
    pooled_connection* newer = nullptr;

    std::shared_ptr<detail::cancel_target> cancelled_by; // null: by nobody
    std::atomic<int> open_cursors = 0; // shared: while there are any, the statement lock is this lease's
    statement_observer* observer = nullptr;
    bool began = false;   // begin() has sent a BEGIN that no commit or rollback has ended
    bool reading = false; // shared: a reading transaction that exists in this flag only
    bool lost = false;
    bool broken = false;           // lost, or a rollback failed: not to be used again
    bool refuses_writes = false;   // a read-only transaction that the database does not enforce
    transaction_options open_with; // of the transaction that is open
    sent_statements sent;          // and not answered yet

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
    /// Whether this is a copy in a child process: the parent goes on with the connection.
    [[nodiscard]] bool is_forked() const noexcept { return forks != detail::fork_count(); }
    /// Throws: pending_rollback when the transaction was lost; state_error (forked_connection).
    void require_usable() const {
        if (lost || is_forked()) [[unlikely]]
            fail_unusable();
    }
    [[noreturn]] void fail_unusable() const;
    /// Throws: state_error (read_only_transaction).
    [[noreturn]] static void fail_read_only();
    /// Where a transaction is needed and the driver has none. Throws: state_error (no_transaction) with `message` when none was begun, and when
    /// a statement has ended it; connection_error (connection_lost) when it went with the connection.
    [[noreturn]] void fail_without_transaction(const char* message);

private:
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
