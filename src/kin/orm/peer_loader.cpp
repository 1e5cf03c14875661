// SPDX-License-Identifier: MIT
#include "peer_loader.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "key_batches.hpp"
#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "peer_group.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

/// The values of the key columns of `r` in `n`: the foreign ones, or those that they refer to. Rows refer to a key as the
/// database has it; one that was changed since is not written yet.
std::vector<value> values_of(const node& n, const relationship& r,
                             std::uint32_t relationship::key_pair::* side) {
    std::vector<value> key;
    scratch memory;
    for (const relationship::key_pair& k : r.keys) {
        const property& p = n.type->properties()[k.*side];
        const bool foreign = side == &relationship::key_pair::foreign;
        key.emplace_back(foreign ? member_cell(n, p, memory) : row_cell(n, p, memory));
    }
    return key;
}

/// What the far side of `r` is looked up by: the object's own key, or its foreign key.
std::vector<value> lookup_key(const node& n, const relationship& r) {
    using pair = relationship::key_pair;
    if (r.is_reference() || r.is_referred_to())
        return values_of(n, r, r.is_referred_to() ? &pair::referenced : &pair::foreign);
    cell cells[most_key_columns];
    scratch memory;
    row_key(n, cells, memory);
    return {cells, cells + n.type->key().size()};
}

/// Sends one statement and gives every object of the far side to `take`.
template <class F>
void select_far_side(session_core& session, const relationship& r, std::size_t keys,
                     std::span<const cell> parameters, F&& take) {
    const compiled_statement& statement = session.texts().related(session.dialect(), r, keys);
    std::vector<cell> all; // a view has parameters of its own
    if (const std::size_t own = statement.parameters.size() - parameters.size(); own != 0) {
        for (std::size_t i = 0; i < own; ++i) all.push_back(statement.parameters[i].view());
        all.insert(all.end(), parameters.begin(), parameters.end());
        parameters = all;
    }
    cursor rows = session.reading().open(statement.sql, parameters);
    row_loader loader(session, r.target(), rows);
    peer_group* group = new peer_group;
    ++group->users; // ours, until everybody has joined
    struct guard {
        peer_group* group;
        ~guard() {
            if (--group->users == 0) delete group;
        }
    } keep{group};
    group->whole_table = keys == all_keys;
    while (rows.next()) {
        node& n = loader.take();
        if (n.peers != group) { // a many_to_many gives an object for each of its links
            group->members.push_back(&n);
            join_group(n, *group);
        }
        take(n, rows);
    }
}

/// ... for these keys, with as few statements as the dialect allows.
template <class F>
void select_far_side(session_core& session, const relationship& r,
                     const std::vector<std::vector<value>>& keys, F&& take) {
    const bool as_array = asks_with_array(session.dialect(), r);
    for_each_batch(session.dialect(), keys, as_array,
                   [&](std::size_t count, std::span<const cell> parameters) {
                       select_far_side(session, r, count, parameters, take);
                   });
}

/// Finds the parents of freshly loaded children. Neighbouring rows often have the same one.
class parent_finder {
public:
    parent_finder(session_core& session, const relationship& side)
        : side_(side),
          known_(session.objects().of(side.target())),
          by_integer_(side.targets_primary_key && side.target().has_integer_key()) {}

    [[nodiscard]] node* operator()(node& child) {
        const belongs_to_base& reference = reference_of(child, side_);
        // A child that was moved in memory belongs where it is now, not where its row still says.
        if (!by_integer_ || child.has(node_flag::touched)) return known_parent(child, side_);
        if (reference.is_resolved()) return reference.known();
        const property& p = child.type->properties()[side_.keys.front().foreign];
        cell c;
        scratch memory;
        p.encode(static_cast<const char*>(child.object()) + p.offset, encoder{c, memory});
        if (c.is_null()) return nullptr;
        if (!last_ || c.integer != last_key_) {
            last_ = known_.integers().find(c.integer);
            last_key_ = c.integer;
        }
        if (last_) reference.resolve(last_, c.integer);
        return last_;
    }

private:
    const relationship& side_;
    entity_map& known_;
    bool by_integer_;
    node* last_ = nullptr;
    std::int64_t last_key_ = 0;
};

/// The collections that are being filled. Whatever throws meanwhile: they are as they were before.
class filling {
public:
    filling(const std::vector<node*>& owners, const relationship& r) : relation_(r) {
        open_.reserve(owners.size());
        for (node* owner : owners) {
            open_.push_back({owner, collection_of(*owner, r).begin_load()});
            owner->mark = 1;
        }
    }
    filling(const filling&) = delete;
    filling& operator=(const filling&) = delete;
    ~filling() {
        for (one& o : open_) {
            o.owner->mark = 0;
            if (!done_) collection_of(*o.owner, relation_).cancel_load(std::move(o.queued));
        }
    }

