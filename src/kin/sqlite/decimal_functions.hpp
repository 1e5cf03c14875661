// SPDX-License-Identifier: MIT
#pragma once

struct sqlite3;

namespace kin::sqlite {

/// Gives a connection what SQLite lacks for decimals, which are text: the collation kin_decimal, under which texts compare as the
/// numbers they are, and the aggregate kin_decimal_sum, which is exact.
void add_decimal_functions(sqlite3* db);

} // namespace kin::sqlite
