// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "kin/mapping/node.hpp"
#include "load_plan.hpp"

namespace kin::detail {

/// The objects that came in one result. They know the group, the group knows them, and neither owns the other: a group goes
/// when its last object joins another group or its session ends.
struct peer_group {
    std::vector<node*> members;
    std::uint32_t users = 0;  // nodes that point here
    bool whole_table = false; // came from a query without WHERE and LIMIT: the far side needs none either
    load_place place = {};    // what the query said about relationships that load later
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
