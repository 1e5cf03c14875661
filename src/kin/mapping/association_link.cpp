// SPDX-License-Identifier: MIT
#include "association_link.hpp"

#include "kin/base/error.hpp"
#include "link.hpp"
#include "pool.hpp"

namespace kin::detail {

namespace {

enum class membership : std::uint8_t { no, yes, unknown };

[[nodiscard]] bool holds(const collection_base& side, const node& n) noexcept {
    return side.find(n) != side.slot_count();
}

/// What memory knows. Of two loaded collections the smaller one is searched: they are in step.
[[nodiscard]] membership known_membership(node& owner, const relationship& side, node& other) noexcept {
    const auto answer = [](bool there) { return there ? membership::yes : membership::no; };
    const collection_base& mine = collection_of(owner, side);
    const collection_base* theirs = other_side(&other, side);
    const bool theirs_loaded = theirs && theirs->is_loaded();
    if (mine.is_loaded() && (!theirs_loaded || mine.slot_count() <= theirs->slot_count()))
        return answer(holds(mine, other));
    if (theirs_loaded) return answer(holds(*theirs, owner));
    if (holds(mine, other)) return membership::yes; // linked since, and not loaded
    return has_row(owner) && has_row(other) ? membership::unknown : membership::no;
}

[[noreturn]] void fail_detached(const node& owner, const relationship& side) {
    throw state_error(
        {.code = "detached_links",
         .message = side.qualified_name() +
                    ": neither object is in a session, so nobody would remember that this link changed; "
                    "add one of them to a session first",
         .sql = {},
         .table = owner.type->table().name()});
}

void announce(node& owner, const relationship& side, node& other, bool linked) {
    for (const auto& h : linked ? side.on_link : side.on_unlink) h->call(owner, &other);
    if (!side.inverse) return;
    for (const auto& h : linked ? side.inverse->on_link : side.inverse->on_unlink) h->call(other, &owner);
}

void erase(const collection_base& from, std::size_t position) noexcept {
    if (position != from.slot_count()) from.erase_slot(position);
}

/// A collection that was not loaded then, and is by now, was read without the link.
void put_back(const collection_base& into, std::size_t position, node& n) {
    if (!holds(into, n) && (position != association_change::nowhere || into.is_loaded()))
        into.insert_link(position, n);
}

} // namespace

bool is_linked(node& owner, const relationship& side, node& other) {
    if (other.type != &side.target()) return false;
    const membership known = known_membership(owner, side, other);
    if (known != membership::unknown) return known == membership::yes;
    object_context* context = owner.context ? owner.context : other.context;
    if (!context) fail_not_loaded(side);
    return context->is_linked(owner, side, other);
}

void set_link(node& owner, const relationship& side, node& other, bool linked) {
    const membership before = known_membership(owner, side, other);
    if (linked ? before == membership::yes : !is_linked(owner, side, other)) return;
    if (owner.context && other.context && owner.context != other.context) fail_two_sessions(owner, side);
    for (const node* n : {&owner, &other}) {
        if (linked && n->state == object_state::deleted) fail_deleted(*n, side);
    }
    object_context* context = owner.context ? owner.context : other.context;
    if (!context && has_row(owner) && has_row(other)) fail_detached(owner, side);
    announce(owner, side, other, linked);
    pool::join(owner, other);
    if (context && linked) {
        if (!owner.context) context->take_in(owner);
        if (!other.context) context->take_in(other);
    }
    const collection_base& mine = collection_of(owner, side);
    const collection_base* theirs = other_side(&other, side);
    if (linked) {
        mine.reserve_one();
        if (theirs) theirs->reserve_one();
    }
    association_change change{&owner, &side, &other, linked, before != membership::unknown};
    const std::size_t position = linked ? mine.slot_count() : mine.find(other);
    const std::size_t other_position = !theirs || linked ? 0 : theirs->find(owner);
    if (!linked && position != mine.slot_count()) change.position = position;
    if (!linked && theirs && other_position != theirs->slot_count()) change.other_position = other_position;
    if (context) context->changing(change);

    // From here on nothing throws.
    if (linked) {
        mine.push_link(other);
        if (theirs) theirs->push_link(owner);
    } else {
        erase(mine, position);
        if (theirs) erase(*theirs, other_position);
    }
}

void undo(const association_change& change) {
    node& owner = *change.owner;
    node& other = *change.other;
    const collection_base& mine = collection_of(owner, *change.side);
    const collection_base* theirs = other_side(&other, *change.side);
    if (change.linked) {
        erase(mine, mine.find(other));
        if (theirs) erase(*theirs, theirs->find(owner));
        // Nobody knew whether the database had the link before: it tells at the next read.
        if (!change.certain) {
            const auto nobody_stays = [](const node& n) { return !has_row(n); };
            mine.unload(nobody_stays);
            if (theirs) theirs->unload(nobody_stays);
        }
        return;
    }
    mine.reserve_one();
    if (theirs) theirs->reserve_one();
    put_back(mine, change.position, other);
    if (theirs) put_back(*theirs, change.other_position, owner);
}

} // namespace kin::detail
