// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "kin/sql/expression.hpp"

namespace kin {

/// A SQL function that kin knows. Names never come from elsewhere: a function's name cannot be quoted or bound.
struct sql_function {
    std::string_view name;
    bool aggregate = false;
};

/// Null when kin's list does not have `name`.
[[nodiscard]] const sql_function* find_function(std::string_view name) noexcept;
/// Throws: compile_error (unknown_function), always.
[[noreturn]] void refuse_unknown_function(std::string_view name);
/// Whether `e` computes one value from many rows, subqueries left aside.
[[nodiscard]] bool has_aggregate(const expression& e) noexcept;

} // namespace kin
