// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

struct sqlite3;

namespace kin::sqlite {

// What SQLite's message says when one of the functions fails; errors.cpp makes kin's errors of them.
inline constexpr std::string_view decimal_overflow_text = "kin_decimal: the result has more than 38 digits";
inline constexpr std::string_view no_decimal_text =
    "kin_decimal: a value is no decimal number of up to 38 digits";

/// Gives a connection what SQLite lacks for decimals, which are text: the collation kin_decimal, under which texts compare as the
/// numbers they are, the aggregate kin_decimal_sum, and kin_decimal_add, _subtract, _multiply (a, b), _negate, _abs (a) and _round
/// (a, digits). They take texts and integers, are exact, give the shortest form, and NULL where an argument is NULL.
void add_decimal_functions(sqlite3* db);

} // namespace kin::sqlite