    void add(node& owner, node& child) const {
        const collection_base& many = collection_of(owner, relation_);
        if (child.has(node_flag::touched) && many.find(child) != many.slot_count()) return;
        many.push_link(child);
    }
    /// What was added in memory while a collection was not loaded comes last; in a has_one it takes the place.
    void finish() {
        for (const one& o : open_) {
            const collection_base& many = collection_of(*o.owner, relation_);
            if (relation_.kind == relationship_kind::has_one && !o.queued.empty()) (void)many.begin_load();
            for (const std::uintptr_t word : o.queued) {
                node& child = *collection_base::node_of(word);
                if (many.find(child) == many.slot_count()) many.push_link(child);
            }
        }
        done_ = true;
    }

private:
    struct one {
        node* owner;
        std::vector<std::uintptr_t> queued;
    };
    const relationship& relation_;
    std::vector<one> open_;
    bool done_ = false;
};

/// Links each of `children` to the one of `targets` that its foreign key names: the identity map knows primary keys only.
void resolve_by_columns(const std::vector<node*>& children, const std::vector<node*>& targets,
                        const relationship& r) {
    const auto written = [](const std::vector<value>& key) {
        std::int64_t hash = 0;
        for (const value& v : key) {
            const cell c = v.view();
            hash = combined(hash, c.is_bytes()
                                      ? static_cast<std::int64_t>(std::hash<std::string_view>{}(c.bytes()))
                                      : c.integer);
        }
        return hash;
    };
    std::unordered_multimap<std::int64_t, std::pair<std::vector<value>, node*>> by_key;
    for (node* target : targets) {
        std::vector<value> key = values_of(*target, r, &relationship::key_pair::referenced);
        const std::int64_t hash = written(key);
        by_key.emplace(hash, std::pair(std::move(key), target));
    }
    for (node* n : children) {
        const std::vector<value> wanted = lookup_key(*n, r);
        const auto [first, last] = by_key.equal_range(written(wanted));
        for (auto at = first; at != last; ++at) {
            if (at->second.first == wanted)
                reference_of(*n, r).resolve(at->second.second, key_fingerprint(*n, r));
        }
    }
}

/// The far side of `r` for `owners`, or, when they are `all` rows of their table, the whole of it.
template <class F>
void select_for(session_core& session, const std::vector<node*>& owners, const relationship& r, bool all,
                F&& take) {
    if (all) {
        select_far_side(session, r, all_keys, {}, take);
        return;
    }
    std::vector<std::vector<value>> keys;
    keys.reserve(owners.size());
    for (const node* n : owners) keys.push_back(lookup_key(*n, r));
    select_far_side(session, r, keys, take);
}

/// Reads the key of the near side that follows the columns of the far one, and finds its object. Neighbouring rows often have the same one.
class near_finder {
public:
    near_finder(session_core& session, const relationship& r)
        : known_(session.objects().of(*r.owner)),
          first_(r.target().properties().size()) {
        for (const std::uint32_t i : r.owner->key()) kinds_.push_back(r.owner->cell_kinds()[i]);
    }
    [[nodiscard]] node* operator()(cursor& rows) {
        cell key[most_key_columns];
        if (rows.read(first_, kinds_, key) != kinds_.size()) return nullptr; // nobody has such a key
        return known_.find({key, kinds_.size()});
    }

private:
    entity_map& known_;
    std::size_t first_;
    std::vector<cell_kind> kinds_;
};

void load_links(session_core& session, const std::vector<node*>& owners, const relationship& r, bool all) {
    std::vector<std::pair<node*, node*>> pairs;
    near_finder owner_of(session, r);
    select_for(session, owners, r, all, [&](node& other, cursor& rows) {
        node* owner = owner_of(rows);
        if (owner && (r.is_view() || !session.is_unlinked(*owner, r, other)))
            pairs.emplace_back(owner, &other);
    });
    filling collections(owners, r);
    for (const auto& [owner, other] : pairs) {
        if (owner->mark != 0) collections.add(*owner, *other);
    }
    session.note_loaded_links(owners, r);
    collections.finish();
}

