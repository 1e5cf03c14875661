// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/schema/table.hpp"
#include "kin/sql/delete_from.hpp"
#include "kin/sql/dialect.hpp"
#include "kin/sql/select.hpp"
#include "kin/sql/update.hpp"

namespace kin {

/// A statement ready for a driver: text with the dialect's placeholders, and the values in their order.
struct compiled_statement {
    std::string sql;
    std::vector<value> parameters = {};
};

/// SELECT as the dialect writes it. Every value is a parameter, every identifier is quoted and qualified by its table
/// ("t"."c"); a table that appears twice gets an alias ("t" AS "t_1"). Late values are asked for here.
/// Throws: compile_error (query_too_deep) when the expression tree is deeper than `dialect::limits`,
/// compile_error (table_not_in_query) naming column and table when an expression uses a table that no FROM or JOIN in scope has,
/// compile_error (too_many_parameters), compile_error (limit_out_of_range).
[[nodiscard]] compiled_statement compile(const dialect& d, const select_statement& s);
/// SELECT count(*) over the rows that `s` gives; ORDER BY is left out, LIMIT, OFFSET, DISTINCT and GROUP BY are respected.
[[nodiscard]] compiled_statement compile_count(const dialect& d, const select_statement& s);
/// SELECT EXISTS (...), one row with a boolean.
[[nodiscard]] compiled_statement compile_exists(const dialect& d, const select_statement& s);

/// UPDATE and DELETE with conditions. The table's own columns stand without their table ("c"); inside a subquery they are
/// qualified. Throws as compile().
[[nodiscard]] compiled_statement compile(const dialect& d, const update_statement& s);
[[nodiscard]] compiled_statement compile(const dialect& d, const delete_statement& s);

/// The row operations of the unit of work: text only; the caller binds one cell for each placeholder.
/// INSERT INTO t (columns) VALUES (...), (...) with rows*columns placeholders, row by row; no columns: DEFAULT VALUES, one row.
/// `computed`: columns that SQL makes, the last ones of each row; the placeholders of their expressions stand behind those of the row.
[[nodiscard]] std::string compile_insert(const dialect& d, const table& t,
                                         std::span<const column* const> columns, std::size_t rows,
                                         std::span<const column* const> returning,
                                         std::span<const assignment> computed = {});
/// The values for the placeholders of `computed`, in their order: of one row of compile_insert(), or of compile_update(). `row`: the table whose
/// columns the expressions may name; null: none. Throws: as compile().
[[nodiscard]] std::vector<value> parameters_of(const dialect& d, const table* row,
                                               std::span<const assignment> computed);
/// ... for rows that may be there already, and then stay as they are. SQL: INSERT ... ON CONFLICT DO NOTHING
[[nodiscard]] std::string compile_insert_missing(const dialect& d, const table& t,
                                                 std::span<const column* const> columns, std::size_t rows);
/// UPDATE t SET set... WHERE key... for `rows` rows: `k IN (?, ...)` for one key column, `(a = ? AND b = ?) OR ...` for several.
/// Placeholders of `set` first, then those of the expressions of `computed`, then the key of each row.
[[nodiscard]] std::string compile_update(const dialect& d, const table& t, std::span<const column* const> set,
                                         std::span<const column* const> key_columns, std::size_t rows = 1,
                                         std::span<const assignment> computed = {},
                                         std::span<const column* const> returning = {});
/// UPDATE of `rows` rows that each get values of their own, where the dialect's limits allow it (`most_rows_per_update`):
/// UPDATE t SET c = kin_rows.column2 FROM (VALUES (?, ?), ...) AS kin_rows WHERE t.k = kin_rows.column1
/// Placeholders row by row: the key, then the values of `set`. With feature::array_rows: FROM unnest(?, ?) AS kin_rows (column1, column2), for
/// any number of rows; a placeholder for each column of the key and of `set`, for an array of its values. Not for columns that are unique together with others of the same
/// statement: a database may set one row before another one lets its value go. `computed`: columns that SQL makes, without placeholders and
/// without naming columns.
[[nodiscard]] std::string compile_update_each(const dialect& d, const table& t,
                                              std::span<const column* const> set,
                                              std::span<const column* const> key_columns, std::size_t rows,
                                              std::span<const column* const> returning = {},
                                              std::span<const assignment> computed = {});
/// DELETE FROM t WHERE key... for `rows` rows, as compile_update() writes them.
[[nodiscard]] std::string compile_delete(const dialect& d, const table& t,
                                         std::span<const column* const> key_columns, std::size_t rows,
                                         std::span<const column* const> returning = {});

} // namespace kin
