// SPDX-License-Identifier: MIT
#include "kin/sql/function.hpp"

#include <string>

#include "kin/base/decimal.hpp"
#include "kin/base/error.hpp"
#include "kin/sql/function_list.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

namespace {

constexpr sql_function known_functions[] = {
    {.name = "count", .aggregate = true},
    {.name = "sum", .aggregate = true},
    {.name = "decimal_sum", .aggregate = true},
    {.name = "avg", .aggregate = true},
    {.name = "min", .aggregate = true},
    {.name = "max", .aggregate = true},
    {.name = "lower"},
    {.name = "upper"},
    {.name = "length"},
    {.name = "coalesce"},
    {.name = "abs"},
    {.name = "round"},
    {.name = "now"},
    {.name = "decimal_add"},
    {.name = "decimal_subtract"},
    {.name = "decimal_multiply"},
    {.name = "decimal_negate"},
    {.name = "decimal_abs"},
    {.name = "decimal_round"},
};

} // namespace

const sql_function* find_function(std::string_view name) noexcept {
    for (const sql_function& f : known_functions) {
        if (f.name == name) return &f;
    }
    return nullptr;
}

void refuse_unknown_function(std::string_view name) {
    refuse("unknown_function",
           "kin does not know a SQL function \"" + std::string(name) +
               "\"; use one of kin/sql/function.hpp, or add it to src/kin/sql/function.cpp");
}

bool has_aggregate(const expression& e) noexcept {
    for (const expression::item& i : e.items()) {
        if (i.op != sql_operator::function) continue;
        const sql_function* f = find_function(i.text);
        if (f != nullptr && f->aggregate) return true;
    }
    return false;
}

sql_expression<std::int64_t> count() {
    std::vector<expression> arguments;
    arguments.push_back(expression::of_star());
    return sql_expression<std::int64_t>(expression::call("count", std::move(arguments)));
}

expression detail::rounded_exactly(expression e, std::int64_t digits) {
    if (digits < 0 || digits > decimal::max_digits) {
        throw data_error(
            {.code = "decimal_overflow",
             .message = "a decimal is rounded to between 0 and 38 digits after the point, not to " +
                        std::to_string(digits) + "; ask for as many",
             .sql = {}});
    }
    std::vector<expression> arguments;
    arguments.push_back(std::move(e));
    arguments.push_back(expression::of_value(value(digits)));
    return expression::call("decimal_round", std::move(arguments));
}

} // namespace kin
