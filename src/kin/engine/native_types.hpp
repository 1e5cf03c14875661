// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "kin/engine/inspector.hpp"
#include "kin/schema/table.hpp"

namespace kin {

class connection;

// The native types of enumerations that have names (feature::enum_types), for create_all and drop_all. Without the feature these do nothing, and
// send nothing.

/// Throws: compile_error (bad_enumeration), statement_error (enumeration_differs) when a type of the tables is there and is another.
void check_enum_types(connection& c, inspector& schema, std::span<const table* const> tables);
/// Creates those that are not there. Throws as check_enum_types(), and database_error.
void create_enum_types(connection& c, inspector& schema, std::span<const table* const> tables);
/// Whether one of them is there and nothing uses it.
[[nodiscard]] bool has_unused_enum_types(connection& c, inspector& schema,
                                         std::span<const table* const> tables);
/// Drops those. Returns whether there was one: what connections have prepared for it is good no more.
bool drop_unused_enum_types(connection& c, inspector& schema, std::span<const table* const> tables);

} // namespace kin
