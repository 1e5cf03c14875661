// SPDX-License-Identifier: MIT
#include "association_changes.hpp"

#include "kin/mapping/link.hpp"
#include "make_room.hpp"

namespace kin::detail {

std::size_t association_changes::link_hash::operator()(const link& l) const noexcept {
    const auto number = [](const void* p) {
        return static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(p));
    };
    return static_cast<std::size_t>(combined(combined(number(l.through), number(l.first)), number(l.second)));
}

void association_changes::put(const change& c) {
    const auto at = positions_.find(key_of(c));
    if (at == positions_.end()) {
        make_room(changes_);
        positions_.emplace(key_of(c), changes_.size());
        changes_.push_back(c);
        return;
    }
    change& known = changes_[at->second];
    if (known.linked == c.linked) return;
    if (known.certain) { // back to what the database has
        known.through = nullptr;
        positions_.erase(at);
    } else {
        known.linked = c.linked;
    }
}

void association_changes::record(const association_change& c) {
    const relationship& side = *c.side;
    change added{side.through, {nullptr, nullptr}, c.linked, c.certain};
    added.ends[side.near] = c.owner;
    added.ends[1 - side.near] = c.other;
    put(added);
}

void association_changes::record_all(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_many_to_many()) continue;
        const collection_base& many = collection_of(n, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) record({&n, &r, many.slot(i), true});
    }
}

const association_changes::change* association_changes::find(const relationship& side, const node& owner,
                                                             const node& other) const noexcept {
    const bool first = side.near == 0;
    const auto at = positions_.find({side.through, first ? &owner : &other, first ? &other : &owner});
    return at == positions_.end() ? nullptr : &changes_[at->second];
}

bool association_changes::change::is_of(const association_change& c) const noexcept {
    return c.side->through == through && ends[c.side->near] == c.owner && ends[1 - c.side->near] == c.other;
}

std::vector<association_changes::change> association_changes::of(const node& owner,
                                                                 const relationship& side) const {
    std::vector<change> found;
    for (const change& c : changes_) {
        if (c.through == side.through && c.ends[side.near] == &owner) found.push_back(c);
    }
    return found;
}

bool association_changes::concern(const node& n) const noexcept {
    for (const change& c : changes_) {
        if (c.through && (c.ends[0] == &n || c.ends[1] == &n)) return true;
    }
    return false;
}

void association_changes::forget(const node& n) noexcept {
    for (change& c : changes_) {
        if (!c.through || (c.ends[0] != &n && c.ends[1] != &n)) continue;
        positions_.erase(key_of(c));
        c.through = nullptr;
    }
}

void association_changes::accept(const std::vector<change>& written) noexcept {
    for (const change& c : written) {
        const auto at = positions_.find(key_of(c));
        if (at == positions_.end()) continue;
        changes_[at->second].through = nullptr;
        positions_.erase(at);
    }
    if (positions_.empty()) changes_.clear();
}

} // namespace kin::detail
