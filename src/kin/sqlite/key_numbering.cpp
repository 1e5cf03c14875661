// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/sqlite/connection.hpp"
#include "kin/sqlite/dialect.hpp"

// SQLite gives a new row the largest rowid of its table plus one (https://sqlite.org/autoinc.html), unless the largest possible
// rowid is taken: then it picks one at random. So inside a writing transaction, where nobody else can write, the rows of one INSERT
// are numbered one by one when the table has room above its largest key and no trigger that could insert in between. INSERT ...
// RETURNING would tell the keys as well, but collects them in a temporary b-tree first, which costs half as much again.
namespace kin::sqlite {

namespace {

constexpr std::int64_t room = std::int64_t{1} << 40; // more rows than one INSERT can have

/// One integer; nothing for NULL, no row, or a statement that this database does not understand.
std::optional<std::int64_t> number_of(sqlite3* db, const std::string& sql, std::string_view parameter = {}) {
    sqlite3_stmt* made = nullptr;
    const int rc = sqlite3_prepare_v2(db, sql.c_str(), static_cast<int>(sql.size()), &made, nullptr);
    const statement_handle handle(made);
    if (rc != SQLITE_OK) return std::nullopt;
    if (!parameter.empty()) {
        sqlite3_bind_text(made, 1, parameter.data(), static_cast<int>(parameter.size()), SQLITE_STATIC);
    }
    if (sqlite3_step(made) != SQLITE_ROW || sqlite3_column_type(made, 0) != SQLITE_INTEGER)
        return std::nullopt;
    return sqlite3_column_int64(made, 0);
}

/// A database of the connection, which has one called main and may have attached others.
std::string database_of(const qualified_name& table) {
    return std::string(table.schema.empty() ? std::string_view("main") : table.schema);
}

bool has_trigger(sqlite3* db, const qualified_name& table) {
    for (const std::string& schema : {database_of(table), std::string("temp")}) {
        std::string sql = "SELECT count(*) FROM ";
        sqlite_dialect().quote_table(sql, {"sqlite_schema", schema});
        sql += " WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE";
        if (number_of(db, sql, table.name).value_or(1) != 0) return true;
    }
    return false;
}

std::string largest_key_sql(const qualified_name& table, std::string_view key_column) {
    const sqlite_dialect dialect;
    std::string sql = "SELECT max(";
    dialect.quote(sql, key_column);
    sql += ") FROM ";
    dialect.quote_table(sql, table);
    return sql;
}

} // namespace

bool sqlite_connection::numbers_rows(const qualified_name& table, std::string_view key_column) {
    if (sqlite3_txn_state(db_.get(), database_of(table).c_str()) != SQLITE_TXN_WRITE ||
        has_trigger(db_.get(), table))
        return false;
    largest_before_insert_ = number_of(db_.get(), largest_key_sql(table, key_column)).value_or(0);
    return largest_before_insert_ < std::numeric_limits<std::int64_t>::max() - room;
}

std::int64_t sqlite_connection::first_key(const qualified_name& table, std::string_view key_column,
                                          std::int64_t rows) {
    const std::int64_t last = sqlite3_last_insert_rowid(db_.get());
    // The column must be the rowid itself, and the new rows must be the highest.
    const std::optional<std::int64_t> largest = number_of(db_.get(), largest_key_sql(table, key_column));
    const bool proven =
        sqlite3_changes64(db_.get()) == rows && largest == last && last - rows >= largest_before_insert_;
    if (!proven) {
        throw data_error(
            {.code = "unexpected_keys",
             .message = "the rows of an INSERT into " + std::string(table.name) +
                        " were not numbered one by one, so their keys are not known; declare the column " +
                        std::string(key_column) + " as INTEGER PRIMARY KEY",
             .sql = {},
             .table = std::string(table.name),
             .column = std::string(key_column)});
    }
    return last - rows + 1;
}

} // namespace kin::sqlite
