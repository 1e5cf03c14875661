// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/schema/table.hpp"
#include "kin/sql/dialect.hpp"

namespace kin {

/// CREATE TABLE with columns and constraints. SQLite: a lone integer key is INTEGER PRIMARY KEY; enumerations and
/// booleans get their CHECK. The foreign keys in `later` are left out; compile_add_foreign_key() adds them.
[[nodiscard]] std::string compile_create_table(const dialect& d, const table& t,
                                               std::span<const foreign_key_constraint* const> later = {});
/// ALTER TABLE ... ADD CONSTRAINT of a foreign key of `t`, for a target that was not there when `t` was created.
[[nodiscard]] std::string compile_add_foreign_key(const dialect& d, const table& t,
                                                  const foreign_key_constraint& key);
/// ALTER TABLE ... DROP CONSTRAINT.
[[nodiscard]] std::string compile_drop_foreign_key(const dialect& d, const table& t, std::string_view name);
[[nodiscard]] std::vector<std::string> compile_create_indexes(const dialect& d, const table& t);
/// DROP TABLE of these tables, in their order: one statement for all with feature::drop_together, else one for each.
[[nodiscard]] std::vector<std::string> compile_drop_tables(const dialect& d,
                                                           std::span<const table* const> tables);

} // namespace kin
