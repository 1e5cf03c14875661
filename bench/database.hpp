// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <sqlite3.h>

/// A connection as a careful SQLite program opens it. Ends the program's work with std::runtime_error when anything fails.
class connection {
public:
    explicit connection(const std::string& file, const char* pragmas);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    void execute(const char* sql) const;
    [[nodiscard]] sqlite3* get() const noexcept { return db_; }

private:
    sqlite3* db_ = nullptr;
};

[[noreturn]] void fail(sqlite3* db);

/// A prepared statement, to be used again and again. Texts that are bound must live until it has run.
class statement {
public:
    statement(const connection& db, std::string_view sql);
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement() { sqlite3_finalize(handle_); }

    void bind(int position, int number) { sqlite3_bind_int(handle_, position, number); }
    void bind(int position, const std::string& text) {
        sqlite3_bind_text(handle_, position, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    /// Whether there is a row.
    bool step() {
        const int rc = sqlite3_step(handle_);
        if (rc == SQLITE_ROW) return true;
        if (rc != SQLITE_DONE) fail(db_);
        return false;
    }
    void reset() { sqlite3_reset(handle_); }
    /// A statement without rows, once.
    void run() {
        step();
        reset();
    }
    [[nodiscard]] int number(int column) const { return sqlite3_column_int(handle_, column); }
    [[nodiscard]] std::string text(int column) const {
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
        return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
    }

private:
    sqlite3* db_;
    sqlite3_stmt* handle_ = nullptr;
};
