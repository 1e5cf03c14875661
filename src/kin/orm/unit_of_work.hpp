// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "kin/base/scratch.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::detail {

class session_core;

enum class flush_action : std::uint8_t {
    insert,
    update,  // what differs from the row
    park,    // some columns get NULL or a value that nobody has, to be out of the way
    replace, // a new object takes over the row of a removed one with the same primary key
    remove,
};

/// What a flush will do, in the order in which it does it. Plain data: planning changes nothing.
struct flush_plan {
    struct step {
        flush_action action = flush_action::insert;
        const mapper* type = nullptr;
        std::vector<node*> objects = {};         // one statement for as many of them as possible
        std::vector<std::uint32_t> columns = {}; // park: these
        std::vector<const relationship*> late =
            {};                           // insert: NULL for now, in a row of a ring; an update follows
        std::vector<node*> replaced = {}; // replace: the removed object for each of `objects`
        bool together =
            false; // remove: rows refer to each other in a ring, so one statement must delete them
    };
    std::vector<step> steps = {};
    bool links = false; // rows of many_to_many relationships are to be written

    [[nodiscard]] bool empty() const noexcept { return steps.empty() && !links; }
    [[nodiscard]] std::size_t count(flush_action action) const noexcept {
        std::size_t n = 0;
        for (const step& s : steps) n += s.action == action ? s.objects.size() : 0;
        return n;
    }
};

/// Orders what is to be written by foreign keys and unique values, with as few statements as that and the dialect allow; updates and deletes
/// of a class by primary key. `pending` in the order of
/// add(), which rows of a class keep. Throws: state_error (cyclic_dependency) naming the relationships when rows that
/// need one another leave no order.
[[nodiscard]] flush_plan order_by_dependency(const dialect& d, const std::vector<node*>& pending,
                                             std::vector<node*> changed, const std::vector<node*>& removing);

/// Whether one statement can delete rows that refer to each other, or to themselves, by `r`: the database checks at its end, or itself takes
/// along or lets go who refers.
[[nodiscard]] bool can_delete_together(const dialect& d, const relationship& r);

/// Whether the row of a watched object differs from its image, or will, because it refers to an object that gets its key in
/// this flush.
/// `row` and `memory` are room that the caller reuses from object to object.
[[nodiscard]] bool is_changed(node& n, std::vector<cell>& row, scratch& memory);
/// The columns in which an object with an image differs from its row, as bits; the last one stands for all from the 64th on.
[[nodiscard]] std::uint64_t differences(const node& n, std::vector<cell>& row, scratch& memory);

} // namespace kin::detail
