// SPDX-License-Identifier: MIT
#pragma once

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
};

} // namespace kin
