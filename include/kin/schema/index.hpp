// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kin {

/// CREATE INDEX ... ON table (columns). Named by the convention ix_<table>_<columns> when `name` is empty.
struct index_definition {
    std::string name;
    std::vector<std::uint32_t> columns;
    bool unique = false;
};

} // namespace kin
