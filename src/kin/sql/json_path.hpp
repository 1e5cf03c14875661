// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "kin/sql/dialect.hpp"

namespace kin::detail {

/// The steps of a path as `json_element` writes it: names as JSON strings and positions as numbers, one behind the other.
[[nodiscard]] std::vector<json_step> json_steps(std::string_view path);

} // namespace kin::detail
