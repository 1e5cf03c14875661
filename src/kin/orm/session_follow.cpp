// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <unordered_set>
#include <vector>

#include "key_loader.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/link.hpp"
#include "session_core.hpp"

/// The part of the session in which objects in memory follow the rows that a set-based statement has changed or deleted.
namespace kin::detail {

namespace {

bool sets_foreign_key(const set_plan& plan) {
    const auto& all = plan.type->relationships();
    return std::any_of(all.begin(), all.end(), [&plan](const relationship& r) {
        return r.is_reference() &&
               std::any_of(r.keys.begin(), r.keys.end(), [&](const relationship::key_pair& k) {
                   const property& key = plan.type->properties()[k.foreign];
                   const bool by_default = key.at_update() && !key.at_update()->needs_object;
                   return by_default ||
                          std::any_of(plan.set.begin(), plan.set.end(),
                                      [&key](const assignment& a) { return a.target == key.column; });
               });
    });
}

/// Marks objects whose row the database has changed.
void let_read_again(node& n) {
    start_watching(n); // so that reading again finds what is not written, and a rollback finds its way
    n.set(node_flag::expired);
}

/// Whether the database changes `foreign` together with what `plan` sets.
bool follows(const foreign_key_constraint& foreign, const set_plan& plan) {
    const bool has_rule =
        foreign.on_update == referential_action::cascade || foreign.on_update == referential_action::set_null;
    if (!has_rule || foreign.target_table != plan.type->table().name()) return false;
    return std::any_of(plan.set.begin(), plan.set.end(), [&](const assignment& a) {
        const auto& referenced = foreign.target_columns;
        return std::find(referenced.begin(), referenced.end(), a.target->name) != referenced.end();
    });
}

/// The objects in memory whose rows the database may have changed by ON UPDATE. Which rows had the old keys, nobody can tell.
std::vector<node*> followers_of(session_core& session, const set_plan& plan) {
    std::vector<node*> found;
    for (entity_map* map : session.objects().all()) {
        const auto& foreign = map->type().table().foreign_keys;
        const bool any = std::any_of(foreign.begin(), foreign.end(),
                                     [&](const foreign_key_constraint& one) { return follows(one, plan); });
        if (any) map->for_each([&](node& n) { found.push_back(&n); });
    }
    std::erase_if(found, [](const node* n) { return n->state != object_state::persistent; });
    return found;
}

} // namespace

/// They are read again, with what was changed in them and not written on top.
void session_core::follow_update(const std::vector<node*>& matched, const set_plan& plan) {
    std::vector<key_values> keys;
    for (node* n : matched) {
        let_read_again(*n);
        keys.push_back(key_values_of(*n));
    }
    const std::vector<node*> followers = followers_of(*this, plan);
    std::map<const mapper*, std::vector<key_values>> keys_of_followers;
    for (node* n : followers) {
        let_read_again(*n);
        keys_of_followers[n->type].push_back(key_values_of(*n));
    }
    if (sets_foreign_key(plan) || !followers.empty()) (void)load_by_keys(*this, *plan.type, keys);
    for (const auto& [m, some] : keys_of_followers) (void)load_by_keys(*this, *m, some);
}

namespace {

referential_action rule_of(const relationship& r) {
    return r.target().properties()[r.keys.front().foreign].on_delete;
}

} // namespace

/// As after a flush that removed them, together with the objects in memory that the database has removed or changed by its rules.
void session_core::follow_removal(const std::vector<node*>& matched) {
    std::vector<std::vector<node*>> groups{matched}; // each of one class, parents first
    std::unordered_set<const node*> gone(matched.begin(), matched.end());
    for (std::size_t i = 0; i < groups.size() && !matched.empty(); ++i) {
        for (const relationship& r : groups[i].front()->type->relationships()) {
            if (!r.is_referred_to()) continue;
            std::vector<node*> children;
            objects_.of(r.target()).for_each([&](node& child) {
                if (child.state == object_state::persistent && !gone.contains(&child) &&
                    gone.contains(known_parent(child, *r.inverse)))
                    children.push_back(&child);
            });
            if (children.empty()) continue;
            if (rule_of(r) == referential_action::cascade) {
                gone.insert(children.begin(), children.end());
                groups.push_back(std::move(children));
            } else {
                for (node* child : children) let_read_again(*child);
            }
        }
    }
    for (auto group = groups.rbegin(); group != groups.rend() && !group->empty(); ++group) {
        undo_.removed.insert(undo_.removed.end(), group->begin(), group->end());
        accept_removed(*group);
    }
}

} // namespace kin::detail
