// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kin/sql/update.hpp"
#include "undo_log.hpp"
#include "unit_of_work.hpp"

/// The values of columns for which the program has said none: insert_default and update_default of `describe`.
namespace kin::detail {

/// Calls the functions of the columns that `plan` is about to write without a value of the program. `undo` gets the members of new objects that have
/// one now; those of others come back with their row. Returns whether any member has: then the plan must be made anew. Throws: what
/// the functions throw.
bool make_values(const flush_plan& plan, undo_log& undo);

/// What the function of `d` gives for `object`, which is no object of a session, or null for none. Throws: what it throws; data_error when the
/// column cannot have the value.
[[nodiscard]] value made_value(const mapper& m, const property& p, const column_default& d,
                               const void* object);

/// The columns that an UPDATE of `set` (positions) has SQL make as well.
[[nodiscard]] std::vector<std::uint32_t> computed_beside(const mapper& m, std::span<const std::uint32_t> set);

/// Such columns with their SQL, of an INSERT or of an UPDATE.
[[nodiscard]] std::vector<assignment> computed_at_insert(const mapper& m,
                                                         std::span<const column* const> columns);
[[nodiscard]] std::vector<assignment> computed_at_update(const mapper& m,
                                                         std::span<const std::uint32_t> columns);

} // namespace kin::detail
