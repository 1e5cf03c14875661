// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>
#include <vector>

#include "association_rows.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/link.hpp"
#include "parking.hpp"
#include "persistence.hpp"
#include "session_core.hpp"

/// The part of the session that sends what a flush has planned.
namespace kin::detail {

namespace {

/// References that wait for a later update: the row is inserted as if they were not there.
class held_back {
public:
    explicit held_back(const flush_plan::step& group) : group_(group) {
        targets_.reserve(group.objects.size() * group.late.size());
        for (node* n : group.objects) {
            for (const relationship* r : group.late) {
                targets_.push_back(reference_of(*n, *r).known());
                copy_key(*n, *r, nullptr);
            }
        }
    }
    held_back(const held_back&) = delete;
    held_back& operator=(const held_back&) = delete;
    ~held_back() {
        auto target = targets_.begin();
        for (node* n : group_.objects) {
            for (const relationship* r : group_.late)
                reference_of(*n, *r).resolve(*target++, key_fingerprint(*n, *r));
        }
    }

private:
    const flush_plan::step& group_;
    std::vector<node*> targets_;
};

} // namespace

void session_core::insert(const flush_plan::step& group, persistence& work, connection& c) {
    const held_back later(group);
    work.insert(group);
    c.after_sent([this, &group] {
        for (node* n : group.objects) {
            make_persistent(*n);
            if (!group.late.empty()) touch(*n); // the update compares with the row
            if (group.type->is_linked()) associations_.record_all(*n);
            note_loose_keys(*n);
        }
        const bool keys_are_given = std::any_of(group.objects.begin(), group.objects.end(),
                                                [](const node* n) { return !n->has(node_flag::key_made); });
        if (keys_are_given) follow_new_keys(*group.type);
        for (node* n : group.objects) fire(session_event::after_insert, n);
    });
    if (!group.late.empty()) c.settle();
}

void session_core::note_loose_keys(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference() || reference_of(n, r).is_resolved() || foreign_key_unset(n, r)) continue;
        undo_.loose.push_back({&n, &r});
    }
}

namespace {

/// Statements of a flush go one behind the other without waiting for answers, as far as they do not need them.
class ahead {
public:
    /// Handlers see, and may change, what is written before them: with any, each statement is answered before the next.
    ahead(connection& c, bool allowed) : connection_(c) { c.send_ahead(allowed); }
    ahead(const ahead&) = delete;
    ahead& operator=(const ahead&) = delete;
    ~ahead() { connection_.send_ahead(false); }

    /// To be called before a step is carried out.
    void make_ready(const flush_plan::step& next) {
        if (must_wait(next)) connection_.settle();
        forget_answered();
        sent_.push_back(&next);
    }
    /// ... before rows of many_to_many relationships are inserted. Returns the INSERTs that may not be answered yet.
    [[nodiscard]] std::vector<const flush_plan::step*> make_ready_for_links() {
        forget_answered();
        std::vector<const flush_plan::step*> inserts;
        std::copy_if(sent_.begin(), sent_.end(), std::back_inserter(inserts), [](const flush_plan::step* s) {
            return s->action == flush_action::insert && s->type->is_linked();
        });
        const bool gets_keys = std::any_of(inserts.begin(), inserts.end(),
                                           [](const flush_plan::step* s) { return makes_values(*s->type); });
        if (!gets_keys) return inserts;
        connection_.settle();
        return {};
    }

private:
    void forget_answered() {
        if (connection_.is_settled()) sent_.clear();
    }
    /// Rows that are parked or taken over build on the answers before; rows that refer to others need their keys.
    [[nodiscard]] bool must_wait(const flush_plan::step& next) const {
        if (next.action == flush_action::park || next.action == flush_action::replace) return true;
        return next.action != flush_action::remove &&
               std::any_of(sent_.begin(), sent_.end(),
                           [&](const flush_plan::step* one) { return needs_keys_of(*next.type, *one); });
    }
    /// Whether rows of `m` refer to values that the database makes for the rows of `one`.
    [[nodiscard]] static bool needs_keys_of(const mapper& m, const flush_plan::step& one) {
        if (one.action != flush_action::insert || !makes_values(*one.type)) return false;
        const auto& own = m.properties();
        return std::any_of(own.begin(), own.end(), [&](const property& p) {
            return p.foreign_target && &p.foreign_target() == one.type;
        });
    }
    /// Whether the database makes values for new rows.
    [[nodiscard]] static bool makes_values(const mapper& m) {
        const auto& made = m.properties();
        return std::any_of(made.begin(), made.end(),
                           [](const property& p) { return p.is_made_by_database(); });
    }

    connection& connection_;
    std::vector<const flush_plan::step*> sent_; // and perhaps not answered
};

} // namespace

void session_core::carry_out(const flush_plan& plan) {
    connection& c = writing();
    persistence work(*this, c);
    association_rows links(c);
    ahead sender(c, events_.empty());
    try {
        const std::vector<association_changes::change> unlinked = links_to_write(false);
        links.remove(unlinked);
        c.after_sent([this, unlinked] { associations_.accept(unlinked); });
        for (const flush_plan::step& group : plan.steps) {
            sender.make_ready(group);
            carry_out(group, plan, work, links, c);
        }
        if (plan.count(flush_action::replace) != 0) {
            c.settle();
            hand_over(plan);
        }
        const std::vector<association_changes::change> linked = links_to_make(sender.make_ready_for_links());
        links.insert(linked);
        c.settle();
        std::erase_if(pending_, [](const node* n) { return n->state != object_state::pending; });
        associations_.accept(linked);
    } catch (...) {
        c.settle(); // what was sent before may have failed first: then that is what happened
        throw;
    }
    fire(session_event::after_flush);
}

/// Links of many_to_many go first when they are taken away, and come last when they are made: then all their objects are there.
void session_core::carry_out(const flush_plan::step& group, const flush_plan& plan, persistence& work,
                             association_rows& links, connection& c) {
    switch (group.action) {
    case flush_action::insert: return insert(group, work, c);
    case flush_action::update: return work.update(group.objects);
    case flush_action::park: return park_rows(work, c, plan, group);
    case flush_action::replace:
        for (std::size_t i = 0; i < group.objects.size(); ++i)
            replace(*group.replaced[i], *group.objects[i], work);
        return;
    case flush_action::remove: break;
    }
    links.remove_all(*group.type, group.objects);
    work.remove(group);
    c.after_sent([this, &group] {
        accept_removed(group.objects);
        for (node* n : group.objects) fire(session_event::after_remove, n);
    });
}

} // namespace kin::detail
