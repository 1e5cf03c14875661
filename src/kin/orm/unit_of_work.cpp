// SPDX-License-Identifier: MIT
#include "unit_of_work.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "kin/base/error.hpp"
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

[[noreturn]] void fail_ring(const std::vector<node*>& objects, const std::vector<std::size_t>& ring) {
    std::string names;
    for (const std::size_t i : ring) {
        for (const relationship& r : objects[i]->type->relationships()) {
            if (r.kind != relationship_kind::belongs_to || !reference_of(*objects[i], r).known()) continue;
            const std::string name = r.qualified_name();
            if (names.find(name) == std::string::npos) names += (names.empty() ? "" : ", ") + name;
        }
    }
    throw state_error(
        {.code = "cyclic_dependency",
         .message =
             "new objects refer to each other in a ring (" + names +
             "), so none can be inserted first; add them with one of these unset, flush, and set it then",
         .sql = {}});
}

/// Rows of classes in a ring, such as a tree's: by levels, so that every row comes after the one it refers to.
void add_levels(std::vector<flush_plan::rows>& out, const std::vector<node*>& objects) {
    std::unordered_map<const node*, std::size_t> position;
    for (std::size_t i = 0; i < objects.size(); ++i) position.emplace(objects[i], i);
    edges before_after;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        for (const relationship& r : objects[i]->type->relationships()) {
            if (r.kind != relationship_kind::belongs_to) continue;
            const auto target = position.find(reference_of(*objects[i], r).known());
            if (target == position.end()) continue;
            if (target->second != i) {
                before_after.emplace_back(target->second, i);
            } else if (!has_row(*objects[i])) {
                fail_ring(objects, {i}); // refers to itself
            }
        }
    }
    std::vector<std::size_t> ring;
    const std::vector<std::size_t> order = topological_sort(objects.size(), before_after, &ring);
    if (!ring.empty()) {
        if (!has_row(*objects[ring.front()])) fail_ring(objects, ring);
        // Rows that exist are deleted together: a statement's foreign keys are checked at its end.
        std::erase_if(before_after, [&](const auto& e) {
            return std::find(ring.begin(), ring.end(), e.first) != ring.end() &&
                   std::find(ring.begin(), ring.end(), e.second) != ring.end();
        });
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
            flush_plan::rows group{m};
            std::copy_if(here.begin(), here.end(), std::back_inserter(group.objects),
                         [&](const node* n) { return n->type == m; });
            out.push_back(std::move(group));
        }
    }
}

std::vector<flush_plan::rows> ordered(const std::vector<node*>& objects) {
    const std::vector<const mapper*> classes = classes_of(objects);
    std::vector<std::size_t> ring;
    const std::vector<std::size_t> order = order_of(classes, ring);
    std::vector<flush_plan::rows> out;
    const auto in_ring = [&](std::size_t i) { return std::find(ring.begin(), ring.end(), i) != ring.end(); };
    bool ring_done = false;
    for (const std::size_t i : order) {
        std::vector<node*> group;
        if (in_ring(i)) {
            if (ring_done) continue;
            ring_done = true;
            for (node* n : objects) {
                const auto at = std::find(classes.begin(), classes.end(), n->type) - classes.begin();
                if (in_ring(static_cast<std::size_t>(at))) group.push_back(n);
            }
            add_levels(out, group);
            continue;
        }
        std::copy_if(objects.begin(), objects.end(), std::back_inserter(group),
                     [&](const node* n) { return n->type == classes[i]; });
        out.push_back({classes[i], std::move(group)});
    }
    return out;
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

flush_plan order_by_dependency(const std::vector<node*>& pending, std::vector<node*> changed,
                               const std::vector<node*>& removing) {
    flush_plan plan;
    if (!pending.empty()) plan.inserts = ordered(pending);
    plan.updates = by_class_and_key(std::move(changed));
    if (!removing.empty()) {
        plan.deletes = ordered(removing);
        std::reverse(plan.deletes.begin(), plan.deletes.end());
        for (flush_plan::rows& group : plan.deletes) sort_by_key(group.objects);
    }
    return plan;
}

bool is_changed(node& n, std::vector<cell>& row, scratch& memory) {
    n.image->differing = differences(n, row, memory);
    if (n.image->differing != 0) return true;
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        const node* target = reference_of(n, r).known();
        if (target && target->state == object_state::pending && !has_key(*target)) return true;
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
