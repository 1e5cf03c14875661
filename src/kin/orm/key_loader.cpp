// SPDX-License-Identifier: MIT
#include "key_loader.hpp"

#include <memory>

#include "key_batches.hpp"
#include "loading.hpp"
#include "peer_group.hpp"
#include "row_cells.hpp"

namespace kin::detail {

key_values key_values_of(const node& n) {
    cell cells[most_key_columns];
    scratch memory;
    row_key(n, cells, memory);
    return {cells, cells + n.type->key().size()};
}

std::vector<cell> cells_of(const key_values& key) {
    std::vector<cell> cells;
    cells.reserve(key.size());
    for (const value& v : key) cells.push_back(v.view());
    return cells;
}

node* find_known(session_core& session, const mapper& m, const key_values& key) {
    return session.objects().of(m).find(cells_of(key));
}

std::vector<node*> load_by_keys(session_core& session, const mapper& m, const std::vector<key_values>& keys) {
    std::vector<node*> found;
    const auto read = [&](const std::string& sql, std::span<const cell> parameters) {
        cursor rows = session.reading().open(sql, parameters);
        row_loader loader(session, m, rows);
        while (rows.next()) found.push_back(&loader.take());
    };
    if (keys.size() == 1) {
        read(session.texts().by_key(session.dialect(), m), cells_of(keys.front()));
        return found;
    }
    const bool as_array = asks_with_array(session.dialect(), m);
    for_each_batch(session.dialect(), keys, as_array,
                   [&](std::size_t count, std::span<const cell> parameters) {
                       read(session.texts().by_keys(session.dialect(), m, count), parameters);
                   });
    return found;
}

void make_peers(const std::vector<node*>& objects) {
    auto group = std::make_unique<peer_group>();
    for (node* n : objects) {
        if (!n->peers) group->members.push_back(n);
    }
    if (group->members.size() < 2) return;
    peer_group& shared = *group.release(); // goes when its last object joins another group
    for (node* n : shared.members) join_group(*n, shared);
}

} // namespace kin::detail
