// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kin/mapping/belongs_to.hpp"
#include "kin/mapping/has_many.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/object_context.hpp"
#include "kin/mapping/relationship.hpp"

#include "foreign_key.hpp"

/// Keeping the two sides of a relationship in step. Every change of either side comes down to set_parent().
namespace kin::detail {

[[nodiscard]] inline belongs_to_base& reference_of(node& n, const relationship& side) noexcept {
    return *reinterpret_cast<belongs_to_base*>(static_cast<char*>(n.object()) + side.offset);
}
[[nodiscard]] inline collection_base& collection_of(node& n, const relationship& side) noexcept {
    return *reinterpret_cast<collection_base*>(static_cast<char*>(n.object()) + side.offset);
}
/// The collection of `parent` that answers the belongs_to `side`; null when nobody answers.
[[nodiscard]] inline collection_base* other_side(node* parent, const relationship& side) noexcept {
    return parent && side.inverse ? &collection_of(*parent, *side.inverse) : nullptr;
}

/// Whether memory has all of a collection.
[[nodiscard]] inline bool is_whole(const collection_base& many) noexcept {
    return many.is_loaded() && !many.is_partial();
}

/// Copies the key of `parent` (null: none) into the foreign key of `child`. A parent without a key unsets it.
void copy_key(node& child, const relationship& side, const node* parent);

/// Makes `parent` (or nobody) the target of `side` in `child`: takes the child out of the old parent's collection, puts it
/// into the new one's, sets the foreign key. Loads nothing. Strong guarantee: when it throws, nothing has changed.
void set_parent(node& child, const relationship& side, node* parent);

/// The target as far as it is known without SQL. A foreign key that was set by hand since is followed first.
[[nodiscard]] node* known_parent(node& child, const relationship& side);
/// Follows a foreign key that was set by hand after the relationship: the later one wins.
void follow_foreign_key(node& child, const relationship& side);
/// Lets the foreign key, which was just read, say what the target is, whatever was linked before.
void obey_foreign_key(node& child, const relationship& side);

/// Puts `n` into the collection `side` of `owner`, or takes it out of it.
void link(node& owner, const relationship& side, node& n);
void unlink(node& owner, const relationship& side, node& n);

/// The order of a list has changed: where a position is kept, its objects get their new ones.
void renumber(node& owner, const relationship& list);
/// The positions have changed back: a loaded list that keeps them takes their order.
void sort_by_position(node& owner, const relationship& list) noexcept;

[[noreturn]] void fail_two_sessions(const node& n, const relationship& side);
/// `n` cannot be linked: its row is gone. Throws: state_error (object_deleted).
[[noreturn]] void fail_deleted(const node& n, const relationship& side);
/// A relationship that is not loaded was read on an object without a session.
[[noreturn]] void fail_not_loaded(const relationship& side);

/// Puts a change back: used by rollback, newest first. Throws: std::bad_alloc, then it may be put back again.
enum class foreign_key_is : bool { to_follow, back_already };
void undo(const link_change& change, foreign_key_is key = foreign_key_is::to_follow);
/// ... of an object that has no row any more to one that has: unlinks it, if it is still linked so.
void undo_new_link(const link_change& change);
/// Unlinks an object that has no row any more, on both sides, and tells nobody.
void unlink_new(node& child, const relationship& side);

} // namespace kin::detail
