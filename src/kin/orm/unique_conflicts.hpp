// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

/// In one flush a row gives a unique value up, and another one takes it: the first must be written before the second.
struct unique_conflict {
    node* frees = nullptr; // is changed or removed
    node* takes = nullptr; // is changed or new
    std::vector<std::uint32_t> columns = {};
    bool primary_key = false;
};

/// The columns of a class whose values together are unique: its primary key, UNIQUE constraints and unique indexes.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> unique_keys(const mapper& m);

/// Looks only at classes that have something unique, and rows of both sorts in this flush.
[[nodiscard]] std::vector<unique_conflict> find_unique_conflicts(const std::vector<node*>& inserts,
                                                                 const std::vector<node*>& changed,
                                                                 const std::vector<node*>& removing);

} // namespace kin::detail
