// SPDX-License-Identifier: MIT
#include "column_defaults.hpp"

#include <algorithm>

#include "column_checks.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"
#include "row_cells.hpp"
#include "sample_object.hpp"

namespace kin::detail {

namespace {

bool make_new_values(node& n, undo_log& undo) {
    bool any = false;
    for (const property& p : n.type->properties()) {
        const column_default* d = p.at_insert();
        if (!d || !d->maker || !p.is_default(member_of(n, p)) || waits_for_key(n, p)) continue;
        undo.made.push_back({&n, &p});
        d->maker->make(n.object(), member_of(n, p));
        any = true;
    }
    return any;
}

bool make_changed_values(node& n) {
    bool any = false;
    for (const property& p : n.type->properties()) {
        const column_default* d = p.at_update();
        if (!d || !d->maker || differs_from_row(n, p) || waits_for_key(n, p)) continue;
        d->maker->make(n.object(), member_of(n, p));
        any = true;
    }
    return any;
}

} // namespace

bool make_values(const flush_plan& plan, undo_log& undo) {
    bool any = false;
    std::vector<cell> row;
    scratch memory;
    for (const flush_plan::step& s : plan.steps) {
        const bool inserts = s.action == flush_action::insert || s.action == flush_action::replace;
        if (inserts && s.type->has_insert_defaults()) {
            for (node* n : s.objects) any |= make_new_values(*n, undo);
        }
        if (s.action == flush_action::update && s.type->has_update_defaults()) {
            for (node* n : s.objects) {
                // What had to wait belongs to a new row; and some are only looked at, and have nothing to write.
                if (has_row(*n) && n->image && is_changed(*n, row, memory)) any |= make_changed_values(*n);
            }
        }
    }
    return any;
}

value made_value(const mapper& m, const property& p, const column_default& d, const void* object) {
    sample_object one(m);
    d.maker->make(object, one.member(p));
    cell c;
    scratch memory;
    if (!p.encode(one.member(p), encoder{c, memory})) fail_out_of_range(m, p);
    check_limits(m, p, c);
    return value(c);
}

std::vector<std::uint32_t> computed_beside(const mapper& m, std::span<const std::uint32_t> set) {
    std::vector<std::uint32_t> computed;
    if (!m.has_update_defaults()) return computed;
    for (const property& p : m.properties()) {
        const std::uint32_t i = p.column->index;
        if (p.at_update() && p.at_update()->is_sql() && std::find(set.begin(), set.end(), i) == set.end())
            computed.push_back(i);
    }
    return computed;
}

std::vector<assignment> computed_at_insert(const mapper& m, std::span<const column* const> columns) {
    std::vector<assignment> all;
    for (const column* c : columns) all.push_back({c, m.properties()[c->index].at_insert()->sql});
    return all;
}

std::vector<assignment> computed_at_update(const mapper& m, std::span<const std::uint32_t> columns) {
    std::vector<assignment> all;
    for (const std::uint32_t i : columns)
        all.push_back({m.properties()[i].column, m.properties()[i].at_update()->sql});
    return all;
}

} // namespace kin::detail
