// SPDX-License-Identifier: MIT
#include "key_changes.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "kin/mapping/link.hpp"
#include "row_cells.hpp"
#include "row_order.hpp"

namespace kin::detail {

namespace {

bool is_alone_in(const std::vector<std::uint32_t>& columns, const property& p) noexcept {
    return columns.size() == 1 && columns.front() == p.column->index;
}

bool is_in_key(const mapper& m, std::uint32_t column) noexcept {
    return std::find(m.key().begin(), m.key().end(), column) != m.key().end();
}

bool is_in_key(const mapper& m, const foreign_key_constraint& foreign) noexcept {
    return std::any_of(foreign.columns.begin(), foreign.columns.end(),
                       [&](std::uint32_t i) { return is_in_key(m, i); });
}

bool same(std::span<const cell> a, std::span<const cell> b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](const cell& x, const cell& y) { return x.same_as(y); });
}

bool comes_before(std::span<const cell> a, std::span<const cell> b) noexcept {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](const cell& x, const cell& y) { return compare(x, y) < 0; });
}

/// What the foreign key of a row becomes: the new key, or NULL.
std::vector<cell> key_after(const foreign_key_constraint& foreign, const std::vector<cell>& now) {
    return foreign.on_update == referential_action::set_null ? std::vector<cell>(now.size()) : now;
}

/// Calls `f` with every reference that has a column of `foreign` in its key.
template <class F> void for_each_reference(const mapper& m, const foreign_key_constraint& foreign, F&& f) {
    for (const relationship& r : m.relationships()) {
        if (!r.is_reference()) continue;
        const bool concerned = std::any_of(r.keys.begin(), r.keys.end(), [&](const auto& k) {
            return std::find(foreign.columns.begin(), foreign.columns.end(), k.foreign) !=
                   foreign.columns.end();
        });
        if (concerned) f(r);
    }
}

} // namespace

bool may_be_referenced(const mapper& m, const property& p) noexcept {
    if (is_in_key(m, p.column->index)) return true;
    const auto& uniques = m.table().uniques;
    const auto& indexes = m.table().indexes;
    return std::any_of(uniques.begin(), uniques.end(),
                       [&](const auto& u) { return is_alone_in(u.columns, p); }) ||
           std::any_of(indexes.begin(), indexes.end(),
                       [&](const auto& i) { return i.unique && is_alone_in(i.columns, p); });
}

bool refers_to_itself(const mapper& m) {
    return std::any_of(m.properties().begin(), m.properties().end(),
                       [&](const property& p) { return p.foreign_target && &p.foreign_target() == &m; });
}

void key_changes::note(const node& n, std::span<const cell> before) {
    changes_.push_back({&n, row_copy::of(before)});
}

void key_changes::follow() {
    while (!changes_.empty()) {
        const std::vector<change> changes = std::exchange(changes_, {});
        for (entity_map* map : session_.objects().all()) {
            for (const foreign_key_constraint& foreign : map->type().table().foreign_keys)
                follow(*map, foreign, changes);
        }
        const mapper* last = nullptr;
        for (const change& c : changes) {
            if (c.object->type != std::exchange(last, c.object->type)) session_.follow_new_keys(*last);
        }
    }
}

void key_changes::follow(entity_map& map, const foreign_key_constraint& foreign,
                         std::span<const change> changes) {
    if (foreign.on_update != referential_action::cascade && foreign.on_update != referential_action::set_null)
        return;
    const mapper& type = map.type();
    const std::vector<moved_key> moved =
        moved_keys(type.properties()[foreign.columns.front()].foreign_target(), foreign, changes);
    if (moved.empty()) return;
    const std::vector<follower> followers = followers_in(map, foreign, moved);
    for (const follower& f : followers) {
        start_watching(*f.object);
        lead_members(f, foreign);
        if (f.row) lead_row(f, foreign);
    }
    if (!is_in_key(type, foreign)) return;
    for (const follower& f : followers)
        session_.objects().insert(*f.object); // all have left their old places
}

