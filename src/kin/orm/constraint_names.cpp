// SPDX-License-Identifier: MIT
#include "constraint_names.hpp"

#include <vector>

#include "cell_text.hpp"

namespace kin::detail {

namespace {

struct candidate {
    const table* child;
    const foreign_key_constraint* key;
};

std::vector<candidate> candidates_of(const mapper& m, row_action action) {
    std::vector<candidate> found;
    if (action != row_action::remove) {
        for (const foreign_key_constraint& k : m.table().foreign_keys) found.push_back({&m.table(), &k});
        return found;
    }
    for (const relationship& r : m.relationships()) {
        if (!r.is_referred_to()) continue;
        for (const foreign_key_constraint& k : r.target().table().foreign_keys) {
            if (k.columns.size() == r.keys.size() && k.columns.front() == r.keys.front().foreign) {
                found.push_back({&r.target().table(), &k});
            }
        }
    }
    return found;
}

std::string described(const candidate& c) {
    std::string text = c.child->name() + ".";
    text += c.child->columns()[c.key->columns.front()].name;
    return text + " -> " + c.key->target_table + "." + c.key->target_columns.front();
}

} // namespace

void rethrow_with_constraint(const foreign_key_violation& e, const mapper& m, row_action action) {
    const std::vector<candidate> found = candidates_of(m, action);
    if (!e.constraint().empty() || found.empty()) throw foreign_key_violation(e.details());
    error_details d = e.details();
    std::string names;
    for (const candidate& c : found) names += (names.empty() ? "" : ", ") + described(c);
    if (found.size() == 1) {
        const candidate& c = found.front();
        d.table = c.child->name();
        d.column = c.child->columns()[c.key->columns.front()].name;
        d.constraint = c.child->name_of(*c.key);
    } else {
        d.table = m.table().name();
    }
    if (action == row_action::remove) {
        d.message = "cannot delete a row of " + m.table().name() + ": rows still refer to it (" + names +
                    "); remove them first, make their key std::optional so that it can be unset, or give the "
                    "relationship cascade::remove";
    } else {
        d.message = "a row of " + m.table().name() + " refers to a row that does not exist (" + names +
                    "); save the other object first, or correct the key";
    }
    throw foreign_key_violation(std::move(d));
}

std::string key_text(const mapper& m, std::span<const cell> row) {
    std::string text;
    for (const std::uint32_t i : m.key()) {
        text += (text.empty() ? "" : ", ") + m.properties()[i].column->name + " = " + shown(row[i]);
    }
    return text;
}

} // namespace kin::detail
