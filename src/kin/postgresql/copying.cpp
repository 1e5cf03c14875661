// SPDX-License-Identifier: MIT
// How a connection loads many rows at once.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>

#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/copy_rows.hpp"
#include "kin/postgresql/parameters.hpp"
#include "kin/postgresql/types.hpp"
#include "kin/schema/table.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::postgresql {

namespace {

// A view, a foreign table, and a table with rules or with security by row do something else for COPY than for INSERT, or refuse it.
// The binary form of an enumeration is its word.
static_assert(text_type == 25);
constexpr const char* columns_of_table =
    "SELECT a.attname, CASE t.typtype WHEN 'e' THEN 25 ELSE a.atttypid END FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT "
    "c.relrowsecurity AND a.attnum > 0 AND NOT a.attisdropped";

} // namespace

std::string postgresql_connection::quoted_name(std::string_view name) const {
    std::string out;
    dialect_.quote(out, name);
    return out;
}

/// Their types, as the server has them now; empty when the rows must be inserted.
std::vector<std::uint32_t> postgresql_connection::types_to_copy(const table& t,
                                                                std::span<const column* const> columns) {
    const libpq& pq = library();
    std::string name;
    dialect_.quote_table(name, t.qualified());
    const std::array<const char*, 1> parameters = {name.c_str()};
    const result_handle r = channel_.run([&](PGconn* c) {
        return pq.PQsendQueryParams(c, columns_of_table, 1, nullptr, parameters.data(), nullptr, nullptr, 0);
    });
    std::map<std::string_view, std::uint32_t> known;
    for (int i = 0; i < pq.PQntuples(r.get()); ++i) {
        const std::string_view type = pq.PQgetvalue(r.get(), i, 1);
        std::from_chars(type.data(), type.data() + type.size(), known[pq.PQgetvalue(r.get(), i, 0)]);
    }
    std::vector<std::uint32_t> types;
    for (const column* c : columns) {
        const auto found = known.find(dialect_.name_in_database(c->name));
        if (found == known.end() || !can_copy(found->second)) return {};
        types.push_back(found->second);
    }
    return types;
}

std::string postgresql_connection::copy_text(const table& t, std::span<const column* const> columns) const {
    std::string sql = "COPY ";
    dialect_.quote_table(sql, t.qualified());
    sql += " (";
    for (std::size_t i = 0; i < columns.size(); ++i)
        sql.append(i == 0 ? "" : ", ").append(quoted_name(columns[i]->name));
    return sql + ") FROM STDIN (FORMAT binary)";
}

std::optional<std::int64_t> postgresql_connection::copy_in(const table& t,
                                                           std::span<const column* const> columns,
                                                           std::span<const cell> values) {
    check_values(values);
    const std::vector<std::uint32_t> types = types_to_copy(t, columns);
    if (types.empty()) return std::nullopt;
    const std::optional<std::string> rows = copy_rows(values, types);
    if (!rows) return std::nullopt; // the INSERT says which value does not fit
    const result_handle r = channel_.copy_in(copy_text(t, columns).c_str(), *rows);
    channel_.check(*r);
    note_affected(*r, false);
    return affected_rows_;
}

} // namespace kin::postgresql
