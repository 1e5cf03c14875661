// SPDX-License-Identifier: MIT
#include "own_followers.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "kin/sql/compiler.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 500; // of one UPDATE

std::vector<const column*> columns_at(const mapper& m, std::span<const std::uint32_t> positions) {
    std::vector<const column*> columns;
    for (const std::uint32_t i : positions) columns.push_back(&m.table().columns()[i]);
    return columns;
}

bool same(std::span<const cell> a, std::span<const cell> b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const cell& x, const cell& y) { return x.same_as(y); });
}

/// What a row has in the columns that `foreign` refers to.
std::vector<cell> referenced_in(const mapper& m, const foreign_key_constraint& foreign,
                                std::span<const cell> row) {
    std::vector<cell> key;
    for (const std::string& name : foreign.target_columns)
        key.push_back(row[m.table().find_column(name)->index]);
    return key;
}

std::vector<cell> at(std::span<const cell> row, std::span<const std::uint32_t> positions) {
    std::vector<cell> cells;
    for (const std::uint32_t i : positions) cells.push_back(row[i]);
    return cells;
}

bool has_null(std::span<const cell> cells) noexcept {
    return std::any_of(cells.begin(), cells.end(), [](const cell& c) { return c.is_null(); });
}

} // namespace

void own_followers::let_go(std::span<const cell> before, std::span<const cell> after) {
    if (connection_.get_dialect().supports(feature::on_update_in_table)) return;
    for (const foreign_key_constraint& foreign : type_.table().foreign_keys) {
        const bool follows = foreign.on_update == referential_action::cascade ||
                             foreign.on_update == referential_action::set_null;
        if (follows && foreign.refers_to(type_.table())) follow(foreign, before, after);
    }
}

void own_followers::follow(const foreign_key_constraint& foreign, std::span<const cell> before,
                           std::span<const cell> after) {
    const std::vector<cell> old_key = referenced_in(type_, foreign, before);
    const std::vector<cell> new_key = referenced_in(type_, foreign, after);
    if (same(old_key, new_key) || has_null(old_key)) return;
    std::vector<std::uint32_t> open; // columns that may be NULL
    for (const std::uint32_t i : foreign.columns) {
        if (type_.table().columns()[i].nullable) open.push_back(i);
    }
    if (open.empty()) return;
    group g{foreign.columns, key_values(new_key.begin(), new_key.end()), find(foreign, old_key)};
    if (g.keys.empty()) return;

    std::vector<cell> parameters(open.size());
    parameters.insert(parameters.end(), old_key.begin(), old_key.end());
    connection_.execute(compile_update(connection_.get_dialect(), type_.table(), columns_at(type_, open),
                                       columns_at(type_, foreign.columns)),
                        parameters);
    if (foreign.on_update == referential_action::set_null) return;
    // The row itself, where it refers to itself: under its new key, unless the UPDATE says to whom it refers.
    const std::vector<cell> own_key = at(before, type_.key());
    const auto own = std::find_if(g.keys.begin(), g.keys.end(),
                                  [&](const key_values& k) { return same(cells_of(k), own_key); });
    if (own != g.keys.end()) {
        const std::vector<cell> now = at(after, type_.key());
        if (same(at(before, foreign.columns), at(after, foreign.columns)))
            *own = key_values(now.begin(), now.end());
        else
            g.keys.erase(own);
    }
    groups_.push_back(std::move(g));
}

std::vector<key_values> own_followers::find(const foreign_key_constraint& foreign,
                                            std::span<const cell> key) const {
    select_statement s;
    std::vector<cell_kind> kinds;
    for (const std::uint32_t i : type_.key()) {
        s.columns.push_back(expression::of_column(type_.table().columns()[i]));
        kinds.push_back(type_.cell_kinds()[i]);
    }
    s.from = &type_.table();
    s.lock_rows = true;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const column& c = type_.table().columns()[foreign.columns[i]];
        s.where =
            std::move(s.where) && predicate(expression::binary(sql_operator::equal, expression::of_column(c),
                                                               expression::of_value(value(key[i]))));
    }
    const std::string text = compile(connection_.get_dialect(), s).sql;
    cursor rows = connection_.open(text, key);
    std::vector<cell> found(kinds.size());
    std::vector<key_values> keys;
    while (rows.next()) {
        if (rows.read(0, kinds, found.data()) == kinds.size()) keys.emplace_back(found.begin(), found.end());
    }
    return keys;
}

void own_followers::lead() {
    for (const group& g : groups_) {
        const std::vector<const column*> set = columns_at(type_, g.columns);
        const std::vector<const column*> where = columns_at(type_, type_.key());
        for (std::size_t first = 0; first < g.keys.size(); first += most_rows) {
            const std::size_t rows = std::min(most_rows, g.keys.size() - first);
            std::vector<cell> parameters = cells_of(g.now);
            for (std::size_t i = first; i < first + rows; ++i) {
                const std::vector<cell> key = cells_of(g.keys[i]);
                parameters.insert(parameters.end(), key.begin(), key.end());
            }
            connection_.execute(compile_update(connection_.get_dialect(), type_.table(), set, where, rows),
                                parameters);
        }
    }
}

} // namespace kin::detail
