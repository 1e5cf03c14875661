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

/// SQLite says that a foreign key was violated, but not which: the mapping, and the classes of the session's objects, know which ones it can be. Throws: the
/// error of a DELETE, with the names.
[[noreturn]] void rethrow_of_delete(const dialect& d, const foreign_key_violation& e, const mapper& m,
                                    const identity_map& objects);
/// SQLite and MariaDB name no table for some errors of an INSERT or UPDATE, SQLite no foreign key and no unique constraint, MariaDB no columns of one: the mapping
/// knows them. To be called where such an error is caught. Throws: the error, with the names.
[[noreturn]] void rethrow_of_insert(const dialect& d, const mapper& m);
/// ... of an UPDATE of these columns, given by their positions.
[[noreturn]] void rethrow_of_update(const dialect& d, const mapper& m, std::span<const std::uint32_t> columns,
                                    const identity_map& objects);

/// ... of a COMMIT: the foreign keys that the classes of the session's objects, and those that they have relationships with, leave until
/// then. Throws: the error, with the names if it can only be one.
[[noreturn]] void rethrow_of_commit(const dialect& d, const foreign_key_violation& e,
                                    const identity_map& objects);

/// "id = 7" of a row's cells, for error texts.
[[nodiscard]] std::string key_text(const mapper& m, std::span<const cell> row);

} // namespace kin::detail
