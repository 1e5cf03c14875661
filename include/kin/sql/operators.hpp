// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/sql/comparable.hpp"
#include "kin/sql/expression.hpp"

namespace kin {

template <class T> class sql_expression;
class json_element;

namespace detail {

/// The timestamp at which a date begins. Throws: data_error (value_out_of_range).
[[nodiscard]] value midnight(const value& date);

/// `v` as an operand beside a SQL value of type `Column`. Numbers take the column's kind where that loses nothing.
template <class Column, class R> [[nodiscard]] expression to_expression(const R& v) {
    if constexpr (sql_operand<R>) {
        return v.as_expression();
    } else if constexpr (is_null_constant<R>) {
        return expression::of_value(value());
    } else if constexpr (field_traits<R>::is_optional) {
        return v ? to_expression<Column>(*v) : expression::of_value(value());
    } else if constexpr (is_string_like<R>) {
        return expression::of_value(value(std::string_view(v)));
    } else if constexpr (std::is_floating_point_v<sql_value_t<Column>> && is_number<R>) {
        return expression::of_value(value(static_cast<double>(v)));
    } else if constexpr (is_midnight_for<Column, R>) {
        return expression::of_value(midnight(value(v)));
    } else if constexpr (is_whole_for<Column, R>) {
        return expression::of_value(value(sql_value_t<Column>(v)));
    } else if constexpr (has_sql_write<R>) {
        return expression::wrapped(codec<R>::type.sql_write, expression::of_value(value(v)));
    } else {
        return expression::of_value(value(v));
    }
}

/// `e`, which has the type of `T`, where its order counts.
template <class T> [[nodiscard]] expression in_order(expression e) {
    if constexpr (is_stored_as<sql_value_t<T>, type_kind::decimal>)
        return expression::unary(sql_operator::exact_order, std::move(e));
    else
        return e;
}

template <class L, class R> [[nodiscard]] predicate compare(sql_operator op, const L& left, const R& right) {
    return predicate(expression::binary(op, to_expression<R>(left), to_expression<L>(right)));
}

template <class L, class R> [[nodiscard]] predicate equality(sql_operator op, const L& left, const R& right) {
    static_assert(sql_can_compare<L, R>,
                  "kin: this column and this value have types that SQL cannot compare; "
                  "write a value of the column's type");
    if constexpr (sql_can_compare<L, R>)
        return compare(op, left, right);
    else
        return predicate(); // nothing more to complain about
}

template <class L, class R> [[nodiscard]] predicate order(sql_operator op, const L& left, const R& right) {
    static_assert(sql_can_order<L, R>, "kin: this column and this value have types that SQL cannot compare; "
                                       "write a value of the column's type");
    if constexpr (sql_can_order<L, R> && sql_operand<L>)
        return predicate(expression::binary(op, in_order<L>(left.as_expression()), to_expression<L>(right)));
    else if constexpr (sql_can_order<L, R>)
        return predicate(expression::binary(op, to_expression<R>(left), in_order<R>(right.as_expression())));
    else
        return predicate();
}

template <class L, class R> struct calculation {
    using left = sql_value_t<L>;
    using right = sql_value_t<R>;
    static constexpr bool is_exact = sql_is_decimal<L> || sql_is_decimal<R>;
    static constexpr bool is_real = std::is_floating_point_v<left> || std::is_floating_point_v<right>;
    using number = std::conditional_t<is_exact, decimal, std::conditional_t<is_real, double, std::int64_t>>;
    using refusal = refused; // named by way of L and R, where sql_expression is not complete yet
    using type = std::conditional_t<!sql_can_calculate<L, R> || one_is_refused<left, right>, refused,
                                    nullable_if<number, can_be_null<L> || can_be_null<R>>>;
};

/// `op` of decimals, or of decimals and integers: a function of the database, which may have no such operator (kin's list in
/// src/kin/sql/function.cpp).
[[nodiscard]] expression exactly(sql_operator op, expression left, expression right);
[[nodiscard]] expression negative(expression operand, bool is_decimal);

template <class L, class R>
[[nodiscard]] sql_expression<typename calculation<L, R>::type> calculate(sql_operator op, const L& left,
                                                                         const R& right) {
    using result = calculation<L, R>;
    static_assert(!sql_mixes_exact_and_real<L, R>,
                  "kin: a double beside a decimal would make the result inexact; write "
                  "kin::decimal(\"1.1\") in place of 1.1");
    static_assert(sql_can_calculate<L, R> || sql_mixes_exact_and_real<L, R>,
                  "kin: SQL can calculate only with numbers");
    if constexpr (std::is_same_v<typename result::type, refused>)
        return {};
    else if constexpr (result::is_exact)
        return sql_expression<typename result::type>(
            exactly(op, to_expression<R>(left), to_expression<L>(right)));
    else
        return sql_expression<typename result::type>(
            expression::binary(op, to_expression<R>(left), to_expression<L>(right)));
}

template <class L, class R> [[nodiscard]] auto quotient(sql_operator op, const L& left, const R& right) {
    static_assert(sql_can_divide<L, R>, "kin: a quotient of decimals is not exact; read the numbers and use "
                                        "kin::decimal::divided_by");
    if constexpr (sql_can_divide<L, R>)
        return calculate(op, left, right);
    else
        return sql_expression<typename calculation<L, R>::refusal>();
}

template <class L> [[nodiscard]] auto negated(const L& operand) {
    static_assert(sql_is_number_or_decimal<L>, "kin: SQL can calculate only with numbers");
    if constexpr (sql_is_decimal<L>)
        return sql_expression<nullable_if<decimal, can_be_null<L>>>(negative(operand.as_expression(), true));
    else if constexpr (is_number<sql_value_t<L>>)
        return sql_expression<typename calculation<L, int>::type>(negative(operand.as_expression(), false));
    else
        return sql_expression<typename calculation<L, int>::refusal>();
}

/// Compilers show it with its type beside the message.
template <class T>
inline constexpr bool is_term_of_order =
    std::is_convertible_v<const T&, order_term> || std::is_base_of_v<expression, T>;

/// `t` as a term of ORDER BY.
template <class T> [[nodiscard]] order_term to_order_term(const T& t) {
    constexpr bool sortable = std::is_convertible_v<const T&, order_term>;
    static_assert(is_term_of_order<T>,
                  "kin: order_by() takes columns and expressions; write kin::col<&User::name>, "
                  "or kin::col<&User::name>.desc()");
    if constexpr (sortable)
        return t;
    else if constexpr (std::is_base_of_v<expression, T>)
        return {t};
    else
        return {};
}
/// `t` as it stands in SELECT and GROUP BY.
template <class T> [[nodiscard]] expression to_selected(const T& t) {
    static_assert(sql_can_select<T>,
                  "kin: select() and group_by() take columns and expressions; write "
                  "kin::col<&User::name>, and for a relationship the columns of its class");
    if constexpr (sql_operand<T>)
        return t.as_expression();
    else
        return {};
}

template <class T>
concept plain_value = !sql_operand<T> && !std::is_base_of_v<expression, T>;

/// `text` with its %, _ and \ marked, so that LIKE takes them as they are.
[[nodiscard]] std::string escape_like(std::string_view text);
[[nodiscard]] predicate like(sql_operator op, expression operand, std::string pattern);

} // namespace detail

// Each operator has three forms, so that `value == column` is never a rewritten `column == value`: those must return bool.
// Hidden friends of one class, found for whatever derives from it: they are declared once, not once per column type.
#define KIN_SQL_OPERATOR(symbol, result, function, op)                                                       \
    template <sql_operand L, detail::plain_value R>                                                          \
    friend result operator symbol(const L& left, const R& right) {                                           \
        return detail::function(sql_operator::op, left, right);                                              \
    }                                                                                                        \
    template <detail::plain_value L, sql_operand R>                                                          \
    friend result operator symbol(const L& left, const R& right) {                                           \
        return detail::function(sql_operator::op, left, right);                                              \
    }                                                                                                        \
    template <sql_operand L, sql_operand R> friend result operator symbol(const L& left, const R& right) {   \
        return detail::function(sql_operator::op, left, right);                                              \
    }

class operand_base {
    KIN_SQL_OPERATOR(==, predicate, equality, equal)
    KIN_SQL_OPERATOR(!=, predicate, equality, not_equal)
    KIN_SQL_OPERATOR(<, predicate, order, less)
    KIN_SQL_OPERATOR(<=, predicate, order, less_equal)
    KIN_SQL_OPERATOR(>, predicate, order, greater)
    KIN_SQL_OPERATOR(>=, predicate, order, greater_equal)
    KIN_SQL_OPERATOR(+, auto, calculate, add)
    KIN_SQL_OPERATOR(-, auto, calculate, subtract)
    KIN_SQL_OPERATOR(*, auto, calculate, multiply)
    KIN_SQL_OPERATOR(/, auto, quotient, divide)

