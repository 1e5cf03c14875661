// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "kin/schema/table.hpp"
#include "kin/sql/select.hpp"

namespace kin {

/// Rows that lead to more rows, until they lead to none that is not there yet: so rows that lead in a circle end, too. Immutable; the
/// statements that select from it share it.
/// SQL: WITH RECURSIVE rows (columns) AS (start UNION step)
struct recursive_rows {
    /// Its name and columns; no table of the database. The name must be that of none that `start` and `step` read.
    std::shared_ptr<const table> rows;
    select_statement start;
    select_statement step; // reads `rows` as well, once
};

} // namespace kin
