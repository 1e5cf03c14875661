// SPDX-License-Identifier: MIT
#include "session_core.hpp"

#include <algorithm>

#include "cascade_walk.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "peer_group.hpp"
#include "peer_loader.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

namespace {

[[noreturn]] void fail_state(const char* code, const node& n, std::string what) {
    throw state_error({.code = code, .message = std::move(what), .sql = {}, .table = n.type->table().name()});
}

void forget(std::vector<node*>& list, const node& n) noexcept { std::erase(list, &n); }

/// So that push_back() does not fail. Grows by doubling, as it does.
template <class T> void make_room(std::vector<T>& list, std::size_t more) {
    const std::size_t needed = list.size() + more;
    if (needed > list.capacity()) list.reserve(std::max(needed, list.capacity() * 2));
}

} // namespace

session_core::session_core(const kin::engine& e, const session_options& options)
    : engine_(e),
      options_(options) {
    ensure_pool();
}

session_core::~session_core() { close(); }

void session_core::ensure_pool() {
    if (pool_) return;
    pool_ = new pool;
    pool_->hold(*this);
}

// --- object_context -------------------------------------------------------------------------------------------------

void session_core::watch(node& n) { watched_.push_back(&n); }

void session_core::load(node& owner, const relationship& r) {
    check_usable();
    load_for_peers(*this, owner, r);
}

node* session_core::find_target(const node& child, const relationship& r) {
    const mapper& target = r.target();
    if (!r.targets_primary_key) return nullptr;
    entity_map& known = objects_.of(target);
    cell key[most_key_columns];
    scratch memory;
    for (std::size_t i = 0; i < r.keys.size(); ++i) {
        const property& p = child.type->properties()[r.keys[i].foreign];
        if (!p.encode(static_cast<const char*>(child.object()) + p.offset, encoder{key[i], memory}))
            return nullptr;
        if (key[i].is_null()) return nullptr;
    }
    return known.find({key, r.keys.size()});
}

void session_core::take_in(node& n) { add(n); }

void session_core::let_go(node& n) noexcept {
    if (n.context != this || n.state != object_state::pending) return;
    forget(pending_, n);
    detach(n, object_state::transient);
}

void session_core::changing(const link_change& change) {
    if (undoing_) return;
    const auto has_past = [](const node* n) {
        return n && (n->state == object_state::persistent || n->state == object_state::deleted) &&
               !n->has(node_flag::inserted);
    };
    // Links among new objects stay when the transaction is undone: the program may add them again. Those of a new object to one
    // with a row do not.
    if (has_past(change.child)) {
        undo_.links.push_back(change);
    } else if (has_past(change.after)) {
        undo_.new_links.push_back(change);
    }
    const relationship* many = change.side->inverse;
    if (many && kin::has(many->cascades, cascade::delete_orphan)) {
        if (change.after) {
            change.child->unset(node_flag::orphan);
        } else if (change.before) {
            change.child->set(node_flag::orphan);
        }
    }
}

// --- states ---------------------------------------------------------------------------------------------------------

void session_core::detach(node& n, object_state state) noexcept {
    leave_group(n);
    if (state == object_state::transient) {
        delete n.image;
        n.image = nullptr;
    } else if (n.image) {
        n.image->committed =
            {}; // what changes from here on is found when the object is added to a session again
    }
    n.context = nullptr;
    n.state = state;
    n.unset(node_flag::removing | node_flag::inserted | node_flag::key_made | node_flag::orphan);
}

