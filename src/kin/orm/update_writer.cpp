// SPDX-License-Identifier: MIT
#include "update_writer.hpp"

#include <algorithm>
#include <bit>

#include "column_checks.hpp"
#include "column_defaults.hpp"
#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/row_image.hpp"
#include "kin/sql/compiler.hpp"
#include "own_followers.hpp"
#include "renew.hpp"
#include "row_cells.hpp"
#include "stale_row.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows_of_run = 500;

/// Rows that one statement can set to the same values.
std::size_t most_rows_same(const dialect& d, const mapper& m, std::size_t values) {
    const std::size_t room = d.limits().parameters - values;
    return std::clamp<std::size_t>(room / m.key().size(), 1, most_rows_of_run);
}

} // namespace

cell update_writer::next_version(const cell& version) noexcept {
    return cell::of_integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(version.integer) + 1));
}

std::vector<const column*> update_writer::columns_of(const mapper& m,
                                                     std::span<const std::uint32_t> positions) {
    std::vector<const column*> columns;
    for (const std::uint32_t i : positions) columns.push_back(m.properties()[i].column);
    return columns;
}

void update_writer::write(std::span<node* const> objects) {
    while (!objects.empty()) {
        const mapper& m = *objects.front()->type;
        const auto end =
            std::find_if(objects.begin(), objects.end(), [&](const node* n) { return n->type != &m; });
        const auto count = static_cast<std::size_t>(end - objects.begin());
        write_class(m, objects.first(count));
        keys_.follow();
        objects = objects.subspan(count);
    }
}

void update_writer::write_class(const mapper& m, std::span<node* const> objects) {
    if (session_.events().has(session_event::before_update)) {
        for (node* n : objects) session_.fire(session_event::before_update, n); // they may change each other
        for (const node* n : objects) check_changed_values(*n);
    }
    const bool own_kind_follows = refers_to_itself(m);
    for (node* n : objects) {
        if (!find_change(*n)) continue;
        if (m.has_update_defaults() && !fresh_.contains(n))
            change_.computed = computed_beside(m, change_.columns);
        if (statement_for(m, change_.columns, change_.computed).renames) {
            send_run(m);
            write_row(*n, change_.columns, change_.values, change_.computed);
            if (!change_.computed.empty()) read_later(m, {&n, 1});
            session_.fire(session_event::after_update, n);
            if (own_kind_follows) keys_.follow();
            continue;
        }
        const bool other = change_.columns != run_->set.columns || change_.computed != run_->set.computed;
        if (run_->objects.size() == most_rows_of_run || other) send_run(m);
        add_to_run(*n);
    }
    send_run(m);
    if (unread_.empty()) return;
    connection_.settle();
    read_computed(m);
}

/// Leaves in `change_` what is to be written. A version that was set by hand is to be demanded.
bool update_writer::find_change(node& n) {
    // Handlers may have changed what the plan has seen, and one bit stands for all columns from the 64th on.
    const std::uint64_t planned = n.image->differing;
    if (take_keys(n) || planned == 0 || planned >> 63 != 0 || !session_.events().empty())
        return compare(n, n.image->current.cells());
    begin_change();
    bool version_set = false;
    for (std::uint64_t left = planned; left != 0; left &= left - 1) {
        const property& p = n.type->properties()[static_cast<std::size_t>(std::countr_zero(left))];
        version_set |= !add_to_change(*n.type, p, member_cell(n, p, *memory_));
    }
    return version_set || !change_.columns.empty();
}

/// Leaves in `change_` where `n` differs from `row`, but for the version. Returns whether it does, in the version or elsewhere.
bool update_writer::compare(const node& n, std::span<const cell> row) {
    begin_change();
    row_.resize(row.size());
    encode_row(n, row_.data(), *memory_);
    bool version_set = false;
    for (const property& p : n.type->properties()) {
        const std::uint32_t i = p.column->index;
        if (!row_[i].same_as(row[i])) version_set |= !add_to_change(*n.type, p, row_[i]);
    }
    return version_set || !change_.columns.empty();
}

void update_writer::begin_change() {
    change_.columns.clear();
    change_.computed.clear();
    change_.values.clear();
    if (run_->objects.empty()) {
        run_->memory.reset();
        renew(memory_);
    }
}

/// False for the version, which each UPDATE sets.
bool update_writer::add_to_change(const mapper& m, const property& p, const cell& value) {
    if (&p == m.version()) return false;
    check_limits(m, p, value);
    change_.columns.push_back(p.column->index);
    change_.values.push_back(value);
    return true;
}

/// The object that find_change() looked at.
void update_writer::add_to_run(node& n) {
    if (run_->objects.empty()) {
        run_->set.columns = change_.columns;
        run_->set.computed = change_.computed;
        run_->memory = memory_;
    }
    run_->objects.push_back(&n);
    run_->set.values.insert(run_->set.values.end(), change_.values.begin(), change_.values.end());
}

