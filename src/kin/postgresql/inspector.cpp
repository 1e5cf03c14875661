// SPDX-License-Identifier: MIT
#include "kin/postgresql/inspector.hpp"

#include <string>
#include <utility>

#include "kin/engine/connection.hpp"

namespace kin::postgresql {

namespace {

/// The table that a bare name means, as a condition on pg_class.
#define KIN_VISIBLE_TABLE                                                                                    \
    "c.relname = $1 AND c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid) "

std::string text_of(cursor& rows, std::size_t column) { return std::string(rows.read_raw(column).bytes()); }
std::int64_t integer_of(cursor& rows, std::size_t column) { return rows.read_raw(column).integer; }

/// Calls `take` with every row of a query whose only parameter is a table's name.
template <class Take>
void for_each_row(connection& c, std::string_view sql, std::string_view table, Take&& take) {
    const cell parameters[] = {cell::of_text(table)};
    cursor rows = c.open(sql, parameters);
    while (rows.next()) take(rows);
}

referential_action action_of(std::string_view letter) {
    switch (letter.front()) {
    case 'c': return referential_action::cascade;
    case 'n': return referential_action::set_null;
    case 'd': return referential_action::set_default;
    case 'r': return referential_action::restrict;
    default: return referential_action::no_action;
    }
}

} // namespace

std::vector<std::string> postgresql_inspector::table_names() {
    std::vector<std::string> out;
    cursor rows =
        connection_.open("SELECT c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n "
                         "ON n.oid = c.relnamespace "
                         "WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() ORDER BY c.relname");
    while (rows.next()) out.push_back(text_of(rows, 0));
    return out;
}

bool postgresql_inspector::has_table(std::string_view table) {
    bool found = false;
    for_each_row(connection_, "SELECT 1 FROM pg_catalog.pg_class AS c WHERE " KIN_VISIBLE_TABLE, table,
                 [&](cursor&) { found = true; });
    return found;
}

std::vector<inspected_column> postgresql_inspector::columns(std::string_view table) {
    std::vector<inspected_column> out;
    for_each_row(connection_,
                 "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, "
                 "COALESCE(pg_catalog.array_position(i.indkey::int2[], a.attnum) + 1, 0), "
                 "pg_catalog.pg_get_expr(d.adbin, d.adrelid) "
                 "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid "
                 "LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary "
                 "LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum "
                 "WHERE " KIN_VISIBLE_TABLE "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
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

std::vector<inspected_index> postgresql_inspector::indexes(std::string_view table) {
    std::vector<inspected_index> out;
    for_each_row(
        connection_,
        "SELECT x.relname, i.indisunique, COALESCE(a.attname, '') "
        "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid "
        "JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid "
        "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position) "
        "LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum "
        "WHERE " KIN_VISIBLE_TABLE "AND k.position <= i.indnkeyatts AND NOT EXISTS "
        "(SELECT 1 FROM pg_catalog.pg_constraint AS o WHERE o.conindid = x.oid AND o.conrelid = c.oid) "
        "ORDER BY x.relname, k.position",
        table, [&](cursor& rows) {
            std::string name = text_of(rows, 0);
            if (out.empty() || out.back().name != name)
                out.push_back({.name = std::move(name), .columns = {}, .unique = integer_of(rows, 1) != 0});
            out.back().columns.push_back(text_of(rows, 2));
        });
    return out;
}

std::vector<inspected_foreign_key> postgresql_inspector::foreign_keys(std::string_view table) {
    std::vector<inspected_foreign_key> out;
    for_each_row(
        connection_,
        "SELECT o.conname, t.relname, a.attname, f.attname, o.confdeltype::text, o.confupdtype::text "
        "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_constraint AS o ON o.conrelid = c.oid "
        "JOIN pg_catalog.pg_class AS t ON t.oid = o.confrelid "
        "CROSS JOIN LATERAL unnest(o.conkey, o.confkey) WITH ORDINALITY AS k (own, other, position) "
        "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.own "
        "JOIN pg_catalog.pg_attribute AS f ON f.attrelid = t.oid AND f.attnum = k.other "
        "WHERE " KIN_VISIBLE_TABLE "AND o.contype = 'f' ORDER BY o.oid, k.position",
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

std::vector<inspected_unique> postgresql_inspector::uniques(std::string_view table) {
    std::vector<inspected_unique> out;
    for_each_row(connection_,
                 "SELECT o.conname, a.attname "
                 "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_constraint AS o ON o.conrelid = c.oid "
                 "CROSS JOIN LATERAL unnest(o.conkey) WITH ORDINALITY AS k (own, position) "
                 "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.own "
                 "WHERE " KIN_VISIBLE_TABLE "AND o.contype = 'u' ORDER BY o.oid, k.position",
                 table, [&](cursor& rows) {
                     std::string name = text_of(rows, 0);
                     if (out.empty() || out.back().name != name)
                         out.push_back({.name = std::move(name), .columns = {}});
                     out.back().columns.push_back(text_of(rows, 1));
                 });
    return out;
}

#undef KIN_VISIBLE_TABLE

} // namespace kin::postgresql
