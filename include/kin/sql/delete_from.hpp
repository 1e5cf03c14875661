// SPDX-License-Identifier: MIT
#pragma once

#include "kin/sql/expression.hpp"

namespace kin {

/// DELETE FROM one table as plain data.
struct delete_statement {
    const table* target = nullptr;
    predicate where = {}; // empty: every row
};

} // namespace kin
