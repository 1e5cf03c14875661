// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

/// Never needs parentheses; a function may (dialect::function_pattern).
bool is_atom(sql_operator o) noexcept {
    switch (o) {
    case op::column:
    case op::bind:
    case op::late_bind:
    case op::null:
    case op::star:
    case op::wrapped:
    case op::json_value: return true;
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

bool statement_writer::stands_alone(const expression::item& i) const {
    if (i.op != op::function) return is_atom(i.op);
    const std::string_view pattern = dialect_.function_pattern(i.text);
    return pattern.empty() || pattern.ends_with(')');
}

void statement_writer::operand(const task& t) {
    const bool is_plain = t.tree->items()[t.index].op == op::exact_order && dialect_.decimal_order().empty();
    if (is_plain) return operand(child(t, t.index - 1));
    if (stands_alone(t.tree->items()[t.index])) {
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
    const std::uint32_t first = children_of(t);
    if (const std::string_view pattern = dialect_.function_pattern(f->name); !pattern.empty()) {
        function_by_pattern(t, pattern, first);
    } else {
        text(dialect_.function_name(f->name));
        text("(");
        for (std::uint32_t n = 0; n < i.arity; ++n) {
            if (n != 0) text(", ");
            pending_.push_back(child(t, terms_[first + n]));
        }
        text(")");
    }
    terms_.resize(first);
}

void statement_writer::function_by_pattern(const task& t, std::string_view pattern, std::uint32_t first) {
    for (std::size_t mark = pattern.find('{'); mark != std::string_view::npos; mark = pattern.find('{')) {
        text(pattern.substr(0, mark));
        const auto n = static_cast<std::uint32_t>(pattern[mark + 1] - '1');
        if (first + n < terms_.size())
            operand(child(t, terms_[first + n]));
        else
            text("0");
        pattern.remove_prefix(mark + 3);
    }
    text(pattern);
}

namespace {

/// Up to so many values of a list have a placeholder each; a longer one is one array, so that the text does not depend on its length.
constexpr std::size_t most_listed = 16;

/// Whether array_text() of such values compares with the operand as they do.
bool may_be_array_for(const expression::item& tested, cell_kind kind) noexcept {
    if (tested.op != op::column) return true;
    const column& c = *tested.column;
    return !c.type.fixed_length && c.type.cell() == kind && c.type_words.empty();
}

} // namespace

/// The values of a list as one array, where that pays and the dialect can have it.
bool statement_writer::listed_as_array(const task& t, const expression::item& tested,
                                       std::span<const std::uint32_t> values) {
    if (values.size() <= most_listed) return false;
    const auto& items = t.tree->items();
    const cell_kind kind = items[values.front()].bound.view().kind;
    if (!dialect_.takes_array_of(kind) || !may_be_array_for(tested, kind)) return false;
    std::vector<cell> cells;
    cells.reserve(values.size());
    for (const std::uint32_t v : values) {
        const cell c = items[v].bound.view();
        if (items[v].op != op::bind || c.kind != kind) return false;
        cells.push_back(c);
    }
    std::optional<std::string> text = dialect_.array_text(cells);
    if (!text) return false;
    task array;
    array.kind = task_kind::array;
    array.op = items[t.index].op;
    array.index = static_cast<std::uint32_t>(arrays_.size());
    arrays_.push_back({value(std::string_view(*text)), kind});
    pending_.push_back(array);
    return true;
}

void statement_writer::array(const task& t) {
    array_parameter& a = arrays_[t.index];
    parameters_.push_back(std::move(a.text));
    dialect_.in_array(out_, last_placeholder(), a.kind, t.op == op::not_in);
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
        if (!listed_as_array(t, items[tested.index], values)) {
            text(negated ? " NOT IN (" : " IN (");
            for (std::size_t k = 0; k < values.size(); ++k) {
                if (k != 0) text(", ");
                operand(child(t, values[k]));
            }
            text(")");
        }
        if (has_null) text(negated ? " AND " : " OR ");
    }
    if (has_null) {
        operand(tested);
        text(negated ? " IS NOT NULL" : " IS NULL");
        if (has_values) text(")");
    }
}

} // namespace kin
