// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "kin/mapping/link.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

/// The part of the session that tells what a flush would write.
namespace kin::detail {

bool session_core::is_modified(node& n) {
    if (!has_row(n)) return true;
    std::vector<cell> row;
    scratch memory;
    return n.image && is_changed(n, row, memory);
}

std::vector<node*> session_core::pending(const mapper& m) const {
    std::vector<node*> found;
    std::copy_if(pending_.begin(), pending_.end(), std::back_inserter(found),
                 [&m](const node* n) { return n->type == &m && n->state == object_state::pending; });
    return found;
}

std::vector<node*> session_core::modified(const mapper& m) const {
    std::vector<node*> found;
    std::vector<cell> row;
    scratch memory;
    for (node* n : watched_) {
        if (n->type != &m || n->state != object_state::persistent || n->has(node_flag::removing)) continue;
        if (is_changed(*n, row, memory)) found.push_back(n);
    }
    return found;
}

std::vector<node*> session_core::removed(const mapper& m) const {
    std::vector<node*> found;
    std::copy_if(removing_.begin(), removing_.end(), std::back_inserter(found),
                 [&m](const node* n) { return n->type == &m; });
    return found;
}

} // namespace kin::detail
