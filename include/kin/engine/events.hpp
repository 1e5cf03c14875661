// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kin/base/cell.hpp"

namespace kin {

class error;

/// What happened to one statement. Views live only for the duration of the call.
struct statement_event {
    std::string_view sql;
    std::span<const cell> parameters;
    std::int64_t duration_ns = 0; // from the start of execution until the last row was read or the error came
    std::int64_t rows = 0;        // rows read, or rows affected for a statement that returns none
    bool transaction_control = false; // BEGIN, COMMIT, ROLLBACK
    const error* failure = nullptr;   // null: it succeeded
};

/// PORT: is told about every statement. An engine's observers are called on the thread that ran the statement, so they
/// must be safe for threads; a session's observer is called on the session's thread only. Must not throw.
class statement_observer {
public:
    virtual ~statement_observer() = default;
    /// Called when a statement has ended, with or without success.
    virtual void executed(const statement_event& event) noexcept = 0;
};

} // namespace kin