    template <sql_operand L> friend auto operator-(const L& operand) { return detail::negated(operand); }
};

#undef KIN_SQL_OPERATOR

/// What a column or SQL expression of C++ type `T` can do: comparing and calculating (operators of operand_base), and the
/// functions below. `Derived` derives from it and has `expression as_expression() const`. A NULL on either side of == and !=
/// (nullptr, std::nullopt, an empty optional) is written as IS NULL and IS NOT NULL.
template <class Derived, class T> class operand : public operand_base {
public:
    using value_type = T;

    [[nodiscard]] order_term asc() const { return {ordered(), sort_direction::ascending}; }
    [[nodiscard]] order_term desc() const { return {ordered(), sort_direction::descending}; }
    operator order_term() const { return asc(); }

    [[nodiscard]] predicate is_null() const {
        return predicate(expression::unary(sql_operator::is_null, self()));
    }
    [[nodiscard]] predicate is_not_null() const {
        return predicate(expression::unary(sql_operator::is_not_null, self()));
    }

    /// One of `values`: a container, or a list in braces. None of them when it is empty.
    template <class Values> [[nodiscard]] predicate in(const Values& values) const {
        return list(sql_operator::in, values);
    }
    template <class Value> [[nodiscard]] predicate in(std::initializer_list<Value> values) const {
        return list(sql_operator::in, values);
    }
    template <class Values> [[nodiscard]] predicate not_in(const Values& values) const {
        return list(sql_operator::not_in, values);
    }
    template <class Value> [[nodiscard]] predicate not_in(std::initializer_list<Value> values) const {
        return list(sql_operator::not_in, values);
    }

    /// SQL: c BETWEEN low AND high; both ends belong to it.
    template <class Low, class High> [[nodiscard]] predicate between(const Low& low, const High& high) const {
        return range(sql_operator::between, low, high);
    }
    template <class Low, class High>
    [[nodiscard]] predicate not_between(const Low& low, const High& high) const {
        return range(sql_operator::not_between, low, high);
    }

    /// SQL LIKE: `%` stands for any text, `_` for any character, `\` before one of them for itself.
    [[nodiscard]] predicate like(std::string_view pattern) const {
        return text_match(sql_operator::like, std::string(pattern));
    }
    [[nodiscard]] predicate not_like(std::string_view pattern) const {
        return text_match(sql_operator::not_like, std::string(pattern));
    }
    /// `text` as it is: its % and _ have no meaning.
    [[nodiscard]] predicate contains(std::string_view text) const {
        return text_match(sql_operator::like, '%' + detail::escape_like(text) + '%');
    }
    [[nodiscard]] predicate starts_with(std::string_view text) const {
        return text_match(sql_operator::like, detail::escape_like(text) + '%');
    }
    [[nodiscard]] predicate ends_with(std::string_view text) const {
        return text_match(sql_operator::like, '%' + detail::escape_like(text));
    }

    /// Into a JSON document: the names of members, and the positions of elements from 0. See `json_element`.
    template <class... Steps> [[nodiscard]] json_element at(const Steps&... steps) const; // json_element.hpp

private:
    [[nodiscard]] expression ordered() const { return detail::in_order<T>(self()); }
    [[nodiscard]] expression self() const { return static_cast<const Derived&>(*this).as_expression(); }

    template <class Values> [[nodiscard]] predicate list(sql_operator op, const Values& values) const {
        using element = std::remove_cvref_t<decltype(*std::begin(values))>;
        static_assert(sql_can_compare<Derived, element>,
                      "kin: this column and the values of this list have types that SQL "
                      "cannot compare; write values of the column's type");
        if constexpr (sql_can_compare<Derived, element>) {
            std::vector<expression> operands;
            operands.push_back(self());
            for (const auto& v : values) operands.push_back(detail::to_expression<Derived, element>(v));
            return predicate(expression::nary(op, std::move(operands)));
        } else {
            return predicate();
        }
    }

    template <class Low, class High>
    [[nodiscard]] predicate range(sql_operator op, const Low& low, const High& high) const {
        static_assert(sql_can_order<Derived, Low> && sql_can_order<Derived, High>,
                      "kin: this column and these values have types that SQL cannot compare; "
                      "write values of the column's type");
        if constexpr (sql_can_order<Derived, Low> && sql_can_order<Derived, High>) {
            std::vector<expression> operands;
            operands.push_back(ordered());
            operands.push_back(detail::to_expression<Derived>(low));
            operands.push_back(detail::to_expression<Derived>(high));
            return predicate(expression::nary(op, std::move(operands)));
        } else {
            return predicate();
        }
    }

    [[nodiscard]] predicate text_match(sql_operator op, std::string pattern) const {
        static_assert(sql_is_text<Derived>,
                      "kin: only text can be matched with like(), contains(), starts_with(), ends_with()");
        if constexpr (sql_is_text<T>)
            return detail::like(op, self(), std::move(pattern));
        else
            return predicate();
    }
};

/// An expression whose SQL type corresponds to the C++ type `T`; `std::optional<T>` where it may be NULL.
template <class T> class sql_expression : public expression, public operand<sql_expression<T>, T> {
public:
    sql_expression() = default;
    explicit sql_expression(expression e) : expression(std::move(e)) {}
    [[nodiscard]] const expression& as_expression() const noexcept { return *this; }
};

} // namespace kin
