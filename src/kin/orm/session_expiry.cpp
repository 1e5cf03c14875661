// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "cascade_walk.hpp"
#include "key_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "new_rows.hpp"
#include "peer_group.hpp"
#include "peer_loader.hpp"
#include "row_cells.hpp"
#include "session_core.hpp"
#include "value_guard.hpp"

/// The part of the session that reads objects again: when they are expired, and when they are refreshed.
namespace kin::detail {

namespace {

[[noreturn]] void fail_row_gone(const node& n, const std::string& sql) {
    throw stale_data(
        {.code = "row_gone",
         .message = "cannot read a " + n.type->class_name() + " again: its row is gone; somebody deleted it",
         .sql = sql,
         .table = n.type->table().name()});
}

/// Those that came with `n`, stand beside it and are expired as well, with `n`: a loop over them reads them all at once.
std::vector<const node*> expired_peers(const node& n) {
    if (!n.peers) return {&n};
    const std::vector<node*>& members = n.peers->members;
    const auto goes = [&n](const node* peer) {
        return peer->peers == n.peers && peer->has(node_flag::expired);
    };
    const auto at = std::find(members.begin(), members.end(), &n);
    std::vector<const node*> found{&n};
    for (auto next = at; next != members.end() && ++next != members.end() && goes(*next);)
        found.push_back(*next);
    for (auto last = at; last != members.begin() && goes(*--last);) found.push_back(*last);
    if (found.size() > most_peers) found.resize(most_peers);
    return found;
}

/// What was written into an expired object since, through a reference from before: no reading may lose it.
class late_changes {
public:
    late_changes() = default;
    explicit late_changes(const node& n) {
        if (!n.image) return;
        row_copy now = row_copy::of(n);
        const std::span<const cell> before = n.image->current.cells();
        for (std::uint32_t i = 0; i < before.size(); ++i) {
            if (!now.cells()[i].same_as(before[i])) changed_.push_back(i);
        }
        if (!changed_.empty()) values_ = std::move(now);
    }
    void put_into(node& n) const {
        for (const std::uint32_t i : changed_) {
            const property& p = n.type->properties()[i];
            (void)p.decode(member_of(n, p), values_.cells()[i]);
        }
    }

private:
    row_copy values_;
    std::vector<std::uint32_t> changed_;
};

} // namespace

void session_core::check_persistent(const node& n, const char* action) const {
    if (n.context == this && n.state == object_state::persistent) return;
    throw state_error({.code = "not_persistent",
                       .message = std::string("cannot ") + action + " a " + n.type->class_name() +
                                  " that has no row in this session; add and flush it first",
                       .sql = {},
                       .table = n.type->table().name()});
}

// --- expire -----------------------------------------------------------------------------------------------------------

void session_core::expire(node& start) {
    check_usable();
    check_not_flushing("expire()");
    check_persistent(start, "expire");
    new_rows fresh(undo_);
    for (node* n : cascade_walk(*this).to_refresh(start)) expire_one(*n, fresh);
}

void session_core::expire_all() {
    check_usable();
    check_not_flushing("expire_all()");
    expire_objects();
}

void session_core::expire_objects() {
    if (!pool_) return;
    new_rows fresh(undo_);
    pool_->for_each([&](node& n) {
        if (n.context == this && n.state == object_state::persistent) expire_one(n, fresh);
    });
}

void session_core::expire_one(node& n, new_rows& fresh) {
    mark_expired(n, fresh);
    for (const relationship& r : n.type->relationships()) {
        if (r.is_collection()) unload(n, r, fresh);
    }
}

/// What was not written is lost, in the columns and in the links that they stand for.
void session_core::mark_expired(node& n, new_rows& fresh) {
    if (n.image) n.image->current.restore(n);
    follow_row(n, fresh);
    n.set(node_flag::expired);
}

// --- reading again ------------------------------------------------------------------------------------------------------

void session_core::reload(node& n) {
    check_usable();
    if (!read_again(n)) fail_row_gone(n, texts_.by_key(dialect(), *n.type));
}

/// Reads an expired object again, and in the same statement those that came with it and are expired as well.
bool session_core::read_again(node& n) {
    std::vector<key_values> keys;
    for (const node* one : expired_peers(n)) keys.push_back(key_values_of(*one));
    (void)load_by_keys(*this, *n.type, keys);
    return !n.has(node_flag::expired);
}

bool session_core::has_row_still(node& n) {
    if (read_again(n)) return true;
    (void)drop_gone(n);
    return false;
}

bool session_core::drop_gone(node& n) {
    if (flushing_ || committing_) return false; // nobody leaves now
    leave_collections(n);
    take_out(n);
    return true;
}

void session_core::note_read(node& n) {
    if (replaced_) replaced_->insert(&n);
    if (undo_.may_change_back(*n.type)) undo_.read.push_back(&n);
}

void session_core::take_row(node& n, row_loader& from) {
    if (!replaced_) return overwrite(n, from, unwritten::stays);
    if (!replaced_->insert(&n).second) return; // a query reads each object once
    overwrite(n, from, unwritten::is_lost);
    new_rows fresh(undo_);
    for (const relationship& r : n.type->relationships()) {
        if (r.is_collection()) unload(n, r, fresh);
    }
}

namespace {

/// Whether the row `now` links `n` to others than memory does.
bool leads_elsewhere(node& n, const node& now) {
    const auto& all = n.type->relationships();
    return std::any_of(all.begin(), all.end(), [&](const relationship& r) {
        if (!r.is_reference()) return false;
        const belongs_to_base& reference = reference_of(n, r);
        return reference.is_resolved() && reference.resolved_key() != key_fingerprint(now, r);
    });
}

} // namespace

/// Gives a known object the row that `from` is at. Whatever may fail comes before the first change, but for the links: they follow when
/// the object is looked at again.
void session_core::overwrite(node& n, row_loader& from, unwritten late) {
    {
        const row_aside row(from);
        const late_changes changes = late == unwritten::stays ? late_changes(n) : late_changes();
        // What this transaction has written itself is taken back by a rollback; what others have committed is not, though a
        // reference may be set back to where it pointed. A watched object finds its way in both cases.
        if (wrote_ || leads_elsewhere(n, row.object())) start_watching(n);
        if (wrote_ && n.has(node_flag::expired)) undo_.expired.push_back(&n);
        row_copy now;
        if (n.image) now = row_copy::of(row.object());
        changes.put_into(row.object());
        if (n.image) {
            if (wrote_) keep_past(n);
            n.image->current = std::move(now);
        }
        row.move_into(n);
    }
    const value_guard<std::vector<link_change>*> no_trial(tried_, nullptr); // this is no guess
    new_rows fresh(undo_);
    follow_row(n, fresh);
    n.unset(node_flag::expired);
}

/// Links `n` as its row says, after its columns were read or put back.
void session_core::follow_row(node& n, new_rows& fresh) {
    for (const relationship& r : n.type->relationships()) {
        if (r.is_reference()) follow_row(n, r, fresh);
    }
    n.unset(node_flag::orphan);
}

void session_core::follow_row(node& n, const relationship& r, new_rows& fresh) {
    const belongs_to_base& reference = reference_of(n, r);
    node* now = reference.known();
    const bool unset = foreign_key_unset(n, r);
    // Objects are known by the keys of their rows; what a program has changed in them since does not count.
    node* parent = unset ? nullptr : find_target(n, r);
    const auto is_of_row = [&](node& target) {
        return r.targets_primary_key ? &target == parent : has_key(target) && names(n, r, target);
    };
    if (now ? is_of_row(*now) : unset) {
        if (reference.is_resolved()) reference.resolve(now, key_fingerprint(n, r));
        return;
    }
    std::size_t position = static_cast<std::size_t>(-1);
    if (!unset && n.image) {
        // Back to where it was before the transaction moved it.
        const auto way_here = [&](const link_change& c) {
            return c.child == &n && c.side == &r && c.before &&
                   (parent ? c.before == parent : names(n, r, *c.before));
        };
        const auto last = std::find_if(undo_.links.rbegin(), undo_.links.rend(), way_here);
        if (last != undo_.links.rend()) {
            parent = last->before;
            position = last->position;
        }
    }
    if (parent) make_way(n, r, *parent, fresh);
    const collection_base* from = other_side(now, r);
    const collection_base* into = other_side(parent, r);
    // It has the object, or will find it; not so when the row does not tell, or a rollback takes it away.
    if (into && !into->is_loaded() && !fresh.contains(n) && !foreign_key_changed(n, r)) into = nullptr;
    if (into && into->find(n) != into->slot_count()) into = nullptr;
    if (into) into->reserve_one();
    const std::size_t at = from ? from->find(n) : 0;
    if (wrote_ && (now || into)) changing(link_change{&n, &r, now, parent, at});
    if (from && at != from->slot_count()) from->erase_slot(at);
    if (into) into->insert_link(position, n);
    if (parent || unset) {
        reference.resolve(parent, key_fingerprint(n, r));
    } else {
        reference.unresolve();
    }
}

// --- refresh ------------------------------------------------------------------------------------------------------------

void session_core::refresh(node& n) {
    check_usable();
    check_persistent(n, "refresh");
    {
        const key_values key = key_values_of(n);
        const std::vector<cell> parameters = cells_of(key);
        const std::string& sql = texts_.by_key(dialect(), *n.type);
        cursor rows = reading().open(sql, parameters);
        if (!rows.next()) fail_row_gone(n, sql);
        row_loader from(*this, *n.type, rows);
        overwrite(n, from, unwritten::is_lost);
    }
    refresh_related(n);
}

/// The loaded objects that `start` takes along: those of collections with one statement for each relationship, whatever is left with one for
/// each class. What has no row any more stays expired.
void session_core::refresh_related(node& start) {
    const std::vector<node*> found = cascade_walk(*this).to_refresh(start);
    std::vector<std::pair<const relationship*, std::vector<node*>>> collections;
    for (node* n : found) {
        for (const relationship& r : n->type->relationships()) {
            const bool goes =
                kin::has(r.cascades, cascade::refresh) || (n == &start && loads_at_once(r.lazy));
            if (!goes || !r.is_collection() || !collection_of(*n, r).is_loaded()) continue;
            auto at = std::find_if(collections.begin(), collections.end(),
                                   [&r](const auto& one) { return one.first == &r; });
            if (at == collections.end()) at = collections.insert(at, {&r, {}});
            at->second.push_back(n);
        }
    }
    new_rows fresh(undo_);
    std::unordered_set<const node*> only_here; // are expired for as long as this takes
    const auto before = static_cast<std::ptrdiff_t>(undo_.expired.size());
    for (node* n : found) {
        if (n == &start) continue;
        if (!n->has(node_flag::expired)) only_here.insert(n);
        mark_expired(*n, fresh);
    }
    for (const auto& [r, owners] : collections) {
        for (node* n : owners) unload(*n, *r, fresh);
    }
    for (const auto& [r, owners] : collections) load_relationship(*this, owners, *r, {});
    std::map<const mapper*, std::vector<key_values>> left;
    for (const node* n : found) {
        if (n->has(node_flag::expired)) left[n->type].push_back(key_values_of(*n));
    }
    for (const auto& [m, keys] : left) (void)load_by_keys(*this, *m, keys);
    const auto moved = std::partition(undo_.expired.begin() + before, undo_.expired.end(),
                                      [&](const node* n) { return !only_here.contains(n); });
    undo_.read.insert(undo_.read.end(), moved, undo_.expired.end());
    undo_.expired.erase(moved, undo_.expired.end());
}

} // namespace kin::detail
