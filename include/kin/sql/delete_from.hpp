// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/sql/expression.hpp"

namespace kin {

/// DELETE FROM one table as plain data.
struct delete_statement {
    const table* target = nullptr;
    predicate where = {};                   // empty: every row
    std::vector<expression> returning = {}; // of the rows as they were; needs feature::returning
};

} // namespace kin
