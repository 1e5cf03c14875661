// SPDX-License-Identifier: MIT
#include <algorithm>

#include "bound_values.hpp"
#include "column_defaults.hpp"
#include "constraint_names.hpp"
#include "entity_select.hpp"
#include "key_batches.hpp"
#include "key_loader.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/row_image.hpp"
#include "kin/sql/compiler.hpp"
#include "row_cells.hpp"
#include "stale_row.hpp"
#include "update_writer.hpp"

/// The part of update_writer that has SQL make values, and that finds out what these are.
namespace kin::detail {

namespace {

/// The key of each row, and `columns` (positions).
std::vector<cell_kind> kinds_with_key(const mapper& m, std::span<const std::uint32_t> columns) {
    std::vector<cell_kind> kinds;
    for (const std::uint32_t i : m.key()) kinds.push_back(m.cell_kinds()[i]);
    for (const std::uint32_t i : columns) kinds.push_back(m.cell_kinds()[i]);
    return kinds;
}

/// Calls `take(key, values)` for each row of `rows`, whose columns are kinds_with_key().
template <class F>
void read_rows(cursor& rows, const mapper& m, std::span<const std::uint32_t> columns, std::string_view sql,
               F&& take) {
    const std::vector<cell_kind> kinds = kinds_with_key(m, columns);
    std::vector<cell> cells(kinds.size());
    const std::span<const cell> all(cells);
    while (rows.next()) {
        if (rows.read(0, kinds, cells.data()) != kinds.size()) {
            throw conversion_error({.code = "returned_values",
                                    .message = "UPDATE " + m.table().name() +
                                               " did not hand back values that fit their members; check the "
                                               "types of the columns with an update_default",
                                    .sql = std::string(sql),
                                    .table = m.table().name()});
        }
        take(all.first(m.key().size()), all.subspan(m.key().size()));
    }
}

void put_all(node& n, std::span<const std::uint32_t> columns, std::span<const cell> values) {
    for (std::size_t i = 0; i < columns.size(); ++i) put(n, n.type->properties()[columns[i]], values[i]);
}

/// Reads `columns` of the rows with these keys, with as few statements as the dialect allows.
template <class F>
void select_columns(session_core& session, connection& c, const mapper& m,
                    std::span<const std::uint32_t> columns, const std::vector<key_values>& keys, F&& take) {
    const dialect& d = session.dialect();
    select_statement s;
    for (const std::uint32_t i : m.key())
        s.columns.push_back(expression::of_column(*m.properties()[i].column));
    for (const std::uint32_t i : columns)
        s.columns.push_back(expression::of_column(*m.properties()[i].column));
    s.from = &m.table();
    for_each_batch(d, keys, asks_with_array(d, m), [&](std::size_t count, std::span<const cell> some) {
        s.where = any_of_keys(m, count);
        const std::string sql = compile(d, s).sql;
        cursor rows = c.open(sql, some);
        read_rows(rows, m, columns, sql, take);
    });
}

/// Nothing but functions: the same text wherever it stands.
bool is_plain(const assignment& a) {
    return std::ranges::all_of(a.content.items(),
                               [](const expression::item& i) { return i.op == sql_operator::function; });
}

} // namespace

void update_writer::add_computed(const mapper& m, statement& s, std::span<const std::uint32_t> computed) {
    s.computed = computed_at_update(m, computed);
    s.constants = parameters_of(session_.dialect(), &m.table(), s.computed);
    if (!std::ranges::all_of(s.computed, is_plain)) s.at_most = 0;
    if (!session_.dialect().supports(feature::update_returning)) return;
    s.returned = columns_of(m, m.key());
    for (const assignment& a : s.computed) s.returned.push_back(a.target);
}

void update_writer::bind_constants(const statement& s) {
    if (s.constants.empty()) return;
    for (cell c : views_of(s.constants)) values_->cells.push_back(c); // the statement outlives its answer
}

void update_writer::check_returned(const mapper& m, const part& sent, const pending_answer& answer) {
    const std::vector<std::uint32_t>& computed = sent.of->set.computed;
    std::vector<const node*> updated;
    try {
        cursor rows = answer.take();
        const entity_map& known = session_.objects().of(m);
        read_rows(rows, m, computed, answer.sql(),
                  [&](std::span<const cell> key, std::span<const cell> values) {
                      node* n = known.find(key);
                      if (n) put_all(*n, computed, values);
                      updated.push_back(n);
                  });
    } catch (...) {
        rethrow_of_update(session_.dialect(), m, sent.of->set.columns, session_.objects());
    }
    if (updated.size() == sent.rows) return;
    const stale_row stale(session_, connection_, m, answer.sql());
    if (!m.version()) stale.fail_first_gone(sent.objects());
    for (const node* n : sent.objects()) {
        if (std::find(updated.begin(), updated.end(), n) != updated.end()) continue;
        scratch memory;
        stale.fail_version("UPDATE", n->image->current.cells(), member_cell(*n, *m.version(), memory));
    }
}

row_copy update_writer::with_computed(const node& n, const row_copy& row,
                                      std::span<const std::uint32_t> computed) {
    scratch memory;
    std::vector<cell> values;
    for (const std::uint32_t i : computed) values.push_back(member_cell(n, n.type->properties()[i], memory));
    return row.with(computed, values);
}

/// Handlers see objects as their rows are; without any, many objects are read at once.
void update_writer::read_later(const mapper& m, std::span<node* const> updated) {
    unread_.insert(unread_.end(), updated.begin(), updated.end());
    if (!session_.events().empty()) read_computed(m);
}

void update_writer::read_computed(const mapper& m) {
    if (unread_.empty()) return;
    const std::vector<node*> objects = std::exchange(unread_, {});
    const std::vector<std::uint32_t> columns = computed_beside(m, {});
    std::vector<key_values> keys;
    for (const node* n : objects) keys.push_back(key_values_of(*n));
    const entity_map& known = session_.objects().of(m);
    std::size_t found = 0;
    select_columns(session_, connection_, m, columns, keys,
                   [&](std::span<const cell> key, std::span<const cell> values) {
                       node* n = known.find(key);
                       if (!n) return;
                       put_all(*n, columns, values);
                       session_.accept_row(*n, n->image->current.with(columns, values));
                       ++found;
                   });
    if (found != objects.size())
        stale_row(session_, connection_, m, session_.texts().by_key(session_.dialect(), m))
            .fail_first_gone(objects);
}

std::vector<std::uint32_t> update_writer::leave_to_sql(const node& fresh) {
    std::vector<std::uint32_t> computed;
    if (!fresh.type->has_insert_defaults()) return computed;
    for (const property& p : fresh.type->properties()) {
        if (!p.at_insert() || !p.at_insert()->is_sql() || !p.is_default(member_of(fresh, p))) continue;
        const std::uint32_t i = p.column->index;
        computed.push_back(i);
        const auto at = std::find(change_.columns.begin(), change_.columns.end(), i);
        if (at == change_.columns.end()) continue;
        change_.values.erase(change_.values.begin() + (at - change_.columns.begin()));
        change_.columns.erase(at);
    }
    return computed;
}

update_writer::statement update_writer::statement_over(const mapper& m,
                                                       std::span<const std::uint32_t> computed) {
    if (computed.empty()) return statement_for(m, change_.columns, {});
    statement s;
    std::vector<const column*> set = columns_of(m, change_.columns);
    std::vector<const column*> where = columns_of(m, m.key());
    if (m.version()) {
        set.push_back(m.version()->column);
        where.push_back(m.version()->column);
    }
    s.computed = computed_at_insert(m, columns_of(m, computed));
    s.constants = parameters_of(session_.dialect(), nullptr, s.computed);
    s.text = compile_update(session_.dialect(), m.table(), set, where, 1, s.computed);
    return s;
}

/// What SQL makes for a new object in the row that it takes over.
void update_writer::read_for_new(node& fresh, const node& removed, std::span<const std::uint32_t> columns) {
    for (const std::uint32_t i : columns)
        session_.undo().made.push_back({&fresh, &fresh.type->properties()[i]});
    select_columns(
        session_, connection_, *fresh.type, columns, {key_values_of(removed)},
        [&](std::span<const cell>, std::span<const cell> values) { put_all(fresh, columns, values); });
}

} // namespace kin::detail
