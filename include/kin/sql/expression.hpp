// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory> // std::shared_ptr: subqueries and late values are shared by copies of an expression
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/schema/table.hpp"

namespace kin {

struct select_statement;
class operand_base;

enum class sql_operator : std::uint8_t {
    column,    // leaf: a column of a table in scope
    bind,      // leaf: a value
    late_bind, // leaf: a value asked for when the statement is compiled, e.g. the key of a pending object
    null,      // leaf: NULL
    star,      // leaf: * inside count(*)
    equal,
    not_equal, // arity 2; with a NULL value on one side rendered as IS (NOT) NULL
    less,
    less_equal,
    greater,
    greater_equal, // arity 2
    logical_and,
    logical_or,  // arity 2 and more: chains of one operator are flattened; rendered as a balanced tree
    logical_not, // arity 1
    like,
    not_like, // arity 2; rendered with ESCAPE '\'
    in,
    not_in, // arity 1 + n; n == 0 renders as false / true; a NULL among them becomes IS (NOT) NULL
    between,
    not_between, // arity 3
    is_null,
    is_not_null, // arity 1
    add,
    subtract,
    multiply,
    divide,
    modulo,
    concat,      // arity 2
    negate,      // arity 1
    function,    // arity n; `text` is the function's name, from kin's own list
    distinct,    // arity 1, only as a function's argument
    exists,      // leaf: EXISTS (subquery)
    in_select,   // arity 1 and more: operand IN (subquery), (operand, operand) IN (subquery)
    exact_order, // arity 1: a decimal where its order counts; dialect::decimal_order writes what makes the order that of numbers
    wrapped,     // arity 1: `text` is SQL with a ? for the operand (column_type::sql_write)
    json_value,  // arity 1: the value at a path of a document; `text` is the path, `as` what it is read as
    in_array, // arity 2: column, value that is an array of its kind (dialect::array_text); dialect::in_array writes it
};

/// A value that is known only when the statement is compiled.
class late_value {
public:
    virtual ~late_value() = default;
    /// Throws: state_error when there is still no value.
    [[nodiscard]] virtual value get() const = 0;
};

/// A SQL expression: a plain value, a flat list of items in postfix order, so building, copying and destroying never
/// recurse, however deep it is. Typed fronts (`attribute`, `sql_expression<T>`) make only expressions that type-check.
class expression {
public:
    struct item {
        sql_operator op = sql_operator::null;
        /// json_value: what is asked for, text, integer, real, boolean or json.
        type_kind as = type_kind::text;
        /// column: how many enclosing SELECTs to skip before looking for the table (correlated subqueries). 0: innermost first.
        std::uint8_t level = 0;
        /// column: which appearance of its table in the SELECT that is found, in the order FROM, JOIN, JOIN ... 0: the first. From
        /// first_apart on: of those that stand apart (join_clause::apart).
        std::uint16_t occurrence = 0;
        std::uint32_t arity = 0;
        const kin::column* column = nullptr;
        value bound = {};
        std::string text = {};
        std::shared_ptr<const select_statement> subquery = {};
        std::shared_ptr<const late_value> late = {};
    };

    static constexpr std::uint16_t first_apart = 0x8000;

    // Here and below: written in the .cpp, so that a program that uses an expression does not compile all that it is made of.
    expression() noexcept;
    expression(const expression& other);
    expression(expression&& other) noexcept;
    expression& operator=(const expression& other);
    expression& operator=(expression&& other) noexcept;
    ~expression();
    [[nodiscard]] static expression of_column(const kin::column& c, std::uint8_t level = 0,
                                              std::uint16_t occurrence = 0);
    /// Of items in the order in which items() gives them.
    [[nodiscard]] static expression of_items(std::vector<item> items);
    [[nodiscard]] static expression of_value(value v);
    [[nodiscard]] static expression of_late_value(std::shared_ptr<const late_value> v);
    [[nodiscard]] static expression of_star();
    [[nodiscard]] static expression exists(std::shared_ptr<const select_statement> subquery);
    [[nodiscard]] static expression in_select(expression operand,
                                              std::shared_ptr<const select_statement> subquery);
    /// ... of several operands, one for each column of the subquery.
    [[nodiscard]] static expression in_select(std::vector<expression> operands,
                                              std::shared_ptr<const select_statement> subquery);
    [[nodiscard]] static expression unary(sql_operator op, expression operand);
    /// `sql` is SQL of the programmer, with a ? for the operand.
    [[nodiscard]] static expression wrapped(std::string_view sql, expression operand);
    /// The value at `path` (json_path.hpp) of the document `operand`.
    [[nodiscard]] static expression json_value(expression operand, std::string path, type_kind as);
    [[nodiscard]] static expression binary(sql_operator op, expression left, expression right);
    /// An AND or OR takes the terms of operands that are chains of the same operator. Appending to an rvalue chain costs what the
    /// new term costs.
    [[nodiscard]] static expression nary(sql_operator op, std::vector<expression> operands);
    /// Throws: compile_error (unknown_function) when kin's list (src/kin/sql/function.cpp) does not have `function`.
    [[nodiscard]] static expression call(std::string_view function, std::vector<expression> arguments);

    [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
    [[nodiscard]] const std::vector<item>& items() const noexcept { return items_; }

private:
    void append(expression&& other);
    std::uint32_t append_term(sql_operator op, expression&& term);
    std::vector<item> items_;
};

/// An expression that is a condition: what where(), having() and any() take. An empty one is "no condition": joined with
/// another by && or || it gives that other one, so conditions can be collected in a loop.
class predicate : public expression {
public:
    predicate() = default;
    explicit predicate(expression e) : expression(std::move(e)) {}
    /// A column or a bool is no condition; this is here to say so.
    template <class T>
        requires(std::is_same_v<T, bool> || std::is_base_of_v<operand_base, T>)
    predicate(const T&) {
        static_assert(is_condition<T>, "kin: a condition is expected here, and this is a column or a bool; "
                                       "write kin::col<&User::name> == \"John\"");
    }

private:
    template <class T> static constexpr bool is_condition = false;
};
[[nodiscard]] predicate operator&&(predicate left, predicate right);
[[nodiscard]] predicate operator||(predicate left, predicate right);
[[nodiscard]] predicate operator!(predicate operand);

enum class sort_direction : std::uint8_t { ascending, descending };
/// One term of ORDER BY.
struct order_term {
    expression by;
    sort_direction direction = sort_direction::ascending;
};

} // namespace kin
