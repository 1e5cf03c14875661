// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace kin {

/// Whether a transaction means to write. SQLite: BEGIN and BEGIN IMMEDIATE.
enum class transaction_access : std::uint8_t { read, write };

/// What a transaction sees of others that run at the same time, as the SQL standard names it. A database may give more than is asked for.
enum class isolation_level : std::uint8_t {
    unspecified, // the engine's, else the database's own default
    read_uncommitted,
    read_committed,
    repeatable_read,
    serializable,
};

/// SQL's words for a level: "READ COMMITTED"; empty for unspecified.
[[nodiscard]] std::string_view isolation_level_text(isolation_level level) noexcept;

/// How a transaction begins. A value.
struct transaction_options {
    transaction_access access = transaction_access::write;
    isolation_level isolation = isolation_level::unspecified;
    bool read_only = false; // a statement that writes is an error (read_only_transaction)
    /// PostgreSQL, with serializable and read_only: waits at its begin until it can run without ever failing. Others need no such wait.
    bool deferrable = false;

    [[nodiscard]] bool operator==(const transaction_options&) const = default;
};

} // namespace kin
