// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "association_changes.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

/// A flush plan for people: one line for a statement, or for one row of an UPDATE. Keys are shown, other values are not.
[[nodiscard]] std::string text_of(const flush_plan& plan,
                                  const std::vector<association_changes::change>& unlinked,
                                  const std::vector<association_changes::change>& linked);

} // namespace kin::detail
