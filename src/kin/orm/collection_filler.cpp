// SPDX-License-Identifier: MIT
#include "collection_filler.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "kin/mapping/link.hpp"
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

} // namespace

std::vector<value> lookup_key(const node& n, const relationship& r) {
    using pair = relationship::key_pair;
    if (r.is_reference() || r.is_referred_to())
        return values_of(n, r, r.is_referred_to() ? &pair::referenced : &pair::foreign);
    cell cells[most_key_columns];
    scratch memory;
    row_key(n, cells, memory);
    return {cells, cells + n.type->key().size()};
}

namespace {

/// Finds the parents of freshly loaded children. Neighbouring rows often have the same one.
class parent_finder {
public:
    parent_finder(session_core& session, const relationship& side)
        : session_(session),
          side_(side),
          foreign_(side.owner->properties()[side.keys.front().foreign]),
          known_(session.objects().of(side.target())),
          by_integer_(side.targets_primary_key && side.target().has_integer_key()) {}

    [[nodiscard]] node* operator()(node& child) {
        node* parent = known_to(child);
        return !parent || parent->context == &session_ ? parent : found_again(child, *parent);
    }

private:
    [[nodiscard]] node* known_to(node& child) {
        const belongs_to_base& reference = reference_of(child, side_);
        // A child that was moved in memory belongs where it is now, not where its row still says.
        if (!by_integer_ || child.has(node_flag::touched)) return known_parent(child, side_);
        if (reference.is_resolved()) return reference.known();
        cell c;
        foreign_.encode(member_of(child, foreign_), encoder{c, memory_});
        if (c.is_null()) return nullptr;
        if (!last_ || c.integer != last_key_) {
            last_ = known_.integers().find(c.integer);
            last_key_ = c.integer;
        }
        if (last_) reference.resolve(last_, c.integer);
        return last_;
    }
    /// The child is linked to an object that has left the session, and whose row may have been read again.
    [[nodiscard, gnu::noinline]] node* found_again(node& child, node& parent) {
        node* now = has_row(parent) ? session_.find_target(child, side_) : nullptr;
        if (!now) return &parent;
        const collection_base* from = other_side(&parent, side_);
        if (from && from->find(child) != from->slot_count()) from->erase_slot(from->find(child));
        reference_of(child, side_).resolve(now, key_fingerprint(child, side_));
        return now;
    }

    session_core& session_;
    const relationship& side_;
    const property& foreign_;
    entity_map& known_;
    scratch memory_;
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
            const collection_base& many = collection_of(*owner, r);
            open_.push_back({owner, {}, many.is_partial()});
            open_.back().queued = many.begin_load();
            owner->mark = 1;
        }
    }
    filling(const filling&) = delete;
    filling& operator=(const filling&) = delete;
    ~filling() {
        for (one& o : open_) {
            o.owner->mark = 0;
            if (!done_) collection_of(*o.owner, relation_).cancel_load(std::move(o.queued), o.was_partial);
        }
    }

    void add(node& owner, node& child) const {
        const collection_base& many = collection_of(owner, relation_);
        if (child.has(node_flag::touched) && many.find(child) != many.slot_count()) return;
        many.push_link(child);
    }
    /// What was added in memory while a collection was not loaded comes last; in a has_one it takes the place.
    void finish(completeness how) {
        for (const one& o : open_) {
            const collection_base& many = collection_of(*o.owner, relation_);
            if (relation_.kind == relationship_kind::has_one && !o.queued.empty()) (void)many.begin_load();
            for (const std::uintptr_t word : o.queued) {
                node& child = *collection_base::node_of(word);
                if (many.find(child) == many.slot_count()) many.push_link(child);
            }
            if (how == completeness::partial) many.set_partial();
        }
        done_ = true;
    }

private:
    struct one {
        node* owner;
        std::vector<std::uintptr_t> queued;
        bool was_partial;
    };
    const relationship& relation_;
    std::vector<one> open_;
    bool done_ = false;
};

} // namespace

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

namespace {

/// Objects that wait in collections that are not loaded may have a foreign key by now that was set by hand, and leads elsewhere.
void let_leave(const std::vector<node*>& owners, const relationship& r) {
    for (node* owner : owners) {
        const collection_base& many = collection_of(*owner, r);
        for (std::size_t i = many.slot_count(); i-- > 0;) {
            node& child = *many.slot(i);
            if (child.has(node_flag::touched)) follow_foreign_key(child, *r.inverse);
        }
    }
}

} // namespace

void fill_collections(session_core& session, const std::vector<node*>& owners, const relationship& r,
                      const std::vector<node*>& children, completeness how) {
    if (!r.targets_primary_key) {
        std::vector<node*> open;
        for (node* child : children) {
            if (!reference_of(*child, *r.inverse).is_resolved()) open.push_back(child);
        }
        resolve_by_columns(open, owners, *r.inverse);
    }
    session.follow_late_targets(*r.inverse);
    let_leave(owners, r);
    filling collections(owners, r);
    parent_finder parent_of(session, *r.inverse);
    for (node* child : children) {
        node* parent = parent_of(*child);
        if (parent && parent->mark != 0) collections.add(*parent, *child);
    }
    session.note_loaded_links(owners, r);
    collections.finish(how);
}

void fill_links(session_core& session, const std::vector<node*>& owners, const relationship& r,
                const std::vector<std::pair<node*, node*>>& pairs, completeness how) {
    filling collections(owners, r);
    for (const auto& [owner, other] : pairs) {
        if (owner->mark == 0 || (!r.is_view() && session.is_unlinked(*owner, r, *other))) continue;
        collections.add(*owner, *other);
    }
    session.note_loaded_links(owners, r);
    collections.finish(how);
}

void drop_repeated(std::vector<std::pair<node*, node*>>& pairs) {
    struct hash {
        std::size_t operator()(const std::pair<node*, node*>& p) const noexcept {
            return std::hash<node*>()(p.first) * 31 + std::hash<node*>()(p.second);
        }
    };
    std::unordered_set<std::pair<node*, node*>, hash> seen;
    std::erase_if(pairs, [&seen](const auto& pair) { return !seen.insert(pair).second; });
}

void fill_with_nothing(node& owner, const relationship& r) {
    filling({&owner}, r).finish(completeness::whole);
}

} // namespace kin::detail
