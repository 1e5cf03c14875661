// SPDX-License-Identifier: MIT
#include "kin/sqlite/decimal_functions.hpp"

#include <memory>
#include <new>
#include <optional>
#include <string_view>

#include <sqlite3.h>

#include "kin/base/decimal.hpp"
#include "kin/base/error.hpp"
#include "kin/sqlite/errors.hpp"

namespace kin::sqlite {

namespace {

/// Numbers as numbers; other texts before them, as texts.
int compare_decimals(void*, int a_size, const void* a, int b_size, const void* b) noexcept {
    const std::string_view a_text(static_cast<const char*>(a), static_cast<std::size_t>(a_size));
    const std::string_view b_text(static_cast<const char*>(b), static_cast<std::size_t>(b_size));
    const std::optional<decimal> a_number = decimal::parse(a_text);
    const std::optional<decimal> b_number = decimal::parse(b_text);
    if (!a_number && !b_number) return a_text.compare(b_text);
    if (!a_number || !b_number) return a_number ? 1 : -1;
    const auto order = *a_number <=> *b_number;
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/// Where SQLite keeps the sum of a group; zeroed before the first row.
decimal** sum_of(sqlite3_context* c) noexcept {
    return static_cast<decimal**>(sqlite3_aggregate_context(c, sizeof(decimal*)));
}

void add_row(sqlite3_context* c, int, sqlite3_value** values) noexcept {
    sqlite3_value* const v = values[0];
    const int type = sqlite3_value_type(v);
    if (type == SQLITE_NULL) return;
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(v));
    decimal** const sum = sum_of(c);
    if (text == nullptr || sum == nullptr) return sqlite3_result_error_nomem(c);
    const bool is_exact = type == SQLITE_TEXT || type == SQLITE_INTEGER;
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(v));
    const std::optional<decimal> number = is_exact ? decimal::parse({text, size}) : std::nullopt;
    if (!number) return sqlite3_result_error(c, "kin_decimal_sum: a value is no decimal", -1);
    try {
        if (*sum == nullptr) *sum = new decimal();
        **sum += *number;
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(c);
    } catch (const error& e) {
        sqlite3_result_error(c, e.what(), -1);
    }
}

void give_sum(sqlite3_context* c) noexcept {
    decimal** const kept = sum_of(c);
    if (kept == nullptr) return sqlite3_result_error_nomem(c);
    const std::unique_ptr<decimal> sum(*kept);
    if (!sum) return sqlite3_result_null(c);
    try {
        const std::string text = sum->trimmed().to_string();
        sqlite3_result_text(c, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(c);
    }
}

} // namespace

void add_decimal_functions(sqlite3* db) {
    int rc = sqlite3_create_collation_v2(db, "kin_decimal", SQLITE_UTF8, nullptr, compare_decimals, nullptr);
    if (rc == SQLITE_OK) {
        constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
        rc = sqlite3_create_function_v2(db, "kin_decimal_sum", 1, flags, nullptr, nullptr, add_row, give_sum,
                                        nullptr);
    }
    if (rc != SQLITE_OK) fail(db, rc);
}

} // namespace kin::sqlite
