// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "kin/mapping/cascade.hpp"
#include "kin/mapping/node.hpp"
#include "kin/mapping/relationship.hpp"

namespace kin::detail {

/// The objects that came in one result. They know the group, the group knows them, and neither owns the other: a group goes
/// when its last object joins another group or its session ends.
struct peer_group {
    std::vector<node*> members;
    std::uint32_t users = 0;  // nodes that point here
    bool whole_table = false; // came from a query without WHERE and LIMIT: the far side needs none either
    /// What the query said about relationships that load later.
    std::vector<std::pair<const relationship*, loader_strategy>> strategies = {};
};

inline void leave_group(node& n) noexcept {
    if (n.peers && --n.peers->users == 0) delete n.peers;
    n.peers = nullptr;
}
inline void join_group(node& n, peer_group& group) noexcept {
    if (n.peers == &group) return;
    leave_group(n);
    n.peers = &group;
    ++group.users;
}

} // namespace kin::detail
