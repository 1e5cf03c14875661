// SPDX-License-Identifier: MIT
#include "key_loader.hpp"

#include <memory>

#include "key_batches.hpp"
#include "kin/mapping/row_image.hpp"
#include "loading.hpp"
#include "peer_group.hpp"

namespace kin::detail {

row_key row_key_of(const node& n) {
    row_key key;
    if (n.image) {
        for (const std::uint32_t i : n.type->key()) key.emplace_back(n.image->current.cells()[i]);
        return key;
    }
    cell cells[most_key_columns];
    scratch memory;
    identity_map::key_of(n, cells, memory);
    for (std::size_t i = 0; i < n.type->key().size(); ++i) key.emplace_back(cells[i]);
    return key;
}

std::vector<cell> cells_of(const row_key& key) {
    std::vector<cell> cells;
    cells.reserve(key.size());
    for (const value& v : key) cells.push_back(v.view());
    return cells;
}

node* find_known(session_core& session, const mapper& m, const row_key& key) {
    return session.objects().of(m).find(cells_of(key));
}

std::vector<node*> load_by_keys(session_core& session, const mapper& m, const std::vector<row_key>& keys) {
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
    for_each_batch(keys, as_array, [&](std::size_t count, std::span<const cell> parameters) {
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
