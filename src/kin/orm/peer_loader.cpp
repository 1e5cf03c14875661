// SPDX-License-Identifier: MIT
#include "peer_loader.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "collection_filler.hpp"
#include "joined_loader.hpp"
#include "key_batches.hpp"
#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "peer_group.hpp"

namespace kin::detail {

namespace {

/// What the far side of a relationship is selected by, beside the keys.
struct far_query {
    const relationship& of;
    const relationship_load& how;
    std::vector<table_condition> criteria = {};
    predicate condition = {};

    far_query(session_core& session, const relationship& r, const relationship_load& l) : of(r), how(l) {
        if (how.everything) return;
        criteria = session.criteria_at(how.place);
        if (how.place.rule && !how.again) condition = how.place.rule->condition;
    }
    /// Whether it may leave objects out.
    [[nodiscard]] bool is_partial() const {
        const auto about_it = [this](const table_condition& c) { return c.of == &of.target().table(); };
        return !condition.empty() || std::any_of(criteria.begin(), criteria.end(), about_it);
    }
    [[nodiscard]] completeness result() const {
        return is_partial() ? completeness::partial : completeness::whole;
    }
};

/// Whether the far side has a row for each link, and not for each object.
bool is_by_links(const relationship& r) noexcept { return r.is_many_to_many() || r.is_view(); }

/// Reads the rows of the far side and gives every object to `take`.
template <class F>
void read_far_side(session_core& session, const far_query& q, cursor& rows, joined_loader& joined,
                   bool whole_table, F&& take) {
    row_loader loader(session, q.of.target(), rows);
    joined.open(rows);
    peer_group* group = new peer_group;
    ++group->users; // ours, until everybody has joined
    struct guard {
        peer_group* group;
        ~guard() {
            if (--group->users == 0) delete group;
        }
    } keep{group};
    group->whole_table = whole_table;
    group->place = q.how.place;
    while (rows.next()) {
        node& n = loader.take();
        joined.take(n, loader.made_it());
        const bool is_first = n.peers != group; // a many_to_many gives an object for each of its links
        if (is_first) {
            group->members.push_back(&n);
            join_group(n, *group);
        }
        if (is_first || is_by_links(q.of)) take(n, rows);
    }
    joined.finish(group->members);
}

/// Sends one statement and gives every object of the far side to `take`.
template <class F>
void select_far_side(session_core& session, const far_query& q, std::size_t keys,
                     std::span<const cell> parameters, F&& take) {
    joined_loader joined(session, q.of.target(), q.how.place, q.how.trail, q.criteria);
    const bool is_usual = joined.empty() && q.condition.empty() && q.criteria.empty();
    compiled_statement special;
    if (!is_usual) {
        select_statement s = related_select(q.of, keys, q.condition);
        joined.add_to(s);
        special = compile(session.dialect(), restricted(std::move(s), q.criteria));
    }
    const compiled_statement& statement =
        is_usual ? session.texts().related(session.dialect(), q.of, keys) : special;
    std::vector<cell> all; // of views and conditions, which come first
    if (const std::size_t own = statement.parameters.size() - parameters.size(); own != 0) {
        for (std::size_t i = 0; i < own; ++i) all.push_back(statement.parameters[i].view());
        all.insert(all.end(), parameters.begin(), parameters.end());
        parameters = all;
    }
    cursor rows = session.reading().open(statement.sql, parameters);
    read_far_side(session, q, rows, joined, keys == all_keys && !q.is_partial(), take);
}

/// ... for these keys, with as few statements as the dialect allows.
template <class F>
void select_far_side(session_core& session, const far_query& q, const std::vector<std::vector<value>>& keys,
                     F&& take) {
    const bool as_array = asks_with_array(session.dialect(), q.of);
    for_each_batch(session.dialect(), keys, as_array,
                   [&](std::size_t count, std::span<const cell> parameters) {
                       select_far_side(session, q, count, parameters, take);
                   });
}

/// The far side for `owners`, or, when they are `all` rows of their table, the whole of it.
template <class F>
void select_for(session_core& session, const std::vector<node*>& owners, const far_query& q, bool all,
                F&& take) {
    if (all) {
        select_far_side(session, q, all_keys, {}, take);
        return;
    }
    std::vector<std::vector<value>> keys;
    keys.reserve(owners.size());
    for (const node* n : owners) keys.push_back(lookup_key(*n, q.of));
    select_far_side(session, q, keys, take);
}

/// Reads the key of the near side that follows the columns of the far one, and finds its object. Neighbouring rows often have the same one.
class near_finder {
public:
    near_finder(session_core& session, const relationship& r)
        : known_(session.objects().of(*r.owner)),
          first_(r.target().properties().size()) {
        for (const std::uint32_t i : r.owner->key()) kinds_.push_back(r.owner->cell_kinds()[i]);
    }
    [[nodiscard]] node* operator()(cursor& rows) {
        cell key[most_key_columns];
        if (rows.read(first_, kinds_, key) != kinds_.size()) return nullptr; // nobody has such a key
        return known_.find({key, kinds_.size()});
    }

private:
    entity_map& known_;
    std::size_t first_;
    std::vector<cell_kind> kinds_;
};

void load_links(session_core& session, const std::vector<node*>& owners, const far_query& q, bool all) {
    std::vector<std::pair<node*, node*>> pairs;
    near_finder owner_of(session, q.of);
    select_for(session, owners, q, all, [&](node& other, cursor& rows) {
        if (node* owner = owner_of(rows)) pairs.emplace_back(owner, &other);
    });
    if (may_load_at_once(q.of.target(), q.how.place)) drop_repeated(pairs); // rows may be joined with others
    fill_links(session, owners, q.of, pairs, q.result());
}

void load_collections(session_core& session, const std::vector<node*>& owners, const far_query& q, bool all) {
    std::vector<node*> children;
    select_for(session, owners, q, all, [&](node& child, cursor&) { children.push_back(&child); });
    fill_collections(session, owners, q.of, children, q.result());
}

void load_references(session_core& session, const std::vector<node*>& owners, const far_query& q) {
    const relationship& r = q.of;
    const bool partial = q.is_partial(); // then memory does not know who is left out
    std::vector<std::vector<value>> keys;
    std::unordered_set<std::int64_t> asked;
    for (node* n : owners) {
        if (foreign_key_unset(*n, r) || (!partial && known_parent(*n, r))) continue;
        if (asked.insert(key_fingerprint(*n, r)).second) keys.push_back(lookup_key(*n, r));
    }
    std::unordered_set<const node*> shown;
    if (!keys.empty()) {
        std::vector<node*> loaded;
        select_far_side(session, q, keys, [&](node& n, cursor&) { loaded.push_back(&n); });
        if (!r.targets_primary_key) resolve_by_columns(owners, loaded, r);
        if (partial) shown.insert(loaded.begin(), loaded.end());
    }
    for (node* n : owners) {
        const node* target = foreign_key_unset(*n, r) ? nullptr : known_parent(*n, r);
        if (target && (!partial || shown.contains(target))) continue;
        reference_of(*n, r).resolve(nullptr,
                                    key_fingerprint(*n, r)); // there is no such row, or it is left out
    }
}

bool is_loaded(node& n, const relationship& r, bool everything) {
    if (!r.is_collection()) return reference_of(n, r).is_resolved();
    const collection_base& many = collection_of(n, r);
    return many.is_loaded() && !(everything && many.is_partial());
}

std::vector<node*> to_be_loaded(session_core& session, const std::vector<node*>& owners,
                                const relationship& r, bool everything) {
    std::vector<node*> open;
    for (node* n : owners) {
        if (n->context == &session && n->state == object_state::persistent && !is_loaded(*n, r, everything))
            open.push_back(n);
    }
    return open;
}

} // namespace

std::vector<node*> not_loaded(session_core& session, const std::vector<node*>& owners,
                              const relationship& r) {
    return to_be_loaded(session, owners, r, false);
}

load_place place_of(const node& owner) { return owner.peers ? owner.peers->place : load_place(); }

loader_strategy strategy_of(const node& owner, const relationship& r) noexcept {
    return owner.peers ? owner.peers->place.strategy_of(r) : r.lazy;
}

void leave_empty(node& owner, const relationship& r) {
    if (r.is_reference()) {
        reference_of(owner, r).resolve(nullptr, key_fingerprint(owner, r));
    } else {
        fill_with_nothing(owner, r);
    }
}

void load_relationship(session_core& session, const std::vector<node*>& owners, const relationship& r,
                       const relationship_load& how) {
    const std::vector<node*> open = to_be_loaded(session, owners, r, how.everything);
    if (open.empty()) return;
    const peer_group* group = open.front()->peers;
    const bool all_rows = group && group->whole_table && open.size() == owners.size() &&
                          open.size() == group->members.size() && open.size() <= most_peers;
    const far_query q(session, r, how);
    for (std::size_t first = 0; first < open.size(); first += most_peers) {
        const auto begin = open.begin() + static_cast<std::ptrdiff_t>(first);
        const std::vector<node*> chunk(
            begin, begin + static_cast<std::ptrdiff_t>(std::min(most_peers, open.size() - first)));
        if (is_by_links(r)) {
            load_links(session, chunk, q, all_rows);
        } else if (r.is_collection()) {
            load_collections(session, chunk, q, all_rows);
        } else {
            load_references(session, chunk, q);
        }
    }
}

std::vector<node*> far_side(const std::vector<node*>& owners, const relationship& r) {
    std::vector<node*> found;
    std::unordered_set<const node*> seen;
    const auto add = [&](node* n) {
        if (n && seen.insert(n).second) found.push_back(n);
    };
    for (node* owner : owners) {
        if (r.is_reference()) {
            add(reference_of(*owner, r).known());
            continue;
        }
        const collection_base& many = collection_of(*owner, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) add(many.slot(i));
    }
    return found;
}

namespace {

void load_other_than(const relationship* done, session_core& session, const std::vector<node*>& objects,
                     const mapper& m, const load_place& place, const load_trail& trail);

/// `r` of a class with itself has been loaded for `objects`, which stand before `how.place`: goes on from what it brought, level by level,
/// as long as there is something new. Not by calling itself: a tree may be as deep as it has objects.
void load_levels(session_core& session, const std::vector<node*>& objects, const relationship& r,
                 relationship_load how) {
    std::unordered_set<const node*> seen(objects.begin(), objects.end());
    std::vector<node*> all; // what all levels together brought
    std::vector<node*> level = objects;
    const load_place first = how.place;
    for (;;) {
        level = far_side(level, r);
        std::erase_if(level, [&seen](const node* n) { return !seen.insert(n).second; });
        all.insert(all.end(), level.begin(), level.end());
        if (level.empty() || !how.place.goes_on(r)) break;
        how.place = how.place.behind(r);
        load_relationship(session, level, r, how);
    }
    load_other_than(&r, session, all, r.target(), first, how.trail);
}

void load_other_than(const relationship* done, session_core& session, const std::vector<node*>& objects,
                     const mapper& m, const load_place& place, const load_trail& trail) {
    if (objects.empty() || !may_load_at_once(m, place)) return;
    for (const relationship& r : m.relationships()) {
        if (&r == done || !loads_at_once(r, place, trail)) continue;
        const relationship_load how{place.behind(r), trail.along(r)};
        load_relationship(session, objects, r, how);
        if (how.place.goes_on(r)) {
            load_levels(session, objects, r, how);
        } else if (may_load_at_once(r.target(), how.place)) {
            load_at_once(session, far_side(objects, r), r.target(), how.place, how.trail);
        }
    }
}

} // namespace

void load_at_once(session_core& session, const std::vector<node*>& objects, const mapper& m,
                  const load_place& place, const load_trail& trail) {
    load_other_than(nullptr, session, objects, m, place, trail);
}

namespace {

/// The touched object first, then those that follow it: that is where a loop goes on.
std::vector<node*> with_peers(node& owner) {
    std::vector<node*> owners{&owner};
    if (!owner.peers) return owners;
    const std::vector<node*>& members = owner.peers->members;
    const auto at = std::find(members.begin(), members.end(), &owner);
    const auto take = [&](auto first, auto last) {
        for (; first != last && owners.size() < most_peers; ++first) {
            if (*first != &owner && (*first)->peers == owner.peers) owners.push_back(*first);
        }
    };
    take(at, members.end());
    take(members.begin(), at);
    return owners;
}

void load_one_or_all(session_core& session, node& owner, const relationship& r,
                     const std::vector<node*>& owners, const relationship_load& how) {
    if (owner.state == object_state::persistent) {
        load_relationship(session, owners, r, how);
    } else if (r.is_reference()) {
        // A pending object whose foreign key was set by hand.
        load_references(session, {&owner}, far_query(session, r, how));
    }
}

} // namespace

void load_for_peers(session_core& session, node& owner, const relationship& r, loader_strategy strategy) {
    const std::vector<node*> owners =
        strategy == loader_strategy::select ? std::vector<node*>{&owner} : with_peers(owner);
    relationship_load how{place_of(owner).behind(r), {r.owner, {&r}}};
    how.again = how.place.rule && how.place.rule->strategy && loads_at_once(*how.place.rule->strategy);
    load_one_or_all(session, owner, r, owners, how);
    if (may_load_at_once(r.target(), how.place))
        load_at_once(session, far_side(owners, r), r.target(), how.place, how.trail);
}

void load_everything(session_core& session, node& owner, const relationship& r) {
    relationship_load how;
    how.everything = true;
    load_one_or_all(session, owner, r, with_peers(owner), how);
}

} // namespace kin::detail