void update_writer::send_run(const mapper& m) {
    const std::size_t fewest = session_.dialect().limits().fewest_rows_per_update;
    const std::size_t count = run_->objects.size();
    for (std::size_t first = 0; first < count;) {
        const std::size_t left = count - first;
        const std::size_t same = m.version() ? 1 : rows_with_same_values(m, first);
        const std::size_t each = left < fewest ? 0 : statement_of_run(m).at_most;
        const std::size_t rows = std::max(same, std::min(each, left));
        if (rows == same) {
            send_same(m, first, rows);
        } else if (!send_each(m, first, rows)) {
            for (std::size_t i = first; i < first + rows; ++i) send_same(m, i, 1);
        }
        first += rows;
    }
    renew(run_);
}

/// How many neighbours from `first` on may share an UPDATE of one set of values.
std::size_t update_writer::rows_with_same_values(const mapper& m, std::size_t first) const {
    const std::span<const cell> values = run_->values_of(first);
    const std::size_t most =
        std::min(run_->objects.size() - first, most_rows_same(session_.dialect(), m, values.size()));
    std::size_t rows = 1;
    while (rows < most && std::ranges::equal(
                              values, run_->values_of(first + rows),
                              [](const cell& a, const cell& b) { return a.same_as(b); }))
        ++rows;
    return rows;
}

void update_writer::send_same(const mapper& m, std::size_t first, std::size_t rows) {
    statement& s = statement_of_run(m);
    bind_row(*run_->objects[first], run_->values_of(first), s);
    for (std::size_t i = first + 1; i < first + rows; ++i) bind_key(*run_->objects[i]);
    if (rows != 1 && s.same.rows != rows) {
        s.same = {compile_update(session_.dialect(), m.table(), columns_of(m, run_->set.columns),
                                 columns_of(m, m.key()), rows, s.computed, s.returned),
                  rows};
    }
    send(m, first, rows, rows == 1 ? s.text : s.same.text);
}

/// Sends an UPDATE of neighbours, with the values that are bound; then their rows are what was sent.
void update_writer::send(const mapper& m, std::size_t first, std::size_t rows, const std::string& text) {
    connection_.send(text, values_, [this, &m, sent = part{run_, first, rows}](const pending_answer& answer) {
        accept(m, sent, answer);
    });
}

void update_writer::accept(const mapper& m, const part& sent, const pending_answer& answer) {
    check_found(m, sent, answer);
    const std::span<node* const> objects = sent.objects();
    const property* version = m.version();
    const std::vector<std::uint32_t>& computed = sent.of->set.computed;
    const bool is_returned = !computed.empty() && session_.dialect().supports(feature::update_returning);
    for (std::size_t i = 0; i < sent.rows; ++i) {
        node& n = *objects[i];
        row_copy now = n.image->current.with(sent.of->set.columns, sent.of->values_of(sent.first + i));
        if (version) {
            scratch memory;
            const cell next = next_version(member_cell(n, *version, memory));
            now = now.with({&version->column->index, 1}, {&next, 1});
            put(n, *version, next);
        }
        if (is_returned) now = with_computed(n, now, computed);
        session_.accept_row(n, std::move(now));
    }
    if (!computed.empty() && !is_returned) read_later(m, objects);
    if (!session_.events().has(session_event::after_update)) return;
    for (node* n : objects) session_.fire(session_event::after_update, n);
}

/// Throws: stale_data (row_gone, version_conflict) when not all rows were there.
void update_writer::check_found(const mapper& m, const part& sent, const pending_answer& answer) {
    const bool returns =
        !sent.of->set.computed.empty() && session_.dialect().supports(feature::update_returning);
    if (returns || (m.version() && sent.rows != 1)) return check_returned(m, sent, answer);
    std::int64_t found = 0;
    try {
        found = answer.affected_rows();
    } catch (...) {
        rethrow_of_update(session_.dialect(), m, sent.of->set.columns, session_.objects());
    }
    if (found == static_cast<std::int64_t>(sent.rows)) return;
    const stale_row stale(session_, connection_, m, answer.sql());
    if (!m.version()) stale.fail_first_gone(sent.objects());
    const node& n = *sent.objects().front();
    scratch memory;
    stale.fail_version("UPDATE", n.image->current.cells(), member_cell(n, *m.version(), memory));
}

update_writer::statement& update_writer::statement_for(const mapper& m,
                                                       std::span<const std::uint32_t> columns,
                                                       std::span<const std::uint32_t> computed) {
    if (last_type_ == &m && std::ranges::equal(columns, last_columns_) &&
        std::ranges::equal(computed, last_computed_))
        return *last_;
    last_type_ = &m;
    last_columns_.assign(columns.begin(), columns.end());
    last_computed_.assign(computed.begin(), computed.end());
    statement& s = statements_[{&m, last_columns_, last_computed_}];
    last_ = &s;
    if (!s.text.empty()) return s;
    std::vector<const column*> set = columns_of(m, columns);
    std::vector<const column*> where = columns_of(m, m.key());
    s.renames = std::any_of(columns.begin(), columns.end(),
                            [&](std::uint32_t i) { return may_be_referenced(m, m.properties()[i]); });
    if (m.version()) {
        set.push_back(m.version()->column);
        where.push_back(m.version()->column);
    }
    s.at_most = most_rows_each(m, columns);
    if (!computed.empty()) add_computed(m, s, computed);
    s.text = compile_update(session_.dialect(), m.table(), set, where, 1, s.computed, s.returned);
    return s;
}

