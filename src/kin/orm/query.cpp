// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <unordered_set>

#include "bound_values.hpp"
#include "cell_text.hpp"
#include "compiled_rows.hpp"
#include "entity_select.hpp"
#include "joined_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/base/located.hpp"
#include "kin/base/utf8.hpp"
#include "kin/orm/entity_query.hpp"
#include "kin/orm/row_query.hpp"
#include "kin/sql/compiler.hpp"
#include "loading.hpp"
#include "peer_group.hpp"
#include "peer_loader.hpp"
#include "session_core.hpp"
#include "value_guard.hpp"

/// How queries run: compile, send, load, and load what was asked for beside.
namespace kin::detail {

compiled_statement compile_raw(const dialect& d, const std::string& sql,
                               const std::vector<std::pair<std::string, value>>& binds) {
    std::vector<named_value> named;
    named.reserve(binds.size());
    for (const auto& [name, v] : binds) named.emplace_back(name, v);
    return compile_text(d, sql, std::span<const named_value>(named));
}

std::vector<std::size_t> columns_by_name(const mapper& m, const cursor& rows, const std::string& sql) {
    std::vector<std::size_t> columns;
    for (const property& p : m.properties()) {
        std::size_t at = 0;
        while (at < rows.column_count() && rows.column_name(at) != p.column->name) ++at;
        if (at == rows.column_count()) {
            throw compile_error({.code = "result_shape",
                                 .message = "from_sql: the statement gives no column " + p.column->name +
                                            ", which " + m.class_name() + "." + p.name +
                                            " needs; select all columns of " + m.table().name() + " (" +
                                            m.table().name() + ".*)",
                                 .sql = sql,
                                 .table = m.table().name(),
                                 .column = p.column->name});
        }
        columns.push_back(at);
    }
    return columns;
}

void require_columns(const cursor& rows, std::size_t wanted, const std::string& sql) {
    if (rows.column_count() == wanted) return;
    throw compile_error({.code = "result_shape",
                         .message = "the statement gives " + std::to_string(rows.column_count()) +
                                    " columns, but the program asks for " + std::to_string(wanted) +
                                    " values; name one type for each column in sql<...>()",
                         .sql = sql});
}

void hand_row(cursor& rows, std::span<const cell_kind> kinds, cell* cells, row_sink& sink, std::uint64_t row,
              const std::string& sql) {
    std::size_t done = rows.read(0, kinds, cells);
    if (done == kinds.size()) done = sink.take(cells);
    if (done == kinds.size()) return;
    const cell stored = rows.read_raw(done);
    throw conversion_error(
        {.code = stored.is_null() ? "unexpected_null" : "conversion_error",
         .message = "column " + std::string(rows.column_name(done)) + " (number " + std::to_string(done + 1) +
                    ") holds " + std::string(kind_name(stored.kind)) + " in row " + std::to_string(row) +
                    ", which does not fit the type that the program asks for" +
                    (stored.is_null() ? "; ask for a std::optional" : ""),
         .sql = sql,
         .column = std::string(rows.column_name(done))});
}

void make_group(session_core& session, const std::vector<node*>& found, const entity_query& q,
                const load_place& place, bool whole_table) {
    if (found.empty()) return;
    if (found.size() < 2 && !place.plan) {
        leave_group(*found.front());
    } else {
        auto group = std::make_unique<peer_group>();
        group->members = found;
        group->whole_table = whole_table;
        group->place = place;
        peer_group& shared = *group.release();
        for (node* n : found) join_group(*n, shared);
    }
    load_at_once(session, found, *q.type, place, {q.type});
}

namespace {

/// What is counted: the rows of the query, without those that inner joins leave out.
select_statement counted(const session_core& session, const entity_query& q) {
    select_statement s = q.statement;
    s.from = &q.type->table();
    const std::shared_ptr<const load_plan> plan = load_plan::of(q);
    if (plan) s.where = std::move(s.where) && has_partners(plan->start);
    return restricted(std::move(s), session.criteria_at({plan}));
}

std::string name_of_query(const entity_query& q) {
    return "the query for " + q.type->class_name() + " objects";
}

} // namespace

std::vector<node*> session_core::run(const entity_query& q, std::uint64_t limit) {
    autoflush({.call = "the query for", .type = q.type});
    std::unordered_set<const node*> replaced;
    const value_guard<std::unordered_set<const node*>*> replacing(replaced_,
                                                                  q.populates_existing ? &replaced : nullptr);
    load_place place{load_plan::of(q)};
    if (place.plan) place.rule = &place.plan->start;
    if (q.raw_sql.empty()) return load_rows(q, place, limit);
    const compiled_statement raw = compile_raw(dialect(), q.raw_sql, q.raw_binds);
    const std::vector<cell> parameters = views_of(raw.parameters);
    std::vector<node*> found;
    {
        cursor rows = reading().open(raw.sql, parameters, q.execution);
        found = load_all(*this, *q.type, rows, limit, columns_by_name(*q.type, rows, raw.sql));
    }
    make_group(*this, found, q, place, false);
    return found;
}

compiled_statement session_core::compile_objects(const entity_query& q, joined_loader& joined,
                                                 const std::vector<table_condition>& criteria,
                                                 std::uint64_t limit) const {
    select_statement s = select_of(*q.type);
    s.where = q.statement.where;
    s.order_by = q.statement.order_by;
    s.limit = q.statement.limit;
    s.offset = q.statement.offset;
    if (limit != no_limit && (!s.limit || *s.limit > limit)) s.limit = limit;
    joined.add_to(s);
    return compile(dialect(), restricted(std::move(s), criteria));
}

std::vector<node*> session_core::load_rows(const entity_query& q, const load_place& place,
                                           std::uint64_t limit) {
    const std::vector<table_condition> criteria = criteria_at(place);
    joined_loader joined(*this, *q.type, place, {q.type}, criteria);
    const compiled_statement compiled = compile_objects(q, joined, criteria, limit);
    const std::vector<cell> parameters = views_of(compiled.parameters);
    std::vector<node*> found;
    {
        cursor rows = reading().open(compiled.sql, parameters, q.execution);
        found = joined.empty() ? load_all(*this, *q.type, rows, limit)
                               : load_joined(*this, *q.type, rows, joined);
    }
    const bool whole_table = q.statement.where.empty() && !q.statement.limit && !q.statement.offset &&
                             criteria.empty() && joined.empty();
    joined.finish(found);
    make_group(*this, found, q, place, whole_table);
    return found;
}

std::int64_t session_core::count(const entity_query& q) {
    if (!q.raw_sql.empty()) return static_cast<std::int64_t>(run(q, no_limit).size());
    autoflush({.call = "count() of the query for", .type = q.type});
    connection& c = reading();
    const compiled_statement compiled = compile_count(dialect(), counted(*this, q));
    const std::vector<cell> parameters = views_of(compiled.parameters);
    cursor rows = c.open(compiled.sql, parameters, q.execution);
    constexpr cell_kind kinds[] = {cell_kind::integer};
    cell n;
    return rows.next() && rows.read(0, kinds, &n) == 1 ? n.integer : 0;
}

bool session_core::exists(const entity_query& q) {
    if (!q.raw_sql.empty()) return !run(q, 1).empty();
    autoflush({.call = "exists() of the query for", .type = q.type});
    connection& c = reading();
    const compiled_statement compiled = compile_exists(dialect(), counted(*this, q));
    const std::vector<cell> parameters = views_of(compiled.parameters);
    cursor rows = c.open(compiled.sql, parameters, q.execution);
    constexpr cell_kind kinds[] = {cell_kind::boolean};
    cell answer;
    return rows.next() && rows.read(0, kinds, &answer) == 1 && answer.integer != 0;
}

compiled_statement session_core::compile_rows(const row_plan& plan) {
    connection& c = reading();
    if (plan.raw_sql.empty()) {
        select_statement s = plan.statement;
        if (plan.limit != no_limit && (!s.limit || *s.limit > plan.limit)) s.limit = plan.limit;
        return compile(dialect(), restricted(std::move(s), criteria_at({})));
    }
    compiled_statement compiled = compile_raw(dialect(), plan.raw_sql, plan.raw_binds);
    if (!c.is_read_only(compiled.sql)) (void)writing_unknown_rows();
    return compiled;
}

void session_core::run(const row_plan& plan, std::span<const cell_kind> kinds, row_sink& sink) {
    autoflush({.call = plan.raw_sql.empty() ? "select()" : "sql()"});
    const compiled_statement compiled = compile_rows(plan);
    const std::vector<cell> parameters = views_of(compiled.parameters);
    cursor rows = reading().open(compiled.sql, parameters, plan.execution);
    require_columns(rows, kinds.size(), compiled.sql);
    std::vector<cell> cells(kinds.size());
    for (std::uint64_t row = 1; row <= plan.limit && rows.next(); ++row)
        hand_row(rows, kinds, cells.data(), sink, row, compiled.sql);
}

std::int64_t session_core::execute(std::string_view text, std::initializer_list<named_value> binds,
                                   const execution_options& options) {
    check_usable();
    autoflush({.call = "execute()"});
    const compiled_statement compiled = compile_text(dialect(), text, binds);
    connection& c = reading();
    if (!c.is_read_only(compiled.sql)) (void)writing_unknown_rows();
    return c.execute(compiled.sql, views_of(compiled.parameters), options);
}

entity_query::entity_query(std::shared_ptr<session_core> s, const mapper& m)
    : session(std::move(s)),
      type(&m) {}
entity_query::entity_query(const entity_query& other) = default;
entity_query::entity_query(entity_query&& other) noexcept = default;
entity_query& entity_query::operator=(const entity_query& other) = default;
entity_query& entity_query::operator=(entity_query&& other) noexcept = default;
entity_query::~entity_query() = default;

void entity_query::add_condition(predicate condition) {
    predicate& all = statement.where;
    all = all.empty() ? std::move(condition) : std::move(all) && std::move(condition);
}
void entity_query::add_order(order_term term) { statement.order_by.push_back(std::move(term)); }
void entity_query::add_option(load_option option) { options.push_back(std::move(option)); }
void entity_query::add_option(class_criteria criterion) { criteria.push_back(std::move(criterion)); }
void entity_query::set_sql(std::string_view sql, std::initializer_list<named_value> binds) {
    raw_sql = sql;
    raw_binds.clear();
    for (const named_value& b : binds) raw_binds.emplace_back(b.first, b.second);
}

std::vector<node*> entity_query::run(std::uint64_t limit, const call_place& where) const {
    return located(where, [&] { return session->run(*this, limit); });
}
std::int64_t entity_query::count(const call_place& where) const {
    return located(where, [&] { return session->count(*this); });
}
bool entity_query::exists(const call_place& where) const {
    return located(where, [&] { return session->exists(*this); });
}

void entity_query::fail_no_result(const call_place& where) const {
    no_result_found wrong({.code = "no_result_found",
                           .message = name_of_query(*this) +
                                      " found no row where one was expected; use one_or_none() or "
                                      "first() when there may be none",
                           .sql = {},
                           .table = type->table().name()});
    wrong.locate(where);
    throw wrong;
}

void entity_query::fail_multiple_results(const call_place& where) const {
    multiple_results_found wrong({.code = "multiple_results_found",
                                  .message = name_of_query(*this) +
                                             " found several rows where one was expected; narrow it "
                                             "down, or use first() with order_by()",
                                  .sql = {},
                                  .table = type->table().name()});
    wrong.locate(where);
    throw wrong;
}

row_plan::row_plan(std::shared_ptr<session_core> s) : session(std::move(s)) {}
row_plan::row_plan(const row_plan& other) = default;
row_plan::row_plan(row_plan&& other) noexcept = default;
row_plan& row_plan::operator=(const row_plan& other) = default;
row_plan& row_plan::operator=(row_plan&& other) noexcept = default;
row_plan::~row_plan() = default;

void row_plan::add_column(expression column) { statement.columns.push_back(std::move(column)); }
void row_plan::add_condition(predicate condition) {
    predicate& all = statement.where;
    all = all.empty() ? std::move(condition) : std::move(all) && std::move(condition);
}
void row_plan::add_group_condition(predicate condition) {
    predicate& all = statement.having;
    all = all.empty() ? std::move(condition) : std::move(all) && std::move(condition);
}
void row_plan::add_group(expression term) { statement.group_by.push_back(std::move(term)); }
void row_plan::add_order(order_term term) { statement.order_by.push_back(std::move(term)); }
void row_plan::add_join(const relationship& r, join_kind kind) {
    for (join_clause& join : joins_along(r, kind)) statement.joins.push_back(std::move(join));
}

void row_plan::run(std::span<const cell_kind> kinds, row_sink& sink, const call_place& where) const {
    located(where, [&] { session->run(*this, kinds, sink); });
}

void row_plan::fail_no_result(const call_place& where) const {
    no_result_found wrong(
        {.code = "no_result_found",
         .message = "the statement gave no row where one was expected; use one_or_none() or first() "
                    "when there may be none",
         .sql = raw_sql});
    wrong.locate(where);
    throw wrong;
}

void row_plan::fail_multiple_results(const call_place& where) const {
    multiple_results_found wrong(
        {.code = "multiple_results_found",
         .message = "the statement gave several rows where one was expected; narrow it down, "
                    "or use first()",
         .sql = raw_sql});
    wrong.locate(where);
    throw wrong;
}

} // namespace kin::detail
