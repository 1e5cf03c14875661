// SPDX-License-Identifier: MIT
#include "cascade_walk.hpp"

#include <unordered_set>

#include "kin/mapping/link.hpp"
#include "peer_loader.hpp"

namespace kin::detail {

bool cascade_walk::has_followers(node& start) const noexcept {
    for (const relationship& r : start.type->relationships()) {
        if (!has(r.cascades, cascade::save_update)) continue;
        if (r.is_collection()) {
            if (collection_of(start, r).slot_count() != 0) return true;
        } else if (const node* target = reference_of(start, r).known()) {
            if (target->context != &session_) return true;
        }
    }
    return false;
}

bool deletes_by_itself(const relationship& r) noexcept {
    if (!r.is_referred_to()) return false;
    return r.target().properties()[r.keys.front().foreign].on_delete == referential_action::cascade;
}

namespace {

/// Whatever the loading strategy forbids to the program, a cascade must know.
node* loaded_target(session_core& session, node& n, const relationship& r) {
    const belongs_to_base& reference = reference_of(n, r);
    if (!reference.is_loaded() && !known_parent(n, r)) load_for_peers(session, n, r, loader_strategy::peers);
    return reference.is_resolved() ? reference.known() : known_parent(n, r);
}

} // namespace

std::vector<node*> cascade_walk::walk(node& start, cascade word, bool loads) const {
    // Objects that are in the session may have followed keys that were set by hand.
    if (word != cascade::save_update && start.home && start.home->edited != 0) follow_edits(*start.home);
    std::vector<node*> found{&start};
    std::unordered_set<const node*> seen{&start};
    const auto visit = [&](node* n) {
        if (n && seen.insert(n).second) found.push_back(n);
    };
    for (std::size_t i = 0; i < found.size(); ++i) {
        node& n = *found[i];
        // What is in this session already has taken its own along.
        if (word == cascade::save_update && n.context == &session_ && &n != &start) continue;
        for (const relationship& r : n.type->relationships()) {
            const bool follows = has(r.cascades, word) || (word == cascade::remove && deletes_by_itself(r));
            if (!follows) continue;
            if (r.is_reference()) {
                if (loads) freshen(n);
                visit(loads ? loaded_target(session_, n, r) : reference_of(n, r).known());
                continue;
            }
            const collection_base& many = collection_of(n, r);
            if (loads && !many.is_loaded() && !deletes_by_itself(r))
                load_for_peers(session_, n, r, loader_strategy::peers);
            for (std::size_t k = 0; k < many.slot_count(); ++k) visit(many.slot(k));
            if (word == cascade::remove && !many.is_loaded()) {
                for (node* child : session_.known_children(n, r)) visit(child);
            }
        }
    }
    return found;
}

std::vector<node*> cascade_walk::to_add(node& start) const {
    return walk(start, cascade::save_update, false);
}
std::vector<node*> cascade_walk::to_remove(node& start) const { return walk(start, cascade::remove, true); }
std::vector<node*> cascade_walk::to_expunge(node& start) const {
    return walk(start, cascade::expunge, false);
}
std::vector<node*> cascade_walk::to_refresh(node& start) const {
    std::vector<node*> found = walk(start, cascade::refresh, false);
    std::erase_if(found, [this](const node* n) {
        return n->context != &session_ || n->state != object_state::persistent;
    });
    return found;
}

} // namespace kin::detail
