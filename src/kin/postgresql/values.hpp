// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"

namespace kin::postgresql {

/// Whether kin reads the binary form of this type.
[[nodiscard]] bool reads_binary(std::uint32_t type) noexcept;

/// The kind of cell that a column of this type is by itself.
[[nodiscard]] cell_kind kind_of(std::uint32_t type) noexcept;

/// A value in binary form as a cell of the kind expected. What cannot be a view of `bytes` is put into `memory`.
/// False when it is of another kind, or out of range. Throws: std::bad_alloc.
[[nodiscard]] bool read_binary(std::uint32_t type, std::string_view bytes, cell_kind expected,
                               scratch& memory, cell& out);
/// ... in text form.
[[nodiscard]] bool read_text(std::uint32_t type, std::string_view text, cell_kind expected, scratch& memory,
                             cell& out);

} // namespace kin::postgresql
