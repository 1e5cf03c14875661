// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace kin {

/// Orders the items 0..n-1 so that for each edge {before, after} `before` comes first. Where the edges leave a choice,
/// the smaller item comes first, so the order of the input is kept as far as possible.
/// An edge from an item to itself says nothing. Items that rings make impossible to place come last, in input order;
/// `cycle`, if given, receives the members of the rings (not what merely depends on them), in input order.
[[nodiscard]] std::vector<std::size_t>
topological_sort(std::size_t n, std::span<const std::pair<std::size_t, std::size_t>> edges,
                 std::vector<std::size_t>* cycle = nullptr);

} // namespace kin
