// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "kin/base/scratch.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

class session_core;

/// What a flush will do, in the order in which it does it. Plain data: planning changes nothing.
struct flush_plan {
    struct rows {
        const mapper* type = nullptr;
        std::vector<node*> objects = {};
    };
    std::vector<rows> inserts =
        {}; // referenced rows before referencing ones; within a class in the order of add()
    std::vector<node*> updates =
        {};                         // class by class, referenced classes first; within a class by primary key
    std::vector<rows> deletes = {}; // referencing rows before referenced ones; within a class by primary key

    /// Whether all of `pending` objects are inserted: nobody was left out as an orphan.
    [[nodiscard]] bool inserts_cover(std::size_t pending) const noexcept {
        for (const rows& group : inserts) pending -= group.objects.size();
        return pending == 0;
    }
    [[nodiscard]] bool empty() const noexcept {
        return inserts.empty() && updates.empty() && deletes.empty();
    }
};

/// Orders INSERTs, UPDATEs and DELETEs by foreign keys. Throws: state_error (cyclic_dependency) naming the objects' classes when new rows
/// refer to each other in a ring.
[[nodiscard]] flush_plan order_by_dependency(const std::vector<node*>& pending, std::vector<node*> changed,
                                             const std::vector<node*>& removing);

/// Whether the row of a watched object differs from its image, or will, because it refers to an object that gets its key in
/// this flush.
/// `row` and `memory` are room that the caller reuses from object to object.
[[nodiscard]] bool is_changed(node& n, std::vector<cell>& row, scratch& memory);
/// The columns in which an object with an image differs from its row, as bits; the last one stands for all from the 64th on.
[[nodiscard]] std::uint64_t differences(const node& n, std::vector<cell>& row, scratch& memory);

} // namespace kin::detail
