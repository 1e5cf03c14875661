// SPDX-License-Identifier: MIT
#include "kin/engine/catalogue_inspector.hpp"

#include <utility>

#include "kin/engine/connection.hpp"

namespace kin {

namespace {

std::string text_of(cursor& rows, std::size_t column) { return std::string(rows.read_raw(column).bytes()); }

std::optional<std::string> optional_text_of(cursor& rows, std::size_t column) {
    const cell text = rows.read_raw(column);
    return text.is_null() ? std::nullopt : std::optional<std::string>(text.bytes());
}

std::int64_t integer_of(cursor& rows, std::size_t column) { return rows.read_raw(column).integer; }

template <class Take>
void for_each_row(connection& c, std::string_view sql, const qualified_name& table, Take&& take) {
    const cell parameters[] = {cell::of_text(table.name), cell::of_text(table.schema)};
    cursor rows = c.open(sql, parameters);
    while (rows.next()) take(rows);
}

/// The same with rows that belong together: `begin` is called with the first of those that have the same first column, then `take` with
/// each of them.
template <class Begin, class Take>
void for_each_group(connection& c, std::string_view sql, const qualified_name& table, Begin&& begin,
                    Take&& take) {
    std::optional<std::string> last;
    for_each_row(c, sql, table, [&](cursor& rows) {
        if (std::string group = text_of(rows, 0); last != group) {
            begin(rows);
            last = std::move(group);
        }
        take(rows);
    });
}

referential_action action_of(std::string_view words) {
    if (words == "CASCADE") return referential_action::cascade;
    if (words == "SET NULL") return referential_action::set_null;
    if (words == "SET DEFAULT") return referential_action::set_default;
    if (words == "RESTRICT") return referential_action::restrict;
    return referential_action::no_action;
}

} // namespace

std::vector<std::string> catalogue_inspector::table_names(std::string_view schema) {
    std::vector<std::string> out;
    const cell parameters[] = {cell::of_text(schema)};
    cursor rows = connection_.open(queries_.tables, parameters);
    while (rows.next()) out.push_back(text_of(rows, 0));
    return out;
}

bool catalogue_inspector::has_table(const qualified_name& table) {
    bool found = false;
    for_each_row(connection_, queries_.table, table, [&](cursor&) { found = true; });
    return found;
}

std::vector<inspected_column> catalogue_inspector::columns(const qualified_name& table) {
    std::vector<inspected_column> out;
    for_each_row(connection_, queries_.columns, table, [&](cursor& rows) {
        out.push_back({.name = text_of(rows, 0),
                       .type = text_of(rows, 1),
                       .nullable = integer_of(rows, 2) != 0,
                       .key_position = static_cast<std::uint32_t>(integer_of(rows, 3)),
                       .default_text = optional_text_of(rows, 4)});
    });
    return out;
}

std::vector<inspected_index> catalogue_inspector::indexes(const qualified_name& table) {
    std::vector<inspected_index> out;
    for_each_group(
        connection_, queries_.indexes, table,
        [&](cursor& rows) {
            out.push_back({.name = text_of(rows, 1), .columns = {}, .unique = integer_of(rows, 2) != 0});
        },
        [&](cursor& rows) { out.back().columns.push_back(text_of(rows, 3)); });
    return out;
}

std::vector<inspected_foreign_key> catalogue_inspector::foreign_keys(const qualified_name& table) {
    std::vector<inspected_foreign_key> out;
    for_each_group(
        connection_, queries_.foreign_keys, table,
        [&](cursor& rows) {
            out.push_back({.name = text_of(rows, 1),
                           .columns = {},
                           .target_table = text_of(rows, 3),
                           .target_columns = {},
                           .on_delete = action_of(text_of(rows, 5)),
                           .on_update = action_of(text_of(rows, 6)),
                           .target_schema = text_of(rows, 7),
                           .checked = static_cast<key_check>(integer_of(rows, 8))});
        },
        [&](cursor& rows) {
            out.back().columns.push_back(text_of(rows, 2));
            if (std::optional<std::string> target = optional_text_of(rows, 4))
                out.back().target_columns.push_back(*std::move(target));
        });
    return out;
}

std::vector<inspected_unique> catalogue_inspector::uniques(const qualified_name& table) {
    std::vector<inspected_unique> out;
    for_each_group(
        connection_, queries_.uniques, table,
        [&](cursor& rows) { out.push_back({.name = text_of(rows, 1), .columns = {}}); },
        [&](cursor& rows) { out.back().columns.push_back(text_of(rows, 2)); });
    return out;
}

std::optional<inspected_type> catalogue_inspector::find_type(std::string_view name) {
    std::optional<inspected_type> out;
    if (queries_.type.empty()) return out;
    const cell parameters[] = {cell::of_text(name)};
    cursor rows = connection_.open(queries_.type, parameters);
    while (rows.next()) {
        if (!out) {
            out = {.name = std::string(name),
                   .is_enum = integer_of(rows, 0) != 0,
                   .in_use = integer_of(rows, 2) != 0};
        }
        if (std::optional<std::string> word = optional_text_of(rows, 1))
            out->words.push_back(*std::move(word));
    }
    return out;
}

} // namespace kin
