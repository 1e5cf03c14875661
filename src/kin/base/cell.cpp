// SPDX-License-Identifier: MIT
#include "kin/base/cell.hpp"

#include <bit>

namespace kin {

bool cell::same_as(const cell& other) const noexcept {
    if (kind != other.kind) return false;
    switch (kind) {
    case cell_kind::null: return true;
    case cell_kind::real:
        return std::bit_cast<std::uint64_t>(real) == std::bit_cast<std::uint64_t>(other.real);
    case cell_kind::text:
    case cell_kind::blob: return bytes() == other.bytes();
    case cell_kind::integer:
    case cell_kind::boolean:
    case cell_kind::date:
    case cell_kind::timestamp: break;
    }
    return integer == other.integer;
}

} // namespace kin
