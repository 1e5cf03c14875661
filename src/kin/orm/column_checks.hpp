// SPDX-License-Identifier: MIT
#pragma once

#include "unit_of_work.hpp"

/// What `describe` says about the values of columns, applied to what is about to be written.
namespace kin::detail {

/// Calls the on_set handlers of the columns that `plan` writes with another value than their row has. Returns whether there were any:
/// then objects may have changed.
bool call_set_handlers(const flush_plan& plan);

/// Asks the validators about the values that are new. Throws: data_error (invalid_value), and what validators throw.
void check_values(const flush_plan& plan);
/// ... about those of an object that gets a row, but for what the database or the session makes while it is written;
void check_new_values(const node& n);
/// ... about those that differ from the object's row;
void check_changed_values(const node& n);
/// ... about all of them, whether or not there is a row.
void check_all_values(const node& n);

/// A foreign key that gets its value when the object that it refers to is written.
[[nodiscard]] bool waits_for_key(const node& n, const property& p);
/// Whether the member of an object with an image is not as the row has it.
[[nodiscard]] bool differs_from_row(const node& n, const property& p);

} // namespace kin::detail
