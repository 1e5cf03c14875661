// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <ranges>
#include <span>
#include <utility>

#include "flag_guard.hpp"
#include "kin/mapping/association_link.hpp"
#include "kin/mapping/link.hpp"
#include "row_cells.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

/// The part of the session that gives objects their past back when a transaction is undone.
namespace kin::detail {

namespace {

/// Whether an object has nothing but what its row has.
bool holds_its_row(const node& n, std::vector<cell>& row) noexcept {
    if (!n.image) return false;
    try {
        scratch memory;
        return differences(n, row, memory) == 0;
    } catch (...) {
        return false; // it has what fits no column, or there is no memory
    }
}

/// All foreign keys of an object as one number, to see whether any changed.
std::int64_t foreign_keys_of(const node& n) {
    std::int64_t keys = 0;
    for (const relationship& r : n.type->relationships()) {
        if (r.is_reference()) keys = combined(keys, key_fingerprint(n, r));
    }
    return keys;
}

} // namespace

/// What the row of an object was before it was written, since the savepoint or in this transaction; null when it was not.
row_copy* session_core::past_of(node& n, saved_rows* rows) noexcept {
    if (!n.image) return nullptr;
    if (!rows) return n.image->committed.empty() ? nullptr : &n.image->committed;
    const auto at = rows->find(&n);
    return at == rows->end() ? nullptr : &at->second;
}

void session_core::restore_objects(const undo_log::mark& from, saved_rows* rows) noexcept {
    const flag_guard guard(undoing_);
    const auto since = [](auto& list, std::size_t position) {
        return std::span(list).subspan(std::min(position, list.size()));
    };
    const std::span<node*> inserted = since(undo_.inserted, from.inserted);
    const std::span<node*> removed = since(undo_.removed, from.removed);
    const std::span<node*> updated = since(undo_.updated, from.updated);
    associations_.clear();
    for (node* n : inserted) restore_inserted(*n); // first: they may have the keys of removed ones
    for (node* n : pending_) {
        if (n->state == object_state::pending) restore_inserted(*n);
    }
    for (const link_change& change : since(undo_.links, from.links) | std::views::reverse)
        detail::undo(change);
    for (const link_change& change : since(undo_.new_links, from.new_links)) undo_new_link(change);
    for (const association_change& change :
         since(undo_.associations, from.associations) | std::views::reverse)
        detail::undo(change);
    for (node* n : inserted) settle_keys(*n);
    for (node* n : pending_) settle_keys(*n);
    // All give up the keys that were written before anybody takes one back.
    const auto forget_written_key = [&](node& n) {
        if (n.state != object_state::transient && past_of(n, rows)) objects_.erase(n);
    };
    if (rows) {
        for (const auto& [n, row] : *rows) forget_written_key(*n);
    } else {
        for (node* n : updated) forget_written_key(*n);
    }
    for (node* n : removed) {
        if (n->state != object_state::deleted) continue; // inserted in this transaction as well
        n->state = object_state::persistent;
        n->unset(node_flag::removing);
        try {
            if (!past_of(*n, rows)) objects_.insert(*n);
            if (n->image && std::find(watched_.begin(), watched_.end(), n) == watched_.end())
                watched_.push_back(n);
        } catch (...) {
            detach(*n, object_state::detached); // no memory
        }
    }
    std::vector<cell> row;
    for (node* n : watched_) {
        if (!past_of(*n, rows) && holds_its_row(*n, row)) continue;
        const std::int64_t before = foreign_keys_of(*n);
        restore_row(*n, rows);
        n->mark = foreign_keys_of(*n) != before ? 1 : 0;
    }
    if (rows) { // what was written first since the savepoint has its first past back
        for (node* n : updated) {
            if (n->image) n->image->committed = {};
        }
    }
    for (node* n : watched_) restore_references(*n);
    for (node* n : removed) return_to_collections(*n);
    for (node* n : watched_) {
        if (std::exchange(n->mark, std::uint16_t{0}) != 0) return_to_collections(*n);
    }
    for (node* n : removing_) n->unset(node_flag::removing | node_flag::orphan);
    for (node* n : watched_) n->unset(node_flag::orphan);
    removing_.clear();
    pending_.clear();
    undo_.cut(from);
    std::erase_if(watched_, [](const node* n) { return n->state != object_state::persistent; });
}

void session_core::restore_inserted(node& n) noexcept {
    if (n.state == object_state::persistent || n.state == object_state::deleted) objects_.erase(n);
    if (n.image) (n.image->committed.empty() ? n.image->current : n.image->committed).restore(n);
    const bool key_made = n.has(node_flag::key_made);
    const bool version_made = n.has(node_flag::version_made);
    detach(n, object_state::transient);
    if (key_made) {
        const property& key = n.type->properties()[n.type->key().front()];
        key.reset(member_of(n, key));
    }
    if (version_made) n.type->version()->reset(member_of(n, *n.type->version()));
}

/// The foreign keys of an object that is transient again, to targets that may have lost their key as well.
void session_core::settle_keys(node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (reference.is_resolved()) copy_key(n, r, reference.known());
    }
}

/// A collection that was loaded while the row was deleted or pointed elsewhere does not have the object yet.
void session_core::return_to_collections(node& n) noexcept {
    if (n.state != object_state::persistent) return;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference() || foreign_key_unset(n, r)) continue;
        const belongs_to_base& reference = reference_of(n, r);
        node* parent = reference.is_resolved() ? reference.known() : find_target(n, r);
        collection_base* many = other_side(parent, r);
        if (!many || !many->is_loaded() || many->find(n) != many->slot_count()) continue;
        try {
            many->push_link(n);
            reference.resolve(parent, key_fingerprint(n, r));
        } catch (...) {
            continue; // no memory: refresh() or a new session will show it
        }
    }
}

void session_core::restore_row(node& n, saved_rows* rows) noexcept {
    if (!n.image || n.state != object_state::persistent) return;
    row_image& image = *n.image;
    row_copy* past = past_of(n, rows);
    if (past) {
        image.current = std::move(*past);
        *past = {};
    }
    image.current.restore(n);
    if (!past) return;
    try {
        objects_.insert(n);
    } catch (...) {
        return; // no memory: the object is right, a query will make another one for its row
    }
}

/// ... once all have their keys back.
void session_core::restore_references(node& n) noexcept {
    if (n.state != object_state::persistent) return;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
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
        collection_base* stale = other_side(target, r);
        const std::size_t at = stale ? stale->find(n) : 0;
        if (stale && at != stale->slot_count()) stale->erase_slot(at);
    }
}

} // namespace kin::detail
