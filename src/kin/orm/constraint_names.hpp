// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "kin/base/cell.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/mapper.hpp"

namespace kin {
class dialect;
}

namespace kin::detail {

class identity_map;

enum class row_action : std::uint8_t { insert, remove };

/// SQLite says that a foreign key was violated, but not which: the mapping knows which ones it can be.
[[noreturn]] void rethrow_with_constraint(const dialect& d, const foreign_key_violation& e, const mapper& m,
                                          row_action action);
/// SQLite and MariaDB name no table for some errors of an INSERT or UPDATE, and SQLite no foreign key: the mapping knows them. To be called where
/// such an error is caught. Throws: the error, with the names.
[[noreturn]] void rethrow_of_insert(const dialect& d, const mapper& m);
/// ... of an UPDATE of these columns, given by their positions.
[[noreturn]] void rethrow_of_update(const dialect& d, const mapper& m, std::span<const std::uint32_t> columns,
                                    const identity_map& objects);

/// "id = 7" of a row's cells, for error texts.
[[nodiscard]] std::string key_text(const mapper& m, std::span<const cell> row);

} // namespace kin::detail
