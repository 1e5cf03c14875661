// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/sql/operators.hpp"

// SQL functions of columns and expressions, for select(), where(), having() and order_by(). Each gives an expression whose C++
// type is that of the result; wrong argument types are compile errors.

namespace kin {

namespace detail {

/// Turns the arguments into expressions; values become parameters.
template <class Result, class First, class... Rest>
[[nodiscard]] sql_expression<Result> call(std::string_view name, const First& first, const Rest&... rest) {
    std::vector<expression> arguments;
    arguments.reserve(1 + sizeof...(rest));
    arguments.push_back(to_expression<First>(first));
    (arguments.push_back(to_expression<First>(rest)), ...);
    return sql_expression<Result>(expression::call(name, std::move(arguments)));
}

/// An aggregate that looks for the first or the last in order.
template <class L>
[[nodiscard]] sql_expression<std::optional<sql_result_t<L>>> extreme(std::string_view name, const L& e) {
    static_assert(has_sql_order<sql_value_t<L>>, "kin: min() and max() take what SQL can put into an order");
    std::vector<expression> arguments;
    arguments.push_back(in_order<L>(e.as_expression()));
    return sql_expression<std::optional<sql_result_t<L>>>(expression::call(name, std::move(arguments)));
}

template <class L> using text_result = nullable_if<std::string, can_be_null<L>>;
/// Decimals stay decimals; `Other` is the result of other numbers.
template <class L, class Other>
using exact_or =
    std::conditional_t<sql_is_decimal<L> || std::is_same_v<sql_value_t<L>, refused>, sql_value_t<L>, Other>;
template <class L>
using sum_result =
    exact_or<L, std::conditional_t<std::is_floating_point_v<sql_value_t<L>>, double, std::int64_t>>;
/// Throws: data_error (decimal_overflow) for fewer than 0 or more than 38 digits.
[[nodiscard]] expression rounded_exactly(expression e, std::int64_t digits);
template <class First, class Last>
using coalesce_result =
    nullable_if<sql_result_t<First>, can_be_null<First> && (can_be_null<Last> || is_null_constant<Last>)>;

} // namespace detail

/// SQL: count(*), the number of rows.
[[nodiscard]] sql_expression<std::int64_t> count();
/// SQL: count(e), the number of rows in which `e` is not NULL.
template <sql_operand L> [[nodiscard]] sql_expression<std::int64_t> count(const L& e) {
    return detail::call<std::int64_t>("count", e);
}
/// SQL: count(DISTINCT e)
template <sql_operand L> [[nodiscard]] sql_expression<std::int64_t> count_distinct(const L& e) {
    std::vector<expression> arguments;
    arguments.push_back(expression::unary(sql_operator::distinct, e.as_expression()));
    return sql_expression<std::int64_t>(expression::call("count", std::move(arguments)));
}

/// SQL: sum(e). NULL when there is no row. Integers add up to std::int64_t, decimals exactly to a decimal, the rest to double.
template <sql_operand L> [[nodiscard]] sql_expression<std::optional<detail::sum_result<L>>> sum(const L& e) {
    static_assert(sql_is_number_or_decimal<L>, "kin: sum() adds numbers");
    return detail::call<std::optional<detail::sum_result<L>>>(sql_is_decimal<L> ? "decimal_sum" : "sum", e);
}
/// NULL when there is no row. Not of decimals, whose mean has no exact form.
template <sql_operand L>
[[nodiscard]] sql_expression<std::optional<detail::exact_or<L, double>>> avg(const L& e) {
    static_assert(!sql_is_decimal<L>, "kin: a mean of decimals is not exact; read kin::sum() and "
                                      "kin::count(), and use kin::decimal::divided_by");
    static_assert(sql_is_number_or_decimal<L>, "kin: avg() takes numbers");
    return detail::call<std::optional<detail::exact_or<L, double>>>("avg", e);
}
/// NULL when there is no row.
template <sql_operand L>
[[nodiscard]] sql_expression<std::optional<detail::sql_result_t<L>>> min(const L& e) {
    return detail::extreme("min", e);
}
/// NULL when there is no row.
template <sql_operand L>
[[nodiscard]] sql_expression<std::optional<detail::sql_result_t<L>>> max(const L& e) {
    return detail::extreme("max", e);
}

/// SQL: lower(e). SQLite changes the letters A to Z only.
template <sql_operand L> [[nodiscard]] sql_expression<detail::text_result<L>> lower(const L& e) {
    static_assert(sql_is_text<L>, "kin: lower() takes text");
    return detail::call<detail::text_result<L>>("lower", e);
}
/// SQL: upper(e). SQLite changes the letters a to z only.
template <sql_operand L> [[nodiscard]] sql_expression<detail::text_result<L>> upper(const L& e) {
    static_assert(sql_is_text<L>, "kin: upper() takes text");
    return detail::call<detail::text_result<L>>("upper", e);
}
/// SQL: length(e), in characters. (kin::length is the option of a column.)
template <sql_operand L>
[[nodiscard]] sql_expression<detail::nullable_if<std::int64_t, detail::can_be_null<L>>>
character_length(const L& e) {
    static_assert(sql_is_text<L>, "kin: character_length() takes text");
    return detail::call<detail::nullable_if<std::int64_t, detail::can_be_null<L>>>("length", e);
}

/// SQL: coalesce(first, otherwise): `first`, or `otherwise` (a column, an expression or a value) where `first` is NULL.
template <sql_operand L, class R>
[[nodiscard]] sql_expression<detail::coalesce_result<L, R>> coalesce(const L& first, const R& otherwise) {
    static_assert(sql_can_compare<L, R>, "kin: coalesce() takes two of the same type");
    if constexpr (sql_can_compare<L, R>)
        return detail::call<detail::coalesce_result<L, R>>("coalesce", first, otherwise);
    else
        return {};
}

/// SQL: abs(e)
template <sql_operand L>
[[nodiscard]] sql_expression<detail::nullable_if<detail::sql_value_t<L>, detail::can_be_null<L>>>
abs(const L& e) {
    static_assert(sql_is_number_or_decimal<L>, "kin: abs() takes a number");
    return detail::call<detail::nullable_if<detail::sql_value_t<L>, detail::can_be_null<L>>>(
        sql_is_decimal<L> ? "decimal_abs" : "abs", e);
}
/// SQL: round(e), round(e, digits): rounds to `digits` digits after the point, halves away from zero. A decimal stays one, and
/// takes 0 to 38 digits. Throws: data_error (decimal_overflow) for other digits of a decimal.
template <sql_operand L>
[[nodiscard]] sql_expression<detail::nullable_if<detail::exact_or<L, double>, detail::can_be_null<L>>>
round(const L& e, std::int64_t digits = 0) {
    static_assert(sql_is_number_or_decimal<L>, "kin: round() takes a number");
    using result = sql_expression<detail::nullable_if<detail::exact_or<L, double>, detail::can_be_null<L>>>;
    if constexpr (sql_is_decimal<L>) return result(detail::rounded_exactly(e.as_expression(), digits));
    std::vector<expression> arguments;
    arguments.push_back(e.as_expression());
    if (digits != 0) arguments.push_back(expression::of_value(value(digits)));
    return result(expression::call("round", std::move(arguments)));
}

} // namespace kin
