// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "kin/schema/table.hpp"

namespace kin {

class mapper;
struct relationship;

/// The table behind a many_to_many: one row links one object of each end. Made when the mappers are configured, owned by the mapper
/// of the first end; immutable from then on.
struct association {
    /// One of the two classes, and how its key stands in the table.
    struct end {
        const mapper* type = nullptr;
        const relationship* side = nullptr; // the member of that class; null: it has none
        std::vector<std::uint32_t> columns =
            {}; // positions in `table`, in the order of the class's primary key
        std::vector<std::uint32_t> referenced = {}; // positions in the class's properties
    };
    std::unique_ptr<kin::table> table;
    end ends[2];
    bool deletes_itself = true; // ON DELETE CASCADE: the rows go with either object, without a statement
};

} // namespace kin
