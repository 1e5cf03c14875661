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

/// What happens to the connections of an engine's pool.
enum class connection_event_kind : std::uint8_t {
    connected,   // one was opened
    checked_out, // one was lent
    checked_in,  // one came back
    held_long, // one is lent for longer than pool_long_hold_ms; told once, when the pool is next asked for a connection
    invalidated, // a connection was lost: none that is open now is lent again
    closed,      // one was closed
};

/// One such event. Views live only for the duration of the call.
struct connection_event {
    connection_event_kind kind = connection_event_kind::connected;
    std::uint64_t connection = 0; // counted from 1 in the order of opening; 0: no single one
    std::string_view place = {};  // who has borrowed it: the session's label, else "shop.cpp:42"
    std::int64_t held_ms = 0;     // since it was borrowed
};

/// PORT: is told what happens to connections, on the thread that does it; so it must be safe for threads. Must not throw, nor use the
/// engine.
class connection_observer {
public:
    virtual ~connection_observer() = default;
    virtual void happened(const connection_event& event) noexcept = 0;
};

} // namespace kin
