// SPDX-License-Identifier: MIT
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "cascade_walk.hpp"
#include "column_checks.hpp"
#include "column_defaults.hpp"
#include "flag_guard.hpp"
#include "flush_plan_text.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"
#include "peer_loader.hpp"
#include "session_core.hpp"
#include "unique_conflicts.hpp"
#include "unit_of_work.hpp"

/// The part of the session that finds out what to write, and notes what was written.
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
        const bool by_itself = deletes_by_itself(r);
        if (!r.is_collection() || !(kin::has(r.cascades, cascade::remove) || by_itself)) continue;
        const collection_base& many = collection_of(parent, r);
        if (!is_whole(many) && !by_itself) load_everything(session, parent, r);
        std::vector<node*> children;
        if (!is_whole(many)) children = session.known_children(parent, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) children.push_back(many.slot(i));
        for (node* child : children) {
            if (child->state != object_state::persistent || child->has(node_flag::removing)) continue;
            const bool news = r.is_referred_to() ? foreign_key_changed(*child, *r.inverse)
                                                 : session.has_unwritten_link(parent, r, *child);
            if (!news) session.remove(*child);
        }
    }
}

/// Objects that a removed one leaves behind: their foreign key is unset, or the database's ON DELETE rule is trusted for those that are
/// not in memory.
void leave_children(session_core& session, node& parent) {
    for (const relationship& r : parent.type->relationships()) {
        if (!r.is_referred_to() || kin::has(r.cascades, cascade::remove) || deletes_by_itself(r)) continue;
        if (!may_be_null(*r.inverse)) continue; // cannot be unset: the database decides
        const property& key = r.target().properties()[r.keys.front().foreign];
        const collection_base& many = collection_of(parent, r);
        const bool database_does_it =
            key.on_delete == referential_action::set_null || key.on_delete == referential_action::set_default;
        if (!is_whole(many) && database_does_it) {
            for (node* child : session.known_children(parent, r)) {
                if (!child->has(node_flag::expired)) set_parent(*child, *r.inverse, nullptr);
            }
            continue;
        }
        if (!is_whole(many)) load_everything(session, parent, r);
        while (many.slot_count() != 0) {
            node& child = *many.slot(many.slot_count() - 1);
            const bool there = session.is_there(child); // read again, it may be elsewhere
            const std::size_t at = many.find(child);
            if (at == many.slot_count()) continue;
            there ? set_parent(child, *r.inverse, nullptr) : many.erase_slot(at);
        }
    }
}

} // namespace

/// An autoflush decides about no orphan. What cannot be written before that waits with it: new rows that refer to an orphan
/// without a row, the deletion of rows that an orphan's row refers to, and whoever takes a unique value that one of these rows still has.
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
            if (!r.is_reference()) continue;
            const node* target = reference_of(*const_cast<node*>(n), r).known();
            if (target && target->state == object_state::pending && waiting.contains(target)) return true;
        }
        return false;
    };
    std::size_t asked = 0;
    const auto keep_targets = [&] { // of rows that stay
        for (; asked < rows.size(); ++asked) {
            const node& n = *rows[asked];
            for (const relationship& r : n.type->relationships()) {
                if (!r.is_reference() || !r.targets_primary_key) continue;
                node* target = target_of_row(n, r);
                if (target && target->has(node_flag::removing)) wait(target);
            }
        }
    };
    for (std::size_t before = waiting.size() + 1; waiting.size() != before;) {
        before = waiting.size();
        keep_targets();
        for (node* n : inserts)
            if (refers_to_waiting(n)) wait(n);
        for (node* n : changed)
            if (refers_to_waiting(n)) wait(n);
        for (const unique_conflict& c : find_unique_conflicts(inserts, changed, rows))
            if (waiting.contains(c.frees)) wait(c.takes);
        for (std::vector<node*>* list : {&inserts, &changed, &deletes})
            std::erase_if(*list, [&](const node* n) { return waiting.contains(n); });
    }
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

