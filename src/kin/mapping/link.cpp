// SPDX-License-Identifier: MIT
#include "link.hpp"

#include <functional>
#include <string>
#include <string_view>

#include "kin/base/error.hpp"
#include "pool.hpp"
#include "row_image.hpp"

namespace kin::detail {

namespace {

const void* member(const node& n, const property& p) noexcept {
    return static_cast<const char*>(n.object()) + p.offset;
}
void* member(node& n, const property& p) noexcept { return static_cast<char*>(n.object()) + p.offset; }

cell read_cell(const node& n, const property& p, scratch& memory) {
    cell c;
    if (!p.encode(member(n, p), encoder{c, memory})) return {};
    return c;
}

/// Hides what a belongs_to refers to, so that a cascade does not walk to the parent that the child is about to leave.
class hidden_target {
public:
    explicit hidden_target(belongs_to_base& reference) noexcept
        : reference_(reference),
          target_(reference.known()),
          key_(reference.resolved_key()),
          resolved_(reference.is_resolved()) {
        reference_.resolve(nullptr, key_);
    }
    hidden_target(const hidden_target&) = delete;
    hidden_target& operator=(const hidden_target&) = delete;
    ~hidden_target() { resolved_ ? reference_.resolve(target_, key_) : reference_.unresolve(); }

private:
    belongs_to_base& reference_;
    node* target_;
    std::int64_t key_;
    bool resolved_;
};

[[noreturn]] void fail_two_sessions(const node& child, const relationship& side) {
    throw state_error({.code = "two_sessions",
                       .message = side.qualified_name() + ": the " + child.type->class_name() + " and the " +
                                  side.target().class_name() +
                                  " belong to two sessions; load both in the same session, or expunge one",
                       .sql = {},
                       .table = child.type->table().name()});
}

} // namespace

std::int64_t key_fingerprint(const node& child, const relationship& side) {
    scratch memory;
    std::int64_t mixed = 0;
    for (const relationship::key_pair& k : side.keys) {
        const cell c = read_cell(child, child.type->properties()[k.foreign], memory);
        std::int64_t one = null_key;
        if (c.is_bytes()) {
            one = static_cast<std::int64_t>(std::hash<std::string_view>{}(c.bytes()));
        } else if (!c.is_null()) {
            one = c.integer;
        }
        if (side.keys.size() == 1) return one;
        mixed = combined(mixed, one);
    }
    return mixed;
}

bool foreign_key_unset(const node& child, const relationship& side) {
    scratch memory;
    const bool written = has_row(child);
    for (const relationship::key_pair& k : side.keys) {
        const property& p = child.type->properties()[k.foreign];
        if (read_cell(child, p, memory).is_null()) return true;
        if (!written && p.is_default(member(child, p))) return true;
    }
    return false;
}

bool names(const node& child, const relationship& side, const node& parent) {
    if (foreign_key_unset(child, side)) return false;
    scratch memory;
    for (const relationship::key_pair& k : side.keys) {
        const cell foreign = read_cell(child, child.type->properties()[k.foreign], memory);
        if (!foreign.same_as(read_cell(parent, parent.type->properties()[k.referenced], memory)))
            return false;
    }
    return true;
}

bool has_key(const node& n) {
    if (n.state == object_state::persistent || n.state == object_state::detached) return true;
    if (!n.type->has_generated_key()) return true;
    const property& p = n.type->properties()[n.type->key().front()];
    return !p.is_default(member(n, p));
}

void copy_key(node& child, const relationship& side, const node* parent) {
    scratch memory;
    const bool known = parent && has_key(*parent);
    for (const relationship::key_pair& k : side.keys) {
        const property& foreign = child.type->properties()[k.foreign];
        if (!known) {
            foreign.reset(member(child, foreign));
            continue;
        }
        const cell c = read_cell(*parent, parent->type->properties()[k.referenced], memory);
        if (!foreign.decode(member(child, foreign), c)) foreign.reset(member(child, foreign));
    }
    reference_of(child, side).resolve(const_cast<node*>(parent), key_fingerprint(child, side));
}

void follow_foreign_key(node& child, const relationship& side) {
    belongs_to_base& reference = reference_of(child, side);
    const std::int64_t key = key_fingerprint(child, side);
    if (!reference.is_resolved() || key == reference.resolved_key()) return;
    node* before = reference.known();
    node* after =
        child.context && !foreign_key_unset(child, side) ? child.context->find_target(child, side) : nullptr;
    has_many_base* from = other_side(before, side);
    has_many_base* into = other_side(after, side);
    if (into) into->reserve_one();
    const std::size_t position = from ? from->find(child) : 0;
    if (child.context) child.context->changing({&child, &side, before, after, position});
    if (!foreign_key_unset(child, side)) child.unset(node_flag::orphan); // its parent need not be known
    if (from && position < from->slot_count()) from->erase_slot(position);
    if (after || foreign_key_unset(child, side)) {
        reference.resolve(after, key);
    } else {
        reference.unresolve();
    }
    if (into && into->find(child) == into->slot_count()) into->push_link(child);
}

bool foreign_key_changed(const node& child, const relationship& side) {
    if (!child.image) return false;
    scratch memory;
    for (const relationship::key_pair& k : side.keys) {
        const cell now = read_cell(child, child.type->properties()[k.foreign], memory);
        if (!now.same_as(child.image->current.cells()[k.foreign])) return true;
    }
    return false;
}

node* known_parent(node& child, const relationship& side) {
    belongs_to_base& reference = reference_of(child, side);
    if (reference.is_resolved() && child.has(node_flag::touched)) follow_foreign_key(child, side);
    if (reference.is_resolved()) return reference.known();
    if (!child.context || foreign_key_unset(child, side)) return nullptr;
    node* found = child.context->find_target(child, side);
    if (!found) return nullptr;
    // A foreign key that was set by hand on an object without a row, or changed since it was loaded, is news for the
    // collection; one that was loaded is not: a loaded collection has the child, an unloaded one will find it.
    has_many_base* into = other_side(found, side);
    const bool news = child.state == object_state::pending || foreign_key_changed(child, side);
    if (into && news && into->find(child) == into->slot_count()) {
        into->reserve_one();
        child.context->changing({&child, &side, nullptr, found, 0});
        into->push_link(child);
    }
    reference.resolve(found, key_fingerprint(child, side));
    return found;
}

void set_parent(node& child, const relationship& side, node* parent) {
    node* before = known_parent(child, side);
    belongs_to_base& reference = reference_of(child, side);
    has_many_base* into = other_side(parent, side);
    if (before == parent && reference.is_resolved()) {
        const bool in_step = parent ? !into || !into->is_loaded() || into->find(child) != into->slot_count()
                                    : foreign_key_unset(child, side);
        if (in_step) return;
    }
    if (parent && child.context && parent->context && child.context != parent->context)
        fail_two_sessions(child, side);
    object_context* context = child.context ? child.context : parent ? parent->context : nullptr;
    if (parent) pool::join(child, *parent);
    if (parent && context) {
        const hidden_target without_the_old_parent(reference);
        if (!child.context) context->take_in(child);
        if (!parent->context) context->take_in(*parent);
    }
    has_many_base* from = before != parent ? other_side(before, side) : nullptr;
    if (into) into->reserve_one();
    // A new object is written whole anyway; one with a row must be found by the next flush.
    if (has_row(child)) touch(child);
    const std::size_t position = from ? from->find(child) : 0;
    const std::uint8_t flags = child.flags;
    if (context) context->changing({&child, &side, before, parent, position});
    try {
        copy_key(child, side, parent); // a text may find no memory
    } catch (...) {
        child.flags = flags;
        throw;
    }

    // From here on nothing throws.
    if (from && position < from->slot_count()) from->erase_slot(position);
    if (into) into->push_link(child);
}

void undo(const link_change& change) {
    node& child = *change.child;
    const relationship& side = *change.side;
    has_many_base* from = other_side(change.before, side);
    if (from) from->reserve_one();
    if (has_many_base* into = other_side(change.after, side)) {
        const std::size_t at = into->find(child);
        if (at < into->slot_count()) into->erase_slot(at);
    }
    if (from && from->is_loaded() && from->find(child) == from->slot_count())
        from->insert_link(change.position, child);
    belongs_to_base& reference = reference_of(child, side);
    if (change.before) {
        copy_key(child, side, change.before);
    } else {
        reference.unresolve();
    }
}

void undo_new_link(const link_change& change) {
    node& child = *change.child;
    const relationship& side = *change.side;
    belongs_to_base& reference = reference_of(child, side);
    // Only if the object is still linked so: later changes may have moved it on, or the other object may be new as well.
    if (reference.known() != change.after || !has_row(*change.after)) return;
    has_many_base* into = other_side(change.after, side);
    const std::size_t at = into ? into->find(child) : 0;
    if (into && at < into->slot_count()) into->erase_slot(at);
    copy_key(child, side, nullptr);
    reference.unresolve();
}

namespace {

void bind_members(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (r.kind == relationship_kind::belongs_to) {
            belongs_to_base& reference = reference_of(n, r);
            node* target = reference.take_loose();
            reference.bind(r);
            if (!target) continue;
            const any_ref keep(target);
            release(*target);
            set_parent(n, r, target);
        } else {
            has_many_base& collection = collection_of(n, r);
            std::vector<any_ref> keep;
            keep.reserve(collection.slot_count());
            const std::vector<node*> items = collection.take_loose();
            collection.bind(r, true);
            for (node* item : items) {
                keep.emplace_back(item);
                release(*item);
            }
            for (node* item : items) set_parent(*item, *r.inverse, &n);
        }
    }
}

/// Takes back what bind_members() linked before it failed, so that nobody is left with a link to an object that nobody has.
void unbind(node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        try {
            if (r.kind == relationship_kind::belongs_to) {
                set_parent(n, r, nullptr);
                continue;
            }
            has_many_base& collection = collection_of(n, r);
            while (collection.slot_count() != 0)
                set_parent(*collection.slot(collection.slot_count() - 1), *r.inverse, nullptr);
        } catch (...) {
            continue; // out of memory: the links stay, the object stays reachable and valid
        }
    }
    if (n.context) n.context->let_go(n);
}

} // namespace

void bind_made(node& n) {
    try {
        bind_members(n);
    } catch (...) {
        for (const relationship& r : n.type->relationships()) {
            if (r.kind == relationship_kind::belongs_to) {
                belongs_to_base& reference = reference_of(n, r);
                if (node* loose = reference.take_loose_if_unbound()) release(*loose);
                reference.bind(r);
            } else {
                has_many_base& collection = collection_of(n, r);
                if (!collection.is_bound()) collection.release_loose();
                collection.bind(r, true);
            }
        }
        unbind(n);
        throw;
    }
}

} // namespace kin::detail
