// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/base/value.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// The values of a primary key, in the order of mapper::key().
using key_values = std::vector<value>;

/// The primary key of the row of `n`, whatever the program has put into the members since.
[[nodiscard]] key_values key_values_of(const node& n);
/// Its values as cells. Lifetime: `key`.
[[nodiscard]] std::vector<cell> cells_of(const key_values& key);
/// The object with this primary key if the session knows it; never sends SQL.
[[nodiscard]] node* find_known(session_core& session, const mapper& m, const key_values& key);

/// Reads the rows with these primary keys, with as few statements as the dialect allows: unknown objects are made, expired ones
/// read again. Keys without a row give nothing.
std::vector<node*> load_by_keys(session_core& session, const mapper& m, const std::vector<key_values>& keys);

/// Makes peers of those objects of one class that have none yet.
void make_peers(const std::vector<node*>& objects);

} // namespace kin::detail
