// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kin/schema/constraint.hpp" // referential_action, key_check
#include "kin/schema/qualified_name.hpp"

namespace kin {

/// A column as the database describes it.
struct inspected_column {
    std::string name;
    std::string type; // the words of CREATE TABLE
    bool nullable = false;
    std::uint32_t key_position = 0;               // 1 for the first column of the primary key, 0: not in it
    std::optional<std::string> default_text = {}; // SQL
};

/// An index made by CREATE INDEX. An expression in it has an empty column name.
struct inspected_index {
    std::string name;
    std::vector<std::string> columns;
    bool unique = false;
};

/// A foreign key. `name` is empty where the database does not tell it (SQLite).
struct inspected_foreign_key {
    std::string name;
    std::vector<std::string> columns;
    std::string target_table;
    std::vector<std::string> target_columns; // empty: the target's primary key
    referential_action on_delete = referential_action::no_action;
    referential_action on_update = referential_action::no_action;
    std::string target_schema = {};         // empty: the connection finds the table by its bare name
    key_check checked = key_check::at_once; // SQLite does not tell
};

/// A UNIQUE constraint. `name` is empty where the database does not tell it (SQLite).
struct inspected_unique {
    std::string name;
    std::vector<std::string> columns;
};

/// A type with a name of its own (feature::enum_types).
struct inspected_type {
    std::string name;
    bool is_enum = false;
    std::vector<std::string> words = {}; // of an enumeration, in its order
    bool in_use = false;                 // something else has it: a column, a function
};

/// PORT: tells what a database contains, by its own catalogue. Made by the driver for one connection; for one thread.
/// A table without a schema is the one that its bare name means. An unknown table has no columns, indexes or constraints. Every call throws:
/// database_error.
class inspector {
public:
    virtual ~inspector() = default;
    /// The tables of a schema, which need not be there; empty: of the connection's own. Without the database's own, sorted.
    [[nodiscard]] virtual std::vector<std::string> table_names(std::string_view schema) = 0;
    [[nodiscard]] std::vector<std::string> table_names() { return table_names({}); }
    [[nodiscard]] virtual bool has_table(const qualified_name& table) = 0; // SQLite: letters of either case
    /// In the order of the table.
    [[nodiscard]] virtual std::vector<inspected_column> columns(const qualified_name& table) = 0;
    /// Those made by CREATE INDEX, sorted by name; not those that a constraint brought.
    [[nodiscard]] virtual std::vector<inspected_index> indexes(const qualified_name& table) = 0;
    /// In the order in which they were written.
    [[nodiscard]] virtual std::vector<inspected_foreign_key> foreign_keys(const qualified_name& table) = 0;
    [[nodiscard]] virtual std::vector<inspected_unique> uniques(const qualified_name& table) = 0;
    /// The type that a bare name means: one of the database's own, of a program's, of the rows of a table. Nothing where types have no
    /// names.
    [[nodiscard]] virtual std::optional<inspected_type> find_type(std::string_view name) {
        (void)name;
        return {};
    }
};

} // namespace kin
