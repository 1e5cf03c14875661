// SPDX-License-Identifier: MIT
#include "dependency_graph.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "identity_map.hpp"
#include "kin/mapping/link.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

/// The values of some columns of a row, as the database has it.
std::vector<value> row_values_of(const node& n, const relationship& r,
                                 std::uint32_t relationship::key_pair::* side) {
    std::vector<value> values;
    scratch memory;
    for (const relationship::key_pair& k : r.keys)
        values.emplace_back(row_cell(n, n.type->properties()[k.*side], memory));
    return values;
}

/// ... and as the object has them.
std::vector<value> values_of(const node& n, const relationship& r,
                             std::uint32_t relationship::key_pair::* side) {
    std::vector<value> values;
    scratch memory;
    for (const relationship::key_pair& k : r.keys)
        values.emplace_back(member_cell(n, n.type->properties()[k.*side], memory));
    return values;
}

std::string text_of(const std::vector<value>& values) {
    std::vector<cell> cells;
    for (const value& v : values) {
        cells.push_back(v.view());
        if (cells.back().is_null()) return {};
    }
    return written_key(cells);
}

} // namespace

dependency_graph::dependency_graph(const dialect& d, const std::vector<node*>& pending,
                                   const std::vector<node*>& changed, const std::vector<node*>& removing,
                                   const std::vector<unique_conflict>& conflicts)
    : dialect_(d) {
    for (node* n : pending) writes_[n] = add(flush_action::insert, *n);
    for (node* n : changed) writes_[n] = add(flush_action::update, *n);
    for (node* n : removing) writes_[n] = add(flush_action::remove, *n);
    for (const unique_conflict& c : conflicts) {
        if (c.primary_key) take_over_row(c);
    }
    for (vertex_id v = 0; v < vertices_.size(); ++v) add_references(v);
    add_references_by_hand();
    add_row_references();
    for (const unique_conflict& c : conflicts) add_conflict(c);
}

dependency_graph::vertex_id dependency_graph::add(flush_action action, node& n) {
    vertices_.push_back({action, &n});
    outgoing_.emplace_back();
    wholes_.push_back(wholes_.size());
    return vertices_.size() - 1;
}

void dependency_graph::connect(vertex_id from, vertex_id to, reason why, const relationship* by,
                               std::vector<std::uint32_t> columns) {
    if (from == none || to == none) return;
    if (from == to && why != reason::refers && why != reason::referred) return;
    outgoing_[from].push_back(edges_.size());
    edges_.push_back({from, to, why, by, std::move(columns)});
}

dependency_graph::vertex_id dependency_graph::write_of(const node* n) const {
    const auto at = writes_.find(n);
    return at == writes_.end() ? none : at->second;
}

namespace {

/// The database does nothing to other rows when one of this class is deleted.
bool is_deleted_quietly(const mapper& m) {
    return std::none_of(m.relationships().begin(), m.relationships().end(), [](const relationship& r) {
        if (!r.is_referred_to()) return false;
        const referential_action rule = r.target().properties()[r.keys.front().foreign].on_delete;
        return rule != referential_action::no_action && rule != referential_action::restrict;
    });
}

} // namespace

/// A new object with the primary key of a removed one writes its row over: nobody who refers to it needs to notice.
void dependency_graph::take_over_row(const unique_conflict& c) {
    const vertex_id takes = write_of(c.takes);
    const vertex_id frees = write_of(c.frees);
    if (vertices_[takes].action != flush_action::insert || vertices_[frees].action != flush_action::remove ||
        !is_deleted_quietly(*c.takes->type))
        return;
    vertices_[takes].action = flush_action::replace;
    vertices_[takes].replaced = c.frees;
    vertices_[frees].done = true; // has nothing to write
    writes_[c.frees] = takes;
}