void load_collections(session_core& session, const std::vector<node*>& owners, const relationship& r,
                      bool all) {
    std::vector<node*> children;
    select_for(session, owners, r, all, [&](node& child, cursor&) { children.push_back(&child); });
    if (!r.targets_primary_key) {
        std::vector<node*> open;
        for (node* child : children) {
            if (!reference_of(*child, *r.inverse).is_resolved()) open.push_back(child);
        }
        resolve_by_columns(open, owners, *r.inverse);
    }
    session.follow_late_targets(*r.inverse);
    filling collections(owners, r);
    parent_finder parent_of(session, *r.inverse);
    for (node* child : children) {
        node* parent = parent_of(*child);
        if (parent && parent->mark != 0) collections.add(*parent, *child);
    }
    collections.finish();
}

void load_references(session_core& session, const std::vector<node*>& owners, const relationship& r) {
    std::vector<std::vector<value>> keys;
    std::unordered_set<std::int64_t> asked;
    for (node* n : owners) {
        if (foreign_key_unset(*n, r) || known_parent(*n, r)) continue;
        if (asked.insert(key_fingerprint(*n, r)).second) keys.push_back(lookup_key(*n, r));
    }
    if (!keys.empty()) {
        std::vector<node*> loaded;
        select_far_side(session, r, keys, [&](node& n, cursor&) { loaded.push_back(&n); });
        if (!r.targets_primary_key) resolve_by_columns(owners, loaded, r);
    }
    for (node* n : owners) {
        if (!foreign_key_unset(*n, r) && known_parent(*n, r)) continue;
        reference_of(*n, r).resolve(nullptr, key_fingerprint(*n, r)); // there is no such row
    }
}

bool is_loaded(node& n, const relationship& r) {
    return r.is_collection() ? collection_of(n, r).is_loaded() : reference_of(n, r).is_resolved();
}

} // namespace

loader_strategy strategy_of(const node& owner, const relationship& r) noexcept {
    if (owner.peers) {
        for (const auto& [relation, strategy] : owner.peers->strategies) {
            if (relation == &r) return strategy;
        }
    }
    return r.lazy;
}

void leave_empty(node& owner, const relationship& r) {
    if (r.is_reference()) {
        reference_of(owner, r).resolve(nullptr, key_fingerprint(owner, r));
    } else {
        filling({&owner}, r).finish();
    }
}

void load_relationship(session_core& session, const std::vector<node*>& owners, const relationship& r) {
    const peer_group* group = owners.empty() ? nullptr : owners.front()->peers;
    const bool all_rows =
        group && group->whole_table && owners.size() == group->members.size() && owners.size() <= most_peers;
    std::vector<node*> chunk;
    const auto send = [&] {
        if (chunk.empty()) return;
        if (r.is_many_to_many() || r.is_view()) {
            load_links(session, chunk, r, all_rows && chunk.size() == owners.size());
        } else if (r.is_collection()) {
            load_collections(session, chunk, r, all_rows && chunk.size() == owners.size());
        } else {
            load_references(session, chunk, r);
        }
        chunk.clear();
    };
    for (node* n : owners) {
        if (n->context != &session || n->state != object_state::persistent || is_loaded(*n, r)) continue;
        chunk.push_back(n);
        if (chunk.size() == most_peers) send();
    }
    send();
}

std::vector<node*> far_side(const std::vector<node*>& owners, const relationship& r) {
    std::vector<node*> found;
    std::unordered_set<const node*> seen;
    const auto add = [&](node* n) {
        if (n && seen.insert(n).second) found.push_back(n);
    };
    for (node* owner : owners) {
        if (r.is_reference()) {
            add(reference_of(*owner, r).known());
            continue;
        }
        const collection_base& many = collection_of(*owner, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) add(many.slot(i));
    }
    return found;
}

void load_for_peers(session_core& session, node& owner, const relationship& r, loader_strategy strategy) {
    std::vector<node*> owners{&owner};
    if (owner.peers && strategy != loader_strategy::select) {
        // The touched object first, then those that follow it: that is where a loop goes on.
        const std::vector<node*>& members = owner.peers->members;
        const auto at = std::find(members.begin(), members.end(), &owner);
        const auto take = [&](auto first, auto last) {
            for (; first != last && owners.size() < most_peers; ++first) {
                if (*first != &owner && (*first)->peers == owner.peers) owners.push_back(*first);
            }
        };
        take(at, members.end());
        take(members.begin(), at);
    }
    if (owner.state == object_state::persistent) {
        load_relationship(session, owners, r);
        return;
    }
    // A pending object whose foreign key was set by hand.
    if (r.is_reference()) load_references(session, {&owner}, r);
}

} // namespace kin::detail
