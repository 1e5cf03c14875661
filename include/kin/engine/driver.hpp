// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kin/base/cell.hpp"
#include "kin/engine/transaction_options.hpp"
#include "kin/schema/qualified_name.hpp"

namespace kin {

class connection;
class dialect;
class inspector;
class table;
struct column;

/// PORT: a prepared statement of a driver. Implemented by the wings; used by one thread at a time.
/// Errors carry class, code, message and what the database names; the engine adds the statement and the parameters.
class driver_statement {
public:
    virtual ~driver_statement() = default;
    /// Starts a new execution with these parameters, as many as parameter_count(). They, and what they point to, must stay alive
    /// until reset(). Throws: data_error for a value that the database cannot hold.
    virtual void bind(std::span<const cell> parameters) = 0;
    /// Moves to the next row; false after the last. Throws: database_error; "no more rows" and "error" are never confused.
    virtual bool step() = 0;
    /// Reads columns [first, first + expected.size()) of the current row into `out`, each in the kind asked for;
    /// NULL comes as cell_kind::null. Returns how many could be converted: expected.size(), or the position (from `first`) of the one
    /// whose stored value is of another kind (text in a number's place ...). Bytes are valid until step() or reset().
    virtual std::size_t read(std::size_t first, std::span<const cell_kind> expected, cell* out) = 0;
    /// How many rows are in memory already, behind the current one; 0 where rows come one by one. For whoever makes room for them.
    [[nodiscard]] virtual std::size_t rows_at_hand() const noexcept { return 0; }
    /// The column as the database holds it, in its own kind (for error texts and untyped rows).
    virtual cell read_raw(std::size_t column) = 0;
    virtual void reset() noexcept = 0;
    [[nodiscard]] virtual std::size_t column_count() const = 0;
    [[nodiscard]] virtual std::string_view column_name(std::size_t column) const = 0;
    [[nodiscard]] virtual std::size_t parameter_count() const = 0;
    [[nodiscard]] virtual bool is_read_only() const noexcept = 0;
    /// How many rows the executions from now on may hold in memory at once: the others stay with the server until step() comes to them.
    /// 0: all of them. A driver whose rows always come one by one has nothing to do.
    virtual void set_fetch_size(std::uint32_t rows) noexcept { (void)rows; }

    /// Where driver_connection::can_send_ahead(): sends an execution and does not wait for its answer, so that several share a round trip. The
    /// parameters are not needed any more when it returns, and the statement may be sent again. Not between bind() and reset().
    /// Throws: as bind().
    virtual void send_ahead(std::span<const cell> parameters) { (void)parameters; }
    /// In the place of bind(): this execution is the oldest one that the connection has sent ahead and that nobody has taken. Waits for its
    /// answer. Throws: database_error, what became of it.
    virtual void take_sent() {}
};

/// What a connection that a borrower gives back needs before another may have it.
enum class reset_need : std::uint8_t {
    nothing, // nothing was set
    reset,   // reset() undoes it
    closing, // only a new connection is as new
};

/// PORT: one session with a server, or one open file. Used by one thread at a time, except cancel().
/// A call that waits for a server ends within the time-out that set_timeout() gave, whatever the server and the network do.
class driver_connection {
public:
    virtual ~driver_connection() = default;
    /// How long one call may take from now on, and one execution of a statement from bind() to its last row; 0: without bound.
    /// When the time is over, the driver stops the work (as cancel() does) and throws statement_timeout; when even that gets no answer
    /// in a short time, is_broken() is true afterwards.
    virtual void set_timeout(std::int64_t timeout_ms) noexcept = 0;
    /// Called from another thread, at any time before the destructor begins: the call that is running, if there is one, throws
    /// statement_cancelled. Must not block for long, and must not touch what the other thread uses without care for threads.
    virtual void cancel() noexcept = 0;
    /// Throws: statement_error when `sql` is not exactly one statement.
    [[nodiscard]] virtual std::unique_ptr<driver_statement> prepare(std::string_view sql) = 0;
    /// The engine has made sure that the driver has the isolation level.
    virtual void begin(const transaction_options& options) = 0;
    /// The text that begin() sends, for observers and errors.
    [[nodiscard]] virtual std::string begin_text(const transaction_options& options) const = 0;
    /// Whether the database itself refuses to write in a transaction that was begun with read_only. When not, the engine refuses
    /// statements that are not is_read_only().
    [[nodiscard]] virtual bool enforces_read_only() const noexcept { return true; }
    /// Whether the open transaction must be ended and begun again before it may write safely (SQLite: nothing was written yet, and
    /// an upgrade in place fails at once when somebody else wrote meanwhile).
    [[nodiscard]] virtual bool must_restart_to_write() const noexcept = 0;
    /// Throws when the database did not commit. A failed commit leaves the transaction open or gone: ask in_transaction().
    /// When the connection is lost on the way (connection_error, or is_broken() afterwards), the engine asks may_have_committed().
    virtual void commit() = 0;
    /// After a commit() that lost the connection: false when it is certain that the database did not get the COMMIT, or has refused it. The engine
    /// throws commit_outcome_unknown for true.
    [[nodiscard]] virtual bool may_have_committed() const noexcept { return true; }
    /// Also ends what was sent ahead and not taken: it is rolled back with the rest.
    virtual void rollback() = 0;
    /// Asked from the driver itself (SQLite: !get_autocommit), never remembered.
    [[nodiscard]] virtual bool in_transaction() const noexcept = 0;
    /// Rows that the last INSERT, UPDATE or DELETE matched; 0 when the last writing statement was something else.
    [[nodiscard]] virtual std::int64_t affected_rows() const noexcept = 0;
    /// Asks the server for an answer, within the time-out; false when there is none. Outside of a transaction only.
    [[nodiscard]] virtual bool ping() noexcept = 0;
    /// Whether the connection cannot be used any more: lost, out of step with the server, or with an answer that was not read. The engine
    /// asks after every error, and closes it then. No round trip.
    [[nodiscard]] virtual bool is_broken() const noexcept { return false; }
    /// Before the connection goes back to the pool, outside of a transaction: undoes what a borrower may have set (variables, temporary
    /// tables, locks, channels, cursors), so that the next one finds it as new. Throws when that fails; it is closed then.
    /// Returns whether the prepared statements are still there; when not, the engine forgets them.
    [[nodiscard]] virtual bool reset() { return true; }
    /// Asked before reset(), by what was run since keep_settings(). No round trip.
    [[nodiscard]] virtual reset_need needed_reset() const noexcept { return reset_need::reset; }
    /// What was set until now, by the driver and by the program's hook, belongs to the connection. After a reset() the hook runs again.
    virtual void keep_settings() noexcept {}
    /// Called in a child process after fork(), on a connection of the parent: the child gives up its copy of what leads to the server
    /// without sending anything, so that the parent's goes on. The object is never used again; its destructor does not run.
    virtual void abandon() noexcept {}

