// SPDX-License-Identifier: MIT
#include "joined_loader.hpp"

#include <algorithm>
#include <memory>

#include "kin/mapping/attribute.hpp"
#include "kin/mapping/link.hpp"
#include "peer_group.hpp"
#include "peer_loader.hpp"

namespace kin::detail {

namespace {

predicate also(predicate all, predicate next) { return std::move(all) && std::move(next); }

predicate equal(const column& a, std::uint16_t where_a, const column& b, std::uint16_t where_b) {
    return predicate(expression::binary(sql_operator::equal, expression::of_column(a, 0, where_a),
                                        expression::of_column(b, 0, where_b)));
}

/// Rows of the table between belong to its end `which`.
predicate on_end(const association& a, std::size_t which, std::uint16_t between, std::uint16_t end) {
    const association::end& e = a.ends[which];
    predicate all;
    for (std::size_t i = 0; i < e.columns.size(); ++i) {
        all = also(std::move(all), equal(a.table->columns()[e.columns[i]], between,
                                         *e.type->properties()[e.referenced[i]].column, end));
    }
    return all;
}

bool concerns(std::span<const table_condition> criteria, const table& t) {
    return std::any_of(criteria.begin(), criteria.end(),
                       [&t](const table_condition& one) { return one.of == &t; });
}

} // namespace

joined_loader::joined_loader(session_core& session, const mapper& root, const load_place& place,
                             const load_trail& trail, std::span<const table_condition> criteria)
    : session_(session),
      root_(root) {
    if (may_load_at_once(root, place)) add_parts(root, of_root, place, trail, criteria);
}

void joined_loader::add_parts(const mapper& m, std::size_t parent, const load_place& place,
                              const load_trail& trail, std::span<const table_condition> criteria) {
    for (const relationship& r : m.relationships()) {
        // The condition of a view may say anything about the two tables, not about two of their appearances.
        if (r.is_view() || place.strategy_of(r) != loader_strategy::joined) continue;
        if (!loads_at_once(r, place, trail)) continue;
        part& p = *parts_.emplace_back(std::make_unique<part>());
        p.of = &r;
        p.parent = parent;
        p.place = place.behind(r);
        const bool whole =
            (!p.place.rule || p.place.rule->condition.empty()) && !concerns(criteria, r.target().table());
        p.how = whole ? completeness::whole : completeness::partial;
        const bool kept = parent != of_root && parts_[parent]->kind == join_kind::left_outer;
        if (p.place.rule && p.place.rule->inner && !kept) p.kind = join_kind::inner;
        if (r.is_collection()) multiplies_ = true;
        add_parts(r.target(), parts_.size() - 1, load_place(p.place), trail.along(r), criteria);
    }
}

std::uint16_t joined_loader::next_occurrence(const table& t) {
    return static_cast<std::uint16_t>(expression::first_apart + appearances_[&t]++);
}

// --- the statement ----------------------------------------------------------------------------------------------------

void joined_loader::add_to(select_statement& s) {
    if (parts_.empty()) return;
    if (multiplies_ && (s.limit || s.offset)) {
        auto rows = std::make_shared<select_statement>(s);
        require_partners(*rows);
        s.from_rows = std::move(rows);
        s.where = {};
        s.limit.reset();
        s.offset.reset();
    }
    for (const auto& p : parts_) join(s, *p);
    add_order(s);
}

/// LIMIT counts the objects that inner joins leave.
void joined_loader::require_partners(select_statement& s) const {
    for (const auto& p : parts_) {
        if (p->parent != of_root || p->kind != join_kind::inner) continue;
        predicate behind = also(has_partners(*p->place.rule), p->place.rule->condition);
        s.where = also(std::move(s.where), related_exists(*p->of, std::move(behind)));
    }
}

void joined_loader::join(select_statement& s, part& p) {
    const relationship& r = *p.of;
    const mapper& target = r.target();
    const std::uint16_t from = occurrence_of(p.parent);
    p.occurrence = next_occurrence(target.table());
    predicate on;
    if (r.is_many_to_many()) {
        const std::uint16_t between = next_occurrence(*r.through->table);
        s.joins.push_back({r.through->table.get(), p.kind, on_end(*r.through, r.near, between, from), true});
        on = on_end(*r.through, 1U - r.near, between, p.occurrence);
    } else {
        for (const relationship::key_pair& k : r.keys) {
            const std::uint32_t near = r.is_referred_to() ? k.referenced : k.foreign;
            const std::uint32_t far = r.is_referred_to() ? k.foreign : k.referenced;
            on = also(std::move(on), equal(*r.owner->properties()[near].column, from,
                                           *target.properties()[far].column, p.occurrence));
        }
    }
    if (p.place.rule && !p.place.rule->condition.empty()) {
        on = also(std::move(on),
                  predicate(at_occurrence(p.place.rule->condition, target.table(), p.occurrence)));
    }
    s.joins.push_back({&target.table(), p.kind, std::move(on), true});
    p.first_column = s.columns.size();
    for (const property& column : target.properties())
        s.columns.push_back(expression::of_column(*column.column, 0, p.occurrence));
}

/// The rows of one object stay together, and within them its collections are in their order.
void joined_loader::add_order(select_statement& s) const {
    const bool sorts = std::any_of(parts_.begin(), parts_.end(), [](const auto& p) {
        return p->of->is_collection() && !p->of->order_by.empty();
    });
    if (!sorts) return;
    for (const std::uint32_t i : root_.key())
        s.order_by.push_back({expression::of_column(*root_.properties()[i].column)});
    for (const auto& p : parts_) {
        if (!p->of->is_collection()) continue;
        for (const order_term& term : p->of->order_by)
            s.order_by.push_back(
                {at_occurrence(term.by, p->of->target().table(), p->occurrence), term.direction});
    }
}

predicate has_partners(const load_rule& rule) {
    predicate all;
    for (const load_rule& one : rule.below) {
        if (!one.inner || one.strategy != loader_strategy::joined) continue;
        all = also(std::move(all), related_exists(*one.of, also(has_partners(one), one.condition)));
    }
    return all;
}

// --- the rows ---------------------------------------------------------------------------------------------------------

void joined_loader::open(cursor& rows) {
    for (const auto& p : parts_)
        p->loader.emplace(session_, p->of->target(), rows, std::vector<std::size_t>(), p->first_column);
}

namespace {

/// Makes `target` what the belongs_to `r` of `owner` refers to, unless memory says something else by now.
void settle_reference(node& owner, const relationship& r, node* target, bool owner_is_new) {
    const belongs_to_base& reference = reference_of(owner, r);
    if (reference.is_resolved()) return;
    const bool agrees = owner_is_new || (target ? names(owner, r, *target) : foreign_key_unset(owner, r));
    if (agrees) reference.resolve(target, key_fingerprint(owner, r));
}

} // namespace

void joined_loader::take(node& owner, bool made_it) {
    for (const auto& one : parts_) {
        part& p = *one;
        node* from = p.parent == of_root ? &owner : parts_[p.parent]->current;
        const bool is_new = p.parent == of_root ? made_it : parts_[p.parent]->current_is_new;
        p.current = from ? p.loader->take_if_any() : nullptr;
        p.current_is_new = p.current && p.loader->made_it();
        if (p.current && (p.found.empty() || p.found.back() != p.current)) p.found.push_back(p.current);
        if (!from) continue;
        if (p.of->is_reference()) {
            settle_reference(*from, *p.of, p.current, is_new);
        } else if (p.current && p.of->is_many_to_many()) {
            p.links.emplace_back(from, p.current);
        }
    }
}

/// Makes peers of the objects that came along one relationship.
void joined_loader::make_peers(part& p) {
    if (p.found.empty()) return;
    auto group = std::make_unique<peer_group>();
    group->place = p.place;
    group->members.reserve(p.found.size());
    peer_group& shared = *group.release(); // goes with its last object
    for (node* n : p.found) {
        if (n->peers == &shared) continue;
        shared.members.push_back(n);
        join_group(*n, shared);
    }
    p.members = shared.members;
}

void joined_loader::finish(const std::vector<node*>& roots) {
    for (const auto& p : parts_) make_peers(*p);
    for (const auto& p : parts_) {
        if (p->of->is_collection()) fill(*p, p->parent == of_root ? roots : parts_[p->parent]->members);
    }
}

void joined_loader::fill(part& p, const std::vector<node*>& owners) {
    const std::vector<node*> open = not_loaded(session_, owners, *p.of);
    if (open.empty()) return;
    if (!p.of->is_many_to_many()) return fill_collections(session_, open, *p.of, p.members, p.how);
    if (parts_.size() > 1) drop_repeated(p.links);
    fill_links(session_, open, *p.of, p.links, p.how);
}

} // namespace kin::detail
