// SPDX-License-Identifier: MIT
#include "kin/sql/operators.hpp"

namespace kin::detail {

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
