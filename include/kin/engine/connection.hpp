// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional> // std::function holds what is done with an answer that comes later
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"
#include "kin/engine/cancel_handle.hpp"
#include "kin/engine/driver.hpp"
#include "kin/engine/events.hpp"
#include "kin/engine/execution_options.hpp"

namespace kin {

class connection;
class dialect;
struct cached_statement;  // private: src/kin/engine/statement_cache.hpp
struct pooled_connection; // private: src/kin/engine/pooled_connection.hpp
struct sent_statement;    // private: src/kin/engine/sent_statements.hpp
class pool;

namespace detail {
struct wing_access; // private: src/kin/engine/wing_access.hpp
}

/// A running statement: moves over the rows. Resets the statement and gives it back to the cache when destroyed, whether or not all
/// rows were read. A statement that writes and returns rows must be read to its end: outside a transaction that is when it commits.
/// Move-only; must not outlive its connection's lease (the connection itself may be moved). For one thread.
class cursor {
public:
    cursor(cursor&& other) noexcept;
    cursor& operator=(cursor&&) = delete;
    ~cursor();

    /// Moves to the next row; false after the last. Throws: database_error, with the statement and redacted parameters.
    bool next();
    /// See driver_statement::read.
    std::size_t read(std::size_t first, std::span<const cell_kind> expected, cell* out) {
        return statement_->read(first, expected, out);
    }
    [[nodiscard]] cell read_raw(std::size_t column) { return statement_->read_raw(column); }
    /// See driver_statement::rows_at_hand.
    [[nodiscard]] std::size_t rows_at_hand() const noexcept { return statement_->rows_at_hand(); }
    [[nodiscard]] std::size_t column_count() const { return statement_->column_count(); }
    [[nodiscard]] std::string_view column_name(std::size_t column) const {
        return statement_->column_name(column);
    }
    /// After next() has returned false: rows that the statement matched (read, for a query).
    [[nodiscard]] std::int64_t affected_rows() const;

private:
    friend class connection;
    friend class pending_answer;
    explicit cursor(pooled_connection& lease);
    cursor(pooled_connection& lease, const sent_statement& sent);
    cursor(pooled_connection& lease, std::string_view sql, std::span<const cell> parameters,
           const execution_options& options);
    void start(std::string_view sql, const execution_options& options);
    void claim_writing();
    void finish() noexcept;

    pooled_connection* lease_; // null once moved from
    cached_statement* cached_ = nullptr;
    driver_statement* statement_ = nullptr;
    std::span<const cell> parameters_; // for the observer and error texts; the caller keeps them alive
    std::int64_t started_ns_ = 0;      // 0: nobody observes
    std::int64_t rows_ = 0;
    bool finished_ = false;
    bool claimed_writing_ = false; // shared connection: the right to write, for this statement only
};

/// The answer to a statement that was given to connection::send(); it may still be on its way. Lives for one call.
class pending_answer {
public:
    /// Its rows; to be called once. Throws: database_error, what became of the statement.
    [[nodiscard]] cursor take() const;
    /// ... the number of rows that it matched (read, for a query); in place of take().
    std::int64_t affected_rows() const;
    [[nodiscard]] std::string_view sql() const noexcept;

private:
    friend class connection;
    friend class sent_statements;
    pending_answer(pooled_connection& lease, const sent_statement& of, bool is_sent) noexcept
        : lease_(lease),
          of_(of),
          is_sent_(is_sent) {}
    pooled_connection& lease_;
    const sent_statement& of_;
    bool is_sent_;
};

/// The values of a statement whose answer comes later, and memory for those of their bytes that have no home of their own. The others must
/// stay where they are until the answer was taken.
struct sent_values {
    std::vector<cell> cells = {};
    scratch memory = {};

    void clear() noexcept {
        cells.clear();
        memory.clear();
    }
};

/// A connection borrowed from an engine's pool; goes back when destroyed (an open transaction is rolled back first). Move-only,
/// for one thread at a time.
/// An in-memory database has one physical connection, which all leases share. There a reading transaction is only a flag, one lease at a
/// time writes, from its first write until commit or rollback, and the others see what it has not committed yet.
class connection {
public:
    connection(connection&& other) noexcept;
    connection& operator=(connection&& other) noexcept;
    ~connection();

