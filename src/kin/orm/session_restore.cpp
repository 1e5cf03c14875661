// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <utility>

#include "flag_guard.hpp"
#include "kin/mapping/link.hpp"
#include "session_core.hpp"

/// The part of the session that gives objects their past back when a transaction is undone.
namespace kin::detail {

namespace {

/// All foreign keys of an object as one number, to see whether any changed.
std::int64_t foreign_keys_of(const node& n) {
    std::int64_t keys = 0;
    for (const relationship& r : n.type->relationships()) {
        if (r.kind == relationship_kind::belongs_to) keys = combined(keys, key_fingerprint(n, r));
    }
    return keys;
}

} // namespace

void session_core::restore_objects() noexcept {
    const flag_guard guard(undoing_);
    for (node* n : undo_.inserted) restore_inserted(*n); // first: they may have the keys of removed ones
    for (node* n : pending_) {
        if (n->state == object_state::pending) restore_inserted(*n);
    }
    for (auto change = undo_.links.rbegin(); change != undo_.links.rend(); ++change) {
        detail::undo(*change);
        change->child->mark = 1; // look for it in its collection when the row is restored
    }
    for (const link_change& change : undo_.new_links) undo_new_link(change);
    for (node* n : undo_.inserted) settle_keys(*n);
    for (node* n : pending_) settle_keys(*n);
    for (node* n : undo_.removed) {
        if (n->state != object_state::deleted) continue; // inserted in this transaction as well
        n->state = object_state::persistent;
        n->unset(node_flag::removing);
        try {
            objects_.insert(*n);
            if (n->image && std::find(watched_.begin(), watched_.end(), n) == watched_.end())
                watched_.push_back(n);
        } catch (...) {
            detach(*n, object_state::detached); // no memory
        }
    }
    for (node* n : watched_) {
        const std::int64_t before = foreign_keys_of(*n);
        restore_row(*n);
        if (foreign_keys_of(*n) != before) n->mark = 1;
    }
    for (node* n : undo_.removed) return_to_collections(*n);
    for (node* n : watched_) {
        if (std::exchange(n->mark, std::uint16_t{0}) != 0) return_to_collections(*n);
    }
    for (const link_change& change : undo_.links) change.child->mark = 0;
    for (node* n : removing_) n->unset(node_flag::removing | node_flag::orphan);
    for (node* n : watched_) n->unset(node_flag::orphan);
    removing_.clear();
    pending_.clear();
    std::erase_if(watched_, [](const node* n) { return n->state != object_state::persistent; });
}

void session_core::restore_inserted(node& n) noexcept {
    if (n.state == object_state::persistent || n.state == object_state::deleted) objects_.erase(n);
    if (n.image) (n.image->committed.empty() ? n.image->current : n.image->committed).restore(n);
    const bool key_made = n.has(node_flag::key_made);
    detach(n, object_state::transient);
    for (const relationship& r : n.type->relationships()) {
        if (r.kind == relationship_kind::has_many)
            collection_of(n, r).bind(r, true); // what it has is all there is
    }
    if (key_made) {
        const property& key = n.type->properties()[n.type->key().front()];
        key.reset(static_cast<char*>(n.object()) + key.offset);
    }
}

/// The foreign keys of an object that is transient again, to targets that may have lost their key as well.
void session_core::settle_keys(node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (reference.is_resolved()) copy_key(n, r, reference.known());
    }
}

/// A collection that was loaded while the row was deleted or pointed elsewhere does not have the object yet.
void session_core::return_to_collections(node& n) noexcept {
    if (n.state != object_state::persistent) return;
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to || foreign_key_unset(n, r)) continue;
        const belongs_to_base& reference = reference_of(n, r);
        node* parent = reference.is_resolved() ? reference.known() : find_target(n, r);
        has_many_base* many = other_side(parent, r);
        if (!many || !many->is_loaded() || many->find(n) != many->slot_count()) continue;
        try {
            many->push_link(n);
            reference.resolve(parent, key_fingerprint(n, r));
        } catch (...) {
            continue; // no memory: refresh() or a new session will show it
        }
    }
}

void session_core::restore_row(node& n) noexcept {
    if (!n.image || n.state != object_state::persistent) return;
    row_image& image = *n.image;
    if (!image.committed.empty()) {
        cell key[most_key_columns];
        scratch memory;
        const std::vector<std::uint32_t>& columns = n.type->key();
        for (std::size_t i = 0; i < columns.size(); ++i) key[i] = image.current.cells()[columns[i]];
        entity_map& known = objects_.of(*n.type);
        if (known.find({key, columns.size()}) == &n) known.erase({key, columns.size()});
        image.current = std::move(image.committed);
        image.committed = {};
        image.current.restore(n);
        try {
            objects_.insert(n);
        } catch (...) {
            return; // no memory: the object is right, a query will make another one for its row
        }
    } else {
        image.current.restore(n);
    }
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (!reference.is_resolved()) continue;
        node* target = reference.known();
        node* by_key = foreign_key_unset(n, r) ? nullptr : find_target(n, r);
        if (target == by_key || (target && !r.targets_primary_key)) {
            reference.resolve(target, key_fingerprint(n, r));
            continue;
        }
        // It was found by a key that was written and is undone: no link was changed for it.
        reference.unresolve();
        has_many_base* stale = other_side(target, r);
        const std::size_t at = stale ? stale->find(n) : 0;
        if (stale && at != stale->slot_count()) stale->erase_slot(at);
    }
}

} // namespace kin::detail
