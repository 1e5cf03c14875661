// SPDX-License-Identifier: MIT
#include "kin/mariadb/connection.hpp"

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"

namespace kin::mariadb {

namespace {

/// Empty: the session's own level.
std::string_view words_of(isolation_level level) noexcept {
    switch (level) {
    case isolation_level::unspecified: break;
    case isolation_level::read_uncommitted: return "READ UNCOMMITTED";
    case isolation_level::read_committed: return "READ COMMITTED";
    case isolation_level::repeatable_read: return "REPEATABLE READ";
    case isolation_level::serializable: return "SERIALIZABLE";
    }
    return {};
}

std::string level_text(isolation_level level) {
    const std::string_view words = words_of(level);
    return words.empty() ? std::string() : "SET TRANSACTION ISOLATION LEVEL " + std::string(words);
}

std::string start_text(const transaction_options& options) {
    return options.read_only ? "START TRANSACTION READ ONLY" : "START TRANSACTION";
}

} // namespace

std::unique_ptr<driver_statement> mariadb_connection::prepare(std::string_view sql) {
    return std::make_unique<mariadb_statement>(channel_, sql, record_);
}

std::string mariadb_connection::begin_text(const transaction_options& options) const {
    const std::string level = level_text(options.isolation);
    return level.empty() ? start_text(options) : level + "; " + start_text(options);
}

void mariadb_connection::begin(const transaction_options& options) {
    if (const std::string level = level_text(options.isolation); !level.empty()) channel_.query(level);
    channel_.query(start_text(options));
}

void mariadb_connection::commit() {
    channel_.require_peer();
    channel_.query("COMMIT", overdue_rule::give_up);
    if (!channel_.in_transaction()) return;
    throw statement_error(
        {.code = "not_committed",
         .message = "the server answered COMMIT with success, yet the transaction is still open; roll "
                    "back",
         .sql = {}});
}

std::int64_t mariadb_connection::first_key(const qualified_name& table, std::string_view key_column,
                                           std::int64_t) {
    const auto key = static_cast<std::int64_t>(channel_.api().insert_id(channel_.handle()));
    if (key > 0) return key;
    throw data_error({.code = "unexpected_keys",
                      .message = "the server made no key for a row of " + std::string(table.name) +
                                 "; declare the column " + std::string(key_column) + " as AUTO_INCREMENT",
                      .sql = {},
                      .table = std::string(table.name),
                      .column = std::string(key_column)});
}

std::string mariadb_connection::copy_text(const table& t, std::span<const column* const> columns) const {
    return compile_insert(dialect_, t, columns, 1, {});
}

std::optional<std::int64_t> mariadb_connection::copy_in(const table& t,
                                                        std::span<const column* const> columns,
                                                        std::span<const cell> values) {
    if (!facts().is_mariadb) return std::nullopt;
    row_array rows(columns.size());
    if (!rows.set(values, channel_.largest_packet())) return std::nullopt;
    return mariadb_statement(channel_, copy_text(t, columns), record_).execute_all(rows);
}

bool mariadb_connection::reset() {
    channel_.reset();
    return false;
}

} // namespace kin::mariadb
