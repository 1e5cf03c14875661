// SPDX-License-Identifier: MIT
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cascade_walk.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/separation.hpp"
#include "make_room.hpp"
#include "peer_group.hpp"
#include "session_core.hpp"

/// The part of the session in which objects change their states: they come in, are removed, and leave.
namespace kin::detail {

namespace {

[[noreturn]] void fail_state(const char* code, const node& n, std::string what) {
    throw state_error({.code = code, .message = std::move(what), .sql = {}, .table = n.type->table().name()});
}

void forget(std::vector<node*>& list, const node& n) noexcept { std::erase(list, &n); }

} // namespace

void session_core::detach(node& n, object_state state) noexcept {
    leave_group(n);
    if (!associations_.empty()) associations_.forget(n);
    if (state == object_state::transient) {
        delete n.image;
        n.image = nullptr;
    } else if (n.image) {
        n.image->committed =
            {}; // what changes from here on is found when the object is added to a session again
    }
    n.context = nullptr;
    n.state = state;
    n.unset(node_flag::removing | node_flag::inserted | node_flag::key_made | node_flag::version_made |
            node_flag::orphan);
    if (state == object_state::transient) n.unset(node_flag::expired);
}

void session_core::make_persistent(node& n) {
    objects_.insert(n);
    n.state = object_state::persistent;
    if (!n.has(node_flag::touched)) return;
    // Somebody may hold a T& to it, or has changed it while it was detached.
    if (!n.image) n.image = row_image::of(n);
    watch(n);
}

void session_core::add(node& start) {
    check_usable();
    const any_ref keep(&start);
    if (start.context == this) {
        if (start.state == object_state::deleted) {
            fail_state("object_deleted", start,
                       "this " + start.type->class_name() +
                           " was deleted in this transaction; roll back, or make a new object");
        }
        if (start.has(node_flag::removing)) {
            start.unset(node_flag::removing);
            forget(removing_, start);
        }
    }
    const cascade_walk walk(*this);
    if (!walk.has_followers(start)) {
        node* alone = &start;
        if (start.context != this) take_all({&alone, 1});
        return;
    }
    std::vector<node*> all = walk.to_add(start);
    std::erase_if(all, [this](const node* n) { return n->context == this; });
    take_all(all);
}

/// The objects of an add(), which are not in this session yet: all of them or none.
void session_core::take_all(std::span<node* const> all) {
    const auto links = static_cast<std::ptrdiff_t>(undo_.new_links.size());
    std::size_t taken = 0;
    try {
        for (; taken < all.size(); ++taken) take_one(*all[taken]);
        // Room for the link for which they may be taken in: changing() does not fail after this.
        make_room(undo_.links, 1);
        make_room(undo_.new_links, 1);
    } catch (...) {
        while (taken != 0) give_back(*all[--taken]);
        undo_.new_links.erase(undo_.new_links.begin() + links, undo_.new_links.end());
        throw;
    }
}

namespace {

/// Foreign keys that were set by hand before: collections follow them when they are read next.
/// Those of links get the keys that their targets have by now.
void note_foreign_keys(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const node* target = reference_of(n, r).is_resolved() ? reference_of(n, r).known() : nullptr;
        if (target && has_key(*target) && foreign_key_unset(n, r)) copy_key(n, r, target);
        if (reference_of(n, r).is_resolved() || foreign_key_unset(n, r)) continue;
        home_of(n)->note_edit(n);
        return;
    }
}

} // namespace

namespace {

[[noreturn]] void fail_kept(const node& n, const keeper& kept) {
    const std::string object = "this " + n.type->class_name();
    if (&n == kept.object) {
        fail_state(
            "two_sessions", n,
            object + " has left another session, whose open transaction may still have to undo links of it; "
                     "commit or roll back that session first");
    }
    fail_state("two_sessions", n,
               object + " has left another session, but is linked, directly or by way of others, to a " +
                   kept.object->type->class_name() +
                   (kept.is_in_session
                        ? " that is in it, and linked objects are in one session; expunge that one as well, "
                          "unlink it, close that session, or take a copy with merge()"
                        : " of which that session's open transaction may still have to undo links; commit or "
                          "roll back that session first"));
}

} // namespace

