// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/mapping/node.hpp"
#include "kin/mapping/relationship.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// What the far side of `r` is looked up by: the object's own key, or its foreign key.
[[nodiscard]] std::vector<value> lookup_key(const node& n, const relationship& r);

/// Whether some objects of the far side were left out, because a condition said so.
enum class completeness : bool { whole, partial };

/// Makes the has_many or has_one `r` of each of `owners` a loaded one, of those of `children` that refer to it, in their order. A child that was
/// moved in memory belongs where it is now. What was linked in memory meanwhile comes last.
void fill_collections(session_core& session, const std::vector<node*>& owners, const relationship& r,
                      const std::vector<node*>& children, completeness how);
/// ... a many_to_many or view, of pairs of an owner and an object of the far side. What was unlinked in memory stays so.
void fill_links(session_core& session, const std::vector<node*>& owners, const relationship& r,
                const std::vector<std::pair<node*, node*>>& pairs, completeness how);
/// Leaves each pair once, at its first place: rows that were joined with others repeat them.
void drop_repeated(std::vector<std::pair<node*, node*>>& pairs);
/// ... any collection with nothing that comes from the database.
void fill_with_nothing(node& owner, const relationship& r);
/// Links each of `children` to the one of `targets` that its foreign key names: the identity map knows primary keys only.
void resolve_by_columns(const std::vector<node*>& children, const std::vector<node*>& targets,
                        const relationship& r);

} // namespace kin::detail
