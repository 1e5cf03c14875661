// SPDX-License-Identifier: MIT
#include "kin/sqlite/sqlite.hpp"

#include <sqlite3.h>

#include "kin/sqlite/version.hpp"

namespace kin::sqlite {

std::string_view version() noexcept { return sqlite3_libversion(); }

bool has_wal_reset_bug() noexcept { return has_wal_reset_bug(sqlite3_libversion_number()); }

} // namespace kin::sqlite
