// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

struct sqlite3;

namespace kin::sqlite {

/// Throws the error class for an (extended) result code, with the names that SQLite's message gives.
/// Throws: database_error of the class that fits; std::bad_alloc.
[[noreturn]] void fail(int code, std::string_view message);
/// The same for the last call on `db`.
[[noreturn]] void fail(sqlite3* db, int code);

} // namespace kin::sqlite
