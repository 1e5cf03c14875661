// SPDX-License-Identifier: MIT
#include "key_changes.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "kin/mapping/link.hpp"
#include "row_cells.hpp"
#include "row_order.hpp"

namespace kin::detail {

namespace {

bool is_alone_in(const std::vector<std::uint32_t>& columns, const property& p) noexcept {
    return columns.size() == 1 && columns.front() == p.column->index;
}

bool is_in_key(const mapper& m, const property& p) noexcept {
    return std::find(m.key().begin(), m.key().end(), p.column->index) != m.key().end();
}

/// Where ON UPDATE has put NULL; else the new key.
bool becomes_null(const property& foreign) noexcept {
    return foreign.on_update == referential_action::set_null;
}

/// Calls `f` with every belongs_to that `foreign` is the key of.
template <class F> void for_each_reference(const mapper& m, const property& foreign, F&& f) {
    for (const relationship& r : m.relationships()) {
        if (!r.is_reference()) continue;
        for (const relationship::key_pair& k : r.keys) {
            if (k.foreign == foreign.column->index) f(r);
        }
    }
}

} // namespace

bool may_be_referenced(const mapper& m, const property& p) noexcept {
    if (is_in_key(m, p)) return true;
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

void key_changes::note(const node& n, std::span<const cell> before, std::span<const cell> now) {
    for (const property& p : n.type->properties()) {
        const std::uint32_t i = p.column->index;
        if (before[i].same_as(now[i]) || !may_be_referenced(*n.type, p)) continue;
        changes_.push_back({&n, &p, row_copy::of(before.subspan(i, 1))});
    }
}

void key_changes::follow() {
    while (!changes_.empty()) {
        std::vector<change> changes = std::exchange(changes_, {});
        for (change& c : changes)
            c.now = row_copy::of(c.object->image->current.cells().subspan(c.key->column->index, 1));
        // Stable: of those that had the same key, one after the other, the first is the one that others referred to.
        std::stable_sort(changes.begin(), changes.end(), [](const change& a, const change& b) {
            if (a.key != b.key) return std::less<>()(a.key, b.key);
            return compare(a.before.cells().front(), b.before.cells().front()) < 0;
        });
        for (entity_map* map : session_.objects().all()) {
            for (const property& p : map->type().properties()) {
                if (p.foreign_target) follow(*map, p, changes);
            }
        }
    }
}

void key_changes::follow(entity_map& map, const property& foreign, std::span<const change> changes) {
    if (foreign.on_update != referential_action::cascade && !becomes_null(foreign)) return;
    const property* key = foreign.foreign_target().find_property(foreign.foreign_member);
    const auto first =
        std::find_if(changes.begin(), changes.end(), [&](const change& c) { return c.key == key; });
    const auto last = std::find_if(first, changes.end(), [&](const change& c) { return c.key != key; });
    if (first == last) return;
    const std::vector<follower> followers = followers_in(map, foreign, {first, last});
    for (const follower& f : followers) {
        start_watching(*f.object);
        lead_member(f, foreign);
        if (f.row) lead_row(f, foreign);
    }
    if (!is_in_key(map.type(), foreign)) return;
    for (const follower& f : followers)
        session_.objects().insert(*f.object); // all have left their old places
}

std::vector<key_changes::follower> key_changes::followers_in(const entity_map& map, const property& foreign,
                                                             std::span<const change> changes) {
    const auto change_of = [&](const cell& c) -> const change* {
        const auto at =
            std::lower_bound(changes.begin(), changes.end(), c, [](const change& x, const cell& wanted) {
                return compare(x.before.cells().front(), wanted) < 0;
            });
        return at != changes.end() && at->before.cells().front().same_as(c) ? &*at : nullptr;
    };
    std::vector<follower> found;
    scratch memory;
    map.for_each([&](node& n) {
        memory.clear();
        const cell row = row_cell(n, foreign, memory);
        const cell member = member_cell(n, foreign, memory);
        const follower f{&n, change_of(row), change_of(member)};
        if (f.row || f.member) found.push_back(f);
    });
    return found;
}

/// The member, and the links that it is the key of. One that the program has set to something else stays as it is.
void key_changes::lead_member(const follower& f, const property& foreign) {
    node& n = *f.object;
    if (!f.member) {
        // If it was set to the new key by hand, it finds its target, now that this has that key.
        for_each_reference(*n.type, foreign, [&](const relationship& r) { (void)known_parent(n, r); });
        return;
    }
    std::vector<const relationship*> in_step;
    for_each_reference(*n.type, foreign, [&](const relationship& r) {
        const belongs_to_base& reference = reference_of(n, r);
        if (reference.is_resolved() && reference.resolved_key() == key_fingerprint(n, r))
            in_step.push_back(&r);
    });
    put(n, foreign, becomes_null(foreign) ? cell() : f.member->now.cells().front());
    for (const relationship* r : in_step) {
        if (becomes_null(foreign)) {
            follow_foreign_key(n, *r);
        } else {
            reference_of(n, *r).resolve(reference_of(n, *r).known(), key_fingerprint(n, *r));
        }
    }
}

void key_changes::lead_row(const follower& f, const property& foreign) {
    node& n = *f.object;
    const std::span<const cell> before = n.image->current.cells();
    std::vector<cell> cells(before.begin(), before.end());
    cells[foreign.column->index] = becomes_null(foreign) ? cell() : f.row->now.cells().front();
    row_copy now = row_copy::of(cells);
    note(n, before, now.cells());
    if (is_in_key(*n.type, foreign)) session_.objects().erase(n);
    session_.accept_row(n, std::move(now));
}

} // namespace kin::detail
