// SPDX-License-Identifier: MIT
#include "kin/sql/operators.hpp"

#include "kin/base/error.hpp"

namespace kin::detail {

value midnight(const value& date) {
    if (date.is_null()) return value();
    std::int64_t microseconds = 0;
    if (!microseconds_of(date.view(), microseconds)) {
        throw data_error({.code = "value_out_of_range",
                          .message = "a date is too far from 1970 to be compared with a timestamp",
                          .sql = {}});
    }
    return value(cell::of_integer(microseconds, cell_kind::timestamp));
}

expression exactly(sql_operator op, expression left, expression right) {
    const std::string_view name = op == sql_operator::add        ? "decimal_add"
                                  : op == sql_operator::subtract ? "decimal_subtract"
                                                                 : "decimal_multiply";
    std::vector<expression> operands;
    operands.push_back(std::move(left));
    operands.push_back(std::move(right));
    return expression::call(name, std::move(operands));
}

expression negative(expression operand, bool is_decimal) {
    if (!is_decimal) return expression::unary(sql_operator::negate, std::move(operand));
    std::vector<expression> operands;
    operands.push_back(std::move(operand));
    return expression::call("decimal_negate", std::move(operands));
}

std::string escape_like(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

predicate like(sql_operator op, expression operand, std::string pattern) {
    return predicate(
        expression::binary(op, std::move(operand), expression::of_value(value(std::string_view(pattern)))));
}

} // namespace kin::detail
