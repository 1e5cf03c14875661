// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "kin/schema/table.hpp"
#include "kin/sql/delete_from.hpp"
#include "kin/sql/select.hpp"
#include "kin/sql/update.hpp"

namespace kin {

/// `e`, whose columns of `of` mean the appearance `occurrence` of that table in the SELECT around it, also those inside of subqueries.
[[nodiscard]] expression at_occurrence(const expression& e, const table& of, std::uint16_t occurrence);

/// A condition that holds for all rows of a table that a statement may see.
struct table_condition {
    const table* of = nullptr;
    predicate holds;
};

/// The statement, seeing only the rows for which `all` holds: wherever it reads one of these tables, in subqueries as well. A LEFT JOIN
/// keeps the rows on its left. The conditions come before those of the statement, and themselves see everything.
[[nodiscard]] select_statement restricted(select_statement s, std::span<const table_condition> all);
[[nodiscard]] update_statement restricted(update_statement s, std::span<const table_condition> all);
[[nodiscard]] delete_statement restricted(delete_statement s, std::span<const table_condition> all);

} // namespace kin
