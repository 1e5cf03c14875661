// SPDX-License-Identifier: MIT
#pragma once

#include "kin/mapping/node.hpp"

namespace kin::detail {

/// What keeps an object, which has left the session that holds its pool, in that pool.
struct keeper {
    const node* object = nullptr; // of the same graph; null: nothing does
    bool is_in_session =
        false; // it is in that session; else its open transaction may have to undo links of it
    [[nodiscard]] explicit operator bool() const noexcept { return object != nullptr; }
};

/// Objects that left a session stay in its pool, because objects that are linked live together. This gives those that are linked to none in
/// the session pools of their own, one for each graph that has a ref from outside, and that of `n`, unless the graph of `n` has to stay: then it says why.
/// Looks at every object of the session. Throws: std::bad_alloc.
[[nodiscard]] keeper kept_by(node& n);

} // namespace kin::detail
