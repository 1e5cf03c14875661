// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_set>

#include "kin/mapping/link.hpp"
#include "undo_log.hpp"

namespace kin::detail {

/// The objects that a rollback of the whole transaction leaves without a row: those that have none yet, and those whose INSERT belongs to
/// the transaction, whether or not a savepoint followed it. No row tells of their links, so memory must keep them.
class new_rows {
public:
    explicit new_rows(const undo_log& undo) noexcept : undo_(undo) {}

    [[nodiscard]] bool contains(const node& n) {
        if (!has_row(n) || n.has(node_flag::inserted)) return true;
        if (undo_.inserted.empty()) return false;
        if (!looked_) {
            for (const node* one : undo_.inserted) {
                if (!one->has(node_flag::inserted)) before_savepoint_.insert(one);
            }
            looked_ = true;
        }
        return before_savepoint_.contains(&n);
    }

private:
    const undo_log& undo_;
    std::unordered_set<const node*> before_savepoint_; // their flag went with it
    bool looked_ = false;
};

} // namespace kin::detail