/// Sorted by the old key. Of several that had the same one, after each other, the first is the one that others referred to.
std::vector<key_changes::moved_key> key_changes::moved_keys(const mapper& target,
                                                            const foreign_key_constraint& foreign,
                                                            std::span<const change> changes) {
    std::vector<moved_key> moved;
    for (const change& c : changes) {
        if (c.object->type != &target) continue;
        moved_key key;
        key.object = c.object;
        for (const std::string& name : foreign.target_columns) {
            const std::uint32_t i = target.table().find_column(name)->index;
            key.before.push_back(c.before.cells()[i]);
            key.now.push_back(c.object->image->current.cells()[i]);
        }
        if (same(key.before, key.now)) continue;
        // The object may follow another one, and get another image, while this is used.
        key.kept = row_copy::of(key.now);
        key.now.assign(key.kept.cells().begin(), key.kept.cells().end());
        moved.push_back(std::move(key));
    }
    // A stable sort of few.
    for (auto at = moved.begin(); at != moved.end(); ++at) {
        const auto place = std::upper_bound(moved.begin(), at, *at, [](const auto& a, const auto& b) {
            return comes_before(a.before, b.before);
        });
        std::rotate(place, at, at + 1);
    }
    return moved;
}

std::vector<key_changes::follower> key_changes::followers_in(const entity_map& map,
                                                             const foreign_key_constraint& foreign,
                                                             const std::vector<moved_key>& moved) {
    const auto find = [&](std::span<const cell> key) -> const moved_key* {
        const auto at =
            std::lower_bound(moved.begin(), moved.end(), key,
                             [](const moved_key& m, const auto& k) { return comes_before(m.before, k); });
        return at != moved.end() && same(at->before, key) ? &*at : nullptr;
    };
    std::vector<follower> found;
    std::vector<cell> row(foreign.columns.size()), member(foreign.columns.size());
    scratch memory;
    map.for_each([&](node& n) {
        memory.clear();
        for (std::size_t i = 0; i < row.size(); ++i) {
            const property& p = n.type->properties()[foreign.columns[i]];
            row[i] = row_cell(n, p, memory);
            member[i] = member_cell(n, p, memory);
        }
        const follower f{&n, find(row), find(member)};
        if (f.row || f.member) found.push_back(f);
    });
    return found;
}

/// The members, and the links that they are the key of. What the program has set to something else stays as it is.
void key_changes::lead_members(const follower& f, const foreign_key_constraint& foreign) {
    node& n = *f.object;
    if (!f.member) {
        // If it was set to the new key by hand, it finds its target, now that this has that key.
        for_each_reference(*n.type, foreign, [&](const relationship& r) { (void)known_parent(n, r); });
        return;
    }
    std::vector<const relationship*> in_step;
    bool leads_elsewhere = false; // to another object, which takes the old key over
    for_each_reference(*n.type, foreign, [&](const relationship& r) {
        const node* target = reference_of(n, r).known();
        leads_elsewhere = leads_elsewhere || (target && target != f.member->object);
    });
    if (leads_elsewhere) return;
    for_each_reference(*n.type, foreign, [&](const relationship& r) {
        const belongs_to_base& reference = reference_of(n, r);
        if (reference.is_resolved() && reference.resolved_key() == key_fingerprint(n, r))
            in_step.push_back(&r);
    });
    const std::vector<cell> key = key_after(foreign, f.member->now);
    for (std::size_t i = 0; i < key.size(); ++i) put(n, n.type->properties()[foreign.columns[i]], key[i]);
    if (n.image) n.image->differing = 0; // what its own UPDATE sets was found out before
    for (const relationship* r : in_step) {
        if (foreign.on_update == referential_action::set_null) {
            follow_foreign_key(n, *r);
        } else {
            reference_of(n, *r).resolve(reference_of(n, *r).known(), key_fingerprint(n, *r));
        }
    }
}

void key_changes::lead_row(const follower& f, const foreign_key_constraint& foreign) {
    node& n = *f.object;
    row_copy now = n.image->current.with(foreign.columns, key_after(foreign, f.row->now));
    note(n, n.image->current.cells());
    if (is_in_key(*n.type, foreign)) session_.objects().erase(n);
    session_.accept_row(n, std::move(now));
}

} // namespace kin::detail
