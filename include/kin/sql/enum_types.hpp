// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kin/sql/dialect.hpp"

namespace kin {

/// The native types of enumerations that the columns of these tables have, one for each name, in the order of the columns; none without
/// feature::enum_types. Each is told by its first column, which points into its table.
/// Throws: compile_error (bad_enumeration) when two enumerations with different words have one name, or a table has it.
[[nodiscard]] std::vector<const column*> enum_types_of(const dialect& d,
                                                       std::span<const table* const> tables);

/// CREATE TYPE "status" AS ENUM ('draft', 'published'). Throws: compile_error (bad_identifier, bad_enumeration).
[[nodiscard]] std::string compile_create_enum(const dialect& d, const column_type& type);
/// DROP TYPE IF EXISTS "status".
[[nodiscard]] std::string compile_drop_enum(const dialect& d, const column_type& type);

} // namespace kin
