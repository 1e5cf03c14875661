// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "kin/base/type.hpp"

namespace kin {

class table;

/// A column of a table. A value inside its table: plain data, filled by the mapping, by the inspector or by hand.
struct column {
    std::string name;
    column_type type;
    bool nullable = false;
    bool primary_key = false;
    /// The database makes the value when an INSERT leaves the column out (a lone integer primary key).
    bool generated = false;
    std::string server_default = {}; // SQL text, written by the programmer; empty: none
    std::string comment = {};
    /// Type words that DDL writes instead of the dialect's own; empty: the dialect's own.
    std::string type_words = {};
    std::uint32_t index = 0;      // position in table().columns
    const table* owner = nullptr; // set by table::add_column
};

} // namespace kin
