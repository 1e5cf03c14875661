// SPDX-License-Identifier: MIT
#include "update_writer.hpp"

#include <algorithm>

#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "row_cells.hpp"
#include "stale_row.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows_of_batch = 500;

cell next_version(const cell& version) noexcept {
    return cell::of_integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(version.integer) + 1));
}

std::vector<const column*> columns_of(const mapper& m, std::span<const std::uint32_t> positions) {
    std::vector<const column*> columns;
    for (const std::uint32_t i : positions) columns.push_back(m.properties()[i].column);
    return columns;
}

} // namespace

void update_writer::write(std::span<node* const> objects) {
    keys_.follow(); // what write_columns() has changed
    while (!objects.empty()) {
        const mapper& m = *objects.front()->type;
        const auto end =
            std::find_if(objects.begin(), objects.end(), [&](const node* n) { return n->type != &m; });
        const std::size_t count = static_cast<std::size_t>(end - objects.begin());
        write_class(m, objects.first(count));
        keys_.follow();
        objects = objects.subspan(count);
    }
}

void update_writer::write_class(const mapper& m, std::span<node* const> objects) {
    for (node* n : objects) session_.fire(session_event::before_update, n); // they may change each other
    const bool own_kind_follows = refers_to_itself(m);
    for (node* n : objects) {
        take_keys(*n);
        if (!differs(*n)) continue;
        if (!m.version() && !statement_for(m, columns_).renames) {
            if (!joins_batch() || batch_.objects.size() == most_rows(m)) send_batch();
            if (batch_.objects.empty()) batch_.columns = columns_;
            batch_.objects.push_back(n);
            batch_.rows.push_back(row_copy::of(row_));
            continue;
        }
        send_batch();
        write_columns(*n, columns_, row_);
        session_.fire(session_event::after_update, n);
        if (own_kind_follows) keys_.follow();
    }
    send_batch();
}

/// Leaves in `columns_` and `row_` what is to be written. A version that was set by hand is to be demanded.
bool update_writer::differs(const node& n) {
    const mapper& m = *n.type;
    const std::span<const cell> before = n.image->current.cells();
    row_.resize(before.size());
    memory_.clear();
    encode_row(n, row_.data(), memory_);
    columns_.clear();
    bool version_set = false;
    for (const property& p : m.properties()) {
        const std::uint32_t i = p.column->index;
        if (row_[i].same_as(before[i])) continue;
        if (&p == m.version()) {
            version_set = true;
            continue;
        }
        check_text(m, p, row_[i]);
        columns_.push_back(i);
    }
    return version_set || !columns_.empty();
}

/// Whether the object that differs() looked at sets what the batch sets. An empty one takes everybody.
bool update_writer::joins_batch() const {
    if (batch_.objects.empty()) return true;
    if (batch_.columns != columns_) return false;
    const std::span<const cell> values = batch_.rows.front().cells();
    return std::all_of(columns_.begin(), columns_.end(),
                       [&](std::uint32_t i) { return row_[i].same_as(values[i]); });
}

update_writer::statement& update_writer::statement_for(const mapper& m,
                                                       std::span<const std::uint32_t> columns) {
    if (last_type_ == &m &&
        std::equal(columns.begin(), columns.end(), last_columns_.begin(), last_columns_.end()))
        return *last_;
    last_type_ = &m;
    last_columns_.assign(columns.begin(), columns.end());
    statement& s = statements_[{&m, last_columns_}];
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
    s.text = compile_update(session_.dialect(), m.table(), set, where);
    return s;
}

std::size_t update_writer::most_rows(const mapper& m) const {
    const std::size_t room = session_.dialect().limits().parameters - batch_.columns.size();
    return std::clamp<std::size_t>(room / m.key().size(), 1, most_rows_of_batch);
}

void update_writer::send_batch() {
    const std::size_t rows = batch_.objects.size();
    if (rows == 0) return;
    const mapper& m = *batch_.objects.front()->type;
    parameters_.clear();
    bind_columns(batch_.columns, batch_.rows.front().cells());
    for (const node* n : batch_.objects) bind_key(*n);
    const std::string& text = rows == 1 ? statement_for(m, batch_.columns).text : text_of_batch();
    if (execute(m, text, batch_.columns) != static_cast<std::int64_t>(rows))
        stale_row(session_, connection_, m, text).fail_first_gone(batch_.objects);
    for (std::size_t i = 0; i < rows; ++i) session_.accept_row(*batch_.objects[i], std::move(batch_.rows[i]));
    for (node* n : batch_.objects) session_.fire(session_event::after_update, n);
    batch_.objects.clear();
    batch_.rows.clear();
}

