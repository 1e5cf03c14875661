// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "association_changes.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/object_context.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

/// Everything about the past that a rollback needs, kept until the transaction ends.
struct undo_log {
    std::vector<link_change> links;               // of objects with a row, oldest first
    std::vector<link_change> new_links;           // of new objects to objects with a row
    std::vector<association_change> associations; // unless both objects are new, oldest first
    std::vector<node*> inserted;                  // INSERT sent in this transaction
    std::vector<node*> updated;                   // have row_image::committed
    std::vector<node*> removed;                   // DELETE sent in this transaction
    std::vector<node*> expired; // were, until this transaction, which had written, read them again
    std::vector<node*> read;    // for the first time, after the database may have changed their rows
    bool others_changed =
        false;                 // by the database: rows that refer to deleted ones, or to ones with a new key
    bool rows_changed = false; // by statements of the program: nobody knows which
    struct member {
        node* owner;
        const relationship* side;
    };
    std::vector<member>
        loaded; // collections that were read without what a rollback brings back, or with what it takes away
    std::vector<member> loose; // references of inserted objects, whose key is of a row that nobody knows
    struct column_member {
        node* owner;
        const property* column;
    };
    std::vector<column_member> made; // of new objects, to which a default has given a value

    /// Whether rows of `m` that are read from now on may have values that a rollback takes back.
    [[nodiscard]] bool may_change_back(const mapper& m) const noexcept {
        return rows_changed || (others_changed && m.has_references());
    }

    /// A point in the log.
    struct mark {
        std::size_t links = 0;
        std::size_t new_links = 0;
        std::size_t associations = 0;
        std::size_t inserted = 0;
        std::size_t updated = 0;
        std::size_t removed = 0;
        std::size_t expired = 0;
        std::size_t read = 0;
        std::size_t loaded = 0;
        std::size_t loose = 0;
        std::size_t made = 0;
    };
    /// A savepoint that is open, outermost first.
    struct savepoint {
        std::uint64_t number = 0;
        mark start = {};
        std::unordered_map<node*, row_copy> rows =
            {};                           // as they were at the savepoint, of objects that were written since
        association_changes waiting = {}; // links that could not be written then
    };
    std::vector<savepoint> savepoints;

    [[nodiscard]] mark now() const noexcept {
        return {links.size(),   new_links.size(), associations.size(), inserted.size(),
                updated.size(), removed.size(),   expired.size(),      read.size(),
                loaded.size(),  loose.size(),     made.size()};
    }
    /// Forgets what came after `m`.
    void cut(const mark& m) noexcept;
    /// Forgets what it knows of an object that leaves the session.
    void forget(const node& n) noexcept;
    /// ... of all objects. Savepoints stay open.
    void forget_all() noexcept;
    /// Every object that it knows of, some of them several times.
    [[nodiscard]] std::vector<const node*> objects() const;
    [[nodiscard]] bool empty() const noexcept {
        return links.empty() && new_links.empty() && associations.empty() && inserted.empty() &&
               updated.empty() && removed.empty() && expired.empty() && read.empty() && loaded.empty() &&
               loose.empty() && made.empty();
    }
    void clear() noexcept {
        cut({});
        savepoints.clear();
        others_changed = rows_changed = false;
    }
};

} // namespace kin::detail
