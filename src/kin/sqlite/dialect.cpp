// SPDX-License-Identifier: MIT
#include "kin/sqlite/dialect.hpp"

#include <sqlite3.h>

#include "kin/schema/column.hpp"

namespace kin::sqlite {

bool sqlite_dialect::supports(feature f) const noexcept {
    constexpr int first_with_returning = 3'035'000;
    switch (f) {
    case feature::returning:
    case feature::update_returning: return sqlite3_libversion_number() >= first_with_returning;
    case feature::update_from:
    case feature::multi_row_insert:
    case feature::array_parameter:
    case feature::json_path:
    case feature::recursive_queries:
    case feature::nul_in_text:
    case feature::failed_statement_is_undone:
    case feature::transactional_ddl:
    case feature::later_tables:
    case feature::foreign_keys_at_end:
    case feature::on_update_in_table:
    case feature::writes_newest_rows:
    case feature::schemas: // attached databases
    case feature::deferrable_keys: return true;
    case feature::foreign_keys_across_schemas:
    case feature::array_rows:
    case feature::native_arrays:
    case feature::native_enums:
    case feature::enum_types:
    case feature::drop_constraint:
    case feature::drop_together: break;
    }
    return false;
}

std::string_view sqlite_dialect::function_name(std::string_view name) const noexcept {
    constexpr std::string_view own[] = {
        "kin_decimal_sum",    "kin_decimal_add", "kin_decimal_subtract", "kin_decimal_multiply",
        "kin_decimal_negate", "kin_decimal_abs", "kin_decimal_round",
    };
    constexpr std::size_t prefix = 4;
    for (const std::string_view o : own) {
        if (o.substr(prefix) == name) return o;
    }
    return name;
}

namespace {

/// The five types that a STRICT table knows.
std::string_view strict_type(type_kind kind) noexcept {
    switch (kind) {
    case type_kind::boolean:
    case type_kind::integer:
    case type_kind::duration: return "INTEGER";
    case type_kind::real: return "REAL";
    case type_kind::blob:
    case type_kind::uuid: return "BLOB";
    default: return "TEXT";
    }
}

} // namespace

std::string sqlite_dialect::type_name(const column& c) const {
    if (strict_) return std::string(strict_type(c.type.kind));
    // Only the very word INTEGER makes a lone primary key the rowid.
    if (c.primary_key && c.type.kind == type_kind::integer) return "INTEGER";
    // A type whose name says TEXT or BLOB keeps what it is given; under NUMERIC and JSON, SQLite would make numbers of texts.
    switch (c.type.kind) {
    case type_kind::real: return "REAL"; // eight bytes, whatever it is called
    case type_kind::uuid: return "UUID_BLOB";
    case type_kind::json: return "JSON_TEXT";
    case type_kind::array: return "ARRAY_TEXT";
    case type_kind::decimal:
        return c.type.precision == 0 ? std::string("DECIMAL_TEXT")
                                     : "DECIMAL_TEXT(" + std::to_string(c.type.precision) + ", " +
                                           std::to_string(c.type.scale) + ")";
    default: break;
    }
    return dialect::type_name(c);
}

void sqlite_dialect::index_on(std::string& out, std::string_view index_name,
                              const qualified_name& table) const {
    quote_table(out, {index_name, table.schema});
    out += " ON ";
    quote(out, table.name);
}

std::string_view sqlite_dialect::json_access(type_kind as) const noexcept {
    switch (as) {
    case type_kind::integer: // one that is too large is read as a real
        return "CASE WHEN json_type({c}, {p}) = 'integer' AND typeof(json_extract({c}, {p})) = 'integer' "
               "THEN "
               "json_extract({c}, {p}) END";
    case type_kind::real:
        return "CASE WHEN json_type({c}, {p}) IN ('integer', 'real') THEN CAST(json_extract({c}, {p}) AS "
               "REAL) END";
    case type_kind::boolean: return "CASE json_type({c}, {p}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END";
    case type_kind::json: return "({c} -> {p})";
    default: return "CASE json_type({c}, {p}) WHEN 'text' THEN json_extract({c}, {p}) END";
    }
}

bool sqlite_dialect::takes_array_of(cell_kind kind) const noexcept {
    constexpr int first_with_unhex = 3'041'000;
    return kind == cell_kind::integer || kind == cell_kind::text ||
           (kind == cell_kind::uuid && sqlite3_libversion_number() >= first_with_unhex);
}

void sqlite_dialect::in_array(std::string& out, std::size_t n, cell_kind kind, bool negated) const {
    out += negated ? " NOT IN (SELECT " : " IN (SELECT ";
    out += kind == cell_kind::uuid ? "unhex(value, '-')" : "value";
    out.append(" FROM json_each(?").append(std::to_string(n)) += "))";
}

} // namespace kin::sqlite
