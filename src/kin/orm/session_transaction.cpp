// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "cascade_walk.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "peer_group.hpp"
#include "persistence.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

/// The part of the session that begins, flushes, ends and undoes transactions.
namespace kin::detail {

connection& session_core::reading() {
    check_usable();
    if (!lease_) {
        connection c = engine_.connect();
        c.set_observer(options_.observer);
        c.begin(options_.write_intent ? transaction_access::write : transaction_access::read);
        lease_.emplace(std::move(c));
    }
    return *lease_;
}

connection& session_core::writing() {
    check_usable();
    if (!lease_) {
        connection c = engine_.connect();
        c.set_observer(options_.observer);
        c.begin(transaction_access::write);
        lease_.emplace(std::move(c));
    } else {
        lease_->require_write();
    }
    return *lease_;
}

void session_core::flush() {
    check_usable();
    if (flushing_) check_not_flushing("flush()");
    flush_now(true);
}

/// A handler that ended the transaction, or took objects away, under the flush that called it would pull the rug from under it.
void session_core::check_not_flushing(const char* calls) const {
    if (!flushing_ && !committing_) return;
    throw state_error(
        {.code = "reentrant_flush",
         .message = std::string(calls) +
                    " may not be called by a handler of the session's events during a flush or commit; "
                    "throw an exception to stop it",
         .sql = {}});
}

namespace {

struct flag_guard {
    explicit flag_guard(bool& f) noexcept : flag(f) { flag = true; }
    ~flag_guard() { flag = false; }
    bool& flag;
};

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
    for (node* n : watched_) {
        if (n->state != object_state::persistent || n->has(node_flag::removing)) continue;
        if (n->has(node_flag::orphan)) continue;
        if (is_changed(*n)) changed.push_back(n);
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
    for (node* n : objects) {
        forget_removed(*n);
        for (const relationship& r : n->type->relationships()) {
            if (r.kind != relationship_kind::belongs_to) continue;
            node* parent = reference_of(*n, r).known();
            has_many_base* many = other_side(parent, r);
            const std::size_t at = many ? many->find(*n) : 0;
            if (!many || at == many->slot_count()) continue;
            undo_.links.push_back({n, &r, parent, nullptr, at});
            many->erase_slot(at);
        }
        fire(session_event::after_remove, n);
    }
}

void session_core::forget_removed(node& n) {
    objects_.erase(n);
    std::erase(removing_, &n);
    n.unset(node_flag::removing);
    n.state = object_state::deleted;
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

void session_core::fail(const char* what) noexcept {
    try {
        if (failure_.empty()) failure_ = what;
        if (failure_.empty()) failure_ = "unknown";
    } catch (...) {
        failure_.assign(1, '?'); // no memory for the text; the state is what counts
    }
    if (lease_) lease_->rollback();
}

void session_core::commit() {
    check_usable();
    check_not_flushing("commit()");
    flush();
    try {
        const flag_guard guard(committing_);
        if (events_.has(session_event::before_commit)) {
            fire(session_event::before_commit);
            flush(); // what the handlers changed
        }
        if (lease_) lease_->commit();
    } catch (const std::exception& e) {
        fail(e.what());
        throw;
    } catch (...) {
        fail("an exception of an unknown type from a handler");
        throw;
    }
    end_transaction(true);
    fire(session_event::after_commit);
}

void session_core::end_transaction(bool committed) noexcept {
    if (committed) {
        for (node* n : undo_.updated) {
            if (n->image) n->image->committed = {};
        }
        for (node* n : undo_.inserted) n->unset(node_flag::inserted | node_flag::key_made);
        for (node* n : undo_.removed) {
            std::erase(watched_, n);
            detach(*n, object_state::detached);
        }
    }
    undo_.clear();
    failure_.clear();
    lease_.reset();
}

void session_core::rollback() {
    check_not_flushing("rollback()");
    if (lease_) lease_->rollback();
    restore_objects();
    end_transaction(false);
    fire(session_event::after_rollback);
}

void session_core::restore_objects() noexcept {
    const flag_guard guard(undoing_);
    for (node* n : undo_.inserted) restore_inserted(*n); // first: they may have the keys of removed ones
    for (node* n : pending_) {
        if (n->state == object_state::pending) restore_inserted(*n);
    }
    for (auto change = undo_.links.rbegin(); change != undo_.links.rend(); ++change) detail::undo(*change);
    for (const link_change& change : undo_.new_links) undo_new_link(change);
    for (node* n : undo_.inserted) settle_keys(*n);
    for (node* n : pending_) settle_keys(*n);
    for (node* n : undo_.removed) {
        if (n->state != object_state::deleted) continue; // inserted in this transaction as well
        n->state = object_state::persistent;
        n->unset(node_flag::removing);
        try {
            objects_.insert(*n);
            if (n->image && std::find(watched_.begin(), watched_.end(), n) == watched_.end())
                watched_.push_back(n);
        } catch (...) {
            detach(*n, object_state::detached); // no memory
        }
    }
    const auto keys_of = [](const node& n) {
        std::uint64_t keys = 0;
        for (const relationship& r : n.type->relationships()) {
            if (r.kind == relationship_kind::belongs_to)
                keys = keys * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(key_fingerprint(n, r));
        }
        return keys;
    };
    for (node* n : watched_) {
        const std::uint64_t before = keys_of(*n);
        restore_row(*n);
        n->mark = keys_of(*n) != before ? 1 : 0;
    }
    for (node* n : undo_.removed) return_to_collections(*n);
    for (node* n : watched_) {
        if (std::exchange(n->mark, std::uint16_t{0}) != 0) return_to_collections(*n);
    }
    for (node* n : removing_) n->unset(node_flag::removing | node_flag::orphan);
    for (node* n : watched_) n->unset(node_flag::orphan);
    removing_.clear();
    pending_.clear();
    std::erase_if(watched_, [](const node* n) { return n->state != object_state::persistent; });
}

void session_core::restore_inserted(node& n) noexcept {
    if (n.state == object_state::persistent || n.state == object_state::deleted) objects_.erase(n);
    if (n.image) (n.image->committed.empty() ? n.image->current : n.image->committed).restore(n);
    const bool key_made = n.has(node_flag::key_made);
    detach(n, object_state::transient);
    if (key_made) {
        const property& key = n.type->properties()[n.type->key().front()];
        key.reset(static_cast<char*>(n.object()) + key.offset);
    }
}

/// The foreign keys of an object that is transient again, to targets that may have lost their key as well.
void session_core::settle_keys(node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (reference.is_resolved()) copy_key(n, r, reference.known());
    }
}

/// A collection that was loaded while the row was deleted or pointed elsewhere does not have the object yet.
void session_core::return_to_collections(node& n) noexcept {
    if (n.state != object_state::persistent) return;
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to || foreign_key_unset(n, r)) continue;
        const belongs_to_base& reference = reference_of(n, r);
        node* parent = reference.is_resolved() ? reference.known() : find_target(n, r);
        has_many_base* many = other_side(parent, r);
        if (!many || !many->is_loaded() || many->find(n) != many->slot_count()) continue;
        try {
            many->push_link(n);
            reference.resolve(parent, key_fingerprint(n, r));
        } catch (...) {
            continue; // no memory: refresh() or a new session will show it
        }
    }
}

