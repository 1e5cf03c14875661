// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "kin/mapping/column_callbacks.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/sql/expression.hpp"

namespace kin {

/// The value that a column gets when the program has said none, by a function or by SQL.
struct column_default {
    std::unique_ptr<value_maker> maker = {};
    bool needs_object = false; // the function asks for the object
    expression sql = {};       // in place of a function
    std::unique_ptr<sql_source> source = {};

    [[nodiscard]] bool is_sql() const noexcept { return !sql.empty() || source != nullptr; }
    [[nodiscard]] bool empty() const noexcept { return maker == nullptr && !is_sql(); }
};

/// What `describe` says about the values of one column.
struct column_rules {
    std::vector<std::unique_ptr<column_validator>> validators = {};
    std::vector<std::unique_ptr<column_set_handler>> set_handlers = {};
    column_default at_insert = {};
    column_default at_update = {};
};

inline const column_default* property::at_insert() const noexcept {
    return rules && !rules->at_insert.empty() ? &rules->at_insert : nullptr;
}
inline const column_default* property::at_update() const noexcept {
    return rules && !rules->at_update.empty() ? &rules->at_update : nullptr;
}
inline bool property::is_made_by_database() const noexcept {
    return column->generated || !column->server_default.empty() || (rules && rules->at_insert.is_sql());
}

} // namespace kin
