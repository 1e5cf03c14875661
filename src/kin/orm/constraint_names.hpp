// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "kin/base/cell.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/mapper.hpp"

namespace kin::detail {

enum class row_action : std::uint8_t { insert, update, remove };

/// SQLite says that a foreign key was violated, but not which: the mapping knows which ones it can be.
[[noreturn]] void rethrow_with_constraint(const foreign_key_violation& e, const mapper& m, row_action action);

/// "id = 7" of a row's cells, for error texts.
[[nodiscard]] std::string key_text(const mapper& m, std::span<const cell> row);

} // namespace kin::detail
