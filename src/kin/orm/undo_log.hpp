// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/mapping/object_context.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

/// Everything about the past that a rollback needs, kept until the transaction ends.
struct undo_log {
    std::vector<link_change> links;     // of objects with a row, oldest first
    std::vector<link_change> new_links; // of new objects to objects with a row
    std::vector<node*> inserted;        // INSERT sent in this transaction
    std::vector<node*> updated;         // have row_image::committed
    std::vector<node*> removed;         // DELETE sent in this transaction
    std::vector<node*> expired;         // were, until this transaction, which had written, read them again

    [[nodiscard]] bool empty() const noexcept {
        return links.empty() && new_links.empty() && inserted.empty() && updated.empty() && removed.empty();
    }
    void clear() noexcept {
        links.clear();
        new_links.clear();
        inserted.clear();
        updated.clear();
        removed.clear();
        expired.clear();
    }
};

} // namespace kin::detail
