// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>

#include "dependency_graph.hpp"
#include "kin/base/error.hpp"
#include "kin/base/topological_sort.hpp"
#include "kin/mapping/link.hpp"
#include "parking.hpp"

/// Rings of rows that wait for each other, and where they are opened.
namespace kin::detail {

namespace {

std::vector<std::uint32_t> nullable_columns(const relationship& r) {
    std::vector<std::uint32_t> columns;
    for (const relationship::key_pair& k : r.keys) {
        if (r.owner->properties()[k.foreign].column->nullable) columns.push_back(k.foreign);
    }
    return columns;
}

} // namespace

/// Edges of one ring, in order; empty when there is none left.
std::vector<std::size_t> dependency_graph::find_ring() const {
    std::vector<std::pair<std::size_t, std::size_t>> before_after;
    std::vector<std::vector<std::size_t>> outgoing(vertices_.size());
    for (std::size_t i = 0; i < edges_.size(); ++i) {
        const edge& e = edges_[i];
        if (e.open && e.from == e.to) return {i};
        if (!is_open(e)) continue;
        before_after.emplace_back(wholes_[e.from], wholes_[e.to]);
        outgoing[wholes_[e.from]].push_back(i);
    }
    std::vector<std::size_t> members;
    (void)topological_sort(vertices_.size(), before_after, &members);
    if (members.empty()) return {};
    std::vector<bool> in_ring(vertices_.size(), false);
    for (const std::size_t v : members) in_ring[v] = true;
    // Every member has an edge to another one: following them comes back to a vertex that was passed.
    std::vector<std::size_t> passed_at(vertices_.size(), none);
    std::vector<std::size_t> way;
    vertex_id v = members.front();
    while (passed_at[v] == none) {
        passed_at[v] = way.size();
        const auto next = std::find_if(outgoing[v].begin(), outgoing[v].end(),
                                       [&](std::size_t e) { return in_ring[wholes_[edges_[e].to]]; });
        if (next == outgoing[v].end()) { // only leads here from a ring: not a part of one
            in_ring[v] = false;
            way.clear();
            std::fill(passed_at.begin(), passed_at.end(), none);
            v = *std::find_if(members.begin(), members.end(), [&](std::size_t m) { return in_ring[m]; });
            continue;
        }
        way.push_back(*next);
        v = wholes_[edges_[*next].to];
    }
    way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(passed_at[v]));
    return way;
}

void dependency_graph::open_rings() {
    for (std::vector<std::size_t> ring = find_ring(); !ring.empty(); ring = find_ring()) {
        if (!cut(ring)) fail(ring);
        keep_together(ring);
    }
}

/// A ring that was opened at every edge is written by one statement: its rows wait for all that one of them waits for.
void dependency_graph::keep_together(const std::vector<std::size_t>& ring) {
    if (std::any_of(ring.begin(), ring.end(), [&](std::size_t e) { return edges_[e].open; })) return;
    for (const std::size_t e : ring)
        std::replace(wholes_.begin(), wholes_.end(), vertex_id(wholes_[edges_[e].from]),
                     vertex_id(wholes_[edges_[e].to]));
}

/// Opens a ring at one edge, which costs one statement more; where several can be cut, a foreign key is.
bool dependency_graph::cut(const std::vector<std::size_t>& ring) {
    if (cut_removals_of_one_class(ring)) return true;
    for (const std::size_t e : ring)
        if (cut_reference(edges_[e])) return true;
    for (const std::size_t e : ring)
        if (cut_unique(edges_[e])) return true;
    for (const std::size_t e : ring)
        if (cut_removal(edges_[e])) return true;
    return false;
}

