// SPDX-License-Identifier: MIT
#include "kin/mariadb/inspector.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "kin/engine/connection.hpp"

namespace kin::mariadb {

namespace {

std::string text_of(cursor& rows, std::size_t column) { return std::string(rows.read_raw(column).bytes()); }

std::int64_t integer_of(cursor& rows, std::size_t column) { return rows.read_raw(column).integer; }

/// Calls `take` with every row of a query whose only parameter is a table's name.
template <class Take>
void for_each_row(connection& c, std::string_view sql, std::string_view table, Take&& take) {
    const cell parameters[] = {cell::of_text(table)};
    cursor rows = c.open(sql, parameters);
    while (rows.next()) take(rows);
}

referential_action action_of(std::string_view words) {
    if (words == "CASCADE") return referential_action::cascade;
    if (words == "SET NULL") return referential_action::set_null;
    if (words == "SET DEFAULT") return referential_action::set_default;
    if (words == "RESTRICT") return referential_action::restrict;
    return referential_action::no_action;
}

/// All indexes of a table with their columns in order, also those that a constraint brought.
std::vector<inspected_index> all_indexes(connection& c, std::string_view table) {
    std::vector<inspected_index> out;
    for_each_row(c,
                 "SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME FROM information_schema.STATISTICS "
                 "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX",
                 table, [&](cursor& rows) {
                     std::string name = text_of(rows, 0);
                     if (out.empty() || out.back().name != name) {
                         out.push_back(
                             {.name = std::move(name), .columns = {}, .unique = integer_of(rows, 1) == 0});
                     }
                     out.back().columns.push_back(text_of(rows, 2));
                 });
    return out;
}

template <class Named> bool has_name(const std::vector<Named>& all, std::string_view name) {
    return std::any_of(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
}

} // namespace

std::vector<std::string> mariadb_inspector::table_names() {
    std::vector<std::string> out;
    cursor rows =
        connection_.open("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
                         "AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME");
    while (rows.next()) out.push_back(text_of(rows, 0));
    return out;
}

bool mariadb_inspector::has_table(std::string_view table) {
    bool found = false;
    for_each_row(connection_,
                 "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? "
                 "AND TABLE_TYPE = 'BASE TABLE'",
                 table, [&](cursor&) { found = true; });
    return found;
}

std::vector<inspected_column> mariadb_inspector::columns(std::string_view table) {
    std::vector<inspected_column> out;
    for_each_row(connection_,
                 "SELECT c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE, COALESCE(k.ORDINAL_POSITION, 0), "
                 "c.COLUMN_DEFAULT FROM information_schema.COLUMNS AS c "
                 "LEFT JOIN information_schema.KEY_COLUMN_USAGE AS k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA "
                 "AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME AND "
                 "k.CONSTRAINT_NAME = 'PRIMARY' "
                 "WHERE c.TABLE_SCHEMA = DATABASE() AND c.TABLE_NAME = ? ORDER BY c.ORDINAL_POSITION",
                 table, [&](cursor& rows) {
                     inspected_column c{.name = text_of(rows, 0),
                                        .type = text_of(rows, 1),
                                        .nullable = text_of(rows, 2) == "YES",
                                        .key_position = static_cast<std::uint32_t>(integer_of(rows, 3))};
                     // MariaDB tells the default as SQL, and NULL for a nullable column without one.
                     if (const cell text = rows.read_raw(4); !text.is_null() && text.bytes() != "NULL")
                         c.default_text = std::string(text.bytes());
                     out.push_back(std::move(c));
                 });
    return out;
}

std::vector<inspected_index> mariadb_inspector::indexes(std::string_view table) {
    // A UNIQUE constraint is an index of its name here, and a foreign key without an index gets one.
    const std::vector<inspected_unique> by_unique = uniques(table);
    const std::vector<inspected_foreign_key> by_key = foreign_keys(table);
    std::vector<inspected_index> out = all_indexes(connection_, table);
    std::erase_if(out, [&](const inspected_index& i) {
        return i.name == "PRIMARY" || has_name(by_unique, i.name) || has_name(by_key, i.name);
    });
    return out;
}

std::vector<inspected_foreign_key> mariadb_inspector::foreign_keys(std::string_view table) {
    std::vector<inspected_foreign_key> out;
    for_each_row(
        connection_,
        "SELECT k.CONSTRAINT_NAME, k.REFERENCED_TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_COLUMN_NAME, "
        "r.DELETE_RULE, "
        "r.UPDATE_RULE FROM information_schema.KEY_COLUMN_USAGE AS k "
        "JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA "
        "AND r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME "
        "WHERE k.TABLE_SCHEMA = DATABASE() AND k.TABLE_NAME = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL "
        "ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
        table, [&](cursor& rows) {
            std::string name = text_of(rows, 0);
            if (out.empty() || out.back().name != name) {
                out.push_back({.name = std::move(name),
                               .columns = {},
                               .target_table = text_of(rows, 1),
                               .target_columns = {},
                               .on_delete = action_of(text_of(rows, 4)),
                               .on_update = action_of(text_of(rows, 5))});
            }
            out.back().columns.push_back(text_of(rows, 2));
            out.back().target_columns.push_back(text_of(rows, 3));
        });
    return out;
}

std::vector<inspected_unique> mariadb_inspector::uniques(std::string_view table) {
    std::vector<inspected_unique> out;
    for (inspected_index& i : all_indexes(connection_, table)) {
        if (!i.unique || i.name == "PRIMARY") continue;
        out.push_back({.name = std::move(i.name), .columns = std::move(i.columns)});
    }
    return out;
}

} // namespace kin::mariadb
