// SPDX-License-Identifier: MIT
#include "unit_of_work.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "dependency_graph.hpp"
#include "kin/base/topological_sort.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"
#include "row_order.hpp"

namespace kin::detail {

namespace {

using edges = std::vector<std::pair<std::size_t, std::size_t>>;

/// The classes of `objects`, each once, in order of appearance.
std::vector<const mapper*> classes_of(const std::vector<node*>& objects) {
    std::vector<const mapper*> classes;
    for (const node* n : objects) {
        if (std::find(classes.begin(), classes.end(), n->type) == classes.end()) classes.push_back(n->type);
    }
    return classes;
}

/// Positions of `classes`, referenced ones first. `ring` gets the positions of those that refer to each other, or to themselves.
std::vector<std::size_t> order_of(const std::vector<const mapper*>& classes, std::vector<std::size_t>& ring) {
    edges before_after;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        for (const property& p : classes[i]->properties()) {
            if (!p.foreign_target) continue;
            const auto target = std::find(classes.begin(), classes.end(), &p.foreign_target());
            if (target == classes.end()) continue;
            const auto t = static_cast<std::size_t>(target - classes.begin());
            if (t == i) {
                ring.push_back(i);
            } else {
                before_after.emplace_back(t, i);
            }
        }
    }
    std::vector<std::size_t> members;
    std::vector<std::size_t> order = topological_sort(classes.size(), before_after, &members);
    ring.insert(ring.end(), members.begin(), members.end());
    return order;
}

using step = flush_plan::step;

bool of_one_class(const std::vector<node*>& objects) {
    return std::all_of(objects.begin(), objects.end(),
                       [&](const node* n) { return n->type == objects.front()->type; });
}

/// Rows of classes in a ring, such as a tree's: by levels, so that every row comes after the one it refers to. False when the rows
/// themselves are in a ring that one statement cannot write.
bool add_levels(std::vector<step>& out, const dialect& d, const std::vector<node*>& objects,
                flush_action action) {
    std::unordered_map<const node*, std::size_t> position;
    for (std::size_t i = 0; i < objects.size(); ++i) position.emplace(objects[i], i);
    edges before_after;
    bool together = true;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        for (const relationship& r : objects[i]->type->relationships()) {
            if (!r.is_reference()) continue;
            const auto target = position.find(reference_of(*objects[i], r).known());
            if (target == position.end()) continue;
            const bool deletes_together = action != flush_action::remove || can_delete_together(d, r);
            together = together && deletes_together;
            if (target->second != i) {
                before_after.emplace_back(target->second, i);
            } else if (!has_key(*objects[i]) || !deletes_together) {
                return false; // refers to itself
            }
        }
    }
    std::vector<std::size_t> ring;
    const std::vector<std::size_t> order = topological_sort(objects.size(), before_after, &ring);
    if (!ring.empty()) {
        if (action == flush_action::insert || !together || !of_one_class(objects)) return false;
        before_after.clear(); // rows that exist are deleted by one statement, with all that they refer to
    }

    std::vector<std::size_t> level(objects.size(), 0);
    std::vector<std::vector<std::size_t>> followers(objects.size());
    for (const auto& [before, after] : before_after) followers[before].push_back(after);
    std::size_t deepest = 0;
    for (const std::size_t i : order) {
        for (const std::size_t f : followers[i]) level[f] = std::max(level[f], level[i] + 1);
        deepest = std::max(deepest, level[i]);
    }
    for (std::size_t l = 0; l <= deepest; ++l) {
        std::vector<node*> here;
        for (std::size_t i = 0; i < objects.size(); ++i) {
            if (level[i] == l) here.push_back(objects[i]);
        }
        for (const mapper* m : classes_of(here)) {
            step group{action, m};
            std::copy_if(here.begin(), here.end(), std::back_inserter(group.objects),
                         [&](const node* n) { return n->type == m; });
            group.together = !ring.empty();
            out.push_back(std::move(group));
        }
    }
    return true;
}

/// What removed objects refer to in memory may not be what their rows refer to, and it is the rows that stand in each other's way.
bool refer_elsewhere(const std::vector<node*>& removing) {
    return std::any_of(removing.begin(), removing.end(), [](const node* n) {
        const auto& all = n->type->relationships();
        return std::any_of(all.begin(), all.end(), [n](const relationship& r) {
            return r.is_reference() && foreign_key_changed(*n, r);
        });
    });
}

