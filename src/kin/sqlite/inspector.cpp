// SPDX-License-Identifier: MIT
#include "kin/sqlite/inspector.hpp"

#include <string>
#include <utility>

#include "kin/engine/connection.hpp"

namespace kin::sqlite {

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

/// The indexes of a table with their columns in order. `origin`: c for CREATE INDEX, u for UNIQUE.
std::vector<inspected_index> read_indexes(connection& c, std::string_view table, std::string_view origin) {
    std::vector<inspected_index> out;
    const cell parameters[] = {cell::of_text(table), cell::of_text(origin)};
    cursor rows = c.open(
        "SELECT l.name, l.\"unique\", i.name FROM pragma_index_list(?1) AS l, pragma_index_info(l.name) AS i "
        "WHERE l.origin = ?2 ORDER BY l.name, i.seqno",
        parameters);
    while (rows.next()) {
        std::string name = text_of(rows, 0);
        if (out.empty() || out.back().name != name) {
            out.push_back({.name = std::move(name), .columns = {}, .unique = integer_of(rows, 1) != 0});
        }
        out.back().columns.push_back(text_of(rows, 2));
    }
    return out;
}

referential_action action_of(std::string_view words) {
    if (words == "CASCADE") return referential_action::cascade;
    if (words == "SET NULL") return referential_action::set_null;
    if (words == "SET DEFAULT") return referential_action::set_default;
    if (words == "RESTRICT") return referential_action::restrict;
    return referential_action::no_action;
}

} // namespace

std::vector<std::string> sqlite_inspector::table_names() {
    std::vector<std::string> out;
    cursor rows = connection_.open(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name");
    while (rows.next()) out.push_back(text_of(rows, 0));
    return out;
}

bool sqlite_inspector::has_table(std::string_view table) {
    bool found = false;
    for_each_row(connection_, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
                 table, [&](cursor&) { found = true; });
    return found;
}

std::vector<inspected_column> sqlite_inspector::columns(std::string_view table) {
    std::vector<inspected_column> out;
    // hidden = 1 are columns of virtual tables that do not belong to the row; generated ones (2, 3) do.
    for_each_row(connection_,
                 "SELECT name, type, \"notnull\", pk, dflt_value FROM pragma_table_xinfo(?1) WHERE hidden <> "
                 "1 ORDER BY cid",
                 table, [&](cursor& rows) {
                     inspected_column c{.name = text_of(rows, 0),
                                        .type = text_of(rows, 1),
                                        .nullable = integer_of(rows, 2) == 0,
                                        .key_position = static_cast<std::uint32_t>(integer_of(rows, 3))};
                     if (const cell text = rows.read_raw(4); !text.is_null())
                         c.default_text = std::string(text.bytes());
                     out.push_back(std::move(c));
                 });
    return out;
}

std::vector<inspected_index> sqlite_inspector::indexes(std::string_view table) {
    return read_indexes(connection_, table, "c");
}

std::vector<inspected_foreign_key> sqlite_inspector::foreign_keys(std::string_view table) {
    std::vector<inspected_foreign_key> out;
    std::int64_t last = -1;
    // SQLite numbers them from the last one written to the first.
    for_each_row(
        connection_,
        "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(?1) "
        "ORDER BY id DESC, seq",
        table, [&](cursor& rows) {
            if (const std::int64_t id = integer_of(rows, 0); std::exchange(last, id) != id) {
                out.push_back({.name = {},
                               .columns = {},
                               .target_table = text_of(rows, 1),
                               .target_columns = {},
                               .on_delete = action_of(text_of(rows, 4)),
                               .on_update = action_of(text_of(rows, 5))});
            }
            out.back().columns.push_back(text_of(rows, 2));
            if (const cell target = rows.read_raw(3); !target.is_null()) {
                out.back().target_columns.emplace_back(target.bytes());
            }
        });
    return out;
}

std::vector<inspected_unique> sqlite_inspector::uniques(std::string_view table) {
    std::vector<inspected_unique> out;
    for (inspected_index& i : read_indexes(connection_, table, "u")) {
        out.push_back({.name = {}, .columns = std::move(i.columns)});
    }
    return out;
}

} // namespace kin::sqlite
