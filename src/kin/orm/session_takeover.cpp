// SPDX-License-Identifier: MIT
#include <unordered_set>

#include "association_rows.hpp"
#include "kin/mapping/collection.hpp"
#include "kin/mapping/link.hpp"
#include "peer_loader.hpp"
#include "persistence.hpp"
#include "session_core.hpp"

/// The part of the session in which a new object takes over the row of a removed one that had its primary key.
namespace kin::detail {

/// The new object takes the row of the removed one over: UPDATE of what differs, under the same primary key.
void session_core::replace(node& old, node& fresh, persistence& work) {
    freshen(old); // what the new object has in common with the row is not written
    fire(session_event::before_remove, &old);
    start_watching(old); // its row comes back with a rollback
    association_rows(writing()).remove_all(*old.type, {&old}, true);
    work.write_over(fresh, old);
    undo_.removed.push_back(&old);
    accept_removed({&old});
    fire(session_event::after_remove, &old);
    undo_.inserted.push_back(&fresh);
    fresh.set(node_flag::inserted);
    make_persistent(fresh);
    if (fresh.type->is_linked()) associations_.record_all(fresh);
    note_loose_keys(fresh);
    follow_new_keys(*fresh.type);
    fire(session_event::after_insert, &fresh);
}

/// The rows that refer to one that was written over refer to its new object: so do the objects in memory. What else refers to it, of
/// which the session knows nothing, is read when somebody asks.
void session_core::hand_over(const flush_plan& plan) {
    std::unordered_set<const node*> replaced;
    for (const flush_plan::step& group : plan.steps) {
        if (group.action != flush_action::replace) continue;
        replaced.insert(group.replaced.begin(), group.replaced.end());
        for (std::size_t i = 0; i < group.objects.size(); ++i) {
            for (const relationship& r : group.type->relationships()) {
                if (r.is_referred_to() && !is_whole(collection_of(*group.replaced[i], r)))
                    collection_of(*group.objects[i], r).unload([](const node&) { return true; });
            }
        }
    }
    pool_->for_each([&](node& n) {
        const bool is_here = n.context == this && n.state != object_state::deleted;
        if (!is_here || n.has(node_flag::expired)) return; // is read again, with its links
        for (const relationship& r : n.type->relationships()) {
            if (r.is_reference() && replaced.contains(reference_of(n, r).known())) obey_foreign_key(n, r);
        }
    });
}

} // namespace kin::detail
