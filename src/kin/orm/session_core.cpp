// SPDX-License-Identifier: MIT
#include "session_core.hpp"

#include <algorithm>

#include "association_rows.hpp"
#include "bound_values.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "peer_loader.hpp"
#include "row_cells.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

session_core::session_core(const kin::engine& e, const session_options& options,
                           const std::source_location& where)
    : engine_(e),
      options_(options),
      where_(where) {
    ensure_pool();
}

session_core::~session_core() { close(); }

void session_core::ensure_pool() {
    if (pool_) return;
    pool_ = new pool;
    pool_->hold(*this);
}

// --- object_context -------------------------------------------------------------------------------------------------

namespace {

/// Whether the far side is looked up by columns of the object that may change: all but its primary key.
bool looks_up_by_columns(const relationship& r) noexcept {
    return !r.is_many_to_many() && (r.is_reference() || !r.targets_primary_key);
}

} // namespace

void session_core::watch(node& n) { watched_.push_back(&n); }

namespace {

[[noreturn]] void fail_lazy_load(const relationship& r, loader_strategy strategy) {
    const std::string name = "&" + r.owner->class_name() + "::" + r.name;
    throw lazy_load_error(
        {.code = "lazy_load",
         .message =
             r.qualified_name() +
             (strategy == loader_strategy::write_only
                  ? " is write_only: it is never loaded as a whole; use contains(), count() or "
                    "session.query(object->" +
                        r.name + ")"
                  : " is not loaded, and this query or mapping forbids to load it now; ask for it in the "
                    "query: .with(kin::selectin<" +
                        name + ">)"),
         .sql = {},
         .table = r.owner->table().name()});
}

} // namespace

void session_core::load(node& owner, const relationship& r) {
    check_usable();
    if (looks_up_by_columns(r)) freshen(owner);
    if (r.is_collection() && collection_of(owner, r).is_partial()) return load_everything(*this, owner, r);
    const loader_strategy strategy = strategy_of(owner, r);
    switch (strategy) {
    case loader_strategy::raise:
    case loader_strategy::raise_on_sql:
    case loader_strategy::write_only: fail_lazy_load(r, strategy);
    case loader_strategy::noload: leave_empty(owner, r); return;
    case loader_strategy::peers:
    case loader_strategy::select:
    case loader_strategy::selectin:
    case loader_strategy::joined: load_for_peers(*this, owner, r, strategy); return;
    }
}

void session_core::check_access(const node& owner, const relationship& r) const {
    if (strategy_of(owner, r) == loader_strategy::raise) fail_lazy_load(r, loader_strategy::raise);
}

node* session_core::find_target(const node& child, const relationship& r) {
    const mapper& target = r.target();
    if (!r.targets_primary_key) return nullptr;
    entity_map& known = objects_.of(target);
    cell key[most_key_columns];
    scratch memory;
    for (std::size_t i = 0; i < r.keys.size(); ++i) {
        const property& p = child.type->properties()[r.keys[i].foreign];
        if (!p.encode(member_of(child, p), encoder{key[i], memory})) return nullptr;
        if (key[i].is_null()) {
            check_usable();
            return nullptr;
        }
    }
    return known.find({key, r.keys.size()});
}

void session_core::take_in(node& n) { add(n); }

void session_core::let_go(node& n) noexcept {
    if (n.context != this || n.state != object_state::pending) return;
    std::erase(pending_, &n);
    detach(n, object_state::transient);
}

namespace {

/// Was there before the transaction.
bool has_past(const node* n) noexcept {
    return n && (n->state == object_state::persistent || n->state == object_state::deleted) &&
           !n->has(node_flag::inserted);
}

} // namespace

void session_core::changing(const association_change& change) {
    if (undoing_) return;
    if (has_past(change.owner) || has_past(change.other)) undo_.associations.push_back(change);
    // A link that was never written, nor is going to be, needs no DELETE.
    const bool may_have_row = has_row(*change.owner) && has_row(*change.other);
    if (change.linked || may_have_row || associations_.find(*change.side, *change.owner, *change.other))
        associations_.record(change);
}

bool session_core::is_linked(const node& owner, const relationship& r, const node& other) {
    check_usable();
    if (const association_changes::change* c = associations_.find(r, owner, other)) return c->linked;
    if (owner.state != object_state::persistent || other.state != object_state::persistent) return false;
    const bool first = r.near == 0;
    return association_rows(reading()).exists(*r.through, first ? owner : other, first ? other : owner);
}

bool session_core::is_unlinked(const node& owner, const relationship& r, const node& other) const noexcept {
    if (associations_.empty()) return false;
    const association_changes::change* c = associations_.find(r, owner, other);
    return c && !c->linked;
}

std::vector<node*> session_core::known_children(const node& parent, const relationship& r) {
    std::vector<node*> found;
    const auto ask = [&](node& child) {
        if (known_parent(child, *r.inverse) == &parent) found.push_back(&child);
    };
    objects_.of(r.target()).for_each(ask);
    for (node* n : pending_) {
        if (n->type == &r.target()) ask(*n);
    }
    return found;
}

