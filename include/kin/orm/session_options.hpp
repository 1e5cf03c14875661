// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "kin/engine/transaction_options.hpp"

namespace kin {

class statement_observer;

/// How a session works. The defaults suit a request of a web application.
struct session_options {
    /// Write pending changes before a query, so that it sees them. Lazy loads need no flush: they take unwritten changes
    /// into account in memory.
    bool autoflush = true;
    /// Begin as a writer: SQLite takes its write lock at the first statement (BEGIN IMMEDIATE), so what is read stays true until
    /// the commit. Without it a transaction that only reads so far becomes a writer at its first flush.
    bool write_intent = false;
    /// Expire every object when commit() has succeeded, so that the next access reads it again. Without it values stay as they are.
    bool expire_on_commit = false;
    /// Is told about every statement of this session, on its thread. Must outlive the session.
    statement_observer* observer = nullptr;
    /// Of each of its transactions; unspecified: the engine's. Throws at the first statement: usage_error (unsupported_isolation).
    isolation_level isolation = isolation_level::unspecified;
    /// Each of its transactions only reads: a statement or flush that would write throws state_error (read_only_transaction).
    bool read_only = false;
    /// PostgreSQL, see transaction_options.
    bool deferrable = false;
    /// Bounds each statement; 0: without bound, -1: as the engine says.
    std::int64_t statement_timeout_ms = -1;
    /// What the pool calls the session when it tells who holds its connections; empty: the line that made it.
    std::string label = {};
};

} // namespace kin
