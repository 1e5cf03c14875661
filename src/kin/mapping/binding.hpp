// SPDX-License-Identifier: MIT
#pragma once

#include "link.hpp"

/// How the relationship members of an object get to know whose they are.
namespace kin::detail {

/// Binds the relationship members of an object that was just put into a node, and links what its initialiser named.
void bind_made(node& n);
/// Binds the relationship members of an object that a loader made: everything unloaded.
inline void bind_loaded(node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        if (r.is_collection()) {
            collection_of(n, r).bind(r, false);
        } else {
            reference_of(n, r).bind(r);
        }
    }
}

} // namespace kin::detail
