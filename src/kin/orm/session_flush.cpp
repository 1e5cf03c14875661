// SPDX-License-Identifier: MIT
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "cascade_walk.hpp"
#include "flag_guard.hpp"
#include "kin/mapping/link.hpp"
#include "persistence.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

/// The part of the session that finds out what to write, and writes it.
namespace kin::detail {

void session_core::flush() {
    check_usable();
    if (flushing_) check_not_flushing("flush()");
    flush_now(true);
}

namespace {

/// Children whose row came back to a removed parent, because what took them away was thrown away by expire() or refresh(): they go with it.
void take_children(session_core& session, node& parent) {
    for (const relationship& r : parent.type->relationships()) {
        if (r.kind != relationship_kind::has_many || !kin::has(r.cascades, cascade::remove)) continue;
        const has_many_base& many = collection_of(parent, r);
        if (!many.is_loaded()) session.load(parent, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) {
            node& child = *many.slot(i);
            if (child.state == object_state::persistent && !child.has(node_flag::removing) &&
                !foreign_key_changed(child, *r.inverse)) {
                session.remove(child);
            }
        }
    }
}

/// Objects that a removed one leaves behind: their foreign key is unset, or the database's ON DELETE rule is trusted.
void leave_children(session_core& session, node& parent) {
    for (const relationship& r : parent.type->relationships()) {
        if (r.kind != relationship_kind::has_many || kin::has(r.cascades, cascade::remove)) continue;
        const property& key = r.target().properties()[r.keys.front().foreign];
        has_many_base& many = collection_of(parent, r);
        const bool database_does_it =
            key.on_delete != referential_action::no_action && key.on_delete != referential_action::restrict;
        if (!many.is_loaded()) {
            if (database_does_it || r.required) continue;
            session.load(parent, r);
        }
        if (r.required) continue; // cannot be unset: the database decides
        while (many.slot_count() != 0) set_parent(*many.slot(many.slot_count() - 1), *r.inverse, nullptr);
    }
}

} // namespace

/// An autoflush decides about no orphan. What cannot be written before that waits with it: new rows that refer to an orphan
/// without a row, and the deletion of rows that an orphan's row refers to.
void session_core::put_off_for_orphans(std::vector<node*>& inserts, std::vector<node*>& changed,
                                       std::vector<node*>& deletes) {
    const auto is_orphan = [](const node* n) {
        return n->has(node_flag::orphan) && !n->has(node_flag::removing); // who was removed is decided
    };
    const bool none = std::none_of(pending_.begin(), pending_.end(), is_orphan) &&
                      std::none_of(watched_.begin(), watched_.end(), is_orphan);
    if (none) return;
    std::unordered_set<const node*> waiting;
    std::vector<node*> rows; // that stay for now
    const auto wait = [&](node* n) {
        if (waiting.insert(n).second && n->state == object_state::persistent) rows.push_back(n);
    };
    for (node* n : pending_)
        if (is_orphan(n)) wait(n);
    for (node* n : watched_)
        if (is_orphan(n) && n->state == object_state::persistent) wait(n);
    const auto refers_to_waiting = [&](const node* n) {
        for (const relationship& r : n->type->relationships()) {
            if (r.kind != relationship_kind::belongs_to) continue;
            const node* target = reference_of(*const_cast<node*>(n), r).known();
            if (target && target->state == object_state::pending && waiting.contains(target)) return true;
        }
        return false;
    };
    for (std::size_t before = inserts.size() + 1; inserts.size() != before;) {
        before = inserts.size();
        std::erase_if(inserts,
                      [&](const node* n) { return refers_to_waiting(n) && waiting.insert(n).second; });
    }
    std::erase_if(changed, refers_to_waiting);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const relationship& r : rows[i]->type->relationships()) {
            if (r.kind != relationship_kind::belongs_to || !r.targets_primary_key) continue;
            node* target = target_of_row(*rows[i], r);
            if (target && target->has(node_flag::removing)) wait(target);
        }
    }
    std::erase_if(deletes, [&](const node* n) { return waiting.contains(n); });
}

/// The object that the row of `n` refers to, as the database has it; null when the session does not know it.
node* session_core::target_of_row(const node& n, const relationship& r) {
    if (!n.image) return find_target(n, r);
    std::vector<cell> key;
    for (const relationship::key_pair& k : r.keys) {
        key.push_back(n.image->current.cells()[k.foreign]);
        if (key.back().is_null()) return nullptr;
    }
    return objects_.of(r.target()).find(key);
}

