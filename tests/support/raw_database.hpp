// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/cell.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace kin::testing {

/// Looks into a SQLite file with the C library alone, through a connection of its own. Every call throws: std::runtime_error with
/// SQLite's words.
class raw_database {
public:
    /// The rows of one table; values as SQL literals.
    struct table {
        std::vector<std::string> columns;
        std::vector<std::vector<std::string>> rows; // in the order of their text
        [[nodiscard]] bool operator==(const table&) const = default;
    };
    using content = std::map<std::string, table, std::less<>>; // by the table's name

    explicit raw_database(const std::string& path);

    void run(const std::string& script);
    /// Every table that is no index and none of SQLite's own.
    [[nodiscard]] content read();
    /// Empties all tables and runs `script`, in one transaction.
    void refill(const std::string& script);
    /// The first value of the first row, as a SQL literal.
    [[nodiscard]] std::string ask(std::string_view sql);

private:
    struct closer {
        void operator()(sqlite3* db) const noexcept;
    };
    [[nodiscard]] table rows_of(std::string_view sql);
    std::unique_ptr<sqlite3, closer> db_;
    struct finalizer {
        void operator()(sqlite3_stmt* s) const noexcept;
    };
    std::map<std::string, std::unique_ptr<sqlite3_stmt, finalizer>, std::less<>> statements_; // kept
};

/// A value as in raw_database::table.
[[nodiscard]] std::string literal_of(const cell& c);

/// The tables that differ, each with its rows in both; empty when they are the same.
[[nodiscard]] std::string difference(const raw_database::content& found,
                                     const raw_database::content& expected);

} // namespace kin::testing
