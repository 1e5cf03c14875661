// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/mapping/node.hpp"
#include "kin/mapping/relationship.hpp"
#include "load_plan.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// The most objects whose relationship one statement loads: bounds the memory that one touch can take.
inline constexpr std::size_t most_peers = 50'000;

/// How one relationship is loaded.
struct relationship_load {
    load_place place = {}; // of the objects that it leads to
    load_trail trail = {}; // with it as the last step
    /// For the session itself: no condition leaves anything out, and collections that are partial are completed.
    bool everything = false;
    /// What was loaded with the query, was expired since, and loads again: the condition was that query's.
    bool again = false;
};

/// Where the query put `owner` that it came from.
[[nodiscard]] load_place place_of(const node& owner);
/// How `r` loads for `owner`: as the query said that it came from, else as the mapping says.
[[nodiscard]] loader_strategy strategy_of(const node& owner, const relationship& r) noexcept;
/// Loads `r` for `owner`, and, unless the strategy is select, for the peers that came with it and have not loaded it yet; then what loads
/// at once for the objects behind it.
void load_for_peers(session_core& session, node& owner, const relationship& r, loader_strategy strategy);
/// Loads all of `r` for `owner` and its peers, whatever query and session leave out: what the session must know to write.
void load_everything(session_core& session, node& owner, const relationship& r);
/// Makes `r` of `owner` a loaded one that has only what was linked in memory.
void leave_empty(node& owner, const relationship& r);
/// Loads `r` for all `owners` that have not loaded it yet. One statement for `most_peers` of them; foreign keys whose target is known
/// need none. Collections that are loaded are not touched.
void load_relationship(session_core& session, const std::vector<node*>& owners, const relationship& r,
                       const relationship_load& how);
/// Loads what is to load at once for `objects` of class `m`, and for those behind, as far as it is not loaded.
void load_at_once(session_core& session, const std::vector<node*>& objects, const mapper& m,
                  const load_place& place, const load_trail& trail);

/// Those of `owners` whose `r` may be loaded and is not.
[[nodiscard]] std::vector<node*> not_loaded(session_core& session, const std::vector<node*>& owners,
                                            const relationship& r);
/// The objects in memory on the far side of `r`, each once.
[[nodiscard]] std::vector<node*> far_side(const std::vector<node*>& owners, const relationship& r);

} // namespace kin::detail
