// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kin/mapping/cascade.hpp"
#include "kin/sql/expression.hpp"

namespace kin {

class mapper;

enum class relationship_kind : std::uint8_t { has_many, belongs_to };

/// One relationship member of a class, as the mapper knows it. Immutable after the mapper is configured; threads share it.
struct relationship {
    std::string name; // the member's
    relationship_kind kind = relationship_kind::belongs_to;
    std::size_t offset = 0;  // of the member in the object
    std::uint32_t index = 0; // position in mapper::relationships()
    const mapper* owner = nullptr;
    const mapper& (*target)() = nullptr;

    // options, from `describe`
    cascade cascades = cascade::save_update | cascade::merge;
    loader_strategy lazy = loader_strategy::peers;
    std::vector<order_term (*)()> order_by_sources = {}; // asked when the mapper is configured

    // resolved when the mapper is configured
    std::vector<order_term> order_by = {};
    const relationship* inverse = nullptr; // the other side; null for a belongs_to that nobody answers
    /// Key columns as positions: in the class that carries the foreign key, and in the class that it refers to.
    struct key_pair {
        std::uint32_t foreign = 0;
        std::uint32_t referenced = 0;
    };
    std::vector<key_pair> keys = {};
    bool targets_primary_key = false; // `referenced` is the whole primary key, in order
    bool required = false;            // a foreign key column is NOT NULL

    // how the other side is found, filled by the typed front: a member name, or empty for "the only one"
    std::string inverse_member = {};
    std::string key_member = {};

    [[nodiscard]] std::string qualified_name() const; // "User.posts"
};

} // namespace kin