flush_plan session_core::plan_flush(bool everything) {
    // Foreign keys that were set by hand since the relationship was: the later one wins.
    const auto follow = [](node& n) {
        for (const relationship& r : n.type->relationships()) {
            if (r.kind == relationship_kind::belongs_to) (void)known_parent(n, r);
        }
    };
    for (std::size_t i = 0; i < pending_.size(); ++i) follow(*pending_[i]);
    for (std::size_t i = 0; i < watched_.size(); ++i) follow(*watched_[i]);
    std::vector<node*> inserts;
    inserts.reserve(pending_.size());
    for (node* n : pending_) {
        if (!n->has(node_flag::orphan)) inserts.push_back(n);
    }
    std::vector<node*> changed;
    std::vector<cell> row;
    scratch memory;
    for (node* n : watched_) {
        if (n->state != object_state::persistent || n->has(node_flag::removing)) continue;
        if (n->has(node_flag::orphan)) continue;
        if (is_changed(*n, row, memory)) changed.push_back(n);
    }
    std::vector<node*> deletes;
    if (everything) {
        deletes = removing_;
        for (node* n : watched_) {
            if (n->has(node_flag::orphan) && n->state == object_state::persistent &&
                !n->has(node_flag::removing)) {
                deletes.push_back(n);
            }
        }
    } else {
        deletes = removing_;
        put_off_for_orphans(inserts, changed, deletes);
    }
    return order_by_dependency(inserts, std::move(changed), deletes);
}

void session_core::flush_now(bool everything) {
    if (pending_.empty() && watched_.empty() && removing_.empty()) return;
    const flag_guard guard(flushing_);
    try {
        flush_plan plan = plan_flush(everything);
        if (plan.empty()) {
            if (everything) let_go_of_orphans();
            return;
        }
        fire(session_event::before_flush);
        const bool planned = plan.deletes.empty() && !events_.has(session_event::before_flush) &&
                             plan.inserts_cover(pending_.size());
        for (const flush_plan::rows& group : plan.deletes) {
            for (node* n : group.objects) {
                if (n->has(node_flag::removing)) take_children(*this, *n);
            }
        }
        for (std::size_t i = 0; i < removing_.size(); ++i) leave_children(*this, *removing_[i]);
        if (everything) {
            for (std::size_t i = 0; i < watched_.size(); ++i) {
                node& n = *watched_[i];
                if (n.has(node_flag::orphan) && n.state == object_state::persistent) {
                    const std::size_t before = removing_.size();
                    remove(n); // an orphan takes its own along
                    for (std::size_t k = before; k < removing_.size(); ++k)
                        leave_children(*this, *removing_[k]);
                }
            }
            let_go_of_orphans();
        }
        if (!planned) plan = plan_flush(everything);
        if (plan.empty()) return;
        connection& c = writing();
        persistence work(*this, c);
        for (const flush_plan::rows& group : plan.inserts) {
            work.insert(group);
            for (node* n : group.objects) make_persistent(*n);
            for (node* n : group.objects) fire(session_event::after_insert, n);
        }
        std::erase_if(pending_, [](const node* n) { return n->state != object_state::pending; });
        for (node* n : plan.updates) work.update(*n);
        for (const flush_plan::rows& group : plan.deletes) {
            work.remove(group);
            accept_removed(group.objects);
        }
        fire(session_event::after_flush);
    } catch (const std::exception& e) {
        fail(e.what());
        throw;
    } catch (...) {
        fail("an exception of an unknown type from a handler");
        throw;
    }
}

void session_core::let_go_of_orphans() {
    std::vector<node*> orphans;
    std::copy_if(pending_.begin(), pending_.end(), std::back_inserter(orphans),
                 [](const node* n) { return n->has(node_flag::orphan); });
    for (node* orphan : orphans) {
        for (node* n : cascade_walk(*this).to_expunge(*orphan)) let_go(*n); // what has no row yet
    }
}

void session_core::accept_removed(const std::vector<node*>& objects) {
    // Backwards: a collection is searched from its end.
    for (auto object = objects.rbegin(); object != objects.rend(); ++object) {
        node* n = *object;
        objects_.erase(*n);
        n->unset(node_flag::removing);
        n->state = object_state::deleted;
        if (n->has(node_flag::expired)) { // stays readable as it was last known
            n->unset(node_flag::expired);
            undo_.expired.push_back(n);
        }
        for (const relationship& r : n->type->relationships()) {
            if (r.kind != relationship_kind::belongs_to) continue;
            node* parent = reference_of(*n, r).known();
            has_many_base* many = other_side(parent, r);
            const std::size_t at = many ? many->find(*n) : 0;
            if (!many || at == many->slot_count()) continue;
            undo_.links.push_back({n, &r, parent, nullptr, at});
            many->erase_slot(at);
        }
    }
    std::erase_if(removing_, [](const node* n) { return n->state == object_state::deleted; });
    for (node* n : objects) fire(session_event::after_remove, n);
}

void session_core::rekey(node& n, std::span<const cell> before, std::span<const cell> now) {
    cell old_key[most_key_columns];
    bool same = true;
    const std::vector<std::uint32_t>& key = n.type->key();
    for (std::size_t i = 0; i < key.size(); ++i) {
        old_key[i] = before[key[i]];
        same = same && old_key[i].same_as(now[key[i]]);
    }
    if (same) return;
    objects_.insert(n);
    objects_.of(*n.type).erase({old_key, key.size()});
}

} // namespace kin::detail