void session_core::make_persistent(node& n) {
    objects_.insert(n);
    n.state = object_state::persistent;
    if (!n.has(node_flag::touched)) return;
    // Somebody may hold a T& to it, or has changed it while it was detached.
    if (!n.image) n.image = new row_image{row_copy::of(n), {}};
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

/// One object of an add(): new ones become pending, detached ones persistent.
void session_core::take_one(node& n) {
    if (n.context || (n.home && n.home->holder() && n.home->holder() != this)) {
        fail_state("two_sessions", n,
                   "this " + n.type->class_name() +
                       " is in another session; close that one or expunge the object "
                       "and what it is linked to first");
    }
    storage().take(n);
    if (n.state == object_state::transient) {
        remember_links(n);
        pending_.push_back(&n);
        n.context = this;
        n.state = object_state::pending;
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
        if (r.kind != relationship_kind::belongs_to) continue;
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
        if (n->context != this) continue;
        if (n->state == object_state::pending) {
            let_go(*n);
            continue;
        }
        objects_.erase(*n);
        forget(watched_, *n);
        forget(removing_, *n);
        forget(undo_.inserted, *n);
        forget(undo_.updated, *n);
        forget(undo_.removed, *n);
        const auto involves = [n](const link_change& c) {
            return c.child == n || c.before == n || c.after == n;
        };
        std::erase_if(undo_.links, involves);
        std::erase_if(undo_.new_links, involves);
        detach(*n, object_state::detached);
    }
}

void session_core::refresh(node& n) {
    check_usable();
    if (n.context != this || n.state != object_state::persistent) {
        fail_state("not_persistent", n,
                   "cannot refresh a " + n.type->class_name() +
                       " that has no row in this session; add and flush it first");
    }
    cell key[most_key_columns];
    scratch memory;
    if (n.image) {
        const std::span<const cell> row = n.image->current.cells();
        for (std::size_t i = 0; i < n.type->key().size(); ++i) key[i] = row[n.type->key()[i]];
    } else {
        identity_map::key_of(n, key, memory);
    }
    cursor rows = reading().open(texts_.by_key(dialect(), *n.type), {key, n.type->key().size()});
    if (!rows.next()) {
        throw stale_data(
            {.code = "row_gone",
             .message = "cannot refresh a " + n.type->class_name() + ": its row is gone; somebody deleted it",
             .sql = texts_.by_key(dialect(), *n.type),
             .table = n.type->table().name()});
    }
    take_row(n, rows);
    for (const relationship& r : n.type->relationships()) {
        if (r.kind == relationship_kind::belongs_to) follow_foreign_key(n, r);
    }
}

/// Overwrites the object with the current row. Whatever may fail comes before the first change.
void session_core::take_row(node& n, cursor& rows) {
    row_loader loader(*this, *n.type, rows);
    const row_aside fresh(loader);
    const auto leads_elsewhere = [&](const relationship& r) {
        if (r.kind != relationship_kind::belongs_to) return false;
        const belongs_to_base& reference = reference_of(n, r);
        return reference.is_resolved() && reference.resolved_key() != key_fingerprint(fresh.object(), r);
    };
    // What this transaction has written itself is taken back by a rollback; what others have committed is not, though a reference
    // may be set back to where it pointed. A watched object finds its way in both cases.
    const auto& all = n.type->relationships();
    if (wrote_ || std::any_of(all.begin(), all.end(), leads_elsewhere)) touch(n);
    if (n.image) {
        row_copy now = row_copy::of(fresh.object());
        if (wrote_ && n.image->committed.empty()) {
            undo_.updated.push_back(&n);
            n.image->committed = std::move(n.image->current);
        }
        n.image->current = std::move(now);
    }
    fresh.move_into(n);
}

// --- reading --------------------------------------------------------------------------------------------------------

node* session_core::get(const mapper& m, std::span<const cell> key) {
    check_usable();
    if (key.size() != m.key().size()) {
        throw usage_error({.code = "wrong_key",
                           .message = "get<" + m.class_name() + ">() takes " +
                                      std::to_string(m.key().size()) +
                                      " key values, one for each column of the primary key",
                           .sql = {},
                           .table = m.table().name()});
    }
    for (std::size_t i = 0; i < key.size(); ++i) {
        if (key[i].is_null()) return nullptr;
        const cell_kind wanted = m.cell_kinds()[m.key()[i]];
        if (key[i].kind != wanted) {
            throw usage_error({.code = "wrong_key",
                               .message = "get<" + m.class_name() + ">(): the value for " +
                                          m.properties()[m.key()[i]].name +
                                          " has another type than the column",
                               .sql = {},
                               .table = m.table().name()});
        }
    }
    if (node* known = objects_.of(m).find(key))
        return known->state == object_state::persistent ? known : nullptr;
    autoflush();
    cursor rows = reading().open(texts_.by_key(dialect(), m), key);
    if (!rows.next()) return nullptr;
    row_loader loader(*this, m, rows);
    loader.expect_new();
    return &loader.take();
}

bool session_core::has_changes() {
    check_usable();
    return !plan_flush(true).empty();
}

void session_core::autoflush() {
    if (!options_.autoflush || flushing_) return;
    flush_now(false);
}

void session_core::fire(session_event e, node* n) {
    if (front_ && events_.has(e)) events_.call(e, *front_, n);
}

void session_core::check_usable() const {
    if (failure_.empty()) {
        if (!lease_ || !lease_->transaction_lost()) return;
    }
    throw pending_rollback(
        {.code = "pending_rollback",
         .message = "the transaction has failed and waits for rollback(); nothing of it is in the "
                    "database. The first error was: " +
                    (failure_.empty() ? "the database ended the transaction" : failure_),
         .sql = {}});
}

} // namespace kin::detail
