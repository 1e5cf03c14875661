// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"
#include "kin/postgresql/network_order.hpp"
#include "kin/postgresql/types.hpp"

namespace kin::postgresql {

/// Whether kin reads the binary form of this type.
[[nodiscard]] bool reads_binary(std::uint32_t type) noexcept;

/// The kind of cell that a column of this type is by itself.
[[nodiscard]] cell_kind kind_of(std::uint32_t type) noexcept;

/// A column of a result, and what is known of its values before they come.
struct result_column {
    std::uint32_t type = 0;
    cell_kind plain = cell_kind::null; // as which read_plain() reads them; null: as none
};
[[nodiscard]] result_column column_of(std::uint32_t type, bool is_binary) noexcept;

/// What most values are: bytes or a number, of which nothing has to be made. False for others, and for those that are not what their type says.
[[nodiscard]] inline bool read_plain(const result_column& column, std::string_view bytes,
                                     cell& out) noexcept {
    if (column.plain == cell_kind::integer) {
        if (column.type == int4_type && bytes.size() == sizeof(std::int32_t)) {
            out = cell::of_integer(read_integer<std::int32_t>(bytes.data()));
            return true;
        }
        if (column.type != int8_type || bytes.size() != sizeof(std::int64_t)) return false;
        out = cell::of_integer(read_integer<std::int64_t>(bytes.data()));
        return true;
    }
    if (column.plain == cell_kind::null) return false;
    out = cell::of_bytes(bytes, column.plain);
    return true;
}

/// A value in binary form as a cell of the kind expected. What cannot be a view of `bytes` is put into `memory`.
/// False when it is of another kind, or out of range. Throws: std::bad_alloc.
[[nodiscard]] bool read_binary(std::uint32_t type, std::string_view bytes, cell_kind expected,
                               scratch& memory, cell& out);
/// ... in text form.
[[nodiscard]] bool read_text(std::uint32_t type, std::string_view text, cell_kind expected, scratch& memory,
                             cell& out);

} // namespace kin::postgresql