/// Rows of one class that are deleted by one statement. Where the database checks each of them by itself, none may refer to another one by
/// then: all let go, by one statement more.
bool dependency_graph::cut_removals_of_one_class(const std::vector<std::size_t>& ring) {
    const auto same_class_removed = [&](std::size_t i) {
        const edge& e = edges_[i];
        return e.why == reason::referred && vertices_[e.from].action == flush_action::remove &&
               vertices_[e.from].object->type == vertices_[e.to].object->type;
    };
    if (!std::all_of(ring.begin(), ring.end(), same_class_removed)) return false;
    bool any = false;
    for (const std::size_t i : ring) {
        const bool together = can_delete_together(dialect_, *edges_[i].by);
        if (together) edges_[i].open = false;
        any |= together || cut_removal(edges_[i]);
    }
    return any;
}

/// A new row that refers to one that comes later: inserted with NULL, and updated when the other is there.
bool dependency_graph::cut_reference(edge& e) {
    if (e.why != reason::refers || vertices_[e.to].action != flush_action::insert || !may_be_null(*e.by))
        return false;
    e.open = false;
    const vertex_id inserted = e.to;
    const vertex_id target = e.from;
    const relationship& by = *e.by;
    node& n = *vertices_[inserted].object;
    vertices_[inserted].late.push_back(&by);
    const auto [at, added] = updates_after_insert_.try_emplace(&n, none);
    if (added) {
        at->second = add(flush_action::update, n);
        connect(inserted, at->second, reason::follows);
    }
    connect(target, at->second, reason::follows);
    return true;
}

dependency_graph::vertex_id dependency_graph::park(node& n, const std::vector<std::uint32_t>& columns) {
    const auto [at, added] = parkings_.try_emplace(&n, none);
    if (added) {
        at->second = add(flush_action::park, n);
        connect(at->second, write_of(&n), reason::follows);
    }
    std::vector<std::uint32_t>& all = vertices_[at->second].columns;
    for (const std::uint32_t c : columns) {
        if (std::find(all.begin(), all.end(), c) == all.end()) all.push_back(c);
    }
    return at->second;
}

/// A row that gives a unique value up, but only later: it gets NULL, or a value that nobody has, first.
bool dependency_graph::cut_unique(edge& e) {
    if (e.why != reason::unique) return false;
    const vertex& frees = vertices_[e.from];
    node& n = frees.action == flush_action::replace ? *frees.replaced : *frees.object;
    if (frees.action == flush_action::replace) return false;
    const std::vector<std::uint32_t> columns = columns_to_park(*n.type, e.columns);
    if (columns.empty()) return false;
    const vertex_id to = e.to;
    e.open = false;
    connect(park(n, columns), to, reason::follows);
    return true;
}

/// A row that refers to one that is deleted first: it refers to nobody for a while.
bool dependency_graph::cut_removal(edge& e) {
    if (e.why != reason::referred || !may_be_null(*e.by)) return false;
    const vertex& refers = vertices_[e.from];
    if (refers.action == flush_action::replace) return false;
    node& n = *refers.object;
    const vertex_id to = e.to;
    const std::vector<std::uint32_t> columns = nullable_columns(*e.by);
    e.open = false;
    connect(park(n, columns), to, reason::follows);
    return true;
}

void dependency_graph::fail(const std::vector<std::size_t>& ring) const {
    std::string names;
    bool unique = false;
    for (const std::size_t i : ring) {
        const edge& e = edges_[i];
        unique = unique || e.why == reason::unique;
        const std::string name =
            e.by ? e.by->qualified_name() : vertices_[e.from].object->type->class_name() + " (unique)";
        if (names.find(name) == std::string::npos) names += (names.empty() ? "" : ", ") + name;
    }
    if (unique) {
        throw state_error(
            {.code = "unique_ring",
             .message =
                 "rows exchange unique values (" + names +
                 ") of a type for which there is no value that nobody has; flush twice, with another value "
                 "in between",
             .sql = {}});
    }
    throw state_error(
        {.code = "cyclic_dependency",
         .message = "objects refer to each other in a ring (" + names +
                    "), and none of these foreign keys may be NULL, so none can be written first; make one a "
                    "std::optional",
         .sql = {}});
}

// ---- statements ----

} // namespace kin::detail
