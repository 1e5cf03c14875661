// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "session_core.hpp"

namespace kin::detail {

/// Whether the database deletes the objects on the far side of `r` with the object: those in memory must go as well, the others need not
/// be loaded.
[[nodiscard]] bool deletes_by_itself(const relationship& r) noexcept;

/// Follows relationships from an object outwards, each object once, nearest first (so that INSERTs keep the program's order).
class cascade_walk {
public:
    explicit cascade_walk(session_core& session) : session_(session) {}

    /// Whether to_add() would find more than `start`.
    [[nodiscard]] bool has_followers(node& start) const noexcept;
    /// save-update: the objects in memory that `start` takes along into the session, `start` first. Loads nothing.
    [[nodiscard]] std::vector<node*> to_add(node& start) const;
    /// remove: the objects that go with `start`, `start` first. Loads the collections that it must know.
    [[nodiscard]] std::vector<node*> to_remove(node& start) const;
    /// expunge: the objects in memory that leave with `start`, `start` first.
    [[nodiscard]] std::vector<node*> to_expunge(node& start) const;
    /// refresh: the objects in memory that are read again with `start`, `start` first.
    [[nodiscard]] std::vector<node*> to_refresh(node& start) const;

private:
    [[nodiscard]] std::vector<node*> walk(node& start, cascade word, bool loads) const;
    session_core& session_;
};

} // namespace kin::detail
