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

/// Calls `calculate`; what it throws becomes SQLite's error.
template <class Calculate> void guarded(sqlite3_context* c, const Calculate& calculate) noexcept {
    try {
        calculate();
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(c);
    } catch (const data_error&) { // kin::decimal refuses a result for nothing else
        sqlite3_result_error(c, decimal_overflow_text.data(), static_cast<int>(decimal_overflow_text.size()));
    }
}

/// Nothing when `v` is no exact number; SQLite has been told so.
std::optional<decimal> number_of(sqlite3_context* c, sqlite3_value* v) noexcept {
    const int type = sqlite3_value_type(v);
    const bool is_exact = type == SQLITE_TEXT || type == SQLITE_INTEGER;
    const auto* text = is_exact ? reinterpret_cast<const char*>(sqlite3_value_text(v)) : "";
    if (text == nullptr) {
        sqlite3_result_error_nomem(c);
        return std::nullopt;
    }
    const auto size = is_exact ? static_cast<std::size_t>(sqlite3_value_bytes(v)) : 0;
    const std::optional<decimal> number = decimal::parse({text, size});
    if (!number) sqlite3_result_error(c, no_decimal_text.data(), static_cast<int>(no_decimal_text.size()));
    return number;
}

/// In the shortest form, as decimals are stored: `=` compares texts.
void give(sqlite3_context* c, const decimal& number) {
    const std::string text = number.trimmed().to_string();
    sqlite3_result_text(c, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

using unary_function = decimal (*)(const decimal&);
using binary_function = decimal (*)(const decimal&, const decimal&);

decimal add(const decimal& a, const decimal& b) { return a + b; }
decimal subtract(const decimal& a, const decimal& b) { return a - b; }
decimal multiply(const decimal& a, const decimal& b) { return a * b; }
decimal negate(const decimal& a) { return -a; }
decimal magnitude(const decimal& a) { return a.is_negative() ? -a : a; }

template <unary_function Function> void call(sqlite3_context* c, int, sqlite3_value** values) noexcept {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    const std::optional<decimal> number = number_of(c, values[0]);
    if (!number) return;
    guarded(c, [&] { give(c, Function(*number)); });
}

template <binary_function Function> void call(sqlite3_context* c, int, sqlite3_value** values) noexcept {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) return;
    const std::optional<decimal> a = number_of(c, values[0]);
    if (!a) return;
    const std::optional<decimal> b = number_of(c, values[1]);
    if (!b) return;
    guarded(c, [&] { give(c, Function(*a, *b)); });
}

void round_number(sqlite3_context* c, int, sqlite3_value** values) noexcept {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) return;
    const std::optional<decimal> number = number_of(c, values[0]);
    if (!number) return;
    const sqlite3_int64 digits = sqlite3_value_int64(values[1]);
    guarded(c, [&] {
        // Zeros that are added would be taken away again, and may be too many.
        give(c, digits >= number->scale() ? *number
                                          : number->rounded(static_cast<int>(digits < 0 ? -1 : digits)));
    });
}

/// Where SQLite keeps the sum of a group; zeroed before the first row.
decimal** sum_of(sqlite3_context* c) noexcept {
    return static_cast<decimal**>(sqlite3_aggregate_context(c, sizeof(decimal*)));
}

void add_row(sqlite3_context* c, int, sqlite3_value** values) noexcept {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    decimal** const sum = sum_of(c);
    if (sum == nullptr) return sqlite3_result_error_nomem(c);
    const std::optional<decimal> number = number_of(c, values[0]);
    if (!number) return;
    guarded(c, [&] {
        if (*sum == nullptr) *sum = new decimal();
        **sum += *number;
    });
}

void give_sum(sqlite3_context* c) noexcept {
    decimal** const kept = sum_of(c);
    if (kept == nullptr) return sqlite3_result_error_nomem(c);
    const std::unique_ptr<decimal> sum(*kept);
    if (!sum) return sqlite3_result_null(c);
    guarded(c, [&] { give(c, *sum); });
}

struct scalar_function {
    const char* name;
    int arguments;
    void (*body)(sqlite3_context*, int, sqlite3_value**);
};

constexpr scalar_function scalar_functions[] = {
    {"kin_decimal_add", 2, call<add>},           {"kin_decimal_subtract", 2, call<subtract>},
    {"kin_decimal_multiply", 2, call<multiply>}, {"kin_decimal_negate", 1, call<negate>},
    {"kin_decimal_abs", 1, call<magnitude>},     {"kin_decimal_round", 2, round_number},
};

} // namespace

void add_decimal_functions(sqlite3* db) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int rc = sqlite3_create_collation_v2(db, "kin_decimal", SQLITE_UTF8, nullptr, compare_decimals, nullptr);
    if (rc == SQLITE_OK) {
        rc = sqlite3_create_function_v2(db, "kin_decimal_sum", 1, flags, nullptr, nullptr, add_row, give_sum,
                                        nullptr);
    }
    for (const scalar_function& f : scalar_functions) {
        if (rc != SQLITE_OK) break;
        rc = sqlite3_create_function_v2(db, f.name, f.arguments, flags, nullptr, f.body, nullptr, nullptr,
                                        nullptr);
    }
    if (rc != SQLITE_OK) fail(db, rc);
}

} // namespace kin::sqlite
