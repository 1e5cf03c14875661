// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace kin {

/// Orders the items 0..n-1 so that for each edge {before, after} `before` comes first. Where the edges leave a choice,
/// the smaller item comes first, so the order of the input is kept as far as possible.
/// An edge from an item to itself says nothing. The members of a ring come together, in input order, after what they need and before
/// what needs one of them; `cycle`, if given, receives the members of all rings, in input order.
[[nodiscard]] std::vector<std::size_t>
topological_sort(std::size_t n, std::span<const std::pair<std::size_t, std::size_t>> edges,
                 std::vector<std::size_t>* cycle = nullptr);

} // namespace kin
