// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

#include "kin/sql/function_list.hpp"
#include "kin/sql/statement_writer.hpp"

namespace kin {

namespace {

using op = sql_operator;

std::string_view infix(sql_operator o) noexcept {
    switch (o) {
    case op::equal: return " = ";
    case op::not_equal: return " <> ";
    case op::less: return " < ";
    case op::less_equal: return " <= ";
    case op::greater: return " > ";
    case op::greater_equal: return " >= ";
    case op::like: return " LIKE ";
    case op::not_like: return " NOT LIKE ";
    case op::add: return " + ";
    case op::subtract: return " - ";
    case op::multiply: return " * ";
    case op::divide: return " / ";
    case op::modulo: return " % ";
    case op::concat: return " || ";
    default: return {};
    }
}

/// Never needs parentheses.
bool is_atom(sql_operator o) noexcept {
    switch (o) {
    case op::column:
    case op::bind:
    case op::late_bind:
    case op::null:
    case op::star:
    case op::wrapped:
    case op::json_value:
    case op::function: return true;
    default: return false;
    }
}

bool is_calculation(sql_operator o) noexcept {
    switch (o) {
    case op::add:
    case op::subtract:
    case op::multiply:
    case op::divide:
    case op::modulo:
    case op::negate: return true;
    default: return false;
    }
}

/// Functions of integers whose result is an integer; count and length are integers whatever they are given.
bool keeps_integers(std::string_view function) noexcept {
    return function == "abs" || function == "coalesce" || function == "max" || function == "min" ||
           function == "sum";
}

bool is_integer_leaf(const expression::item& i) noexcept {
    switch (i.op) {
    case op::column: return i.column->type.cell() == cell_kind::integer;
    case op::bind: return i.bound.view().kind == cell_kind::integer;
    case op::function: return i.text == "count" || i.text == "length";
    default: return false;
    }
}

/// Which items of an expression are integers. Children come before their parents, so one walk is enough, however deep they are.
std::vector<bool> integer_items(const expression& e) {
    std::vector<bool> integers;
    std::vector<bool> open; // those whose parent is still to come
    for (const expression::item& i : e.items()) {
        const auto first = open.end() - static_cast<std::ptrdiff_t>(i.arity);
        const bool all = std::all_of(first, open.end(), [](bool b) { return b; });
        const bool keeps = is_calculation(i.op) || (i.op == op::function && keeps_integers(i.text));
        const bool is_integer = is_integer_leaf(i) || (keeps && i.arity != 0 && all);
        open.erase(first, open.end());
        open.push_back(is_integer);
        integers.push_back(is_integer);
    }
    return integers;
}

} // namespace

bool statement_writer::is_null_value(const expression::item& i) {
    return i.op == op::null || (i.op == op::bind && i.bound.is_null()) ||
           (i.op == op::late_bind && i.late->get().is_null());
}

void statement_writer::operand(const task& t) {
    const bool is_plain = t.tree->items()[t.index].op == op::exact_order && dialect_.decimal_order().empty();
    if (is_plain) return operand(child(t, t.index - 1));
    if (is_atom(t.tree->items()[t.index].op)) {
        pending_.push_back(t);
        return;
    }
    text("(");
    pending_.push_back(t);
    text(")");
}

void statement_writer::unary(const task& t, std::string_view before, std::string_view after) {
    text(before);
    operand(child(t, t.index - 1));
    text(after);
}

void statement_writer::binary(const task& t, std::string_view after) {
    const sql_operator operation = t.tree->items()[t.index].op;
    std::string_view words = infix(operation);
    assert(!words.empty());
    const std::uint32_t right = t.index - 1;
    const std::uint32_t left = child_before(t, right);
    if (operation == op::divide) {
        const std::vector<bool> integers = integer_items(*t.tree);
        if (integers[left] && integers[right]) words = dialect_.integer_division();
    }
    operand(child(t, left));
    text(words);
    operand(child(t, right));
    text(after);
}

void statement_writer::equality(const task& t) {
    const auto& items = t.tree->items();
    const std::uint32_t right = t.index - 1;
    const std::uint32_t left = child_before(t, right);
    const bool right_is_null = is_null_value(items[right]);
    if (!right_is_null && !is_null_value(items[left])) return binary(t);
    // `c = NULL` is never true in SQL.
    const std::uint32_t other = right_is_null ? left : right;
    if (is_null_value(items[other]))
        text("NULL");
    else
        operand(child(t, other));
    text(items[t.index].op == op::equal ? " IS NULL" : " IS NOT NULL");
}

void statement_writer::logical_not(const task& t) {
    const task inner = child(t, t.index - 1);
    if (t.tree->items()[inner.index].op == op::exists) {
        text("NOT ");
        pending_.push_back(inner);
        return;
    }
    text("NOT (");
    pending_.push_back(inner);
    text(")");
}

void statement_writer::between(const task& t) {
    const std::uint32_t high = t.index - 1;
    const std::uint32_t low = child_before(t, high);
    operand(child(t, child_before(t, low)));
    text(t.tree->items()[t.index].op == op::between ? " BETWEEN " : " NOT BETWEEN ");
    operand(child(t, low));
    text(" AND ");
    operand(child(t, high));
}

void statement_writer::function(const task& t) {
    const expression::item& i = t.tree->items()[t.index];
    const sql_function* f = find_function(i.text);
    if (f == nullptr) refuse_unknown_function(i.text);
    text(dialect_.function_name(f->name));
    text("(");
    const std::uint32_t first = children_of(t);
    for (std::uint32_t n = 0; n < i.arity; ++n) {
        if (n != 0) text(", ");
        pending_.push_back(child(t, terms_[first + n]));
    }
    terms_.resize(first);
    text(")");
}

/// IN and NOT IN. `c IN (NULL)` and `c NOT IN (1, NULL)` are never true in SQL, so a NULL is asked for by IS NULL.
void statement_writer::list(const task& t) {
    const auto& items = t.tree->items();
    const bool negated = items[t.index].op == op::not_in;
    const std::uint32_t first = children_of(t);
    const task tested = child(t, terms_[first]);
    std::vector<std::uint32_t> values;
    for (std::size_t k = first + 1; k < terms_.size(); ++k) {
        if (!is_null_value(items[terms_[k]])) values.push_back(terms_[k]);
    }
    const bool has_values = !values.empty();
    const bool has_null = values.size() + 1 < items[t.index].arity;
    terms_.resize(first);
    if (!has_values && !has_null) return text(negated ? "1 = 1" : "1 = 0");

    if (has_values) {
        if (has_null) text("(");
        operand(tested);
        text(negated ? " NOT IN (" : " IN (");
        for (std::size_t k = 0; k < values.size(); ++k) {
            if (k != 0) text(", ");
            operand(child(t, values[k]));
        }
        text(")");
        if (has_null) text(negated ? " AND " : " OR ");
    }
    if (has_null) {
        operand(tested);
        text(negated ? " IS NOT NULL" : " IS NULL");
        if (has_values) text(")");
    }
}

} // namespace kin
