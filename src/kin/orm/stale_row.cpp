// SPDX-License-Identifier: MIT
#include "stale_row.hpp"

#include <string>
#include <utility>
#include <vector>

#include "cell_text.hpp"
#include "constraint_names.hpp"
#include "kin/base/error.hpp"

namespace kin::detail {

std::vector<const node*> objects_found(cursor& keys, const entity_map& known) {
    const mapper& m = known.type();
    std::vector<cell_kind> kinds;
    for (const std::uint32_t i : m.key()) kinds.push_back(m.cell_kinds()[i]);
    std::vector<cell> key(kinds.size());
    std::vector<const node*> found;
    while (keys.next()) {
        const bool is_key = keys.read(0, kinds, key.data()) == kinds.size();
        found.push_back(is_key ? known.find(key) : nullptr);
    }
    return found;
}

bool stale_row::is_there(std::span<const cell> row, cell* version) const {
    std::vector<cell> key;
    for (const std::uint32_t i : type_.key()) key.push_back(row[i]);
    cursor found = connection_.open(session_.texts().by_key(session_.dialect(), type_), key);
    if (!found.next()) return false;
    if (version) *version = found.read_raw(type_.version()->column->index);
    return true;
}

void stale_row::fail_gone(std::span<const cell> row) const {
    throw stale_data(
        {.code = "row_gone",
         .message = "UPDATE of a " + type_.class_name() + " with " + key_text(type_, row) +
                    " found no row: somebody deleted it, or changed its key; roll back and load it again",
         .sql = std::string(sql_),
         .table = type_.table().name()});
}

void stale_row::fail_first_gone(std::span<node* const> objects) const {
    for (const node* n : objects) {
        if (!is_there(n->image->current.cells())) fail_gone(n->image->current.cells());
    }
    fail_gone(objects.front()->image->current.cells());
}

void stale_row::fail_version(std::string_view what, std::span<const cell> row, const cell& expected) const {
    cell found;
    const std::string now = is_there(row, &found)
                                ? "the row has version " + shown(found) + ": somebody changed it"
                                : "the row is gone: somebody deleted it, or changed its key";
    throw stale_data({.code = "version_conflict",
                      .message = std::string(what) + " of a " + type_.class_name() + " with " +
                                 key_text(type_, row) + " expected version " + shown(expected) + ", but " +
                                 now + "; roll back, load it again and repeat the change",
                      .sql = std::string(sql_),
                      .table = type_.table().name()});
}

} // namespace kin::detail
