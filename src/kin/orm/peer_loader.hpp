// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/mapping/node.hpp"
#include "kin/mapping/relationship.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// The most objects whose relationship one statement loads: bounds the memory that one touch can take.
inline constexpr std::size_t most_peers = 50'000;

/// How `r` loads for `owner`: as the query said that it came from, else as the mapping says.
[[nodiscard]] loader_strategy strategy_of(const node& owner, const relationship& r) noexcept;
/// Loads `r` for `owner`, and, unless the strategy is select, for the peers that came with it and have not loaded it yet.
void load_for_peers(session_core& session, node& owner, const relationship& r, loader_strategy strategy);
/// Makes `r` of `owner` a loaded one that has only what was linked in memory.
void leave_empty(node& owner, const relationship& r);
/// Loads `r` for all `owners` that have not loaded it yet. One statement for `most_peers` of them; foreign keys whose target is known
/// need none. Collections that are loaded are not touched.
void load_relationship(session_core& session, const std::vector<node*>& owners, const relationship& r);

/// The objects in memory on the far side of `r`, each once.
[[nodiscard]] std::vector<node*> far_side(const std::vector<node*>& owners, const relationship& r);

} // namespace kin::detail
