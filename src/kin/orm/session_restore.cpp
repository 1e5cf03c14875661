// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <ranges>
#include <span>
#include <utility>

#include "flag_guard.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/association_link.hpp"
#include "kin/mapping/link.hpp"
#include "make_room.hpp"
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

/// Somebody has come back to a has_one into which another one was put meanwhile. Of those that have left the session since, nobody remembers it.
void give_place_back(const link_change& change) {
    collection_base* one = other_side(change.before, *change.side);
    if (!one || change.side->inverse->kind != relationship_kind::has_one) return;
    for (std::size_t i = one->slot_count(); i-- > 0;) {
        node* other = one->slot(i);
        if (other != change.child && other->context == nullptr) unlink_new(*other, *change.side);
    }
}

} // namespace

/// What the row of an object was before it was written, since the savepoint or in this transaction; null when it was not.
row_copy* session_core::past_of(node& n, saved_rows* rows) noexcept {
    if (!n.image) return nullptr;
    row_copy* past = &n.image->committed;
    if (rows) {
        const auto at = rows->find(&n);
        past = at == rows->end() ? nullptr : &at->second;
    }
    return past && !past->empty() ? past : nullptr;
}

/// To give a text back may take memory. When there is none, this throws and may be called again: every step can be taken twice, and
/// nothing is forgotten before the last one is done.
void session_core::restore_objects(const undo_log::mark& from, saved_rows* rows) {
    follow_foreign_keys_of_new();
    const flag_guard guard(undoing_);
    const auto since = [](auto& list, std::size_t position) {
        return std::span(list).subspan(std::min(position, list.size()));
    };
    const std::span<node*> inserted = since(undo_.inserted, from.inserted);
    const std::span<node*> removed = since(undo_.removed, from.removed);
    associations_.clear();
    for (node* n : inserted) restore_inserted(*n); // first: they may have the keys of removed ones
    for (node* n : pending_) {
        if (n->state == object_state::pending) restore_inserted(*n);
    }
    for (const undo_log::column_member& made : since(undo_.made, from.made)) {
        if (!has_row(*made.owner)) made.column->reset(member_of(*made.owner, *made.column));
    }
    for (node* n : inserted) reset_keys(*n);
    for (const link_change& change : since(undo_.links, from.links) | std::views::reverse) {
        detail::undo(change,
                     has_row(*change.child) ? foreign_key_is::to_follow : foreign_key_is::back_already);
        give_place_back(change);
        change.child->mark = 1; // look for it in its collection when the row is restored
    }
    for (const link_change& change : since(undo_.new_links, from.new_links)) undo_new_link(change);
    for (const association_change& change :
         since(undo_.associations, from.associations) | std::views::reverse)
        detail::undo(change);
    for (node* n : inserted) settle_keys(*n);
    for (node* n : pending_) settle_keys(*n);
    for (node* n : removed) {
        if (n->state != object_state::deleted) continue; // inserted in this transaction as well
        if (n->image && std::find(watched_.begin(), watched_.end(), n) == watched_.end())
            watched_.push_back(n);
        n->state = object_state::persistent;
    }
    std::vector<cell> row;
    for (node* n : watched_) {
        if (past_of(*n, rows) || !holds_its_row(*n, row)) restore_columns(*n, rows);
    }
    // When all are away from the keys that they had meanwhile.
    for (node* n : removed) return_to_identity_map(*n, rows);
    for (node* n : watched_) return_to_identity_map(*n, rows);
    expire_doubtful(since(undo_.read, from.read));
    for (node* n : watched_) restore_references(*n);
    for (node* n : since(undo_.expired, from.expired)) {
        if (n->state == object_state::persistent) n->set(node_flag::expired);
    }
    for (node* n : removed) return_to_collections(*n);
    for (node* n : watched_) {
        if (n->mark != 0) return_to_collections(*n);
        n->mark = 0;
    }
    for (node* n : watched_) return_to_positions(*n);
    for (const link_change& change : since(undo_.links, from.links)) change.child->mark = 0;
    for (node* n : removing_) n->unset(node_flag::removing | node_flag::orphan);
    for (node* n : removed) n->unset(node_flag::removing);
    for (node* n : watched_) n->unset(node_flag::orphan);
    if (rows) { // what was written first since the savepoint is as the transaction found it
        for (node* n : since(undo_.updated, from.updated)) {
            if (n->image) n->image->committed = {};
        }
    }
    for (const undo_log::member& l : since(undo_.loaded, from.loaded)) {
        if (l.owner->state == object_state::persistent)
            collection_of(*l.owner, *l.side).unload([](const node&) { return false; });
    }
    removing_.clear();
    pending_.clear();
    undo_.cut(from);
    std::erase_if(watched_, [](const node* n) { return n->state != object_state::persistent; });
}

/// Objects that were read in the transaction, after rows changed beside those that it wrote, are read again. When the session ends before
/// that, they stay readable as they are.
void session_core::expire_doubtful(std::span<node* const> objects) {
    for (node* n : objects) {
        if (n->state != object_state::persistent || n->has(node_flag::expired)) continue;
        doubtful_.push_back(n);
        n->set(node_flag::expired);
    }
}

/// A foreign key that was set by hand is a link like any other: whether it was looked at does not matter.
void session_core::follow_foreign_keys_of_new() {
    for (node* n : pending_) {
        if (n->state != object_state::pending) continue; // restored already, when memory ran out
        for (const relationship& r : n->type->relationships()) {
            if (r.is_reference()) (void)known_parent(*n, r);
        }
    }
}