void session_core::restore_row(node& n) noexcept {
    if (!n.image || n.state != object_state::persistent) return;
    row_image& image = *n.image;
    if (!image.committed.empty()) {
        cell key[most_key_columns];
        scratch memory;
        const std::vector<std::uint32_t>& columns = n.type->key();
        for (std::size_t i = 0; i < columns.size(); ++i) key[i] = image.current.cells()[columns[i]];
        entity_map& known = objects_.of(*n.type);
        if (known.find({key, columns.size()}) == &n) known.erase({key, columns.size()});
        image.current = std::move(image.committed);
        image.committed = {};
        image.current.restore(n);
        try {
            objects_.insert(n);
        } catch (...) {
            return; // no memory: the object is right, a query will make another one for its row
        }
    } else {
        image.current.restore(n);
    }
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (!reference.is_resolved()) continue;
        node* target = reference.known();
        node* by_key = foreign_key_unset(n, r) ? nullptr : find_target(n, r);
        if (target == by_key || (target && !r.targets_primary_key)) {
            reference.resolve(target, key_fingerprint(n, r));
            continue;
        }
        // It was found by a key that was written and is undone: no link was changed for it.
        reference.unresolve();
        has_many_base* stale = other_side(target, r);
        if (const std::size_t at = stale ? stale->find(n) : 0; stale && at != stale->slot_count())
            stale->erase_slot(at);
        has_many_base* many = other_side(by_key, r);
        if (!many || !many->is_loaded() || many->find(n) != many->slot_count()) continue;
        many->reserve_one();
        many->push_link(n);
    }
}

void session_core::close() {
    check_not_flushing("close()");
    if (pool_) {
        if (lease_) lease_->rollback();
        restore_objects();
        end_transaction(false);
        pool_->for_each([&](node& n) {
            if (n.context != this) return;
            detach(n, n.state == object_state::pending ? object_state::transient : object_state::detached);
        });
    }
    watched_.clear();
    objects_ = {};
    if (pool_) {
        pool_->let_go();
        pool_ = nullptr;
    }
}

} // namespace kin::detail
