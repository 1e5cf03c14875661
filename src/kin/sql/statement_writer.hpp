// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/expression.hpp"
#include "kin/sql/scope.hpp"
#include "kin/sql/select.hpp"

namespace kin {

/// What a SELECT is written for.
enum class select_purpose : std::uint8_t {
    rows,        // columns as they are read
    stored_rows, // ... as they are stored: for the statement itself
    count,       // count(*) in place of the columns, no ORDER BY
    existence,   // 1 where the columns do not matter, no ORDER BY
    counted_rows, // as existence; columns that matter get names, since a derived table may not have two of the same name
};

/// Writes one statement. Keeps a list of what is still to be written instead of calling itself, so that no expression is
/// too deep for a small thread stack. Used once, by one thread; statement and dialect must outlive it.
class statement_writer {
public:
    /// `placeholders_before`: of the text that what is written becomes a part of.
    explicit statement_writer(const dialect& d, std::size_t placeholders_before = 0)
        : dialect_(d),
          scopes_(d),
          placeholders_before_(placeholders_before) {}

    // What is written next, in reading order.
    void text(std::string_view words);
    void identifier(std::string_view name) { dialect_.quote(out_, name); }
    void table_name(const table& t) { dialect_.quote_table(out_, t.qualified()); }
    void select(const select_statement& s, select_purpose purpose = select_purpose::rows);
    void expression_of(const expression& e, std::uint32_t depth = 1);

    /// Writes all that is listed.
    void run();
    [[nodiscard]] std::string& out() noexcept { return out_; }
    [[nodiscard]] scope_stack& scopes() noexcept { return scopes_; }
    /// Throws: compile_error (query_too_deep, too_many_parameters).
    [[nodiscard]] compiled_statement finish();

private:
    enum class task_kind : std::uint8_t {
        text,
        node,
        chain,
        select,
        select_parts,
        from,
        source,
        column_number,
        limit,
        json_path,
        array,
        leave_scope
    };
    struct task {
        task_kind kind = task_kind::text;
        select_purpose purpose = select_purpose::rows;
        sql_operator op = sql_operator::null; // chain, array
        std::uint32_t index =
            0; // node, json_path: the item; chain: the first term; source, column_number, array: which
        std::uint32_t last = 0; // chain: one past the last term
        std::uint32_t depth = 0;
        const expression* tree = nullptr; // node, json_path, chain
        std::size_t layout = 0;           // node, chain: where the tree's starts are in starts_
        const select_statement* query = nullptr;
        std::string_view words = {};
    };
    void write(const task& t);

    // expression_writer.cpp
    [[nodiscard]] std::size_t layout_of(const expression& e);
    [[nodiscard]] std::uint32_t child_before(const task& t, std::uint32_t child) const;
    [[nodiscard]] task child(const task& t, std::uint32_t index) const;
    [[nodiscard]] std::uint32_t children_of(const task& t);
    void node(const task& t);
    void leaf(const expression::item& i);
    void column_name(const expression::item& i);
    void parameter(value v);
    void array_list(const task& t);
    void row(const task& t);
    void subquery(const task& t, const select_statement& s, std::string_view before);

    // operator_writer.cpp
    [[nodiscard]] static bool is_null_value(const expression::item& i);
    void operand(const task& t);
    /// Whether it needs no parentheses as an operand.
    [[nodiscard]] bool stands_alone(const expression::item& i) const;
    void unary(const task& t, std::string_view before, std::string_view after);
    void binary(const task& t, std::string_view after = {});
    void equality(const task& t);
    void logical_not(const task& t);
    void between(const task& t);
    void function(const task& t);
    void function_by_pattern(const task& t, std::string_view pattern, std::uint32_t first);
    void list(const task& t);
    [[nodiscard]] bool listed_as_array(const task& t, const expression::item& tested,
                                       std::span<const std::uint32_t> values);
    void array(const task& t);

    // value_writer.cpp
    void wrapped(const task& t);
    void json_value(const task& t);
    void json_path(const task& t);
    void selected(const expression& e, std::uint32_t depth);

    // chain_writer.cpp
    void chain_of(const task& t);
    void chain(const task& t);
    void chain_term(const task& t, std::uint32_t term, std::uint32_t depth);

    // select_writer.cpp
    void recursion(const task& t);
    void select_parts(const task& t);
    void columns(const select_statement& s, select_purpose purpose, std::uint32_t depth);
    void from(const task& t);
    void rows_of(const select_statement& s, std::uint32_t depth);
    void source(std::uint32_t position, const select_statement& s);
    void terms(std::string_view words, const std::vector<expression>& list, std::uint32_t depth);
    void order(const select_statement& s, std::uint32_t depth);
    void limit(const select_statement& s);

    const dialect& dialect_;
    scope_stack scopes_;
    std::string out_;
    struct array_parameter {
        value text;
        cell_kind kind;
    };
    /// The number of the placeholder for the last one of parameters_.
    [[nodiscard]] std::size_t last_placeholder() const noexcept {
        return placeholders_before_ + parameters_.size();
    }

    std::size_t placeholders_before_;
    std::vector<value> parameters_;
    std::vector<array_parameter> arrays_; // that tasks will write
    std::vector<std::size_t> json_paths_; // the numbers of the parameters that are paths
    std::vector<task> tasks_;             // the next one last
    std::vector<task> pending_;           // what the current task lists, in reading order
    std::vector<std::uint32_t> starts_;   // per item of every listed tree: where its subtree starts
    std::vector<std::uint32_t> terms_;    // the terms of chains, as item positions
    std::uint32_t depth_ = 0;             // of the deepest node so far
};

} // namespace kin