void update_writer::write_columns(node& n, std::span<const std::uint32_t> columns,
                                  std::span<const cell> values) {
    write_row(n, columns, values, {});
}

void update_writer::write_row(node& n, std::span<const std::uint32_t> columns, std::span<const cell> values,
                              std::span<const std::uint32_t> computed) {
    start_watching(n);
    const mapper& m = *n.type;
    const property* version = m.version();
    row_copy now = n.image->current.with(columns, values);
    const statement& s = statement_for(m, columns, computed);
    const cell expected = bind_row(n, values, s);
    if (version) {
        const cell next = next_version(expected);
        now = now.with({&version->column->index, 1}, {&next, 1});
    }
    own_followers followers(connection_, m);
    if (s.renames) followers.let_go(n.image->current.cells(), now.cells());
    if (execute(m, s.text, columns) != 1) {
        const stale_row stale(session_, connection_, m, s.text);
        const std::span<const cell> row = n.image->current.cells();
        version ? stale.fail_version("UPDATE", row, expected) : stale.fail_gone(row);
    }
    followers.lead();
    if (version) put(n, *version, now.cells()[version->column->index]);
    if (!s.renames) return session_.accept_row(n, std::move(now));
    keys_.note(n, n.image->current.cells());
    session_.undo().others_changed = true;
    session_.objects().erase(n);
    session_.accept_row(n, std::move(now));
    session_.objects().insert(n);
}

void update_writer::write_columns(std::span<node* const> objects, std::span<const std::uint32_t> columns,
                                  std::span<const cell> values) {
    const mapper& m = *objects.front()->type;
    if (m.version() || statement_for(m, columns, {}).renames) {
        for (node* n : objects) write_columns(*n, columns, values);
        return;
    }
    const std::size_t most = most_rows_same(session_.dialect(), m, values.size());
    while (!objects.empty()) {
        const std::span<node* const> some = objects.first(std::min(most, objects.size()));
        renew(values_);
        values_->cells.assign(values.begin(), values.end());
        for (node* n : some) {
            start_watching(*n);
            bind_key(*n);
        }
        const std::string text = compile_update(session_.dialect(), m.table(), columns_of(m, columns),
                                                columns_of(m, m.key()), some.size());
        if (execute(m, text, columns) != static_cast<std::int64_t>(some.size()))
            stale_row(session_, connection_, m, text).fail_first_gone(some);
        for (node* n : some) session_.accept_row(*n, n->image->current.with(columns, values));
        objects = objects.subspan(some.size());
    }
}

void update_writer::write_over(node& fresh, const node& removed) {
    session_.fire(session_event::before_insert, &fresh);
    if (session_.events().has(session_event::before_insert)) check_new_values(fresh);
    take_keys(fresh);
    const mapper& m = *fresh.type;
    const property* version = m.version();
    const std::span<const cell> before = removed.image->current.cells();
    (void)compare(fresh, before);
    const std::vector<std::uint32_t> computed = leave_to_sql(fresh);
    if (change_.columns.empty() && computed.empty() && !version) return;
    const statement s = statement_over(m, computed);
    renew(values_);
    values_->cells = change_.values;
    const cell next = version ? next_version(before[version->column->index]) : cell();
    if (version) values_->cells.push_back(next);
    bind_constants(s);
    bind_key(removed);
    if (version) values_->cells.push_back(before[version->column->index]);
    if (execute(m, s.text, change_.columns) != 1) {
        const stale_row stale(session_, connection_, m, s.text);
        version ? stale.fail_version("UPDATE", before, before[version->column->index])
                : stale.fail_gone(before);
    }
    if (version) put(fresh, *version, next);
    if (!computed.empty()) read_for_new(fresh, removed, computed);
}

cell update_writer::bind_row(const node& n, std::span<const cell> values, const statement& s) {
    renew(values_);
    values_->cells.assign(values.begin(), values.end());
    const property* version = n.type->version();
    const cell expected = version ? member_cell(n, *version, values_->memory) : cell();
    if (version) values_->cells.push_back(next_version(expected));
    bind_constants(s);
    bind_key(n);
    if (version) values_->cells.push_back(expected);
    return expected;
}

void update_writer::bind_key(const node& n) {
    for (const std::uint32_t i : n.type->key()) values_->cells.push_back(n.image->current.cells()[i]);
}

std::int64_t update_writer::execute(const mapper& m, const std::string& text,
                                    std::span<const std::uint32_t> columns) {
    try {
        return connection_.execute(text, values_->cells);
    } catch (...) {
        rethrow_of_update(session_.dialect(), m, columns, session_.objects());
    }
}

} // namespace kin::detail
