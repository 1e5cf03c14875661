// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "kin/base/codec.hpp"
#include "kin/base/field_traits.hpp"

namespace kin {

class decimal;

/// Base of everything that stands for a SQL value in C++ code: `attribute<&User::name>`, `sql_expression<T>`.
class operand_base;

/// A column or a SQL expression with a C++ type.
template <class T>
concept sql_operand = std::is_class_v<T> && std::is_base_of_v<operand_base, T>;

namespace detail {

/// The type of an expression that was refused. It goes with everything, so that a mistake is one error and not several.
struct refused {};

template <class T> struct operand_value {
    using type = T;
};
template <sql_operand T> struct operand_value<T> {
    using type = typename T::value_type;
};

/// What a C++ type is in SQL: an operand its value_type, without optional and field wrappers.
template <class T> using sql_value_t = unwrapped_t<typename operand_value<std::remove_cvref_t<T>>::type>;

template <class T>
inline constexpr bool is_null_constant =
    std::is_same_v<T, std::nullptr_t> || std::is_same_v<T, std::nullopt_t>;

template <class T>
inline constexpr bool is_string_like =
    std::is_convertible_v<const T&, std::string_view> && !is_null_constant<T>;

template <class T>
inline constexpr bool is_number =
    std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;

template <class T> inline constexpr bool is_integer_number = std::is_integral_v<T> && is_number<T>;

template <class T> inline constexpr bool is_date = false;
template <storable T> inline constexpr bool is_date<T> = codec<T>::type.kind == type_kind::date;
template <class T> inline constexpr bool is_timestamp = false;
template <storable T> inline constexpr bool is_timestamp<T> = codec<T>::type.kind == type_kind::timestamp;

/// Both dates, or both points in time, whatever their resolution.
template <class L, class R>
inline constexpr bool same_calendar_kind = (is_date<L> && is_date<R>) || (is_timestamp<L> && is_timestamp<R>);

/// A timestamp in SQL and a date of the program, which stands for its midnight.
template <class Column, class R>
inline constexpr bool is_midnight_for =
    sql_operand<Column> && is_timestamp<sql_value_t<Column>> && !sql_operand<R> && is_date<sql_value_t<R>>;

template <class T, type_kind Kind> inline constexpr bool is_stored_as = false;
template <storable T, type_kind Kind>
inline constexpr bool is_stored_as<T, Kind> = codec<T>::type.kind == Kind;

/// Databases differ in whether and how they compare two documents, and in how they order two arrays.
template <class T>
inline constexpr bool has_sql_order = !is_stored_as<T, type_kind::json> && !is_stored_as<T, type_kind::array>;

/// A value that is written with SQL around its placeholder.
template <class T> inline constexpr bool has_sql_write = false;
template <storable T> inline constexpr bool has_sql_write<T> = !codec<T>::type.sql_write.empty();

/// Both durations, whatever their unit.
template <class L, class R>
inline constexpr bool same_duration_kind =
    is_stored_as<L, type_kind::duration> && is_stored_as<R, type_kind::duration>;

/// A decimal in SQL and an integer of the program.
template <class Column, class R>
inline constexpr bool is_whole_for = sql_operand<Column> && std::is_same_v<sql_value_t<Column>, decimal> &&
                                     !sql_operand<R> && is_integer_number<sql_value_t<R>>;

template <class L, class R>
inline constexpr bool one_is_refused = std::is_same_v<L, refused> || std::is_same_v<R, refused>;

template <class L, class R>
inline constexpr bool same_sql_family =
    one_is_refused<L, R> || (std::is_same_v<L, R> && has_sql_order<L>) || same_duration_kind<L, R> ||
    (is_number<L> && is_number<R>) || (is_string_like<L> && is_string_like<R>) || same_calendar_kind<L, R>;

/// Whether the SQL value may be NULL.
template <class T>
inline constexpr bool can_be_null = is_nullable<typename operand_value<std::remove_cvref_t<T>>::type>;

template <class T, bool Nullable> using nullable_if = std::conditional_t<Nullable, std::optional<T>, T>;

/// The type in which an expression hands a value out: text as std::string, the rest unwrapped.
template <class T>
using sql_result_t = std::conditional_t<is_string_like<sql_value_t<T>>, std::string, sql_value_t<T>>;

} // namespace detail

/// Whether SQL can put L and R into an order: numbers with numbers, text with text, bool with bool, else the same type.
/// Operands count as their value_type; optional and field wrappers are looked through. A date of the program beside a timestamp of SQL is
/// its midnight.
template <class L, class R>
inline constexpr bool sql_can_order =
    detail::same_sql_family<detail::sql_value_t<L>, detail::sql_value_t<R>> ||
    detail::is_midnight_for<L, R> || detail::is_midnight_for<R, L> || detail::is_whole_for<L, R> ||
    detail::is_whole_for<R, L>;

/// As sql_can_order, arrays of the same type, and anything with nullptr and std::nullopt.
template <class L, class R>
inline constexpr bool sql_can_compare = sql_can_order<L, R> ||
                                        (std::is_same_v<detail::sql_value_t<L>, detail::sql_value_t<R>> &&
                                         detail::is_stored_as<detail::sql_value_t<L>, type_kind::array>) ||
                                        detail::is_null_constant<R> || detail::is_null_constant<L>;

template <class T> inline constexpr bool sql_is_decimal = std::is_same_v<detail::sql_value_t<T>, decimal>;

/// Whether SQL can calculate with L and R: numbers with numbers, decimals with decimals and integers.
template <class L, class R>
inline constexpr bool sql_can_calculate =
    (detail::is_number<detail::sql_value_t<L>> && detail::is_number<detail::sql_value_t<R>>) ||
    (sql_is_decimal<L> && (sql_is_decimal<R> || detail::is_integer_number<detail::sql_value_t<R>>)) ||
    (sql_is_decimal<R> && detail::is_integer_number<detail::sql_value_t<L>>) ||
    detail::one_is_refused<detail::sql_value_t<L>, detail::sql_value_t<R>>;
/// Whether neither is a decimal: their quotient has no exact form.
template <class L, class R> inline constexpr bool sql_can_divide = !sql_is_decimal<L> && !sql_is_decimal<R>;
/// Whether one is a decimal and the other a double, which is not exact.
template <class L, class R>
inline constexpr bool sql_mixes_exact_and_real =
    (sql_is_decimal<L> && std::is_floating_point_v<detail::sql_value_t<R>>) ||
    (sql_is_decimal<R> && std::is_floating_point_v<detail::sql_value_t<L>>);

/// The concepts as variables: asserting on a concept makes compilers explain it at length.
template <class T> inline constexpr bool sql_can_select = sql_operand<T>;
template <class T>
inline constexpr bool sql_can_bind = bindable<T> || std::is_convertible_v<const T&, std::string_view>;
template <class... T> inline constexpr bool sql_can_read = (storable<T> && ...);

template <class T> inline constexpr bool sql_is_text = detail::is_string_like<detail::sql_value_t<T>>;
template <class T>
inline constexpr bool sql_is_json = detail::is_stored_as<detail::sql_value_t<T>, type_kind::json>;
template <class T>
inline constexpr bool sql_is_number =
    detail::is_number<detail::sql_value_t<T>> || std::is_same_v<detail::sql_value_t<T>, detail::refused>;
template <class T> inline constexpr bool sql_is_number_or_decimal = sql_is_number<T> || sql_is_decimal<T>;

template <class L, class R>
concept comparable = sql_can_compare<L, R>;

/// For select(): a statement with a refused expression is never compiled, so nothing is ever read.
template <> struct codec<detail::refused> {
    static constexpr column_type type = {.kind = type_kind::text};
    static bool encode(const detail::refused&, encoder) noexcept { return false; }
    static bool decode(detail::refused&, const cell&) noexcept { return false; }
};

} // namespace kin
