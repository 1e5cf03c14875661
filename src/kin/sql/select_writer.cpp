// SPDX-License-Identifier: MIT
#include <limits>

#include "kin/sql/function_list.hpp"
#include "kin/sql/recursive_rows.hpp"
#include "kin/sql/refuse.hpp"
#include "kin/sql/statement_writer.hpp"

namespace kin {

namespace {

/// Whether other columns would give other rows or another number of them.
bool columns_matter(const select_statement& s) {
    if (s.distinct) return true;
    if (!s.group_by.empty()) return false;
    for (const expression& e : s.columns) {
        if (has_aggregate(e)) return true;
    }
    return false;
}

value bounded(std::uint64_t n, std::string_view what) {
    if (n > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        refuse("limit_out_of_range",
               std::string(what) + " of " + std::to_string(n) +
                   " is larger than 9223372036854775807, the largest that a database takes");
    }
    return value(cell::of_integer(static_cast<std::int64_t>(n)));
}

} // namespace

void statement_writer::select(const select_statement& s, select_purpose purpose) {
    task t;
    t.kind = task_kind::select;
    t.query = &s;
    t.purpose = purpose;
    pending_.push_back(t);
}

/// WITH RECURSIVE, and then the SELECT: neither sees the other's tables.
void statement_writer::recursion(const task& t) {
    const recursive_rows& r = *t.query->recursive;
    if (!dialect_.supports(feature::recursive_queries)) {
        refuse("unsupported_feature", std::string(dialect_.name()) +
                                          " has no recursive queries, which conditions on trees need; ask "
                                          "dialect::supports(feature::recursive_queries) before");
    }
    out_ += "WITH RECURSIVE ";
    identifier(r.rows->name());
    std::string_view before = " (";
    for (const column& c : r.rows->columns()) {
        out_ += before;
        before = ", ";
        identifier(c.name);
    }
    task part = t;
    part.purpose = select_purpose::stored_rows;
    ++part.depth;
    text(") AS (");
    part.query = &r.start;
    pending_.push_back(part);
    text(" UNION ");
    part.query = &r.step;
    pending_.push_back(part);
    text(") ");
    task rest = t;
    rest.kind = task_kind::select_parts;
    pending_.push_back(rest);
}

void statement_writer::select_parts(const task& t) {
    const select_statement& s = *t.query;
    const std::uint32_t depth = t.depth + 1;
    scopes_.enter();
    if (s.from != nullptr) scopes_.add(*s.from);
    for (const join_clause& join : s.joins) scopes_.add(*join.target, join.apart);

    columns(s, t.purpose, depth);
    task tables;
    tables.kind = task_kind::from;
    tables.query = &s;
    tables.depth = depth;
    pending_.push_back(tables);
    if (!s.where.empty()) text(" WHERE ");
    expression_of(s.where, depth);
    terms(" GROUP BY ", s.group_by, depth);
    if (!s.having.empty()) text(" HAVING ");
    expression_of(s.having, depth);
    if (t.purpose == select_purpose::rows || t.purpose == select_purpose::stored_rows) order(s, depth);
    if (s.limit || s.offset) {
        task limits;
        limits.kind = task_kind::limit;
        limits.query = &s;
        pending_.push_back(limits);
    }
    task end;
    end.kind = task_kind::leave_scope;
    pending_.push_back(end);
}

void statement_writer::columns(const select_statement& s, select_purpose purpose, std::uint32_t depth) {
    if (purpose == select_purpose::count) return text("SELECT count(*)");
    text(s.distinct ? "SELECT DISTINCT " : "SELECT ");
    const bool gives_rows = purpose == select_purpose::rows || purpose == select_purpose::stored_rows;
    const bool wanted = gives_rows || columns_matter(s);
    if (s.columns.empty() || !wanted) return text("1");
    bool first = true;
    for (const expression& e : s.columns) {
        if (!first) text(", ");
        first = false;
        if (purpose == select_purpose::rows)
            selected(e, depth);
        else
            expression_of(e, depth);
        if (purpose != select_purpose::counted_rows) continue;
        task name;
        name.kind = task_kind::column_number;
        name.index = static_cast<std::uint32_t>(&e - s.columns.data());
        pending_.push_back(name);
    }
}

/// FROM and the joins. Written when their turn comes, while their scope is the innermost.
void statement_writer::from(const task& t) {
    const select_statement& s = *t.query;
    if (s.from == nullptr) return;
    const auto& sources = scopes_.sources();
    for (std::size_t i = 0; i < sources.size(); ++i) {
        task name;
        name.kind = task_kind::source;
        name.query = &s;
        name.index = static_cast<std::uint32_t>(i);
        if (i == 0) {
            text(" FROM ");
            rows_of(s, t.depth);
            pending_.push_back(name);
            continue;
        }
        const join_clause& join = s.joins[i - 1];
        text(join.kind == join_kind::inner ? " JOIN " : " LEFT JOIN ");
        pending_.push_back(name);
        text(" ON ");
        if (join.on.empty()) text("1 = 1");
        expression_of(join.on, t.depth);
    }
}

/// The query that stands in place of the table; its name comes next.
void statement_writer::rows_of(const select_statement& s, std::uint32_t depth) {
    if (!s.from_rows) return;
    text("(");
    task inner;
    inner.kind = task_kind::select;
    inner.query = s.from_rows.get();
    inner.depth = depth;
    pending_.push_back(inner);
    text(") AS ");
}

void statement_writer::source(std::uint32_t position, const select_statement& s) {
    const scope_stack::source& named = scopes_.sources()[position];
    const bool is_rows = position == 0 && s.from_rows;
    // A table of a schema is known by its bare name, unless another one in the statement has that too.
    if (named.alias.empty() && !named.table->schema().empty() && !is_rows) return table_name(*named.table);
    if (!named.alias.empty() && !is_rows) {
        table_name(*named.table);
        out_ += " AS ";
    }
    out_ += named.quoted;
}

void statement_writer::terms(std::string_view words, const std::vector<expression>& list,
                             std::uint32_t depth) {
    bool first = true;
    for (const expression& e : list) {
        text(first ? words : ", ");
        first = false;
        expression_of(e, depth);
    }
}

void statement_writer::order(const select_statement& s, std::uint32_t depth) {
    bool first = true;
    for (const order_term& term : s.order_by) {
        text(first ? " ORDER BY " : ", ");
        first = false;
        expression_of(term.by, depth);
        if (term.direction == sort_direction::descending) text(" DESC");
    }
}

void statement_writer::limit(const select_statement& s) {
    const std::size_t first = last_placeholder() + 1;
    if (s.limit) parameters_.push_back(bounded(*s.limit, "a limit"));
    if (s.offset) parameters_.push_back(bounded(*s.offset, "an offset"));
    out_ += ' ';
    dialect_.limit_offset(out_, s.limit.has_value(), s.offset.has_value(), first);
}

} // namespace kin