void session_core::follow_late_targets(const relationship& side) {
    const auto follow = [&](node& n) {
        if (n.type != side.owner) return;
        const belongs_to_base& reference = reference_of(n, side);
        if (reference.is_resolved()) { // when somebody asked, nobody had the key
            if (reference.known() || foreign_key_unset(n, side) || !find_target(n, side)) return;
            reference.unresolve();
        }
        (void)known_parent(n, side);
    };
    for (node* n : pending_) follow(*n);
    for (node* n : watched_) {
        if (n->state == object_state::persistent) follow(*n);
    }
}

void session_core::follow_new_keys(const mapper& m) {
    for (const relationship& r : m.relationships()) {
        if (r.is_referred_to()) follow_late_targets(*r.inverse);
    }
}

std::size_t session_core::count(node& owner, const relationship& r) {
    check_usable();
    autoflush({.call = "count() of", .collection = &r});
    if (looks_up_by_columns(r)) freshen(owner);
    cell key[most_key_columns];
    scratch memory;
    std::size_t columns = 0;
    if (r.is_many_to_many()) {
        row_key(owner, key, memory);
        columns = owner.type->key().size();
    } else {
        for (const relationship::key_pair& k : r.keys)
            key[columns++] = row_cell(owner, owner.type->properties()[k.referenced], memory);
    }
    const load_place place = place_of(owner).behind(r);
    const std::vector<table_condition> criteria = criteria_at(place);
    const bool is_past = place.rule && place.rule->strategy && loads_at_once(*place.rule->strategy);
    predicate condition = place.rule && !is_past ? place.rule->condition : predicate();
    select_statement s = related_rows(r, {key, columns}, !criteria.empty() || !condition.empty());
    s.where = std::move(s.where) && std::move(condition);
    const compiled_statement counted = compile_count(dialect(), restricted(std::move(s), criteria));
    const std::vector<cell> parameters = views_of(counted.parameters);
    cursor rows = reading().open(counted.sql, parameters);
    constexpr cell_kind kinds[] = {cell_kind::integer};
    cell n;
    return rows.next() && rows.read(0, kinds, &n) == 1 ? static_cast<std::size_t>(n.integer) : 0;
}

std::vector<const node*> session_core::remembered() const { return undo_.objects(); }

void session_core::changing(const link_change& change) {
    if (undoing_) return;
    if (tried_) {
        tried_->push_back(change);
        return;
    }
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
        } else if (change.before || !foreign_key_unset(*change.child, *change.side)) {
            change.child->set(node_flag::orphan); // it had a parent, whether or not that was loaded
        }
    }
}

// --- reading --------------------------------------------------------------------------------------------------------

node* session_core::get(const mapper& m, std::span<const cell> key) {
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
    if (node* known = objects_.of(m).find(key)) {
        check_usable(); // reading() looks as well
        if (known->has(node_flag::expired) && !has_row_still(*known)) return nullptr;
        return known->state == object_state::persistent ? known : nullptr;
    }
    const auto concerns = [&m](const table_condition& one) { return one.of == &m.table(); };
    if (m.loads_eagerly() || std::any_of(criteria_.begin(), criteria_.end(), concerns))
        return get_by_query(m, key);
    if (!is_clean()) autoflush({.call = "get() for", .type = &m});
    cursor rows = reading().open(texts_.by_key(dialect(), m), key);
    if (!rows.next()) return nullptr;
    row_loader loader(*this, m, rows);
    loader.expect_new();
    return &loader.take();
}

/// With what loads at once, and as far as the session's criteria let it be seen.
node* session_core::get_by_query(const mapper& m, std::span<const cell> key) {
    entity_query q(nullptr, m);
    for (std::size_t i = 0; i < key.size(); ++i) {
        q.add_condition(predicate(
            expression::binary(sql_operator::equal, expression::of_column(*m.properties()[m.key()[i]].column),
                               expression::of_value(value(key[i])))));
    }
    const std::vector<node*> found = run(q, no_limit);
    return found.empty() ? nullptr : found.front();
}

void session_core::add_criteria(class_criteria one) {
    criteria_.push_back({&one.type().table(), std::move(one.holds)});
}

void session_core::clear_criteria(const mapper& m) {
    std::erase_if(criteria_, [&m](const table_condition& one) { return one.of == &m.table(); });
}

std::vector<table_condition> session_core::criteria_at(const load_place& place) const {
    std::vector<table_condition> all;
    if (!place.plan || !place.plan->unrestricted) all = criteria_;
    if (place.plan) all.insert(all.end(), place.plan->criteria.begin(), place.plan->criteria.end());
    return all;
}

bool session_core::has_changes() {
    check_usable();
    return !plan_flush(true).empty();
}

std::string flush_asker::text() const {
    std::string words = call;
    if (collection) return words + " " + collection->qualified_name();
    return type ? words + " " + type->class_name() + " objects" : words;
}

void session_core::autoflush(const flush_asker& asker) {
    if (!options_.autoflush || flushing_) return;
    if (is_clean()) return; // who asks goes on with reading(), which looks whether the session is usable
    check_usable();
    try {
        flush_now(false);
    } catch (error& e) {
        e.add_note("this came from an autoflush: " + asker.text() +
                   " writes pending changes before it reads; complete the objects first, or make the session "
                   "with .autoflush = false and call flush() when they are complete");
        throw;
    }
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
