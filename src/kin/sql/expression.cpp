// SPDX-License-Identifier: MIT
#include "kin/sql/expression.hpp"

#include <cassert>
#include <iterator>

#include "kin/sql/function_list.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

namespace {

bool is_chain(sql_operator op) noexcept {
    return op == sql_operator::logical_and || op == sql_operator::logical_or;
}

expression::item operator_item(sql_operator op, std::uint32_t arity) {
    expression::item i;
    i.op = op;
    i.arity = arity;
    return i;
}

} // namespace

expression::expression() noexcept = default;
expression::expression(const expression& other) = default;
expression::expression(expression&& other) noexcept = default;
expression& expression::operator=(const expression& other) = default;
expression& expression::operator=(expression&& other) noexcept = default;
expression::~expression() = default;

expression expression::of_column(const kin::column& c, std::uint8_t level, std::uint16_t occurrence) {
    item i = operator_item(sql_operator::column, 0);
    i.level = level;
    i.occurrence = occurrence;
    i.column = &c;
    expression e;
    e.items_.push_back(std::move(i));
    return e;
}

expression expression::of_items(std::vector<item> items) {
    expression e;
    e.items_ = std::move(items);
    return e;
}

expression expression::of_value(value v) {
    item i = operator_item(sql_operator::bind, 0);
    i.bound = std::move(v);
    expression e;
    e.items_.push_back(std::move(i));
    return e;
}

expression expression::of_late_value(std::shared_ptr<const late_value> v) {
    item i = operator_item(sql_operator::late_bind, 0);
    i.late = std::move(v);
    expression e;
    e.items_.push_back(std::move(i));
    return e;
}

expression expression::of_star() {
    expression e;
    e.items_.push_back(operator_item(sql_operator::star, 0));
    return e;
}

expression expression::exists(std::shared_ptr<const select_statement> subquery) {
    item i = operator_item(sql_operator::exists, 0);
    i.subquery = std::move(subquery);
    expression e;
    e.items_.push_back(std::move(i));
    return e;
}

expression expression::in_select(expression operand, std::shared_ptr<const select_statement> subquery) {
    assert(!operand.empty());
    return in_select(std::vector{std::move(operand)}, std::move(subquery));
}

expression expression::in_select(std::vector<expression> operands,
                                 std::shared_ptr<const select_statement> subquery) {
    assert(!operands.empty());
    item i = operator_item(sql_operator::in_select, static_cast<std::uint32_t>(operands.size()));
    i.subquery = std::move(subquery);
    expression e;
    for (expression& operand : operands) e.append(std::move(operand));
    e.items_.push_back(std::move(i));
    return e;
}

expression expression::unary(sql_operator op, expression operand) {
    assert(!operand.empty());
    operand.items_.push_back(operator_item(op, 1));
    return operand;
}

expression expression::wrapped(std::string_view sql, expression operand) {
    expression e = unary(sql_operator::wrapped, std::move(operand));
    e.items_.back().text = std::string(sql);
    return e;
}

expression expression::json_value(expression operand, std::string path, type_kind as) {
    expression e = unary(sql_operator::json_value, std::move(operand));
    e.items_.back().text = std::move(path);
    e.items_.back().as = as;
    return e;
}

expression expression::binary(sql_operator op, expression left, expression right) {
    assert(!left.empty() && !right.empty());
    std::uint32_t arity = 2;
    if (is_chain(op)) {
        expression chain;
        arity = chain.append_term(op, std::move(left));
        arity += chain.append_term(op, std::move(right));
        left = std::move(chain);
    } else {
        left.append(std::move(right));
    }
    left.items_.push_back(operator_item(op, arity));
    return left;
}

expression expression::nary(sql_operator op, std::vector<expression> operands) {
    expression e;
    std::uint32_t arity = 0;
    for (expression& operand : operands) {
        assert(!operand.empty());
        arity += e.append_term(is_chain(op) ? op : sql_operator::null, std::move(operand));
    }
    if (is_chain(op) && arity <= 1) return e;
    e.items_.push_back(operator_item(op, arity));
    return e;
}

expression expression::call(std::string_view function, std::vector<expression> arguments) {
    if (find_function(function) == nullptr) refuse_unknown_function(function);
    item i = operator_item(sql_operator::function, static_cast<std::uint32_t>(arguments.size()));
    i.text = std::string(function);
    expression e;
    for (expression& argument : arguments) e.append(std::move(argument));
    e.items_.push_back(std::move(i));
    return e;
}

void expression::append(expression&& other) {
    if (items_.empty()) {
        items_ = std::move(other.items_);
        return;
    }
    items_.insert(items_.end(), std::make_move_iterator(other.items_.begin()),
                  std::make_move_iterator(other.items_.end()));
    other.items_.clear();
}

/// Returns how many terms `term` brought into the chain of `op`: its own when it is such a chain, else 1.
std::uint32_t expression::append_term(sql_operator op, expression&& term) {
    std::uint32_t terms = 1;
    if (is_chain(op) && term.items_.back().op == op) {
        terms = term.items_.back().arity;
        term.items_.pop_back();
    }
    append(std::move(term));
    return terms;
}

predicate operator&&(predicate left, predicate right) {
    if (left.empty()) return right;
    if (right.empty()) return left;
    return predicate(expression::binary(sql_operator::logical_and, std::move(left), std::move(right)));
}

predicate operator||(predicate left, predicate right) {
    if (left.empty()) return right;
    if (right.empty()) return left;
    return predicate(expression::binary(sql_operator::logical_or, std::move(left), std::move(right)));
}

predicate operator!(predicate operand) {
    if (operand.empty()) return operand;
    return predicate(expression::unary(sql_operator::logical_not, std::move(operand)));
}

} // namespace kin
