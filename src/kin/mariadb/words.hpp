// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace kin::mariadb {

/// What a statement does, as far as its first words tell.
enum class statement_kind : std::uint8_t {
    reads,    // SELECT, SHOW, DESCRIBE ...
    writes,   // INSERT, UPDATE, DELETE, REPLACE
    controls, // BEGIN, COMMIT, SAVEPOINT ...
    commits,  // CREATE, ALTER, DROP ...: the server commits the open transaction before it
    other,
};
[[nodiscard]] statement_kind kind_of(std::string_view sql) noexcept;

/// Whether it is BEGIN or START: the server commits the open transaction before it, too.
[[nodiscard]] bool begins_transaction(std::string_view sql) noexcept;

/// Whether the statement may leave something behind in the session beside rows: a variable, a temporary table, a lock. Says yes when in
/// doubt.
[[nodiscard]] bool may_change_session(std::string_view sql) noexcept;

} // namespace kin::mariadb