const std::string& update_writer::text_of_batch() {
    const mapper& m = *batch_.objects.front()->type;
    statement& s = statement_for(m, batch_.columns);
    if (s.rows_of_batch != batch_.objects.size()) {
        s.text_of_batch = compile_update(session_.dialect(), m.table(), columns_of(m, batch_.columns),
                                         columns_of(m, m.key()), batch_.objects.size());
        s.rows_of_batch = batch_.objects.size();
    }
    return s.text_of_batch;
}

void update_writer::write_columns(node& n, std::span<const std::uint32_t> columns,
                                  std::span<const cell> row) {
    start_watching(n);
    const mapper& m = *n.type;
    const property* version = m.version();
    const std::span<const cell> before = n.image->current.cells();
    cells_.assign(before.begin(), before.end());
    for (const std::uint32_t i : columns) cells_[i] = row[i];
    cell expected;
    scratch memory;
    if (version) {
        expected = member_cell(n, *version, memory);
        cells_[version->column->index] = next_version(expected);
    }
    row_copy now = row_copy::of(cells_);
    const statement& s = statement_for(m, columns);
    parameters_.clear();
    bind_columns(columns, now.cells());
    if (version) parameters_.push_back(now.cells()[version->column->index]);
    bind_key(n);
    if (version) parameters_.push_back(expected);
    if (execute(m, s.text, columns) != 1) {
        const stale_row stale(session_, connection_, m, s.text);
        version ? stale.fail_version("UPDATE", before, expected) : stale.fail_gone(before);
    }
    if (version) put(n, *version, now.cells()[version->column->index]);
    if (!s.renames) return session_.accept_row(n, std::move(now));
    keys_.note(n, before, now.cells());
    session_.objects().erase(n);
    session_.accept_row(n, std::move(now));
    session_.objects().insert(n);
}

void update_writer::write_over(node& fresh, const node& removed) {
    session_.fire(session_event::before_insert, &fresh);
    take_keys(fresh);
    const mapper& m = *fresh.type;
    const property* version = m.version();
    const std::span<const cell> before = removed.image->current.cells();
    row_.resize(before.size());
    memory_.clear();
    encode_row(fresh, row_.data(), memory_);
    columns_.clear();
    for (const property& p : m.properties()) {
        const std::uint32_t i = p.column->index;
        if (&p == version || row_[i].same_as(before[i])) continue;
        check_text(m, p, row_[i]);
        columns_.push_back(i);
    }
    if (columns_.empty() && !version) return;
    parameters_.clear();
    bind_columns(columns_, row_);
    const cell next = version ? next_version(before[version->column->index]) : cell();
    if (version) parameters_.push_back(next);
    bind_key(removed);
    if (version) parameters_.push_back(before[version->column->index]);
    const statement& s = statement_for(m, columns_);
    if (execute(m, s.text, columns_) != 1) {
        const stale_row stale(session_, connection_, m, s.text);
        version ? stale.fail_version("UPDATE", before, before[version->column->index])
                : stale.fail_gone(before);
    }
    if (version) put(fresh, *version, next);
}

void update_writer::bind_columns(std::span<const std::uint32_t> columns, std::span<const cell> row) {
    for (const std::uint32_t i : columns) parameters_.push_back(row[i]);
}

void update_writer::bind_key(const node& n) { bind_columns(n.type->key(), n.image->current.cells()); }

std::int64_t update_writer::execute(const mapper& m, const std::string& text,
                                    std::span<const std::uint32_t> columns) {
    try {
        return connection_.execute(text, parameters_);
    } catch (const foreign_key_violation& e) {
        rethrow_with_constraint(e, m, columns, session_.objects());
    } catch (const check_violation& e) {
        rethrow_with_table(e, m);
    } catch (const statement_error& e) {
        rethrow_with_table(e, m);
    }
}

} // namespace kin::detail
