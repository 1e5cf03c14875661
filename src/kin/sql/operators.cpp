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
