// SPDX-License-Identifier: MIT
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "key_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/binding.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/make.hpp"
#include "kin/mapping/member.hpp"
#include "loading.hpp"
#include "peer_loader.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

/// The part of the session that takes over what objects from outside say.
namespace kin::detail {

namespace {

/// What a source's collection says.
enum class presence : std::uint8_t {
    absent,   // nothing
    addition, // these are in it, and others that are not loaded
    whole,    // these are in it and no others
};

presence presence_of(node& source, const relationship& r) {
    const collection_base& many = collection_of(source, r);
    if (r.lazy == loader_strategy::write_only) // nobody ever has all of it
        return many.slot_count() == 0 ? presence::absent : presence::addition;
    const bool unloaded = has_row(source) && !is_whole(many);
    if (many.slot_count() == 0) return has_row(source) && !unloaded ? presence::whole : presence::absent;
    return unloaded ? presence::addition : presence::whole;
}

/// What `source` is linked to along `r`; null when it is not loaded, or when the foreign key was set by hand since.
node* linked(node& source, const relationship& r) {
    const belongs_to_base& reference = reference_of(source, r);
    if (!reference.is_resolved()) return reference.known(); // a loose one, or nothing
    return reference.resolved_key() == key_fingerprint(source, r) ? reference.known() : nullptr;
}

bool is_unset(const node& n, const property& p) { return !has_row(n) && p.is_default(member_of(n, p)); }

session_core& core_of(const node& n) { return static_cast<session_core&>(*n.context); }

/// The primary key that `source` stands for; empty when it has none yet.
key_values key_of_source(const node& source) {
    const mapper& m = *source.type;
    for (const std::uint32_t i : m.key()) {
        const property& p = m.properties()[i];
        if ((m.has_generated_key() || p.foreign_target || p.at_insert()) && is_unset(source, p)) return {};
    }
    return key_values_of(source);
}

/// A loose value names the objects that it refers to and has no foreign keys: gives it their keys.
void take_keys_of_loose(node& source) {
    for (const relationship& r : source.type->relationships()) {
        if (!r.is_reference() || !kin::has(r.cascades, cascade::merge)) continue;
        const belongs_to_base& reference = reference_of(source, r);
        node* target = reference.is_resolved() ? nullptr : reference.known();
        if (!target || !has_key(*target)) continue;
        scratch memory;
        for (const relationship::key_pair& k : r.keys) {
            const property& from = target->type->properties()[k.referenced];
            const property& to = source.type->properties()[k.foreign];
            cell key;
            if (from.encode(member_of(*target, from), encoder{key, memory}))
                (void)to.decode(member_of(source, to), key);
        }
    }
}

/// One merge(). Everything is read before the first object is changed.
class graph_merge {
public:
    graph_merge(session_core& session, const merge_options& options) : session_(session), options_(options) {}
    [[nodiscard]] node& run(node& start);

private:
    struct match {
        node* source;
        row_copy row; // of the source; empty: it is expired, so it says nothing about columns
        key_values key;
        node* target = nullptr;
        bool made = false;
    };

    void collect(node& start);
    void refuse_unsaved() const;
    void load_targets();
    void load_collections();
    void make_target(match& p);
    void stamp_target(match& p);
    void copy_columns(const match& p);
    void link_references(const match& p);
    void link_collections(const match& p);
    void stamp_links(const match& p);
    [[nodiscard]] node* target_of(node* n) const;
    [[nodiscard]] std::vector<node*> targets_of(node& source, const relationship& r) const;