/// Foreign keys that were set by hand since the relationship was: the later one wins.
void session_core::follow_foreign_keys() {
    const auto follow = [](node& n) {
        for (const relationship& r : n.type->relationships()) {
            if (!r.is_reference()) continue;
            const bool is_news = !n.image || reference_of(n, r).is_resolved() || foreign_key_changed(n, r);
            if (is_news) (void)known_parent(n, r);
        }
    };
    for (std::size_t i = 0; i < pending_.size(); ++i) follow(*pending_[i]);
    for (std::size_t i = 0; i < watched_.size(); ++i) follow(*watched_[i]);
}

/// The object refers to another one than its row does, which is about to have the key that the row's one has now: the columns look the same.
bool session_core::takes_key_over(const node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference() || r.target().has_generated_key()) continue;
        const node* target = reference_of(const_cast<node&>(n), r).known();
        const node* of_row = target ? target_of_row(n, r) : nullptr;
        if (of_row && of_row != target) return true;
    }
    return false;
}

flush_plan session_core::plan_flush(bool everything) {
    follow_foreign_keys();
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
        if (is_changed(*n, row, memory) || takes_key_over(*n)) changed.push_back(n);
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
    flush_plan plan = order_by_dependency(dialect(), inserts, std::move(changed), deletes);
    plan.links = !links_to_write(true).empty() || !links_to_write(false).empty();
    return plan;
}

/// Links of objects that have a row and keep it.
std::vector<association_changes::change> session_core::links_to_write(bool linked) const {
    if (associations_.empty()) return {};
    return associations_.ready(linked, [this](const node& n) {
        return n.context != this || n.state != object_state::persistent || n.has(node_flag::removing);
    });
}

/// ... and of objects that these steps insert, whose rows are on their way. Those that have arrived meanwhile have told of their links themselves.
std::vector<association_changes::change>
session_core::links_to_make(const std::vector<const flush_plan::step*>& inserts) const {
    std::vector<association_changes::change> linked = links_to_write(true);
    association_changes of_new;
    for (const flush_plan::step* s : inserts) {
        for (node* n : s->objects) {
            if (n->state == object_state::pending) of_new.record_all(*n);
        }
    }
    const auto goes = [this](const node& n) {
        return n.context != this || n.state == object_state::deleted || n.has(node_flag::removing);
    };
    for (const association_changes::change& c : of_new.ready(true, goes)) linked.push_back(c);
    return linked;
}

/// What is to be known before anything is written: children that a removed object takes along or leaves behind, orphans that go.
/// `going`: the removed objects that this flush deletes.
void session_core::prepare_flush(bool everything, std::vector<node*> going) {
    for (node* n : going) {
        if (n->type->version()) (void)is_there(*n); // the DELETE demands the version that the object has
        take_children(*this, *n);
    }
    for (std::size_t i = 0; i < removing_.size(); ++i) leave_children(*this, *removing_[i]);
    if (!everything) return;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        node& n = *watched_[i];
        if (!n.has(node_flag::orphan) || n.state != object_state::persistent) continue;
        const std::size_t before = removing_.size();
        remove(n); // an orphan takes its own along
        for (std::size_t k = before; k < removing_.size(); ++k) leave_children(*this, *removing_[k]);
    }
}

/// What prepare_flush() changes in memory is undone when this ends.
class session_core::trial {
public:
    explicit trial(session_core& s) : session_(s), removing_(s.removing_.size()), pending_(s.pending_) {
        session_.tried_ = &links_;
    }
    trial(const trial&) = delete;
    trial& operator=(const trial&) = delete;
    ~trial() {
        session_.tried_ = nullptr;
        for (auto change = links_.rbegin(); change != links_.rend(); ++change) detail::undo(*change);
        for (std::size_t i = removing_; i < session_.removing_.size(); ++i)
            session_.removing_[i]->unset(node_flag::removing);
        session_.removing_.resize(removing_);
        for (node* n : pending_) { // a new object that would go with an orphan
            n->context = &session_;
            n->state = object_state::pending;
        }
        session_.pending_.swap(pending_);
    }

private:
    session_core& session_;
    std::vector<link_change> links_;
    std::size_t removing_;
    std::vector<node*> pending_;
};

