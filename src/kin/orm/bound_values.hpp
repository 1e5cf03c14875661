// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/base/cell.hpp"
#include "kin/base/value.hpp"

namespace kin::detail {

/// The parameters of a statement as cells. Lifetime: `parameters`. Throws: data_error (invalid_utf8).
[[nodiscard]] std::vector<cell> views_of(const std::vector<value>& parameters);

} // namespace kin::detail
