// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory> // std::shared_ptr: a query may stand in FROM
#include <optional>
#include <vector>

#include "kin/sql/expression.hpp"

namespace kin {

enum class join_kind : std::uint8_t { inner, left_outer };

/// One JOIN of a SELECT.
struct join_clause {
    const table* target = nullptr;
    join_kind kind = join_kind::inner;
    predicate on;
    /// This appearance of the table is only found by its own number: `expression::first_apart` for the first of its table. What does not
    /// know of it cannot mean it.
    bool apart = false;
};

struct recursive_rows; // recursive_rows.hpp

/// SELECT as plain data. Result columns are read by position, never by name.
struct select_statement {
    std::vector<expression> columns; // empty: SELECT 1
    const table* from = nullptr;
    /// In place of the table `from`: this query's rows, which have its columns under their names.
    std::shared_ptr<const select_statement> from_rows = {};
    /// `from` is the table that this fills. SQL: WITH RECURSIVE
    std::shared_ptr<const recursive_rows> recursive = {};
    std::vector<join_clause> joins = {};
    predicate where = {}; // empty: no WHERE
    std::vector<expression> group_by = {};
    predicate having = {};
    std::vector<order_term> order_by = {};
    std::optional<std::uint64_t> limit = {}; // at most 2^63-1, else compile_error
    std::optional<std::uint64_t> offset = {};
    bool distinct = false;
    bool lock_rows = false; // nobody else changes them until the transaction ends: dialect::row_lock()
};

} // namespace kin