std::string session_core::plan() {
    check_usable();
    check_not_flushing("plan()");
    follow_foreign_keys(); // that is no part of what is only tried
    const trial preparation(*this);
    prepare_flush(true, removing_);
    const flush_plan plan = plan_flush(true);
    std::vector<const flush_plan::step*> inserts;
    for (const flush_plan::step& s : plan.steps) {
        if (s.action == flush_action::insert || s.action == flush_action::replace) inserts.push_back(&s);
    }
    return text_of(plan, links_to_write(false), links_to_make(inserts));
}

namespace {

std::vector<node*> removed_by(const flush_plan& plan) {
    std::vector<node*> removed;
    for (const flush_plan::step& s : plan.steps) {
        const std::vector<node*>& gone = s.action == flush_action::remove ? s.objects : s.replaced;
        removed.insert(removed.end(), gone.begin(), gone.end());
    }
    return removed;
}

} // namespace

void session_core::flush_now(bool everything) {
    if (is_clean()) return;
    const flag_guard guard(flushing_);
    try {
        flush_plan plan = plan_flush(everything);
        if (plan.empty()) {
            if (everything) let_go_of_orphans();
            return;
        }
        fire(session_event::before_flush);
        const bool planned = removing_.empty() && plan.count(flush_action::remove) == 0 &&
                             plan.count(flush_action::replace) == 0 &&
                             !events_.has(session_event::before_flush) &&
                             plan.count(flush_action::insert) == pending_.size();
        prepare_flush(everything, everything ? removing_ : removed_by(plan));
        if (everything) let_go_of_orphans();
        if (!planned) plan = plan_flush(everything);
        if (call_set_handlers(plan)) plan = plan_flush(everything);
        if (make_values(plan, undo_)) plan = plan_flush(everything);
        check_values(plan);
        if (!plan.empty()) carry_out(plan);
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
    undo_.others_changed = true;
    // Backwards: a collection is searched from its end.
    for (auto object = objects.rbegin(); object != objects.rend(); ++object) {
        node* n = *object;
        objects_.erase(*n);
        n->unset(node_flag::removing);
        n->state = object_state::deleted;
        if (n->has(node_flag::expired)) { // stays readable as it was last known
            undo_.expired.push_back(n);
            n->unset(node_flag::expired);
        }
        for (const relationship& r : n->type->relationships()) {
            if (!r.is_reference()) continue;
            node* parent = reference_of(*n, r).known();
            collection_base* many = other_side(parent, r);
            const std::size_t at = many ? many->find(*n) : 0;
            if (!many || at == many->slot_count()) continue;
            undo_.links.push_back({n, &r, parent, nullptr, at});
            many->erase_slot(at);
        }
    }
    std::erase_if(removing_, [](const node* n) { return n->state == object_state::deleted; });
    forget_links_to_removed(objects);
}

/// Takes removed objects out of the many_to_many collections in memory. A one-sided relationship cannot be asked from here, so the
/// collections are.
void session_core::forget_links_to_removed(const std::vector<node*>& objects) {
    if (!objects.front()->type->is_linked()) return;
    for (const node* n : objects) associations_.forget(*n);
    pool_->for_each([&](node& n) {
        if (n.context != this || n.state == object_state::deleted || !n.type->is_linked()) return;
        for (const relationship& r : n.type->relationships()) {
            if (!r.is_many_to_many() || &r.target() != objects.front()->type) continue;
            const collection_base& many = collection_of(n, r);
            for (std::size_t i = many.slot_count(); i-- > 0;) {
                node* other = many.slot(i);
                if (other->state != object_state::deleted) continue;
                undo_.associations.push_back({&n, &r, other, false, true, i});
                many.erase_slot(i);
            }
        }
    });
}

void session_core::accept_row(node& n, row_copy now) {
    keep_past(n);
    n.image->current = std::move(now);
}

/// The row of `n` changes in this transaction: what it is now is kept for a rollback.
void session_core::keep_past(node& n) {
    row_image& image = *n.image;
    image.differing = 0;
    if (!undo_.savepoints.empty() && !undo_.savepoints.back().rows.contains(&n))
        undo_.savepoints.back().rows.emplace(&n, row_copy::of(image.current.cells()));
    if (!image.committed.empty()) return;
    undo_.updated.push_back(&n);
    image.committed = std::move(image.current);
}

} // namespace kin::detail
