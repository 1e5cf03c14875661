// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "kin/base/cell.hpp"

namespace kin {

class connection;
class dialect;
class inspector;

/// Whether a transaction means to write. SQLite: BEGIN and BEGIN IMMEDIATE.
enum class transaction_access : std::uint8_t { read, write };

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
    /// The column as the database holds it, in its own kind (for error texts and untyped rows).
    virtual cell read_raw(std::size_t column) = 0;
    virtual void reset() noexcept = 0;
    [[nodiscard]] virtual std::size_t column_count() const = 0;
    [[nodiscard]] virtual std::string_view column_name(std::size_t column) const = 0;
    [[nodiscard]] virtual std::size_t parameter_count() const = 0;
    [[nodiscard]] virtual bool is_read_only() const noexcept = 0;
};

/// PORT: one session with a server, or one open file. Used by one thread at a time.
class driver_connection {
public:
    virtual ~driver_connection() = default;
    /// Throws: statement_error when `sql` is not exactly one statement.
    [[nodiscard]] virtual std::unique_ptr<driver_statement> prepare(std::string_view sql) = 0;
    virtual void begin(transaction_access access) = 0;
    /// The text that begin() sends, for observers and errors.
    [[nodiscard]] virtual std::string_view begin_text(transaction_access access) const noexcept = 0;
    /// Whether the open transaction must be ended and begun again before it may write safely (SQLite: nothing was written yet, and
    /// an upgrade in place fails at once when somebody else wrote meanwhile).
    [[nodiscard]] virtual bool must_restart_to_write() const noexcept = 0;
    /// Throws when the database did not commit. A failed commit leaves the transaction open or gone: ask in_transaction().
    virtual void commit() = 0;
    virtual void rollback() = 0;
    /// Asked from the driver itself (SQLite: !get_autocommit), never remembered.
    [[nodiscard]] virtual bool in_transaction() const noexcept = 0;
    /// Rows that the last INSERT, UPDATE or DELETE matched; 0 when the last writing statement was something else.
    [[nodiscard]] virtual std::int64_t affected_rows() const noexcept = 0;
    [[nodiscard]] virtual bool is_alive() noexcept = 0;

    /// Whether the next INSERT into `table` that leaves the integer column `key_column` out will number its rows one by one, above all keys that
    /// exist. Asked inside a writing transaction, so the answer holds until the INSERT. A driver that cannot promise it says no,
    /// and the keys are asked for with RETURNING.
    [[nodiscard]] virtual bool numbers_rows(std::string_view table, std::string_view key_column) {
        (void)table, (void)key_column;
        return false;
    }
    /// After such an INSERT of `rows` rows: the key of the first. Throws: data_error (unexpected_keys) when the table
    /// shows that the rows were not numbered one by one.
    [[nodiscard]] virtual std::int64_t first_key(std::string_view table, std::string_view key_column,
                                                 std::int64_t rows) {
        (void)table, (void)key_column;
        return rows;
    }
};

/// PORT: opens sessions with one database. Immutable: threads share it. Owned by the engine.
class driver {
public:
    virtual ~driver() = default;
    /// Throws: connection_error.
    [[nodiscard]] virtual std::unique_ptr<driver_connection> connect() const = 0;
    [[nodiscard]] virtual const dialect& get_dialect() const noexcept = 0;
    /// True when the database lives and dies with its connection (SQLite in memory), so that all leases must share one.
    [[nodiscard]] virtual bool has_single_connection() const noexcept = 0;
    /// Looks at the schema through `c`, which must outlive the inspector.
    [[nodiscard]] virtual std::unique_ptr<inspector> inspect(connection& c) const = 0;
    /// Run in the transaction of drop_all before the first DROP, so that tables in a ring can be dropped; empty: nothing.
    [[nodiscard]] virtual std::string_view before_drop_all() const noexcept = 0;
};

} // namespace kin
