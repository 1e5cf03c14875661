// SPDX-License-Identifier: MIT
#include <cassert>

#include "kin/sql/statement_writer.hpp"

namespace kin {

/// Finds where the subtree of every item starts: the children of an item end one before it, one before the start of
/// the child after them, and so on.
std::size_t statement_writer::layout_of(const expression& e) {
    const std::size_t layout = starts_.size();
    const auto& items = e.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto start = static_cast<std::uint32_t>(i);
        for (std::uint32_t n = items[i].arity; n != 0; --n) start = starts_[layout + start - 1];
        starts_.push_back(start);
    }
    return layout;
}

void statement_writer::expression_of(const expression& e, std::uint32_t depth) {
    if (e.empty()) return;
    task t;
    t.kind = task_kind::node;
    t.tree = &e;
    t.layout = layout_of(e);
    t.index = static_cast<std::uint32_t>(e.items().size() - 1);
    t.depth = depth;
    pending_.push_back(t);
}

std::uint32_t statement_writer::child_before(const task& t, std::uint32_t child) const {
    return starts_[t.layout + child] - 1;
}

statement_writer::task statement_writer::child(const task& t, std::uint32_t position) const {
    task c = t;
    c.kind = task_kind::node;
    c.index = position;
    ++c.depth;
    return c;
}

/// Appends the children, in reading order, to terms_. Returns where they start.
std::uint32_t statement_writer::children_of(const task& t) {
    const std::uint32_t arity = t.tree->items()[t.index].arity;
    const auto first = static_cast<std::uint32_t>(terms_.size());
    terms_.resize(first + arity);
    std::uint32_t end = t.index; // one past the child that comes next
    for (std::uint32_t n = arity; n != 0; --n) {
        terms_[first + n - 1] = end - 1;
        end = starts_[t.layout + end - 1];
    }
    return first;
}

void statement_writer::node(const task& t) {
    using op = sql_operator;
    if (t.depth > depth_) depth_ = t.depth;
    const expression::item& i = t.tree->items()[t.index];
    switch (i.op) {
    case op::column:
    case op::bind:
    case op::late_bind:
    case op::null:
    case op::star: return leaf(i);
    case op::equal:
    case op::not_equal: return equality(t);
    case op::logical_and:
    case op::logical_or: return chain_of(t);
    case op::logical_not: return logical_not(t);
    case op::like:
    case op::not_like: return binary(t, " ESCAPE '\\'");
    case op::in:
    case op::not_in: return list(t);
    case op::between:
    case op::not_between: return between(t);
    case op::is_null: return unary(t, {}, " IS NULL");
    case op::is_not_null: return unary(t, {}, " IS NOT NULL");
    case op::negate: return unary(t, "-", {});
    case op::distinct: return unary(t, "DISTINCT ", {});
    case op::function: return function(t);
    case op::exists: return subquery(t, *i.subquery, "EXISTS (");
    case op::in_select: row(t); return subquery(t, *i.subquery, " IN (");
    case op::in_array: return array_list(t);
    case op::exact_order: return unary(t, {}, dialect_.decimal_order());
    case op::wrapped: return wrapped(t);
    case op::json_value: return json_value(t);
    default: return binary(t);
    }
}

void statement_writer::leaf(const expression::item& i) {
    using op = sql_operator;
    switch (i.op) {
    case op::column: return column_name(i);
    case op::bind: return parameter(i.bound);
    case op::late_bind: return parameter(i.late->get());
    case op::star: out_ += '*'; return;
    default: out_ += "NULL"; return;
    }
}

void statement_writer::column_name(const expression::item& i) {
    const std::string_view table = scopes_.qualifier(*i.column, i.level, i.occurrence);
    if (!table.empty()) {
        out_ += table;
        out_ += '.';
    }
    identifier(i.column->name);
}

void statement_writer::parameter(value v) {
    parameters_.push_back(std::move(v));
    dialect_.placeholder(out_, last_placeholder());
}

void statement_writer::array_list(const task& t) {
    const auto& items = t.tree->items();
    const expression::item& array = items[t.index - 1];
    const expression::item& tested = items[child_before(t, t.index - 1)];
    assert(array.op == sql_operator::bind && tested.op == sql_operator::column);
    column_name(tested);
    parameters_.push_back(array.bound);
    dialect_.in_array(out_, last_placeholder(), tested.column->type.cell(), false);
}

/// The operands as one row.
void statement_writer::row(const task& t) {
    const std::uint32_t arity = t.tree->items()[t.index].arity;
    if (arity == 1) return operand(child(t, t.index - 1));
    const std::uint32_t first = children_of(t);
    for (std::uint32_t n = 0; n < arity; ++n) {
        text(n == 0 ? "(" : ", ");
        operand(child(t, terms_[first + n]));
    }
    text(")");
    terms_.resize(first);
}

void statement_writer::subquery(const task& t, const select_statement& s, std::string_view before) {
    text(before);
    task inner;
    inner.kind = task_kind::select;
    inner.query = &s;
    inner.purpose = t.tree->items()[t.index].op == sql_operator::exists ? select_purpose::existence
                                                                        : select_purpose::stored_rows;
    inner.depth = t.depth + 1;
    pending_.push_back(inner);
    text(")");
}

} // namespace kin
