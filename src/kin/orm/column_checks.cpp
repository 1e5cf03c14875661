// SPDX-License-Identifier: MIT
#include "column_checks.hpp"

#include <algorithm>

#include "kin/base/error.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"
#include "row_cells.hpp"

namespace kin::detail {

bool waits_for_key(const node& n, const property& p) {
    const auto& all = n.type->relationships();
    return p.foreign_target && std::any_of(all.begin(), all.end(), [&](const relationship& r) {
               if (!r.is_reference()) return false;
               const node* target = reference_of(const_cast<node&>(n), r).known();
               const bool has_it = std::any_of(r.keys.begin(), r.keys.end(),
                                               [&](const auto& k) { return k.foreign == p.column->index; });
               return has_it && target && !has_key(*target);
           });
}

bool differs_from_row(const node& n, const property& p) {
    scratch memory;
    return !member_cell(n, p, memory).same_as(n.image->current.cells()[p.column->index]);
}

namespace {

void check(const node& n, const property& p) {
    const mapper& m = *n.type;
    for (const auto& v : p.rules->validators) {
        if (v->accepts(n.object(), member_of(n, p))) continue;
        throw data_error({.code = "invalid_value",
                          .message = m.class_name() + "." + p.name + ": " +
                                     (v->demand().empty() ? "its validator refuses the value" : v->demand()) +
                                     " (column " + m.table().name() + "." + p.column->name + ")",
                          .sql = {},
                          .table = m.table().name(),
                          .column = p.column->name});
    }
}

/// The program has said no value, the database or the session does when the row is written.
bool is_made_later(const node& n, const property& p) {
    const bool made = p.is_made_by_database() || &p == n.type->version();
    return (made && p.is_default(member_of(n, p))) || waits_for_key(n, p);
}

/// ... and the next flush will call a function for it.
bool is_made_by_function(const node& n, const property& p) {
    const column_default* d = p.at_insert();
    return d && d->maker && p.is_default(member_of(n, p));
}

/// Whether the member was set since the object was made, or since its row was read or written.
bool was_set(const node& n, const property& p) {
    if (has_row(n)) return differs_from_row(n, p);
    return !p.is_default(member_of(n, p)) && !waits_for_key(n, p);
}

bool has_values(const flush_plan::step& s) noexcept {
    return s.action == flush_action::insert || s.action == flush_action::update ||
           s.action == flush_action::replace;
}

} // namespace

bool call_set_handlers(const flush_plan& plan) {
    struct set_column {
        node* object;
        const property* member;
    };
    std::vector<set_column> set; // before the first handler is called: what handlers set calls nobody
    for (const flush_plan::step& s : plan.steps) {
        if (!has_values(s) || !s.type->has_set_handlers()) continue;
        for (node* n : s.objects) {
            for (const property& p : n->type->properties()) {
                if (p.rules && !p.rules->set_handlers.empty() && was_set(*n, p)) set.push_back({n, &p});
            }
        }
    }
    for (const auto& [n, p] : set) {
        for (const auto& handler : p->rules->set_handlers) {
            if (!was_set(*n, *p)) break; // a handler has set it back
            const cell* before = has_row(*n) ? &n->image->current.cells()[p->column->index] : nullptr;
            handler->call(*n, before, member_of(*n, *p));
        }
    }
    return !set.empty();
}

void check_values(const flush_plan& plan) {
    for (const flush_plan::step& s : plan.steps) {
        if (!has_values(s) || !s.type->has_validators()) continue;
        for (const node* n : s.objects) has_row(*n) ? check_changed_values(*n) : check_new_values(*n);
    }
}

void check_new_values(const node& n) {
    if (!n.type->has_validators()) return;
    for (const property& p : n.type->properties()) {
        if (p.rules && !p.rules->validators.empty() && !is_made_later(n, p)) check(n, p);
    }
}

void check_changed_values(const node& n) {
    if (!n.type->has_validators()) return;
    for (const property& p : n.type->properties()) {
        if (p.rules && !p.rules->validators.empty() && differs_from_row(n, p)) check(n, p);
    }
}

void check_all_values(const node& n) {
    const bool is_new = !has_row(n);
    for (const property& p : n.type->properties()) {
        if (!p.rules || waits_for_key(n, p)) continue;
        if (is_new && (is_made_later(n, p) || is_made_by_function(n, p))) continue;
        check(n, p);
    }
}

} // namespace kin::detail
