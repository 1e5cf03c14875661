// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "kin/base/cell.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

/// Less than zero, zero, or more: NULL first, numbers by size, text and bytes by their bytes.
[[nodiscard]] int compare(const cell& a, const cell& b) noexcept;

/// Sorts objects of one class by the primary keys of their rows, so that transactions that write the same rows take their locks in
/// the same order. What is sorted already is only looked at.
void sort_by_key(std::span<node*> objects);

} // namespace kin::detail
