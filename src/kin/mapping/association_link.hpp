// SPDX-License-Identifier: MIT
#pragma once

#include "kin/mapping/node.hpp"
#include "kin/mapping/object_context.hpp"
#include "kin/mapping/relationship.hpp"

/// Keeping the two sides of a many_to_many in step. Every change of either side comes down to set_link().
namespace kin::detail {

/// Links `owner` and `other` by the many_to_many `side` of `owner`, or takes the link away. Loads nothing. When it throws, nothing has
/// changed. Throws: state_error (two_sessions, detached_links); what handlers throw.
void set_link(node& owner, const relationship& side, node& other, bool linked);

/// Whether the two are linked. Asks the database for the one row when neither side is loaded.
/// Throws: detached_instance when only the database knows, and the object has no session.
[[nodiscard]] bool is_linked(node& owner, const relationship& side, node& other);

/// Puts a change back: used by rollback, newest first. Throws: std::bad_alloc, then nothing has changed.
void undo(const association_change& change);

} // namespace kin::detail
