// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "kin/schema/table.hpp"
#include "kin/sql/dialect.hpp"

namespace kin {

/// CREATE TABLE with columns and constraints. SQLite: a lone integer key is INTEGER PRIMARY KEY; enumerations and
/// booleans get their CHECK.
[[nodiscard]] std::string compile_create_table(const dialect& d, const table& t);
[[nodiscard]] std::vector<std::string> compile_create_indexes(const dialect& d, const table& t);
[[nodiscard]] std::string compile_drop_table(const dialect& d, const table& t);

} // namespace kin
