// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "kin/base/cell.hpp"
#include "kin/postgresql/libpq.hpp"
#include "kin/postgresql/parameters.hpp"

namespace kin::postgresql {

class postgresql_connection;

/// The rows of a query that stay at the server, and come some at a time. Between two calls the connection is free for other statements.
/// Ends with the transaction in which it was declared; without one, the server keeps a copy of the rows until it is closed. Used by one statement.
class row_cursor {
public:
    /// Declares it. `memory` is used for the parameters. Throws: database_error.
    row_cursor(postgresql_connection& c, const std::string& sql, std::span<const cell> values,
               parameters& memory);
    row_cursor(const row_cursor&) = delete;
    row_cursor& operator=(const row_cursor&) = delete;
    /// The server forgets it with the next statement, or the end of the transaction.
    ~row_cursor();

    /// Its columns, without rows. Lifetime: this.
    [[nodiscard]] const PGresult& description() const noexcept { return *description_; }
    [[nodiscard]] bool is_binary() const noexcept { return binary_; }
    /// The next rows; fewer than `rows` when there are no more. Throws: database_error; statement_error (cursor_closed).
    [[nodiscard]] result_handle fetch(std::uint32_t rows);

private:
    postgresql_connection& connection_;
    std::string name_;
    std::uint64_t ends_; // postgresql_connection::cursor_ends() when it was declared
    bool holds_;         // goes on after the transaction
    bool binary_ = false;
    result_handle description_;
};

} // namespace kin::postgresql