    /// Prepares (or takes from the statement cache) and starts `sql`. `parameters` and what they point to must stay alive as long as
    /// the cursor. Throws: database_error; usage_error (parameter_count); pending_rollback when transaction_lost().
    [[nodiscard]] cursor open(std::string_view sql, std::span<const cell> parameters = {},
                              const execution_options& options = {});
    /// Runs a statement to its end and returns the number of rows that it matched (read, for a query). Throws: as open().
    std::int64_t execute(std::string_view sql, std::span<const cell> parameters = {},
                         const execution_options& options = {});
    /// Runs a statement and calls `then` with its answer. While send_ahead(true) holds, where the database can do that: sends it only, and
    /// `then` is called once somebody needs the connection for something else, calls settle() or commits; several such statements share
    /// a round trip. They are answered in the order in which they were sent. When one fails, or `then` throws, none of those behind it is
    /// answered; the error comes from the call that waited for it. Throws: as open(), and what `then` throws.
    void send(std::string_view sql, std::shared_ptr<const sent_values> values,
              std::function<void(const pending_answer&)> then);
    /// Calls `step` when all that was sent before is answered: now, or after them.
    void after_sent(std::function<void()> step);
    /// Waits for the answers to all that was sent. Throws: database_error, and what their `then` throw.
    void settle();
    [[nodiscard]] bool is_settled() const noexcept;
    void send_ahead(bool allowed) noexcept;

    /// Writes many rows at once where the database has a way to do so that is the same as an INSERT to everybody (PostgreSQL: COPY).
    /// `values`: row by row. Returns the number of rows; nothing when there is no such way, then nothing was written. Throws: database_error.
    [[nodiscard]] std::optional<std::int64_t> copy_in(const table& t, std::span<const column* const> columns,
                                                      std::span<const cell> values);

    /// Whether `sql` only reads, as the database sees it. Prepares it. Throws: database_error when it does not parse.
    [[nodiscard]] bool is_read_only(std::string_view sql);

    /// See driver_connection::numbers_rows. False outside of a transaction.
    [[nodiscard]] bool numbers_rows(const qualified_name& table, std::string_view key_column);
    /// See driver_connection::first_key.
    [[nodiscard]] std::int64_t first_key(const qualified_name& table, std::string_view key_column,
                                         std::int64_t rows);

    /// SQL: BEGIN, or BEGIN IMMEDIATE for write on SQLite. Throws: lock_timeout when another writer does not finish in time;
    /// state_error (transaction_open) when there is a transaction already; usage_error (unsupported_isolation).
    void begin(const transaction_options& options);
    void begin(transaction_access access) { begin(transaction_options{.access = access}); }
    /// Makes an open reading transaction a writing one. SQLite: when nothing was written yet, ends it and begins with IMMEDIATE,
    /// so that waiting for another writer works (an upgrade in place fails at once with SQLITE_BUSY_SNAPSHOT).
    /// Throws: lock_timeout, then no transaction is open any more; state_error (no_transaction, read_only_transaction).
    void require_write();
    /// Throws: database_error when the database did not commit; the transaction is rolled back then. commit_outcome_unknown when the
    /// connection was lost on the way. state_error (no_transaction). pending_rollback when transaction_lost().
    void commit();
    /// Never throws for a transaction that the database has given up already; a connection that cannot roll back is dropped.
    void rollback() noexcept;
    [[nodiscard]] bool in_transaction() const noexcept;
    /// True when an error ended the transaction on the database's side (disk full ...): nothing may be sent until rollback().
    [[nodiscard]] bool transaction_lost() const noexcept;

    /// Bounds the statements of this lease that have no time-out of their own; 0: without bound. Without it the engine's
    /// statement_timeout_ms counts.
    void set_statement_timeout(std::int64_t timeout_ms) noexcept;
    /// Stops the statement that runs on this lease, from another thread.
    [[nodiscard]] kin::cancel_handle cancel_handle();
    /// From now on `handle` stops the statements of this lease, and not those of another any more.
    void obey(const kin::cancel_handle& handle);

    /// Is told about this lease's statements beside the engine's observers; null: nobody.
    void set_observer(statement_observer* observer) noexcept;
    [[nodiscard]] const dialect& get_dialect() const noexcept;

private:
    friend class pool;
    friend class cursor;
    friend struct detail::wing_access;
    void end_lease() noexcept;
    explicit connection(pooled_connection* lease) noexcept : lease_(lease) {}
    pooled_connection* lease_;
};

} // namespace kin
