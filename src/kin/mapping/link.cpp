// SPDX-License-Identifier: MIT
#include "link.hpp"

#include "association_link.hpp"
#include "kin/base/error.hpp"
#include "member.hpp"
#include "pool.hpp"

namespace kin::detail {

namespace {

/// Hides what a belongs_to refers to, so that a cascade does not walk to the parent that the child is about to leave.
class hidden_target {
public:
    explicit hidden_target(belongs_to_base& reference) noexcept
        : reference_(reference),
          target_(reference.known()),
          key_(reference.resolved_key()),
          resolved_(reference.is_resolved()) {
        reference_.resolve(nullptr, key_);
    }
    hidden_target(const hidden_target&) = delete;
    hidden_target& operator=(const hidden_target&) = delete;
    ~hidden_target() { resolved_ ? reference_.resolve(target_, key_) : reference_.unresolve(); }

private:
    belongs_to_base& reference_;
    node* target_;
    std::int64_t key_;
    bool resolved_;
};

/// Tells the handlers of both sides, each once, before anything changes.
void announce(node& child, const relationship& side, node* before, node* after) {
    for (const auto& h : side.on_link) h->call(child, after);
    if (!side.inverse) return;
    if (before) {
        for (const auto& h : side.inverse->on_unlink) h->call(*before, &child);
    }
    if (after) {
        for (const auto& h : side.inverse->on_link) h->call(*after, &child);
    }
}
[[nodiscard]] bool has_handlers(const relationship& side) noexcept {
    return !side.on_link.empty() ||
           (side.inverse && (!side.inverse->on_link.empty() || !side.inverse->on_unlink.empty()));
}

/// Loads all of a collection that must be known before it changes, also what the query or session left out.
void know_all(node& owner, const relationship& r) {
    const collection_base& many = collection_of(owner, r);
    if (!many.is_loaded() && owner.context) owner.context->load(owner, r);
    if (many.is_partial() && owner.context) owner.context->load(owner, r); // completes it
}

/// The object that stands where `child` is to go in a has_one; null: none. Loads: replacing an object means knowing it.
[[nodiscard]] node* occupant(node& parent, const relationship& side, const node& child) {
    if (!side.inverse || side.inverse->kind != relationship_kind::has_one) return nullptr;
    if (parent.home && parent.home->edited != 0) follow_edits(*parent.home);
    const collection_base& one = collection_of(parent, *side.inverse);
    know_all(parent, *side.inverse);
    node* there = one.slot_count() == 0 ? nullptr : one.slot(0);
    return there == &child ? nullptr : there;
}

/// Gives the objects of a list their places. `from`: those before it have theirs.
void renumber(node& owner, const relationship& list, std::size_t from) {
    if (!list.position) return;
    const collection_base& many = collection_of(owner, list);
    if (!many.is_loaded()) return;
    for (std::size_t i = from; i < many.slot_count(); ++i) {
        node& n = *many.slot(i);
        const cell place = cell::of_integer(static_cast<std::int64_t>(i));
        scratch memory;
        if (member_cell(n, *list.position, memory).same_as(place)) continue;
        if (has_row(n)) touch(n);
        (void)list.position->decode(member_of(n, *list.position), place);
    }
}
/// A list that keeps positions must be known before it changes.
void load_positions(node* owner, const relationship& side) {
    if (owner && side.inverse && side.inverse->position) know_all(*owner, *side.inverse);
}

/// Unlinks the old object of a has_one; puts it back if the new one cannot take its place.
class replacement {
public:
    replacement(node* old, const relationship& side, node* parent) : old_(old), side_(side), parent_(parent) {
        if (old_) set_parent(*old_, side_, nullptr);
    }
    replacement(const replacement&) = delete;
    replacement& operator=(const replacement&) = delete;
    ~replacement() {
        if (!old_ || done_) return;
        try {
            undo(link_change{old_, &side_, parent_, nullptr, 0});
        } catch (...) {
            return; // no memory: the old object stays unlinked, on both sides
        }
    }
    void done() noexcept { done_ = true; }

private:
    node* old_;
    const relationship& side_;
    node* parent_;
    bool done_ = false;
};

} // namespace

void fail_two_sessions(const node& n, const relationship& side) {
    throw state_error({.code = "two_sessions",
                       .message = side.qualified_name() + ": the " + n.type->class_name() + " and the " +
                                  (n.type == side.owner ? side.target() : *side.owner).class_name() +
                                  " belong to two sessions; load both in the same session, or expunge one",
                       .sql = {},
                       .table = n.type->table().name()});
}

void fail_deleted(const node& n, const relationship& side) {
    throw state_error(
        {.code = "object_deleted",
         .message = side.qualified_name() + ": this " + n.type->class_name() +
                    " was deleted in this transaction and cannot be linked any more; roll back, or "
                    "make a new object",
         .sql = {},
         .table = n.type->table().name()});
}

void fail_not_loaded(const relationship& side) {
    throw detached_instance(
        {.code = "detached_instance",
         .message = side.qualified_name() +
                    " is not loaded, and the object is in no session any more that could load it; "
                    "read it while the session lives, or ask for it in the query: "
                    ".with(kin::selectin<&" +
                    side.owner->class_name() + "::" + side.name + ">)",
         .sql = {},
         .table = side.owner->table().name()});
}

void copy_key(node& child, const relationship& side, const node* parent) {
    scratch memory;
    const bool known = parent && has_key(*parent);
    if (!known) unset_key(child, side);
    for (const relationship::key_pair& k : side.keys) {
        if (!known) break;
        const property& foreign = child.type->properties()[k.foreign];
        const cell c = member_cell(*parent, parent->type->properties()[k.referenced], memory);
        if (!foreign.decode(member_of(child, foreign), c)) foreign.reset(member_of(child, foreign));
    }
    reference_of(child, side).resolve(const_cast<node*>(parent), key_fingerprint(child, side));
}

void follow_foreign_key(node& child, const relationship& side) {
    const belongs_to_base& reference = reference_of(child, side);
    if (reference.is_resolved() && key_fingerprint(child, side) != reference.resolved_key())
        obey_foreign_key(child, side);
}

void obey_foreign_key(node& child, const relationship& side) {
    belongs_to_base& reference = reference_of(child, side);
    const std::int64_t key = key_fingerprint(child, side);
    node* before = reference.known();
    node* after =
        child.context && !foreign_key_unset(child, side) ? child.context->find_target(child, side) : nullptr;
    if (before && before == after) {
        reference.resolve(after, key);
        return;
    }
    collection_base* from = other_side(before, side);
    collection_base* into = other_side(after, side);
    if (into) into->reserve_one();
    const std::size_t position = from ? from->find(child) : 0;
    if (child.context) child.context->changing(link_change{&child, &side, before, after, position});
    if (!foreign_key_unset(child, side)) child.unset(node_flag::orphan); // its parent need not be known
    if (from && position < from->slot_count()) from->erase_slot(position);
    if (after || foreign_key_unset(child, side)) {
        reference.resolve(after, key);
    } else {
        reference.unresolve();
    }
    if (into && into->find(child) == into->slot_count()) into->push_link(child);
}

node* known_parent(node& child, const relationship& side) {
    belongs_to_base& reference = reference_of(child, side);
    if (reference.is_resolved() && child.has(node_flag::touched)) follow_foreign_key(child, side);
    if (reference.is_resolved()) return reference.known();
    if (!child.context || foreign_key_unset(child, side)) return nullptr;
    node* found = child.context->find_target(child, side);
    if (!found) return nullptr;
    // A foreign key that was set by hand on an object without a row, or changed since it was loaded, is news for the
    // collection; one that was loaded is not: a loaded collection has the child, unless the child has left it meanwhile, and an
    // unloaded one will find it.
    collection_base* into = other_side(found, side);
    const bool is_news = child.state == object_state::pending || foreign_key_changed(child, side);
    const bool may_lack_it = is_news || (child.image && into && into->is_loaded());
    const bool has_gone = child.state == object_state::deleted; // from every collection
    if (into && may_lack_it && !has_gone && into->find(child) == into->slot_count()) {
        into->reserve_one();
        child.context->changing(link_change{&child, &side, nullptr, found, 0});
        into->push_link(child);
    }
    reference.resolve(found, key_fingerprint(child, side));
    return found;
}

void set_parent(node& child, const relationship& side, node* parent) {
    freshen(child);
    if (parent && !side.targets_primary_key) freshen(*parent);
    node* before = known_parent(child, side);
    belongs_to_base& reference = reference_of(child, side);
    collection_base* into = other_side(parent, side);
    if (before == parent && reference.is_resolved()) {
        const bool in_step = parent ? !into || !into->is_loaded() || into->find(child) != into->slot_count()
                                    : foreign_key_unset(child, side);
        if (in_step) return;
    }
    if (parent && child.context && parent->context && child.context != parent->context)
        fail_two_sessions(child, side);
    if (parent && child.state == object_state::deleted)
        fail_deleted(child, side); // nothing would write the link
    if (has_handlers(side)) {
        announce(child, side, before, parent);
        before = known_parent(child, side); // a handler may have changed it
    }
    object_context* context = child.context ? child.context : parent ? parent->context : nullptr;
    if (parent) pool::join(child, *parent);
    load_positions(before, side);
    load_positions(parent, side);
    // First: who leaves is not taken along.
    replacement of_old(parent ? occupant(*parent, side, child) : nullptr, side, parent);
    if (parent && context) {
        const hidden_target without_the_old_parent(reference);
        if (!child.context) context->take_in(child);
        if (!parent->context) context->take_in(*parent);
    }
    collection_base* from = before != parent ? other_side(before, side) : nullptr;
    if (into) into->reserve_one();
    // A new object is written whole anyway; one with a row must be found by the next flush.
    if (has_row(child)) touch(child);
    const std::size_t position = from ? from->find(child) : 0;
    const std::uint8_t flags = child.flags;
    if (context) context->changing(link_change{&child, &side, before, parent, position});
    try {
        copy_key(child, side, parent); // a text may find no memory
    } catch (...) {
        child.flags = flags;
        throw;
    }

    // From here on nothing throws.
    of_old.done();
    if (from && position < from->slot_count()) from->erase_slot(position);
    if (into) into->push_link(child);
    if (from) renumber(*before, *side.inverse, position);
    if (into) renumber(*parent, *side.inverse, 0);
}

void renumber(node& owner, const relationship& list) { renumber(owner, list, 0); }

void sort_by_position(node& owner, const relationship& list) noexcept {
    const collection_base& many = collection_of(owner, list);
    if (!many.is_loaded()) return;
    const auto position_of = [&](const node& n) {
        scratch memory;
        return member_cell(n, *list.position, memory).integer;
    };
    many.sort([&](const node& a, const node& b) { return position_of(a) < position_of(b); });
}

void link(node& owner, const relationship& side, node& n) {
    if (side.is_many_to_many()) {
        set_link(owner, side, n, true);
    } else {
        set_parent(n, *side.inverse, &owner);
    }
}

void unlink(node& owner, const relationship& side, node& n) {
    if (side.is_many_to_many()) {
        set_link(owner, side, n, false);
    } else {
        set_parent(n, *side.inverse, nullptr);
    }
}

void undo(const link_change& change, foreign_key_is key) {
    node& child = *change.child;
    const relationship& side = *change.side;
    collection_base* from = other_side(change.before, side);
    if (from) from->reserve_one();
    belongs_to_base& reference = reference_of(child, side);
    // A key that nobody knew the object of may have led to one that was read later: no change tells of that.
    for (node* left : {change.after, reference.known()}) {
        collection_base* into = left != change.before ? other_side(left, side) : nullptr;
        const std::size_t at = into ? into->find(child) : 0;
        if (into && at < into->slot_count()) into->erase_slot(at);
    }
    if (from && from->is_loaded() && from->find(child) == from->slot_count())
        from->insert_link(change.position, child);
    if (!change.before) {
        reference.unresolve();
    } else if (key == foreign_key_is::back_already) {
        reference.resolve(change.before, key_fingerprint(child, side));
    } else if (reference.known() != change.before) { // a removed object still refers to who lost it
        copy_key(child, side, change.before);
    }
}

void unlink_new(node& child, const relationship& side) {
    const belongs_to_base& reference = reference_of(child, side);
    collection_base* into = other_side(reference.known(), side);
    const std::size_t at = into ? into->find(child) : 0;
    if (into && at < into->slot_count()) into->erase_slot(at);
    copy_key(child, side, nullptr);
    reference.unresolve();
}

void undo_new_link(const link_change& change) {
    node& child = *change.child;
    const relationship& side = *change.side;
    // Only if the object is still linked so: later changes may have moved it on. If the other object is new as well they may stay linked,
    // unless somebody has come back to the place of a has_one.
    if (reference_of(child, side).known() != change.after) return;
    const collection_base* into = other_side(change.after, side);
    const bool is_taken = into && side.inverse->kind == relationship_kind::has_one && into->slot_count() > 1;
    if (has_row(*change.after) || is_taken) unlink_new(child, side);
}

} // namespace kin::detail
