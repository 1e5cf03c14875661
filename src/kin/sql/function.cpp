// SPDX-License-Identifier: MIT
#include "kin/sql/function.hpp"

#include <string>

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

} // namespace kin
