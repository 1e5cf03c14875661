// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional> // std::function holds the program's connect hook
#include <memory>
#include <source_location>
#include <string>
#include <string_view>

#include "kin/engine/connection.hpp"
#include "kin/engine/events.hpp"
#include "kin/engine/pool_status.hpp"
#include "kin/engine/transaction_options.hpp"
#include "kin/engine/url.hpp"

namespace kin {

class inspector;
class metadata;
class dialect;

/// How an engine works. Everything has a sound default.
struct engine_options {
    std::uint32_t pool_size = 5;     // connections kept
    std::uint32_t max_overflow = 10; // more, under load; closed when given back
    std::int64_t pool_timeout_ms =
        30'000; // how long a caller waits for a connection, or for the writer of a memory database
    /// A connection is not lent again when it is older; each has up to a fifth less, so that they are not replaced all at once. 0: without
    /// bound.
    std::int64_t pool_recycle_ms = 1'800'000;
    std::int64_t pool_trust_idle_ms =
        1'000; // idle for longer, a connection is asked for a sign of life before it is lent
    std::int64_t pool_long_hold_ms =
        0; // lent for longer, a connection is told about on stderr, with who has it; 0: never
    std::int64_t connect_timeout_ms = 10'000; // until a new connection is ready; 0: without bound
    /// How long one statement may take, from its start to its last row, before kin stops it (statement_timeout); 0: without bound.
    std::int64_t statement_timeout_ms = 300'000;
    bool reset_on_return = true; // undo what a borrower has set, before another gets the connection
    isolation_level isolation = isolation_level::unspecified; // of transactions that ask for none
    bool echo = false; // print every statement to stderr; also by the environment variable KIN_ECHO=1
    /// Run on each new connection before it is lent for the first time, on the thread that borrows: settings that every session needs.
    /// Run again when reset_on_return has undone what it set.
    /// What it throws, the borrower gets, and the connection is closed. Must not borrow from the engine.
    std::function<void(connection&)> on_connect = {};
};

/// A database as a program sees it: dialect, driver and connection pool. One per database and process; threads share it.
/// Made by `create_engine`. Copies share the pool; the last copy closes it.
class engine {
public:
    /// Borrows a connection. `where` and `label` tell others who has it (pool_status). Throws: pool_timeout, connection_error.
    [[nodiscard]] connection connect(std::source_location where = std::source_location::current()) const;
    [[nodiscard]] connection connect(std::string_view label, std::source_location where) const;
    /// How this database writes SQL. Lifetime: the engine and its copies.
    [[nodiscard]] const kin::dialect& dialect() const noexcept;
    /// The URL that it was made from, with the password; url::to_string() masks it. Lifetime: the engine and its copies.
    [[nodiscard]] const kin::url& url() const noexcept;
    /// Creates the tables that are missing, referenced ones first, and their indexes, in one transaction (MariaDB: taken back by DROP);
    /// before them, with feature::enum_types, the native types of their enumerations that are missing.
    /// SQL: CREATE TYPE, CREATE TABLE, CREATE INDEX, ALTER TABLE. Throws: compile_error (bad_identifier, bad_enumeration), statement_error
    /// (enumeration_differs: a native type of the models is there with other words, whether or not tables are missing), database_error;
    /// nothing was created then.
    void create_all(const metadata& m) const;
    /// Drops the tables that exist, referencing ones first, in one transaction; after them the native types of their enumerations that
    /// nothing uses any more, and then the connections as close_connections() does, for they have prepared statements with these types.
    /// SQL: DROP TABLE, ALTER TABLE, DROP TYPE. Throws: database_error; all are still there then (on MariaDB, where a DROP commits, those
    /// that were not reached).
    void drop_all(const metadata& m) const;
    /// Looks at what the database contains, through `c`, which must outlive the inspector (kin/engine/inspector.hpp).
    [[nodiscard]] std::unique_ptr<inspector> inspect(connection& c) const;
    /// Observers must outlive the engine or be removed first; once removed, they are not called any more. Safe for threads,
    /// but an observer must not call these, nor run statements, while it is called.
    void add_observer(statement_observer& observer) const;
    void remove_observer(statement_observer& observer) const noexcept;
    void add_observer(connection_observer& observer) const;
    void remove_observer(connection_observer& observer) const noexcept;
    /// Who holds the connections, and for how long. Safe for threads.
    [[nodiscard]] kin::pool_status pool_status() const;
    /// Closes the connections that are idle now, and the others when they are given back. The engine goes on with new ones. The connection
    /// of an in-memory database stays. Safe for threads.
    void close_connections() const noexcept;

    // for create_engine and the tests
    struct state; // private: src/kin/engine/engine_state.hpp
    explicit engine(std::shared_ptr<state> s) noexcept : state_(std::move(s)) {}
    [[nodiscard]] state& internals() const noexcept { return *state_; }

private:
    std::shared_ptr<state> state_;
};

} // namespace kin
