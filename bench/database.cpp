// SPDX-License-Identifier: MIT
#include "database.hpp"

#include <stdexcept>

void fail(sqlite3* db) { throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(db)); }

connection::connection(const std::string& file, const char* pragmas) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file.c_str(), &db_, flags, nullptr) != SQLITE_OK) fail(db_);
    execute(pragmas);
}

connection::~connection() { sqlite3_close(db_); }

void connection::execute(const char* sql) const {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(db_);
}

statement::statement(const connection& db, std::string_view sql) : db_(db.get()) {
    const int rc = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (rc != SQLITE_OK) fail(db_);
}