/// One object of an add(): new ones become pending, detached ones persistent.
void session_core::take_one(node& n) {
    if (n.context) {
        fail_state("two_sessions", n,
                   "this " + n.type->class_name() +
                       " is in another session; close that one or expunge the object "
                       "and what it is linked to first");
    }
    const bool is_held = n.home && home_of(n)->holder() && home_of(n)->holder() != this;
    if (const keeper kept = is_held ? kept_by(n) : keeper()) fail_kept(n, kept);
    storage().take(n);
    if (n.state == object_state::transient) {
        remember_links(n);
        pending_.push_back(&n);
        n.context = this;
        n.state = object_state::pending;
        note_foreign_keys(n);
        return;
    }
    n.context = this;
    try {
        make_persistent(n);
    } catch (...) {
        give_back(n);
        throw;
    }
}

/// A new object that was linked to one with a row while no session knew of it: as if it were linked now.
void session_core::remember_links(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        node* target = reference_of(n, r).known();
        if (target && has_row(*target)) undo_.new_links.push_back({&n, &r, nullptr, target, 0});
    }
}

/// Undoes take_one().
void session_core::give_back(node& n) noexcept {
    if (n.state == object_state::pending) {
        let_go(n);
        return;
    }
    objects_.erase(n);
    forget(watched_, n);
    detach(n, object_state::detached);
}

void session_core::remove(node& start) {
    check_usable();
    if (start.context != this || start.state == object_state::pending ||
        start.state == object_state::transient) {
        fail_state("not_persistent", start,
                   "cannot remove a " + start.type->class_name() +
                       (start.context == this
                            ? " that has no row yet; expunge it instead"
                            : " that is not in this session; get it from this session first"));
    }
    if (start.state == object_state::deleted) return;
    const any_ref keep(&start);
    const std::vector<node*> all = cascade_walk(*this).to_remove(start);
    make_room(removing_, all.size()); // all of them or none
    for (node* n : all) {
        if (n->context != this || n->has(node_flag::removing) || n->state == object_state::deleted) continue;
        if (n->state == object_state::pending) {
            let_go(*n);
            continue;
        }
        removing_.push_back(n);
        n->set(node_flag::removing);
    }
}

void session_core::expunge(node& start) {
    if (start.context != this) {
        fail_state("not_in_session", start,
                   "cannot expunge a " + start.type->class_name() + " that is not in this session");
    }
    check_not_flushing("expunge()");
    const any_ref keep(&start);
    for (node* n : cascade_walk(*this).to_expunge(start)) {
        if (n->context == this) take_out(*n);
    }
}

/// One object leaves.
void session_core::take_out(node& n) {
    if (n.state == object_state::pending) {
        let_go(n);
        return;
    }
    objects_.erase(n);
    forget(watched_, n);
    forget(removing_, n);
    if (std::erase(doubtful_, &n) != 0) n.unset(node_flag::expired); // nobody can read it again
    undo_.forget(n);
    detach(n, object_state::detached);
}

void session_core::expunge_all() {
    check_not_flushing("expunge_all()");
    for (node* n : undo_.inserted) n->unset(node_flag::inserted); // they have a row
    detach_all();
    pending_.clear();
    removing_.clear();
    associations_.clear();
    undo_.forget_all();
    if (!pool_) return;
    pool_->let_go(); // frees what nobody holds a ref to
    pool_ = nullptr;
    ensure_pool();
}

/// What has no row becomes transient.
void session_core::detach_all() noexcept {
    for (node* n : doubtful_) n->unset(node_flag::expired); // nobody can read them again
    doubtful_.clear();
    if (pool_) {
        pool_->for_each([this](node& n) {
            if (n.context != this) return;
            const bool is_new = n.state == object_state::pending || n.has(node_flag::inserted);
            detach(n, is_new ? object_state::transient : object_state::detached);
            n.mark = 0;
        });
    }
    watched_.clear();
    objects_ = {};
}

} // namespace kin::detail
