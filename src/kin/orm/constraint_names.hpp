// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

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
/// ... by an UPDATE of these columns, given by their positions: it may have changed a foreign key, or a key that others refer to.
[[noreturn]] void rethrow_with_constraint(const dialect& d, const foreign_key_violation& e, const mapper& m,
                                          std::span<const std::uint32_t> columns,
                                          const identity_map& objects);

/// SQLite and MariaDB name no table for some errors of an INSERT or UPDATE: the mapping knows it. Rethrows `e` when it has one.
template <class Error> [[noreturn]] void rethrow_with_table(const Error& e, const mapper& m) {
    if (!e.table().empty()) throw;
    error_details details = e.details();
    details.table = m.table().name();
    throw Error(std::move(details));
}

/// "id = 7" of a row's cells, for error texts.
[[nodiscard]] std::string key_text(const mapper& m, std::span<const cell> row);

} // namespace kin::detail
