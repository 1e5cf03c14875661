// SPDX-License-Identifier: MIT
#include "peer_loader.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_set>

#include "kin/mapping/link.hpp"
#include "loading.hpp"
#include "peer_group.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_placeholders = 500;

/// The columns of `n` that the far side of `r` is looked up by: its own key, or its foreign key.
std::vector<value> lookup_key(const node& n, const relationship& r) {
    std::vector<value> key;
    scratch memory;
    for (const relationship::key_pair& k : r.keys) {
        const property& p =
            n.type->properties()[r.kind == relationship_kind::has_many ? k.referenced : k.foreign];
        cell c;
        p.encode(static_cast<const char*>(n.object()) + p.offset, encoder{c, memory});
        key.emplace_back(c);
    }
    return key;
}

std::string json_array(const std::vector<std::vector<value>>& keys) {
    std::string text = "[";
    char number[24];
    for (const std::vector<value>& key : keys) {
        const auto end = std::to_chars(number, number + sizeof number, key.front().view().integer).ptr;
        if (text.size() > 1) text += ',';
        text.append(number, end);
    }
    return text += ']';
}

/// Sends the statement for `keys` and gives every object of the far side to `take`.
template <class F>
void select_far_side(session_core& session, const relationship& r,
                     const std::vector<std::vector<value>>& keys, F&& take) {
    const bool array = asks_with_array(session.dialect(), r);
    const std::size_t most =
        array ? keys.size() : std::max<std::size_t>(1, most_placeholders / r.keys.size());
    for (std::size_t first = 0; first < keys.size(); first += most) {
        const std::size_t count = std::min(most, keys.size() - first);
        std::string text;
        std::vector<cell> parameters;
        if (array) {
            text = json_array(keys);
            parameters.push_back(cell::of_text(text));
        } else {
            for (std::size_t i = first; i < first + count; ++i) {
                for (const value& v : keys[i]) parameters.push_back(v.view());
            }
        }
        cursor rows =
            session.reading().open(session.texts().related(session.dialect(), r, count), parameters);
        row_loader loader(session, r.target(), rows);
        peer_group* group = new peer_group;
        ++group->users; // ours, until everybody has joined
        struct guard {
            peer_group* group;
            ~guard() {
                if (--group->users == 0) delete group;
            }
        } keep{group};
        while (rows.next()) {
            node& n = loader.take();
            group->members.push_back(&n);
            join_group(n, *group);
            take(n);
        }
    }
}

void load_collections(session_core& session, const std::vector<node*>& owners, const relationship& r) {
    std::vector<std::vector<value>> keys;
    keys.reserve(owners.size());
    for (const node* n : owners) keys.push_back(lookup_key(*n, r));
    const relationship& side = *r.inverse;
    std::vector<node*> order;
    select_far_side(session, r, keys, [&](node& child) { order.push_back(&child); });

    // Nothing has changed so far; from here on every collection is filled at once.
    std::unordered_set<const node*> wanted(owners.begin(), owners.end());
    std::vector<std::pair<node*, std::vector<node*>>> queued;
    for (node* owner : owners) queued.emplace_back(owner, collection_of(*owner, r).begin_load());
    for (node* child : order) {
        // A child that was moved in memory belongs where it is now, not where its row still says.
        node* parent = known_parent(*child, side);
        if (!parent || !wanted.contains(parent)) continue;
        const has_many_base& many = collection_of(*parent, r);
        if (child->has(node_flag::touched) && many.find(*child) != many.slot_count()) continue;
        many.reserve_one();
        many.push_link(*child);
    }
    for (auto& [owner, added] : queued) {
        const has_many_base& many = collection_of(*owner, r);
        for (node* child : added) {
            if (many.find(*child) != many.slot_count()) continue;
            many.reserve_one();
            many.push_link(*child);
        }
    }
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
        select_far_side(session, r, keys, [&](node& n) { loaded.push_back(&n); });
        if (!r.targets_primary_key) {
            // The identity map knows primary keys only: match by the referenced columns.
            for (node* n : owners) {
                const std::vector<value> wanted = lookup_key(*n, r);
                for (node* target : loaded) {
                    std::vector<value> has;
                    scratch memory;
                    for (const relationship::key_pair& k : r.keys) {
                        const property& p = target->type->properties()[k.referenced];
                        cell c;
                        p.encode(static_cast<const char*>(target->object()) + p.offset, encoder{c, memory});
                        has.emplace_back(c);
                    }
                    if (has == wanted) reference_of(*n, r).resolve(target, key_fingerprint(*n, r));
                }
            }
        }
    }
    for (node* n : owners) {
        if (!foreign_key_unset(*n, r) && known_parent(*n, r)) continue;
        reference_of(*n, r).resolve(nullptr, key_fingerprint(*n, r)); // there is no such row
    }
}

bool is_loaded(node& n, const relationship& r) {
    return r.kind == relationship_kind::has_many ? collection_of(n, r).is_loaded()
                                                 : reference_of(n, r).is_resolved();
}

loader_strategy strategy_of(const node& owner, const relationship& r) {
    if (owner.peers) {
        for (const auto& [relation, strategy] : owner.peers->strategies) {
            if (relation == &r) return strategy;
        }
    }
    return r.lazy;
}

} // namespace

void load_relationship(session_core& session, const std::vector<node*>& owners, const relationship& r) {
    std::vector<node*> chunk;
    const auto send = [&] {
        if (chunk.empty()) return;
        if (r.kind == relationship_kind::has_many) {
            load_collections(session, chunk, r);
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
        if (r.kind == relationship_kind::belongs_to) {
            add(reference_of(*owner, r).known());
            continue;
        }
        const has_many_base& many = collection_of(*owner, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) add(many.slot(i));
    }
    return found;
}

void load_for_peers(session_core& session, node& owner, const relationship& r) {
    std::vector<node*> owners{&owner};
    if (owner.peers && strategy_of(owner, r) != loader_strategy::select) {
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
    if (r.kind == relationship_kind::belongs_to) load_references(session, {&owner}, r);
}

} // namespace kin::detail
