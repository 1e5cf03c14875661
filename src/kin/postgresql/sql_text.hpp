// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace kin::postgresql {

/// What the text of a statement tells without a server.
struct statement_text {
    std::size_t placeholders = 0; // the highest $n
    bool is_empty = true;         // only space and comments
    bool reads_only = false;      // SELECT and its like; WITH without INSERT, UPDATE, DELETE, MERGE
    /// It may leave something in the session: SET, LISTEN, DECLARE, a temporary table, one of the server's own functions (pg_advisory_lock, set_config).
    bool touches_session = false;
    bool is_query = false; // a cursor can be declared for it
    /// ROLLBACK, DISCARD or CLOSE: cursors may be gone afterwards.
    bool ends_cursors = false;
};

/// Reads over quoted text ('..', E'..', "..", $tag$..$tag$) and comments as PostgreSQL does.
[[nodiscard]] statement_text scan_statement(std::string_view sql) noexcept;

} // namespace kin::postgresql