/// Class by class, referenced ones first; false when that is not enough.
bool add_ordered(std::vector<step>& out, const dialect& d, const std::vector<node*>& objects,
                 flush_action action) {
    const std::vector<const mapper*> classes = classes_of(objects);
    std::vector<std::size_t> ring;
    const std::vector<std::size_t> order = order_of(classes, ring);
    const auto in_ring = [&](std::size_t i) { return std::find(ring.begin(), ring.end(), i) != ring.end(); };
    for (std::size_t k = 0; k < order.size(); ++k) {
        step group{action, classes[order[k]]};
        if (!in_ring(order[k])) {
            std::copy_if(objects.begin(), objects.end(), std::back_inserter(group.objects),
                         [&](const node* n) { return n->type == group.type; });
            out.push_back(std::move(group));
            continue;
        }
        std::vector<const mapper*> together{group.type}; // the ring, and rings that follow at once
        while (k + 1 < order.size() && in_ring(order[k + 1])) together.push_back(classes[order[++k]]);
        std::copy_if(objects.begin(), objects.end(), std::back_inserter(group.objects), [&](const node* n) {
            return std::find(together.begin(), together.end(), n->type) != together.end();
        });
        if (action == flush_action::remove && (together.size() > 1 || refer_elsewhere(group.objects)))
            return false;
        if (!add_levels(out, d, group.objects, action)) return false;
    }
    return true;
}

/// By classes as a whole: all INSERTs, then UPDATEs, then DELETEs. False when the rows do not allow it.
bool order_by_class(flush_plan& plan, const dialect& d, const std::vector<node*>& pending,
                    const std::vector<node*>& changed, const std::vector<node*>& removing) {
    if (!pending.empty() && !add_ordered(plan.steps, d, pending, flush_action::insert)) return false;
    for (const mapper* m : classes_of(changed)) {
        step group{flush_action::update, m};
        std::copy_if(changed.begin(), changed.end(), std::back_inserter(group.objects),
                     [&](const node* n) { return n->type == m; });
        plan.steps.push_back(std::move(group));
    }
    if (removing.empty()) return true;
    const auto first = static_cast<std::ptrdiff_t>(plan.steps.size());
    if (!add_ordered(plan.steps, d, removing, flush_action::remove)) return false;
    std::reverse(plan.steps.begin() + first, plan.steps.end());
    for (auto group = plan.steps.begin() + first; group != plan.steps.end(); ++group)
        sort_by_key(group->objects);
    return true;
}

/// Class by class, referenced ones first, and by primary key within a class.
std::vector<node*> by_class_and_key(std::vector<node*> objects) {
    const std::vector<const mapper*> classes = classes_of(objects);
    if (classes.size() == 1) {
        sort_by_key(objects);
        return objects;
    }
    std::vector<node*> out;
    out.reserve(objects.size());
    std::vector<std::size_t> ring;
    for (const std::size_t i : order_of(classes, ring)) {
        const std::size_t first = out.size();
        std::copy_if(objects.begin(), objects.end(), std::back_inserter(out),
                     [&](const node* n) { return n->type == classes[i]; });
        sort_by_key(std::span(out).subspan(first));
    }
    return out;
}

} // namespace

bool can_delete_together(const dialect& d, const relationship& r) {
    if (d.supports(feature::foreign_keys_at_end)) return true;
    const referential_action rule = r.owner->properties()[r.keys.front().foreign].on_delete;
    return rule == referential_action::cascade || rule == referential_action::set_null;
}

flush_plan order_by_dependency(const dialect& d, const std::vector<node*>& pending,
                               std::vector<node*> changed, const std::vector<node*>& removing) {
    flush_plan plan;
    changed = by_class_and_key(std::move(changed));
    const std::vector<unique_conflict> conflicts = find_unique_conflicts(pending, changed, removing);
    if (conflicts.empty() && order_by_class(plan, d, pending, changed, removing)) return plan;
    plan.steps = dependency_graph(d, pending, changed, removing, conflicts).steps();
    return plan;
}

bool is_changed(node& n, std::vector<cell>& row, scratch& memory) {
    n.image->differing = differences(n, row, memory);
    if (n.image->differing != 0) return true;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const node* target = reference_of(n, r).known();
        if (target && target->state == object_state::pending)
            return true; // gets its key now, or takes one over
    }
    return false;
}

std::uint64_t differences(const node& n, std::vector<cell>& row, scratch& memory) {
    const std::span<const cell> before = n.image->current.cells();
    row.resize(before.size());
    memory.clear();
    encode_row(n, row.data(), memory);
    std::uint64_t found = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!row[i].same_as(before[i])) found |= std::uint64_t{1} << std::min<std::size_t>(i, 63);
    }
    return found;
}

} // namespace kin::detail
