// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "kin/base/cell.hpp"

namespace kin::postgresql {

/// Whether kin writes the binary form that COPY wants of values of this type.
[[nodiscard]] bool can_copy(std::uint32_t type) noexcept;

/// Rows as COPY ... FROM STDIN (FORMAT binary) takes them, whole, with its header and end. `types`: of the columns, which can_copy() all of; `values`: row by
/// row. Nothing when a value does not fit its column. The values must have passed check_values(). Throws: std::bad_alloc.
[[nodiscard]] std::optional<std::string> copy_rows(std::span<const cell> values,
                                                   std::span<const std::uint32_t> types);

} // namespace kin::postgresql
