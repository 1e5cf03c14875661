// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kin/engine/driver.hpp"
#include "kin/sqlite/call_limit.hpp"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace kin::sqlite {

/// Owns a prepared statement of the C library.
struct statement_closer {
    void operator()(sqlite3_stmt* s) const noexcept;
};
using statement_handle = std::unique_ptr<sqlite3_stmt, statement_closer>;

/// Throws: statement_error (bad_sql, no_such_table ...; several_statements, empty_statement when `sql` is not exactly one statement).
[[nodiscard]] statement_handle prepare(sqlite3* db, std::string_view sql);

/// Reads a value as the kind asked for; NULL as cell_kind::null. False when it is of another kind. Bytes are SQLite's.
[[nodiscard]] bool read_value(sqlite3_value* v, cell_kind expected, cell& out);

/// A prepared statement of one sqlite_connection, which must outlive it. For one thread at a time.
/// Dates and times are text on SQLite, as `base/iso_time.hpp` writes it; decimals, JSON and arrays are text as they come.
class sqlite_statement final : public driver_statement {
public:
    /// `affected_rows` belongs to the connection; set when a writing statement has run to its end.
    sqlite_statement(sqlite3* db, std::string_view sql, call_limit& limit, std::int64_t& affected_rows);

    void bind(std::span<const cell> parameters) override;
    bool step() override;
    std::size_t read(std::size_t first, std::span<const cell_kind> expected, cell* out) override;
    cell read_raw(std::size_t column) override;
    void reset() noexcept override;
    [[nodiscard]] std::size_t column_count() const override;
    [[nodiscard]] std::string_view column_name(std::size_t column) const override;
    [[nodiscard]] std::size_t parameter_count() const override;
    [[nodiscard]] bool is_read_only() const noexcept override { return read_only_; }

private:
    void bind_real(int position, double number);
    void bind_temporal(std::span<const cell> parameters, std::size_t i);

    sqlite3* db_;
    statement_handle handle_;
    call_limit& limit_; // of the connection
    call_limit::clock clock_;
    std::int64_t& affected_rows_;
    std::int64_t total_changes_before_ = 0;
    std::string temporal_; // the texts of the dates and times bound
    bool read_only_;
};

} // namespace kin::sqlite
