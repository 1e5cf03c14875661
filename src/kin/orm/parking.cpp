// SPDX-License-Identifier: MIT
#include "parking.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include "kin/sql/compiler.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

bool has_free_values(const column& c) noexcept {
    if (c.type.kind == type_kind::enumeration) return false; // each of its words may be a row's
    switch (c.type.cell()) {
    case cell_kind::integer:
    case cell_kind::text:
    case cell_kind::blob:
    case cell_kind::uuid:
    case cell_kind::date:
    case cell_kind::timestamp:
    case cell_kind::time:
    case cell_kind::real: return true;
    case cell_kind::null:
    case cell_kind::boolean:
    case cell_kind::decimal:
    case cell_kind::json:
    case cell_kind::array: return false;
    }
    return false;
}

std::mt19937_64& random_source() {
    thread_local std::mt19937_64 source{std::random_device{}()};
    return source;
}

std::string random_text(std::size_t most) {
    static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::size_t wanted = 24;
    std::uniform_int_distribution<std::size_t> letter(0, letters.size() - 1);
    std::string text(most == 0 ? wanted : std::min(most, wanted), '~');
    for (std::size_t i = text.size() > 8 ? 1 : 0; i < text.size(); ++i)
        text[i] = letters[letter(random_source())];
    return text;
}

/// The numbers behind the values that a column can have, and how far two of them are apart at least.
struct number_range {
    std::int64_t least = 1;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::int64_t step = 1;
};
constexpr number_range range_of(const column_type& type) noexcept {
    constexpr std::int64_t second = 1'000'000; // a column that exists may hold no fractions
    constexpr std::int64_t day = 86'400 * second;
    constexpr std::int64_t first_day = -719'162; // 0001-01-01
    constexpr std::int64_t last_day = 2'932'896; // 9999-12-31
    switch (type.kind) {
    case type_kind::integer: return {.most = std::numeric_limits<std::int64_t>::max() >> (64 - type.bits)};
    case type_kind::date: return {first_day, last_day};
    case type_kind::timestamp: return {first_day * day, (last_day + 1) * day - second, second};
    case type_kind::time: return {0, day - second, second};
    default: return {};
    }
}

/// Values of one column that no row has.
class free_values {
public:
    free_values(connection& c, const flush_plan& plan, const property& of)
        : connection_(c),
          plan_(plan),
          property_(of),
          column_(*of.column) {}

    [[nodiscard]] value next() {
        if (column_.nullable) return {};
        switch (column_.type.cell()) {
        case cell_kind::uuid:
            return value(cell::of_bytes(text_ = random_text(0).substr(0, 16), cell_kind::uuid));
        case cell_kind::text: return value(random_text(column_.type.length));
        case cell_kind::blob: return value(cell::of_bytes(text_ = random_text(0)));
        case cell_kind::real: return value(static_cast<double>(next_number()));
        default: return value(cell::of_integer(next_number(), column_.type.cell()));
        }
    }

private:
    [[nodiscard]] std::int64_t next_number() {
        if (!known_) {
            largest_ = std::max(largest_in_rows(), largest_in_objects());
            known_ = true;
        }
        const number_range all = range_of(column_.type);
        if (largest_ <= all.most - all.step) return largest_ += all.step;
        // Mostly free; else UNIQUE says so.
        return std::uniform_int_distribution<std::int64_t>(all.least, all.most)(random_source());
    }
    [[nodiscard]] static std::int64_t number_of(const cell& c) noexcept {
        if (c.is_null()) return 0;
        return c.kind == cell_kind::real ? static_cast<std::int64_t>(c.real) : c.integer;
    }
    [[nodiscard]] std::int64_t largest_in_rows() {
        select_statement s;
        s.columns.push_back(expression::of_column(column_));
        s.from = column_.owner;
        s.order_by.push_back({expression::of_column(column_), sort_direction::descending});
        s.limit = 1;
        const compiled_statement compiled = compile(connection_.get_dialect(), s);
        const cell one = compiled.parameters.front().view();
        cursor rows = connection_.open(compiled.sql, {&one, 1});
        const cell_kind kinds[] = {column_.type.cell()};
        cell found;
        return rows.next() && rows.read(0, kinds, &found) == 1 ? number_of(found) : 0;
    }
    /// They may be written while the row is parked.
    [[nodiscard]] std::int64_t largest_in_objects() const {
        std::int64_t largest = 0;
        scratch memory;
        for (const flush_plan::step& s : plan_.steps) {
            for (const node* n : s.objects) {
                if (&n->type->table() == column_.owner)
                    largest = std::max(largest, number_of(member_cell(*n, property_, memory)));
            }
        }
        return largest;
    }

    connection& connection_;
    const flush_plan& plan_;
    const property& property_;
    const column& column_;
    std::int64_t largest_ = 0;
    std::string text_;
    bool known_ = false;
};

} // namespace

std::vector<std::uint32_t> columns_to_park(const mapper& m,
                                           const std::vector<std::uint32_t>& unique_columns) {
    const auto& columns = m.table().columns();
    const auto pick = [&](auto&& fits) -> std::vector<std::uint32_t> {
        const auto at = std::find_if(unique_columns.begin(), unique_columns.end(), fits);
        return at == unique_columns.end() ? std::vector<std::uint32_t>() : std::vector<std::uint32_t>{*at};
    };
    std::vector<std::uint32_t> found = pick([&](std::uint32_t i) { return columns[i].nullable; });
    if (!found.empty()) return found;
    // Not a foreign key: it can only have values that rows have.
    return pick(
        [&](std::uint32_t i) { return !m.properties()[i].foreign_target && has_free_values(columns[i]); });
}

void park_rows(persistence& work, connection& c, const flush_plan& plan, const flush_plan::step& group) {
    const auto may_be_null = [&](std::uint32_t i) { return group.type->properties()[i].column->nullable; };
    if (std::all_of(group.columns.begin(), group.columns.end(), may_be_null)) {
        const std::vector<cell> nothing(group.columns.size());
        work.update_columns(group.objects, group.columns, nothing);
        work.follow_keys();
        return;
    }
    std::vector<free_values> values;
    for (const std::uint32_t i : group.columns) values.emplace_back(c, plan, group.type->properties()[i]);
    for (node* n : group.objects) {
        std::vector<value> parked;
        for (free_values& v : values) parked.push_back(v.next());
        std::vector<cell> cells;
        for (const value& v : parked) cells.push_back(v.view());
        work.update_columns(*n, group.columns, cells);
    }
    work.follow_keys();
}

} // namespace kin::detail
