// SPDX-License-Identifier: MIT
#pragma once

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/member.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

/// What the row has in the column: the member may have been changed since.
[[nodiscard]] cell row_cell(const node& n, const property& p, scratch& memory);
/// The primary key of the row; `out` has room for its columns.
void row_key(const node& n, cell* out, scratch& memory);
/// Puts a value that the database has into the member. Throws: data_error (value_out_of_range) when it does not fit.
void put(node& n, const property& p, const cell& c);

/// Throws: data_error (value_out_of_range): what a member has does not fit into its column.
[[noreturn]] void fail_out_of_range(const mapper& m, const property& p);
/// Throws: data_error (invalid_utf8, text_too_long, wrong_length, number_too_long) when `c` is what the column must not have.
void check_limits(const mapper& m, const property& p, const cell& c);

/// The foreign keys of an object that is about to be written: those of the rows that it refers to, as the database has
/// them. A key that was changed and is not written yet follows by the database's ON UPDATE.
/// Returns whether any was another. Throws: state_error (unsaved_target); foreign_key_violation for a reference that was unset and whose key cannot be NULL.
bool take_keys(node& n);

} // namespace kin::detail
