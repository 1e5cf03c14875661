// SPDX-License-Identifier: MIT
#pragma once

#include <mysql.h>

#include <cstddef>
#include <string_view>

#include "kin/base/cell.hpp"

namespace kin::mariadb {

/// One value of a row as it came over the wire (the binary protocol), with what the server says about its column.
/// A view: lives as long as the row.
struct wire_value {
    const unsigned char* data = nullptr; // null: NULL. Values of variable length begin with their length
    std::size_t size = 0;                // without that length
    const MYSQL_FIELD* field = nullptr;

    /// With that length.
    [[nodiscard]] std::size_t wire_size() const noexcept;
};

/// Whether the value can be read as `expected`; then it is in `out`.
[[nodiscard]] bool read_value(const wire_value& v, cell_kind expected, cell& out) noexcept;

/// The value in its own kind: what read_value() cannot fail for. Calculated decimals are text.
[[nodiscard]] cell read_raw_value(const wire_value& v) noexcept;

} // namespace kin::mariadb
