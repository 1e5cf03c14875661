// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "constraint_names.hpp"
#include "kin/mapping/row_image.hpp"
#include "kin/sql/compiler.hpp"
#include "renew.hpp"
#include "row_cells.hpp"
#include "stale_row.hpp"
#include "unique_conflicts.hpp"
#include "update_writer.hpp"

/// The part of update_writer that gives rows values of their own in one statement.
namespace kin::detail {

namespace {

bool is_unique(const mapper& m, std::uint32_t column) {
    const std::vector<std::vector<std::uint32_t>> keys = unique_keys(m);
    return std::any_of(keys.begin(), keys.end(), [column](const auto& columns) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
    });
}

} // namespace

/// How many rows one statement may give values of their own; 0 when it is not to be used.
std::size_t update_writer::most_rows_each(const mapper& m, std::span<const std::uint32_t> columns) const {
    const dialect_limits limits = session_.dialect().limits();
    const bool arrays = session_.dialect().supports(feature::array_rows);
    // The type of an array is that of its column: kin must know it, and put nothing around its values.
    const auto fits_in = [&](std::uint32_t column) {
        const kin::column& c = *m.properties()[column].column;
        return !arrays || (c.type_words.empty() && c.type.sql_write.empty());
    };
    const auto may_set = [&](std::uint32_t column) { return !is_unique(m, column) && fits_in(column); };
    // A decimal that is text beside a decimal column may be compared as a floating-point number.
    const auto may_find = [&](std::uint32_t column) {
        return m.properties()[column].column->type.kind != type_kind::decimal && fits_in(column);
    };
    // With a version, the rows that had it come back: which ones these were cannot be asked for afterwards.
    const bool may_tell = !m.version() || session_.dialect().supports(feature::update_returning);
    const bool may = limits.most_rows_per_update != 0 && may_tell && !columns.empty() &&
                     std::all_of(columns.begin(), columns.end(), may_set) &&
                     std::all_of(m.key().begin(), m.key().end(), may_find);
    if (!may) return 0;
    if (arrays) return limits.most_rows_per_update;
    const std::size_t width = columns.size() + m.key().size() + (m.version() ? 2 : 0);
    return std::min(limits.most_rows_per_update, limits.parameters / width);
}

/// Row by row: the key, the version that the row must have, the values, and the version that it gets.
void update_writer::bind_rows(const mapper& m, std::size_t first, std::size_t rows) {
    renew(values_);
    std::vector<cell>& cells = values_->cells;
    for (std::size_t row = first; row < first + rows; ++row) {
        const node& n = *run_->objects[row];
        bind_key(n);
        const cell version = m.version() ? member_cell(n, *m.version(), values_->memory) : cell();
        if (m.version()) cells.push_back(version);
        const std::span<const cell> values = run_->values_of(row);
        cells.insert(cells.end(), values.begin(), values.end());
        if (m.version()) cells.push_back(next_version(version));
    }
}

bool update_writer::bind_arrays(std::size_t rows) {
    const std::size_t width = values_->cells.size() / rows;
    std::vector<cell> arrays;
    std::vector<cell> column(rows);
    for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t row = 0; row < rows; ++row) column[row] = values_->cells[row * width + i];
        const std::optional<std::string> array = session_.dialect().array_text(column);
        if (!array) return false;
        arrays.push_back(cell::of_text(values_->memory.copy(*array)));
    }
    values_->cells = std::move(arrays);
    return true;
}

const std::string& update_writer::text_of_each(const mapper& m, std::size_t rows) {
    statement& s = statement_of_run(m);
    rows_text& each = s.each;
    const bool any_number = session_.dialect().supports(feature::array_rows);
    if (each.rows == rows || (any_number && each.rows != 0)) return each.text;
    std::vector<const column*> set = columns_of(m, run_->set.columns);
    std::vector<const column*> where = columns_of(m, m.key());
    std::vector<const column*> returned = s.returned;
    if (m.version()) {
        if (returned.empty()) returned = where;
        set.push_back(m.version()->column);
        where.push_back(m.version()->column);
    }
    each = {compile_update_each(session_.dialect(), m.table(), set, where, rows, returned, s.computed), rows};
    return each.text;
}

bool update_writer::send_each(const mapper& m, std::size_t first, std::size_t rows) {
    bind_rows(m, first, rows);
    if (session_.dialect().supports(feature::array_rows) && !bind_arrays(rows)) return false;
    send(m, first, rows, text_of_each(m, rows));
    return true;
}

} // namespace kin::detail
