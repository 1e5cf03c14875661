// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/sql/expression.hpp"

namespace kin {

/// One `column = expression` of an UPDATE.
struct assignment {
    const column* target = nullptr;
    expression content; // may use the row's own columns: count = count + 1
};

/// UPDATE of one table as plain data.
struct update_statement {
    const table* target = nullptr;
    std::vector<assignment> set; // at least one
    predicate where = {};        // empty: every row
    std::vector<expression> returning =
        {}; // of the rows as they are afterwards; needs feature::update_returning
};

} // namespace kin
