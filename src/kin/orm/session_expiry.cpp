// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <utility>

#include "cascade_walk.hpp"
#include "key_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "peer_group.hpp"
#include "peer_loader.hpp"
#include "session_core.hpp"

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
    explicit late_changes(const node& n) {
        if (!n.image) return;
        row_copy now = row_copy::of(n);
        const std::span<const cell> before = n.image->current.cells();
        for (std::uint32_t i = 0; i < before.size(); ++i) {
            if (!now.cells()[i].same_as(before[i])) changed_.push_back(i);
        }
        if (!changed_.empty()) values_ = std::move(now);
    }
    void put_back(node& n) const {
        for (const std::uint32_t i : changed_) {
            const property& p = n.type->properties()[i];
            (void)p.decode(static_cast<char*>(n.object()) + p.offset, values_.cells()[i]);
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
    for (node* n : cascade_walk(*this).to_refresh(start)) expire_one(*n);
}

void session_core::expire_all() {
    check_usable();
    check_not_flushing("expire_all()");
    expire_objects();
}

void session_core::expire_objects() {
    if (!pool_) return;
    pool_->for_each([this](node& n) {
        if (n.context == this && n.state == object_state::persistent) expire_one(n);
    });
}

void session_core::expire_one(node& n) {
    mark_expired(n);
    for (const relationship& r : n.type->relationships()) {
        if (r.kind == relationship_kind::has_many) collection_of(n, r).unload();
    }
}

/// What was not written is lost, in the columns and in the links that they stand for.
void session_core::mark_expired(node& n) {
    if (n.image) n.image->current.restore(n);
    follow_row(n);
    n.set(node_flag::expired);
}

// --- reading again ------------------------------------------------------------------------------------------------------

void session_core::reload(node& n) {
    check_usable();
    if (!read_again(n)) fail_row_gone(n, texts_.by_key(dialect(), *n.type));
}

/// Reads an expired object again, and in the same statement those that came with it and are expired as well.
bool session_core::read_again(node& n) {
    std::vector<row_key> keys;
    for (const node* one : expired_peers(n)) keys.push_back(row_key_of(*one));
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
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        has_many_base* many = other_side(reference_of(n, r).known(), r);
        const std::size_t at = many ? many->find(n) : 0;
        if (many && at != many->slot_count()) many->erase_slot(at);
    }
    take_out(n);
    return true;
}

void session_core::take_row(node& n, row_loader& from) {
    if (replacing_) {
        for (const relationship& r : n.type->relationships()) {
            if (r.kind == relationship_kind::has_many) collection_of(n, r).unload();
        }
        overwrite(n, from);
        return;
    }
    const late_changes late(n);
    overwrite(n, from);
    late.put_back(n);
}

/// Gives a known object the row that `from` is at; what was changed and not written is lost.
void session_core::overwrite(node& n, row_loader& from) {
    // What this transaction has written itself is taken back by a rollback; what others have committed is not.
    if (wrote_) start_watching(n);
    from.overwrite(n);
    if (n.image) {
        row_copy fresh = row_copy::of(n);
        if (wrote_ && n.image->committed.empty()) {
            undo_.updated.push_back(&n);
            n.image->committed = std::move(n.image->current);
        }
        n.image->current = std::move(fresh);
    }
    if (n.has(node_flag::expired)) {
        if (wrote_) undo_.expired.push_back(&n);
        n.unset(node_flag::expired);
    }
    follow_row(n);
}

/// Links `n` as its row says, after its columns were read or put back.
void session_core::follow_row(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (r.kind == relationship_kind::belongs_to) follow_row(n, r);
    }
    n.unset(node_flag::orphan);
}

void session_core::follow_row(node& n, const relationship& r) {
    const belongs_to_base& reference = reference_of(n, r);
    node* now = reference.known();
    const bool unset = foreign_key_unset(n, r);
    if (now ? has_key(*now) && names(n, r, *now) : unset) {
        if (reference.is_resolved()) reference.resolve(now, key_fingerprint(n, r));
        return;
    }
    node* parent = unset ? nullptr : find_target(n, r);
    std::size_t position = static_cast<std::size_t>(-1);
    if (!unset && n.image) {
        // Back to where it was before the transaction moved it.
        const auto way_here = [&](const link_change& c) {
            return c.child == &n && c.side == &r && c.before && names(n, r, *c.before);
        };
        const auto last = std::find_if(undo_.links.rbegin(), undo_.links.rend(), way_here);
        if (last != undo_.links.rend()) {
            parent = last->before;
            position = last->position;
        }
    }
    has_many_base* from = other_side(now, r);
    has_many_base* into = other_side(parent, r);
    // It has the object, or will find it; not so when a rollback takes the row away.
    if (into && !into->is_loaded() && !n.has(node_flag::inserted)) into = nullptr;
    if (into && into->find(n) != into->slot_count()) into = nullptr;
    if (into) into->reserve_one();
    const std::size_t at = from ? from->find(n) : 0;
    if (wrote_ && (now || into)) changing({&n, &r, now, parent, at});
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
        const row_key key = row_key_of(n);
        const std::string& sql = texts_.by_key(dialect(), *n.type);
        cursor rows = reading().open(sql, cells_of(key));
        if (!rows.next()) fail_row_gone(n, sql);
        row_loader from(*this, *n.type, rows);
        overwrite(n, from);
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
            const bool goes = kin::has(r.cascades, cascade::refresh) ||
                              (n == &start && r.lazy == loader_strategy::selectin);
            if (!goes || r.kind != relationship_kind::has_many || !collection_of(*n, r).is_loaded()) continue;
            auto at = std::find_if(collections.begin(), collections.end(),
                                   [&r](const auto& one) { return one.first == &r; });
            if (at == collections.end()) at = collections.insert(at, {&r, {}});
            at->second.push_back(n);
        }
    }
    for (node* n : found) {
        if (n != &start) mark_expired(*n);
    }
    for (const auto& [r, owners] : collections) {
        for (node* n : owners) collection_of(*n, *r).unload();
    }
    for (const auto& [r, owners] : collections) load_relationship(*this, owners, *r);
    std::map<const mapper*, std::vector<row_key>> left;
    for (const node* n : found) {
        if (n->has(node_flag::expired)) left[n->type].push_back(row_key_of(*n));
    }
    for (const auto& [m, keys] : left) (void)load_by_keys(*this, *m, keys);
}

} // namespace kin::detail
