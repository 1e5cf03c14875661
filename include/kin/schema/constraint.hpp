// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kin/base/referential_action.hpp" // IWYU pragma: export

namespace kin {

class table;

/// When the database checks a foreign key.
enum class key_check : std::uint8_t {
    at_once,    // with each statement
    on_request, // ... unless the transaction has said SET CONSTRAINTS ... DEFERRED: DEFERRABLE
    at_commit,  // when the transaction commits: DEFERRABLE INITIALLY DEFERRED
};

/// FOREIGN KEY (columns) REFERENCES target (target_columns). Columns are positions in their table.
struct foreign_key_constraint {
    std::string name; // empty: named by the convention fk_<table>_<columns>
    std::vector<std::uint32_t> columns;
    std::string target_table;
    std::vector<std::string> target_columns;
    referential_action on_delete = referential_action::no_action;
    referential_action on_update = referential_action::no_action;
    std::string target_schema = {}; // as table::schema() of the target
    /// Left out where the database checks at once in any case (no feature::deferrable_keys).
    key_check checked = key_check::at_once;

    [[nodiscard]] bool refers_to(const table& t) const noexcept;
};

/// UNIQUE (columns). Named by the convention uq_<table>_<columns> when `name` is empty.
struct unique_constraint {
    std::string name;
    std::vector<std::uint32_t> columns;
};

/// CHECK (expression). `expression` is SQL written by the programmer.
/// Named by the convention ck_<table>_<n> when `name` is empty.
struct check_constraint {
    std::string name;
    std::string expression;
};

} // namespace kin