/// What the row will refer to must be there before.
void dependency_graph::add_references(vertex_id v) {
    if (vertices_[v].action == flush_action::remove) return;
    node& n = *vertices_[v].object;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const node* target = reference_of(n, r).known();
        if (!target) continue;
        const vertex_id of_target = write_of(target);
        if (of_target != none && vertices_[of_target].action == flush_action::remove && of_target != v)
            connect(v, of_target, reason::outlives, &r);
        // A key that changes in this flush: the row refers to the new one.
        if (of_target != none && vertices_[of_target].action == flush_action::update &&
            !target->type->has_generated_key() && target->type != n.type)
            connect(of_target, v, reason::follows);
        if (target->state != object_state::pending) continue;
        if (target == &n && has_key(n)) continue; // a row may refer to itself
        connect(write_of(target), v, reason::refers, &r);
    }
}

/// A foreign key that was set by hand may be the key of a new row, to which nothing links the object before the row is there.
void dependency_graph::add_references_by_hand() {
    std::map<const relationship*, std::unordered_map<std::string, vertex_id>>
        made; // by the key that is referred to
    const auto made_of = [&](const relationship& r) -> const std::unordered_map<std::string, vertex_id>& {
        const auto [at, added] = made.try_emplace(&r);
        if (!added) return at->second;
        for (vertex_id v = 0; v < vertices_.size(); ++v) {
            const node& n = *vertices_[v].object;
            if (n.state != object_state::pending || n.type != &r.target() || !has_key(n)) continue;
            const std::string key = text_of(values_of(n, r, &relationship::key_pair::referenced));
            if (!key.empty()) at->second.emplace(key, v);
        }
        return at->second;
    };
    for (vertex_id v = 0; v < vertices_.size(); ++v) {
        if (vertices_[v].action == flush_action::remove) continue;
        node& n = *vertices_[v].object;
        for (const relationship& r : n.type->relationships()) {
            if (!r.is_reference() || reference_of(n, r).known() || foreign_key_unset(n, r)) continue;
            const auto& targets = made_of(r);
            const auto at = targets.find(text_of(values_of(n, r, &relationship::key_pair::foreign)));
            if (at != targets.end() && at->second != v) connect(at->second, v, reason::refers, &r);
        }
    }
}

/// Rows that refer to one that is deleted are deleted, or refer to another one, before.
void dependency_graph::add_row_references() {
    std::map<std::pair<const mapper*, std::vector<std::uint32_t>>, std::unordered_map<std::string, vertex_id>>
        removed; // class and columns, then their values
    const auto removed_of = [&](const relationship& r) -> const std::unordered_map<std::string, vertex_id>& {
        std::vector<std::uint32_t> columns;
        for (const relationship::key_pair& k : r.keys) columns.push_back(k.referenced);
        const auto [at, added] = removed.try_emplace({&r.target(), columns});
        if (!added) return at->second;
        for (vertex_id v = 0; v < vertices_.size(); ++v) {
            const vertex& x = vertices_[v];
            if (x.action != flush_action::remove || x.done || x.object->type != &r.target()) continue;
            const std::string key = text_of(row_values_of(*x.object, r, &relationship::key_pair::referenced));
            if (!key.empty()) at->second.emplace(key, v);
        }
        return at->second;
    };
    const std::size_t count = vertices_.size();
    for (vertex_id v = 0; v < count; ++v) {
        const vertex& x = vertices_[v];
        if (x.action == flush_action::insert || x.done) continue;
        const node& n = x.action == flush_action::replace ? *x.replaced : *x.object;
        for (const relationship& r : n.type->relationships()) {
            if (!r.is_reference()) continue;
            const auto& targets = removed_of(r);
            if (targets.empty()) continue;
            const auto at = targets.find(text_of(row_values_of(n, r, &relationship::key_pair::foreign)));
            if (at == targets.end() || (at->second == v && can_delete_together(dialect_, r))) continue;
            connect(v, at->second, reason::referred, &r);
        }
    }
}