    /// Whether statements of a transaction can be sent without waiting for the answer to those before them (a pipeline). When one of them
    /// fails, the database does none of those behind it.
    [[nodiscard]] virtual bool can_send_ahead() const noexcept { return false; }
    /// Nobody will take the answers to what was sent ahead.
    virtual void drop_sent() noexcept {}

    /// Writes rows into `t` by the database's way of loading many (COPY), where that does the same as an INSERT; values row by row. Returns
    /// how many rows were written; nothing when this driver, this table or one of these columns has no such way, then nothing was written.
    /// Throws: database_error, as an INSERT of the rows would.
    [[nodiscard]] virtual std::optional<std::int64_t>
    copy_in(const table& t, std::span<const column* const> columns, std::span<const cell> values) {
        (void)t, (void)columns, (void)values;
        return std::nullopt;
    }
    /// The text that copy_in() sends, for observers and errors.
    [[nodiscard]] virtual std::string copy_text(const table& t,
                                                std::span<const column* const> columns) const {
        (void)t, (void)columns;
        return {};
    }

    /// Whether the next INSERT into `table` that leaves the integer column `key_column` out will number its rows one by one, above all keys that
    /// exist. Asked inside a writing transaction, so the answer holds until the INSERT. A driver that cannot promise it says no,
    /// and the keys are asked for with RETURNING.
    [[nodiscard]] virtual bool numbers_rows(const qualified_name& table, std::string_view key_column) {
        (void)table, (void)key_column;
        return false;
    }
    /// After such an INSERT of `rows` rows, or of one row where there is no RETURNING: the key of the first. Throws: data_error (unexpected_keys) when the table
    /// shows that the rows were not numbered one by one.
    [[nodiscard]] virtual std::int64_t first_key(const qualified_name& table, std::string_view key_column,
                                                 std::int64_t rows) {
        (void)table, (void)key_column;
        return rows;
    }
};

/// How a connection is opened.
struct connect_options {
    std::int64_t timeout_ms = 0; // until the connection is ready for statements; 0: without bound
};

/// PORT: opens sessions with one database. Immutable: threads share it. Owned by the engine.
class driver {
public:
    virtual ~driver() = default;
    /// Throws: connection_error, also when the time is over.
    [[nodiscard]] virtual std::unique_ptr<driver_connection>
    connect(const connect_options& options) const = 0;
    /// Whether begin() takes this level; the engine refuses those that it does not. Never asked for unspecified.
    [[nodiscard]] virtual bool has_isolation_level(isolation_level level) const noexcept = 0;
    [[nodiscard]] virtual const dialect& get_dialect() const noexcept = 0;
    /// True when the database lives and dies with its connection (SQLite in memory), so that all leases must share one.
    [[nodiscard]] virtual bool has_single_connection() const noexcept = 0;
    /// Looks at the schema through `c`, which must outlive the inspector.
    [[nodiscard]] virtual std::unique_ptr<inspector> inspect(connection& c) const = 0;
    /// Run in the transaction of drop_all before the first DROP, so that tables in a ring can be dropped; empty: nothing.
    [[nodiscard]] virtual std::string_view before_drop_all() const noexcept = 0;
};

} // namespace kin
