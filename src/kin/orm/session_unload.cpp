// SPDX-License-Identifier: MIT
#include <algorithm>

#include "kin/mapping/association_link.hpp"
#include "kin/mapping/link.hpp"
#include "make_room.hpp"
#include "new_rows.hpp"
#include "row_cells.hpp"
#include "session_core.hpp"

/// The part of the session that takes objects out of collections that are out of date, and makes collections unloaded ones again.
namespace kin::detail {

/// The next touch of the collection loads it again. What no row tells of stays: children whose foreign key is not written, and links of
/// objects that a rollback leaves without a row. Links of a many_to_many that were not written are lost, on both sides.
void session_core::unload(node& owner, const relationship& r, new_rows& fresh) {
    if (r.is_many_to_many()) throw_links_away(owner, r);
    collection_of(owner, r).unload([&](const node& n) {
        return fresh.contains(n) || (r.is_referred_to() && foreign_key_changed(n, *r.inverse));
    });
}

/// What was linked and unlinked since the last flush, both objects having a row, is as if it had not been.
void session_core::throw_links_away(node& owner, const relationship& r) {
    if (associations_.empty()) return;
    for (const association_changes::change& c : associations_.of(owner, r)) {
        node& other = *c.ends[1 - r.near];
        if (owner.state != object_state::persistent || other.state != object_state::persistent) continue;
        const auto last = std::find_if(undo_.associations.rbegin(), undo_.associations.rend(),
                                       [&](const association_change& one) { return c.is_of(one); });
        const bool has_past = last != undo_.associations.rend() && last->linked == c.linked;
        association_change made{&owner, &r, &other, c.linked, c.certain};
        if (has_past) {
            made = *last;
            make_room(undo_.associations);
        }
        detail::undo(made);
        associations_.accept({c});
        if (!has_past) continue;
        made.linked = !made.linked;
        undo_.associations.push_back(made);
    }
}

bool session_core::has_unwritten_link(const node& owner, const relationship& r,
                                      const node& other) const noexcept {
    return !associations_.empty() && associations_.find(r, owner, other);
}

/// An object whose row is gone is in no loaded collection any more.
void session_core::leave_collections(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const collection_base* many = other_side(reference_of(n, r).known(), r);
        const std::size_t at = many ? many->find(n) : 0;
        if (many && at != many->slot_count()) many->erase_slot(at);
    }
    if (!n.type->is_linked()) return;
    pool_->for_each([&](node& owner) {
        if (owner.context != this || !owner.type->is_linked()) return;
        for (const relationship& r : owner.type->relationships()) {
            if (!r.is_many_to_many() || &r.target() != n.type) continue;
            const collection_base& many = collection_of(owner, r);
            const std::size_t at = many.find(n);
            if (at != many.slot_count()) many.erase_slot(at);
        }
    });
}

/// `n` comes to stand in the has_one of `parent`, because its row says so. Whoever is there leaves: with an assignment that was not written
/// that is thrown away as well, or with a row that must be out of date.
void session_core::make_way(node& n, const relationship& r, node& parent, new_rows& fresh) {
    if (!r.inverse || r.inverse->kind != relationship_kind::has_one) return;
    const collection_base& one = collection_of(parent, *r.inverse);
    for (std::size_t i = one.slot_count(); i-- > 0;) {
        node& there = *one.slot(i);
        if (&there == &n) continue;
        follow_foreign_key(there, r); // a key that was set by hand may lead elsewhere by now
        if (one.find(there) == one.slot_count()) continue;
        if (!has_row(there)) {
            if (there.context) changing(link_change{&there, &r, &parent, nullptr, i});
            copy_key(there, r, nullptr);
            one.erase_slot(i);
        } else if (foreign_key_changed(there, r)) {
            for (const relationship::key_pair& k : r.keys)
                put(there, there.type->properties()[k.foreign], there.image->current.cells()[k.foreign]);
            follow_row(there, r, fresh);
        } else {
            if (wrote_) changing(link_change{&there, &r, &parent, nullptr, i});
            one.erase_slot(i);
            reference_of(there, r).unresolve();
            there.set(node_flag::expired);
        }
    }
}

} // namespace kin::detail
