// SPDX-License-Identifier: MIT
#pragma once

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

/// The member of the object that `p` maps to a column.
[[nodiscard]] inline void* member_of(node& n, const property& p) noexcept {
    return static_cast<char*>(n.object()) + p.offset;
}
[[nodiscard]] inline const void* member_of(const node& n, const property& p) noexcept {
    return static_cast<const char*>(n.object()) + p.offset;
}

/// What the member holds; NULL when it fits no column.
[[nodiscard]] inline cell member_cell(const node& n, const property& p, scratch& memory) {
    cell c;
    return p.encode(member_of(n, p), encoder{c, memory}) ? c : cell();
}

} // namespace kin::detail