void dependency_graph::add_conflict(const unique_conflict& c) {
    connect(write_of(c.frees), write_of(c.takes), reason::unique, nullptr, c.columns);
}

// ---- rings ----

std::vector<flush_plan::step> dependency_graph::steps() {
    open_rings();
    return collect();
}

namespace {

/// Where there is a choice: rows come before what may refer to them, and go after it.
int turn_of(flush_action action) noexcept {
    switch (action) {
    case flush_action::park: return 0;
    case flush_action::insert: return 1;
    case flush_action::replace: return 2;
    case flush_action::update: return 3;
    case flush_action::remove: return 4;
    }
    return 5;
}

} // namespace

/// Takes what is ready, group by group (an action on a class); of several groups one that is ready as a whole, so that it needs one
/// statement, else the one with the most rows.
std::vector<flush_plan::step> dependency_graph::collect() {
    using group_key =
        std::tuple<flush_action, const mapper*, std::vector<std::uint32_t>, std::vector<const relationship*>>;
    struct group {
        std::vector<vertex_id> ready = {};
        std::size_t left = 0;
        std::size_t rank = 0;
    };
    std::map<group_key, group> groups;
    const auto key_of = [&](vertex_id v) {
        const vertex& x = vertices_[v];
        return group_key(x.action, x.object->type, x.columns, x.late);
    };
    std::vector<std::size_t> waits_for(vertices_.size(), 0); // of a whole
    std::vector<std::vector<vertex_id>> members(vertices_.size());
    for (const edge& e : edges_) waits_for[wholes_[e.to]] += is_open(e) ? 1 : 0;
    const auto become_ready = [&](vertex_id whole) {
        for (const vertex_id v : members[whole]) groups[key_of(v)].ready.push_back(v);
    };
    std::size_t left = 0;
    for (vertex_id v = 0; v < vertices_.size(); ++v) {
        if (vertices_[v].done) continue;
        group& g = groups[key_of(v)];
        if (g.left++ == 0) g.rank = v;
        members[wholes_[v]].push_back(v);
        ++left;
    }
    for (vertex_id v = 0; v < vertices_.size(); ++v)
        if (waits_for[v] == 0) become_ready(v);
    std::vector<flush_plan::step> steps;
    while (left != 0) {
        auto best = groups.end();
        const auto better = [&](const auto& a, const auto& b) {
            const bool a_whole = a.second.ready.size() == a.second.left;
            const bool b_whole = b.second.ready.size() == b.second.left;
            if (a_whole != b_whole) return a_whole;
            if (!a_whole && a.second.ready.size() != b.second.ready.size())
                return a.second.ready.size() > b.second.ready.size();
            return std::pair(turn_of(std::get<0>(a.first)), a.second.rank) <
                   std::pair(turn_of(std::get<0>(b.first)), b.second.rank);
        };
        for (auto at = groups.begin(); at != groups.end(); ++at) {
            if (at->second.ready.empty()) continue;
            if (best == groups.end() || better(*at, *best)) best = at;
        }
        group& g = best->second;
        std::sort(g.ready.begin(), g.ready.end());
        flush_plan::step step{std::get<0>(best->first), std::get<1>(best->first)};
        step.columns = std::get<2>(best->first);
        step.late = std::get<3>(best->first);
        const std::vector<vertex_id> taken = std::exchange(g.ready, {});
        g.left -= taken.size();
        left -= taken.size();
        for (const vertex_id v : taken) {
            step.objects.push_back(vertices_[v].object);
            if (vertices_[v].replaced) step.replaced.push_back(vertices_[v].replaced);
            step.together = step.together || members[wholes_[v]].size() > 1;
            for (const std::size_t e : outgoing_[v]) {
                if (is_open(edges_[e]) && --waits_for[wholes_[edges_[e].to]] == 0)
                    become_ready(wholes_[edges_[e].to]);
            }
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

} // namespace kin::detail
