// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kin/engine/engine.hpp"

namespace kin::testing {

/// How a call of the driver goes wrong. A server is made to refuse by a statement, so what it leaves of the transaction, and what the wing
/// makes of that, is the same as when it refuses by itself.
enum class driver_fault : std::uint8_t {
    unique_violation, // the database refuses; the transaction stays open, on PostgreSQL as one that has failed
    lock_timeout,     // somebody else holds the lock; the transaction stays open, on MariaDB kin ends it
    no_memory,        // std::bad_alloc, as SQLite's SQLITE_NOMEM; the transaction stays open
    disk_full,        // SQLite has ended the transaction
    connection_lost,  // so is the transaction, and every later call of this connection fails the same way
    late,             // late_fault, after the call has done all its work
};

struct late_fault : std::runtime_error {
    late_fault() : std::runtime_error("an exception after the call had done its work") {}
};

/// What a test tells to a faulty driver, and hears from it. Calls are: connect, prepare, each step, begin, commit, rollback, numbers_rows
/// and first_key. Outlives the engine. For one thread.
class fault_plan {
public:
    /// The `nth` call from now on goes wrong; 1 is the next one.
    void arm(driver_fault what, std::size_t nth) noexcept;
    void disarm() noexcept { left_ = 0; }
    [[nodiscard]] bool fired() const noexcept { return !place_.empty(); }
    /// The call that went wrong: COMMIT, or the text of the statement.
    [[nodiscard]] const std::string& place() const noexcept { return place_; }
    /// Whether a transaction that was begun for writing was committed since arm().
    [[nodiscard]] bool committed() const noexcept { return committed_; }

    // for the driver
    [[nodiscard]] std::optional<driver_fault> next(std::string_view call);
    void note_commit() noexcept { committed_ = true; }

private:
    driver_fault what_ = driver_fault::late;
    std::size_t left_ = 0; // 0: all goes well
    std::string place_;
    bool committed_ = false;
};

/// An engine whose driver is that of the URL, and does as `plan` says.
[[nodiscard]] engine faulty_engine(std::string_view url, fault_plan& plan);

} // namespace kin::testing
