// SPDX-License-Identifier: MIT
#pragma once

#include <mysql.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// A column, and what is known of its values before they come: most are bytes or a number, of which nothing has to be made.
struct plain_column {
    cell_kind kind = cell_kind::null; // as which read_plain() reads them; null: as none
    bool is_wide = false;             // integers of eight bytes, not four
};
[[nodiscard]] plain_column plain_column_of(const MYSQL_FIELD& field) noexcept;

/// How many bytes the length before a value takes, by its first one.
[[nodiscard]] constexpr std::size_t prefix_size(unsigned char first) noexcept {
    return first < 252 ? 1 : first == 252 ? 3 : first == 253 ? 4 : 9;
}

template <class Number> [[nodiscard]] Number number_at(const unsigned char* data) noexcept {
    static_assert(std::endian::native == std::endian::little,
                  "kin: the MariaDB wing reads little-endian numbers in place");
    Number n;
    std::memcpy(&n, data, sizeof n);
    return n;
}

/// A value of such a column that is not NULL. `size`: without the length before the bytes.
[[nodiscard]] inline cell read_plain(plain_column column, const unsigned char* data,
                                     std::size_t size) noexcept {
    if (column.kind != cell_kind::integer)
        return cell::of_bytes({reinterpret_cast<const char*>(data + prefix_size(*data)), size}, column.kind);
    return cell::of_integer(column.is_wide ? number_at<std::int64_t>(data) : number_at<std::int32_t>(data));
}

/// Whether the value can be read as `expected`; then it is in `out`.
[[nodiscard]] bool read_value(const wire_value& v, cell_kind expected, cell& out) noexcept;

/// The value in its own kind: what read_value() cannot fail for. Calculated decimals are text.
[[nodiscard]] cell read_raw_value(const wire_value& v) noexcept;

} // namespace kin::mariadb
