// SPDX-License-Identifier: MIT
#include "support/raw_database.hpp"

#include <algorithm>
#include <stdexcept>

#include <sqlite3.h>

namespace kin::testing {

namespace {

[[noreturn]] void fail(sqlite3* db) {
    throw std::runtime_error(std::string("raw SQL: ") + sqlite3_errmsg(db));
}

std::string text_of(sqlite3_stmt* s, int column) {
    const void* text = sqlite3_column_blob(s, column);
    const int size = sqlite3_column_bytes(s, column);
    return text ? std::string(static_cast<const char*>(text), static_cast<std::size_t>(size)) : std::string();
}

std::string literal_of_text(std::string_view text) {
    std::string literal = "'";
    for (const char c : text) literal.append(c == '\'' ? 2 : 1, c);
    return literal + "'";
}

std::string literal_of(sqlite3_stmt* s, int column) {
    switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL: return "NULL";
    case SQLITE_TEXT: return literal_of_text(text_of(s, column));
    case SQLITE_BLOB: return "x'" + text_of(s, column) + "'";
    default: return text_of(s, column); // a number
    }
}

std::string shown(const raw_database::content& all, const std::string& name) {
    const auto at = all.find(name);
    if (at == all.end()) return " is not there";
    std::string text;
    for (const auto& row : at->second.rows) {
        text += " (";
        for (const std::string& value : row) text += (text.back() == '(' ? "" : ", ") + value;
        text += ")";
    }
    return text.empty() ? " is empty" : text;
}

} // namespace

void raw_database::closer::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
void raw_database::finalizer::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

raw_database::raw_database(const std::string& path) {
    sqlite3* opened = nullptr;
    const int rc = sqlite3_open(path.c_str(), &opened);
    db_.reset(opened);
    if (rc != SQLITE_OK) fail(opened);
    run("PRAGMA synchronous = OFF");
}

void raw_database::run(const std::string& script) {
    if (sqlite3_exec(db_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(db_.get());
}

raw_database::table raw_database::rows_of(std::string_view sql) {
    auto known = statements_.find(sql);
    if (known == statements_.end()) {
        sqlite3_stmt* made = nullptr;
        const auto size = static_cast<int>(sql.size());
        if (sqlite3_prepare_v2(db_.get(), sql.data(), size, &made, nullptr) != SQLITE_OK) fail(db_.get());
        known = statements_.emplace(sql, made).first;
    }
    sqlite3_stmt* s = known->second.get();
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> reset_at_end(s, sqlite3_reset);
    table found;
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        std::vector<std::string>& row = found.rows.emplace_back();
        for (int i = 0; i < sqlite3_column_count(s); ++i) row.push_back(literal_of(s, i));
    }
    if (rc != SQLITE_DONE) fail(db_.get());
    for (int i = 0; i < sqlite3_column_count(s); ++i) found.columns.emplace_back(sqlite3_column_name(s, i));
    std::sort(found.rows.begin(), found.rows.end());
    return found;
}

raw_database::content raw_database::read() {
    content all;
    const table names =
        rows_of("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    for (const auto& row : names.rows) {
        const std::string name = row.front().substr(1, row.front().size() - 2);
        all.emplace(name, rows_of("SELECT * FROM \"" + name + "\""));
    }
    return all;
}

void raw_database::refill(const std::string& script) {
    std::string all = "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;";
    for (const auto& [name, rows] : read()) all += "DELETE FROM \"" + name + "\";";
    run(all + script + "; COMMIT");
}

std::string raw_database::ask(std::string_view sql) {
    const table found = rows_of(sql);
    return found.rows.empty() ? "no row" : found.rows.front().front();
}

std::string literal_of(const cell& c) {
    if (c.is_null()) return "NULL";
    if (c.kind == cell_kind::text) return literal_of_text(c.bytes());
    if (c.kind == cell_kind::blob) return "x'" + std::string(c.bytes()) + "'";
    return std::to_string(c.integer);
}

std::string difference(const raw_database::content& found, const raw_database::content& expected) {
    std::string text;
    for (const auto& [name, rows] : expected) {
        const auto at = found.find(name);
        if (at != found.end() && at->second == rows) continue;
        text += name + ":" + shown(found, name) + ", expected:" + shown(expected, name) + "\n";
    }
    return text;
}

} // namespace kin::testing
