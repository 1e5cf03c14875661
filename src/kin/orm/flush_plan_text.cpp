// SPDX-License-Identifier: MIT
#include "flush_plan_text.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "constraint_names.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_shown = 20; // rows of one group

std::string key_of(const node& n) {
    if (n.image) return key_text(*n.type, n.image->current.cells());
    std::vector<cell> row(n.type->properties().size());
    scratch memory;
    encode_row(n, row.data(), memory);
    return key_text(*n.type, row);
}

/// The columns of rows that were parked by an earlier step, and get their values by the UPDATE that follows.
using parked_columns = std::map<const node*, std::vector<std::uint32_t>>;

/// "name, email": the columns that an UPDATE would set.
std::string changed_columns(node& n, const parked_columns& parked) {
    std::vector<bool> changed(n.type->properties().size(), false);
    if (n.image) {
        std::vector<cell> row(n.type->properties().size());
        scratch memory;
        encode_row(n, row.data(), memory);
        for (std::size_t i = 0; i < row.size(); ++i)
            changed[i] = !row[i].same_as(n.image->current.cells()[i]);
    }
    if (const auto at = parked.find(&n); at != parked.end()) {
        for (const std::uint32_t i : at->second) changed[i] = true;
    }
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const node* target = reference_of(n, r).known();
        if (!target || target->state != object_state::pending || has_key(*target)) continue;
        for (const relationship::key_pair& k : r.keys) changed[k.foreign] = true;
    }
    if (n.type->has_update_defaults() && std::find(changed.begin(), changed.end(), true) != changed.end()) {
        for (const property& p : n.type->properties()) {
            if (p.at_update()) changed[p.column->index] = true;
        }
    }
    std::string names;
    for (std::size_t i = 0; i < changed.size(); ++i) {
        if (changed[i]) names += (names.empty() ? "" : ", ") + n.type->properties()[i].column->name;
    }
    return names;
}

std::string names_of(const mapper& m, const std::vector<std::uint32_t>& columns) {
    std::string names;
    for (const std::uint32_t i : columns)
        names += (names.empty() ? "" : ", ") + m.properties()[i].column->name;
    return names;
}

std::string count_of(std::size_t rows) { return std::to_string(rows) + (rows == 1 ? " row" : " rows"); }

void write(std::string& out, const flush_plan::step& s, parked_columns& parked) {
    const std::string table = s.type->table().full_name();
    std::size_t shown = 0;
    const auto for_each_row = [&](auto&& line) {
        for (node* n : s.objects) {
            if (++shown > most_shown) continue;
            out += line(*n) + "\n";
        }
        if (shown > most_shown) out += "... and " + count_of(shown - most_shown) + " more\n";
    };
    switch (s.action) {
    case flush_action::insert:
        out += "INSERT " + table + ": " + count_of(s.objects.size());
        for (const relationship* r : s.late) out += ", " + r->name + " follows";
        out += "\n";
        return;
    case flush_action::update:
        return for_each_row([&](node& n) {
            if (!has_row(n) || n.image == nullptr) return "UPDATE " + table + " SET what had to wait";
            return "UPDATE " + table + " SET " + changed_columns(n, parked) + ": " + key_of(n);
        });
    case flush_action::park:
        for (const node* n : s.objects) parked[n] = s.columns;
        return for_each_row([&](node& n) {
            const bool null = s.type->table().columns()[s.columns.front()].nullable;
            return "UPDATE " + table + " SET " + names_of(*s.type, s.columns) +
                   (null ? " to NULL for now: " : " to a value that nobody has: ") + key_of(n);
        });
    case flush_action::replace:
        return for_each_row([&](node& n) { return "UPDATE " + table + " by a new object: " + key_of(n); });
    case flush_action::remove: break;
    }
    out += "DELETE " + table + ": ";
    for (const node* n : s.objects) {
        if (++shown <= most_shown) out += (shown == 1 ? "" : "; ") + key_of(*n);
    }
    out += shown > most_shown ? " and " + count_of(shown - most_shown) + " more\n" : "\n";
}

void write(std::string& out, const char* action, const std::vector<association_changes::change>& links) {
    std::map<std::string, std::size_t> rows;
    for (const association_changes::change& c : links) ++rows[c.through->table->full_name()];
    for (const auto& [table, count] : rows) out += action + table + ": " + count_of(count) + "\n";
}

} // namespace

std::string text_of(const flush_plan& plan, const std::vector<association_changes::change>& unlinked,
                    const std::vector<association_changes::change>& linked) {
    std::string out;
    write(out, "DELETE ", unlinked);
    parked_columns parked;
    for (const flush_plan::step& s : plan.steps) write(out, s, parked);
    write(out, "INSERT ", linked);
    return out;
}

} // namespace kin::detail