void session_core::restore_inserted(node& n) {
    if (n.state == object_state::persistent || n.state == object_state::deleted) objects_.erase(n);
    if (n.image) (n.image->committed.empty() ? n.image->current : n.image->committed).restore(n);
    const bool key_made = n.has(node_flag::key_made);
    const bool version_made = n.has(node_flag::version_made);
    detach(n, object_state::transient);
    for (const relationship& r : n.type->relationships()) {
        if (r.is_collection()) collection_of(n, r).bind(r, true); // what it has is all there is
    }
    if (key_made) {
        const property& key = n.type->properties()[n.type->key().front()];
        key.reset(member_of(n, key));
    }
    if (version_made) n.type->version()->reset(member_of(n, *n.type->version()));
}

/// Foreign keys that the row had which is gone. Links that stay bring them back; those of rows that nobody knew are the program's.
void session_core::reset_keys(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const bool loose = std::any_of(undo_.loose.begin(), undo_.loose.end(),
                                       [&](const auto& m) { return m.owner == &n && m.side == &r; });
        if (!loose) unset_key(n, r);
    }
}

namespace {

/// Whether another object has come back to the has_one that `n` was put into meanwhile.
bool is_taken(node& target, const relationship& side, const node& n) {
    if (!side.inverse || side.inverse->kind != relationship_kind::has_one) return false;
    const collection_base& one = collection_of(target, *side.inverse);
    return one.slot_count() > 1 && one.slot(0) != &n;
}

} // namespace

/// The foreign keys of an object that is transient again, to targets that may have lost their key as well. A target that has a row was
/// found by the key of the row that is gone, when no link was made to it.
void session_core::settle_keys(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (!reference.is_resolved()) continue;
        node* target = reference.known();
        if (target && (has_row(*target) || is_taken(*target, r, n))) {
            unlink_new(n, r);
            continue;
        }
        copy_key(n, r, target);
        // A collection that was unloaded meanwhile would have found the row that is gone.
        const collection_base* many = other_side(target, r);
        if (!many || many->find(n) != many->slot_count()) continue;
        many->reserve_one();
        many->push_link(n);
    }
}

/// A collection that was loaded while the row was deleted or pointed elsewhere does not have the object yet. The key of an object that is
/// expired is of a row that is undone: where only that leads to a collection, it is read again like the object.
void session_core::return_to_collections(node& n) {
    if (n.state != object_state::persistent) return;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference() || foreign_key_unset(n, r)) continue;
        const belongs_to_base& reference = reference_of(n, r);
        node* parent = reference.is_resolved() ? reference.known() : find_target(n, r);
        collection_base* many = other_side(parent, r);
        if (!many || !many->is_loaded() || many->find(n) != many->slot_count()) continue;
        if (n.has(node_flag::expired)) {
            many->unload([](const node&) { return false; });
            continue;
        }
        const std::int64_t key_now = key_fingerprint(n, r);
        many->push_link(n);
        reference.resolve(parent, key_now);
    }
}

/// A list that was moved about takes the order of the positions that its objects have again.
void session_core::return_to_positions(const node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference() || !r.inverse || !r.inverse->position) continue;
        node* owner = reference_of(const_cast<node&>(n), r).known();
        if (owner) sort_by_position(*owner, *r.inverse);
    }
}

/// Marks the object when its foreign keys change by it.
void session_core::restore_columns(node& n, saved_rows* rows) {
    if (!n.image || n.state != object_state::persistent) return;
    const std::int64_t before = foreign_keys_of(n);
    const std::uint16_t mark = std::exchange(n.mark, std::uint16_t{1}); // also if it fails half way
    if (const row_copy* past = past_of(n, rows)) {
        past->restore(n);
        objects_.erase(n);
    } else {
        n.image->current.restore(n);
    }
    if (foreign_keys_of(n) == before) n.mark = mark;
}

void session_core::return_to_identity_map(node& n, saved_rows* rows) {
    if (n.state != object_state::persistent) return;
    if (row_copy* past = past_of(n, rows)) {
        n.image->current = std::move(*past);
        *past = {};
    }
    try {
        objects_.insert(n);
    } catch (const state_error&) {
        detach(n, object_state::detached); // another object was loaded for its row meanwhile
    }
}

/// ... once all have their keys back.
void session_core::restore_references(node& n) {
    if (n.state != object_state::persistent) return;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (!reference.is_resolved()) continue;
        node* target = reference.known();
        const bool unset = foreign_key_unset(n, r);
        const node* by_key = unset ? nullptr : find_target(n, r);
        if (target ? target == by_key || !r.targets_primary_key : unset) {
            reference.resolve(target, key_fingerprint(n, r));
            continue;
        }
        // It was found by a key that was written and is undone, or nobody knows the object of the key: no link was changed for it.
        reference.unresolve();
        n.mark = 1;
        collection_base* stale = other_side(target, r);
        const std::size_t at = stale ? stale->find(n) : 0;
        if (!stale || at == stale->slot_count()) continue;
        if (n.has(node_flag::expired) && target->state == object_state::persistent) // may be its own still
            stale->unload([](const node&) { return false; });
        else
            stale->erase_slot(at);
    }
}

void session_core::note_loaded_links(const std::vector<node*>& owners, const relationship& r) {
    // Who comes back refers to the owner of a has_many, and finds the way there.
    const bool lacks =
        !r.is_referred_to() && std::any_of(undo_.removed.begin(), undo_.removed.end(),
                                           [&r](const node* n) { return n->type == &r.target(); });
    if (!lacks && !undo_.rows_changed) return;
    make_room(undo_.loaded, owners.size());
    for (node* owner : owners) undo_.loaded.push_back({owner, &r});
}

} // namespace kin::detail