    session_core& session_;
    const merge_options& options_;
    std::vector<match> matches_; // nearest first
    std::unordered_map<const node*, std::size_t> position_;
    identity_map made_; // new objects that have a key already
};

node& graph_merge::run(node& start) {
    collect(start);
    if (options_.load) {
        load_targets();
        load_collections();
        for (match& p : matches_) make_target(p);
        for (const match& p : matches_) copy_columns(p);
        for (const match& p : matches_) link_references(p);
        // The start has the last word about who belongs to whom.
        for (auto p = matches_.rbegin(); p != matches_.rend(); ++p) link_collections(*p);
    } else {
        refuse_unsaved();
        for (match& p : matches_) stamp_target(p);
        for (const match& p : matches_) stamp_links(p);
    }
    std::map<const mapper*, std::vector<node*>> together;
    for (const match& p : matches_) {
        if (p.target->state == object_state::persistent) together[p.target->type].push_back(p.target);
    }
    for (const auto& [m, objects] : together) make_peers(objects);
    return *matches_.front().target;
}

/// The objects that are merged: what is present along the relationships that cascade. Objects of this session stand for themselves.
void graph_merge::collect(node& start) {
    const auto visit = [this](node* n) {
        if (!n || n->context == &session_ || !position_.emplace(n, matches_.size()).second) return;
        matches_.push_back({.source = n,
                            .row = n->has(node_flag::expired) ? row_copy() : row_copy::of(*n),
                            .key = key_of_source(*n)});
    };
    take_keys_of_loose(start);
    visit(&start);
    for (std::size_t i = 0; i < matches_.size(); ++i) {
        node& source = *matches_[i].source;
        for (const relationship& r : source.type->relationships()) {
            if (!kin::has(r.cascades, cascade::merge)) continue;
            if (r.is_reference()) {
                visit(linked(source, r));
                continue;
            }
            const collection_base& many = collection_of(source, r);
            for (std::size_t k = 0; k < many.slot_count(); ++k) visit(many.slot(k));
        }
    }
}

node* graph_merge::target_of(node* n) const {
    const auto at = position_.find(n);
    return at == position_.end() ? n : matches_[at->second].target;
}

std::vector<node*> graph_merge::targets_of(node& source, const relationship& r) const {
    const collection_base& many = collection_of(source, r);
    std::vector<node*> targets;
    targets.reserve(many.slot_count());
    for (std::size_t i = 0; i < many.slot_count(); ++i) targets.push_back(target_of(many.slot(i)));
    return targets;
}

// --- with the database -----------------------------------------------------------------------------------------------------

/// Finds the session's own objects: one statement for the rows of each class that the session does not know.
void graph_merge::load_targets() {
    session_.autoflush({.call = "merge()"});
    std::map<const mapper*, std::vector<key_values>> unknown;
    for (const match& p : matches_) {
        if (p.key.empty()) continue;
        const node* known = find_known(session_, *p.source->type, p.key);
        if (!known || known->has(node_flag::expired)) unknown[p.source->type].push_back(p.key);
    }
    for (const auto& [m, keys] : unknown) (void)load_by_keys(session_, *m, keys);
    for (match& p : matches_) {
        if (p.key.empty()) continue;
        p.target = find_known(session_, *p.source->type, p.key);
        if (p.target && p.target->has(node_flag::expired) && session_.drop_gone(*p.target))
            p.target = nullptr;
    }
}

/// The collections that will be replaced: one statement for each relationship.
void graph_merge::load_collections() {
    std::map<const relationship*, std::vector<node*>> replaced;
    for (const match& p : matches_) {
        if (!p.target) continue;
        for (const relationship& r : p.source->type->relationships()) {
            if (r.is_collection() && kin::has(r.cascades, cascade::merge) &&
                presence_of(*p.source, r) == presence::whole)
                replaced[&r].push_back(p.target);
        }
    }
    for (const auto& [r, owners] : replaced) load_relationship(session_, owners, *r, {.everything = true});
}

/// A new object where there is no row.
void graph_merge::make_target(match& p) {
    if (p.target) return;
    const mapper& m = *p.source->type;
    if (!p.key.empty()) {
        p.target = made_.of(m).find(cells_of(p.key)); // two sources may stand for one row
        if (p.target) return;
    }
    node* n = allocate_node(m);
    try {
        m.functions().construct(n->object());
    } catch (...) {
        free_node(n);
        throw;
    }
    const any_ref keep(n);
    finish_made(*n);
    session_.add(*n);
    if (!p.key.empty()) made_.of(m).insert(cells_of(p.key), *n);
    p.target = n;
    p.made = true;
}

void graph_merge::copy_columns(const match& p) {
    if (p.row.empty()) return;
    const mapper& m = *p.source->type;
    std::vector<bool> skipped(m.properties().size());
    if (!p.made) {
        for (const std::uint32_t i : m.key()) skipped[i] = true;
    }
    for (const property& one : m.properties()) {
        const bool may_be_absent =
            one.foreign_target || &one == m.version() || one.at_insert() || one.at_update();
        if (may_be_absent && is_unset(*p.source, one)) skipped[one.column->index] = true;
    }
    for (const relationship& r : m.relationships()) {
        const bool follows = r.is_reference() && kin::has(r.cascades, cascade::merge) && linked(*p.source, r);
        if (!follows) continue;
        for (const relationship::key_pair& k : r.keys) skipped[k.foreign] = true;
    }
    scratch memory;
    for (const property& one : m.properties()) {
        const std::uint32_t i = one.column->index;
        if (skipped[i]) continue;
        void* member = member_of(*p.target, one);
        cell now;
        if (one.encode(member, encoder{now, memory}) && now.same_as(p.row.cells()[i])) continue;
        if (has_row(*p.target)) touch(*p.target);
        (void)one.decode(member, p.row.cells()[i]);
    }
}

void graph_merge::link_references(const match& p) {
    for (const relationship& r : p.source->type->relationships()) {
        if (!r.is_reference()) continue;
        node* target = kin::has(r.cascades, cascade::merge) ? linked(*p.source, r) : nullptr;
        if (target) {
            set_parent(*p.target, r, target_of(target));
        } else {
            (void)known_parent(*p.target, r); // it follows a foreign key that was copied
        }
    }
}

void graph_merge::link_collections(const match& p) {
    for (const relationship& r : p.source->type->relationships()) {
        if (!r.is_collection() || !kin::has(r.cascades, cascade::merge)) continue;
        const presence present = presence_of(*p.source, r);
        if (present == presence::absent) continue;
        const std::vector<node*> targets = targets_of(*p.source, r);
        if (present == presence::whole) {
            collection_of(*p.target, r).replace(targets);
        } else {
            for (node* other : targets) link(*p.target, r, *other);
        }
    }
}

// --- without the database --------------------------------------------------------------------------------------------------

/// What has no row, or differs from it, does not say what the database has.
void graph_merge::refuse_unsaved() const {
    std::vector<cell> row;
    scratch memory;
    for (const match& p : matches_) {
        node& n = *p.source;
        const bool saved = n.state == object_state::persistent || n.state == object_state::detached;
        const bool changed = saved && ((n.image && is_changed(n, row, memory)) ||
                                       (n.context && core_of(n).has_unwritten_links(n)));
        if (saved && !changed) continue;
        throw state_error(
            {.code = "merge_unsaved",
             .message = "merge() with .load = false takes objects for what the database has, but this " +
                        n.type->class_name() + (saved ? " has unwritten changes" : " has no row") +
                        "; flush it in its session before, or merge it with .load = true",
             .sql = {},
             .table = n.type->table().name()});
    }
}

/// The object that the session knows, left as it is, or a persistent one from the source's columns.
void graph_merge::stamp_target(match& p) {
    const mapper& m = *p.source->type;
    p.target = find_known(session_, m, p.key);
    if (p.target) return;
    pool::allocator& memory = session_.storage().allocator_for(m);
    node& n = memory.create(session_.storage());
    try {
        if (p.row.empty()) {
            row_copy::of(*p.source).restore(n);
            n.set(node_flag::expired);
        } else {
            p.row.restore(n);
        }
        session_.objects().of(m).insert(cells_of(p.key), n);
    } catch (...) {
        memory.take_back(session_.storage(), n);
        throw;
    }
    bind_loaded(n);
    n.context = &session_;
    n.state = object_state::persistent;
    p.target = &n;
    p.made = true;
}

/// One that this session knows may not be linked to `owner` by now.
bool is_elsewhere(node& owner, const relationship& r, node& other) {
    if (r.is_referred_to()) return known_parent(other, *r.inverse) != &owner;
    const collection_base* theirs = other_side(&other, r);
    return theirs && theirs->is_loaded() && theirs->find(owner) == theirs->slot_count();
}

void graph_merge::stamp_links(const match& p) {
    if (!p.made) return;
    for (const relationship& r : p.source->type->relationships()) {
        if (!kin::has(r.cascades, cascade::merge)) continue;
        if (r.is_reference()) {
            if (node* target = linked(*p.source, r))
                reference_of(*p.target, r).resolve(target_of(target), key_fingerprint(*p.target, r));
            continue;
        }
        if (presence_of(*p.source, r) != presence::whole) continue;
        const collection_base& many = collection_of(*p.target, r);
        (void)many.begin_load();
        try {
            for (node* other : targets_of(*p.source, r)) {
                if (is_elsewhere(*p.target, r, *other)) continue;
                if (!other->has(node_flag::touched) || many.find(*other) == many.slot_count())
                    many.push_link(*other);
            }
        } catch (...) {
            many.cancel_load({}); // not all are there
            throw;
        }
    }
}

} // namespace

node& session_core::merge(node& source, const merge_options& options) {
    check_usable();
    if (contains(source)) return source;
    return graph_merge(*this, options).run(source);
}

} // namespace kin::detail
