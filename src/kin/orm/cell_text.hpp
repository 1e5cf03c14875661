// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "kin/base/cell.hpp"

namespace kin::detail {

/// "an integer", "text" ... for error texts.
[[nodiscard]] std::string_view kind_name(cell_kind kind) noexcept;
/// A key or number for an error text: cut short, control characters left out.
[[nodiscard]] std::string shown(const cell& c);

} // namespace kin::detail
