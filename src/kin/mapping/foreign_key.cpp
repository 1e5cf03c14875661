// SPDX-License-Identifier: MIT
#include "foreign_key.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "member.hpp"
#include "row_image.hpp"

namespace kin::detail {

namespace {

std::int64_t fingerprint_of(const cell& c) noexcept {
    if (c.is_bytes()) return static_cast<std::int64_t>(std::hash<std::string_view>{}(c.bytes()));
    return c.is_null() ? null_key : c.integer;
}

} // namespace

std::int64_t key_fingerprint(const node& child, const relationship& side) {
    scratch memory;
    const auto one = [&](const relationship::key_pair& k) {
        return fingerprint_of(member_cell(child, child.type->properties()[k.foreign], memory));
    };
    if (side.keys.size() == 1) return one(side.keys.front());
    std::int64_t mixed = 0;
    for (const relationship::key_pair& k : side.keys) mixed = combined(mixed, one(k));
    return mixed;
}

bool foreign_key_unset(const node& child, const relationship& side) {
    scratch memory;
    const bool written = has_row(child);
    for (const relationship::key_pair& k : side.keys) {
        const property& p = child.type->properties()[k.foreign];
        if (member_cell(child, p, memory).is_null()) return true;
        if (!written && p.is_default(member_of(child, p))) return true;
    }
    return false;
}

bool names(const node& child, const relationship& side, const node& parent) {
    if (foreign_key_unset(child, side)) return false;
    scratch memory;
    for (const relationship::key_pair& k : side.keys) {
        const cell foreign = member_cell(child, child.type->properties()[k.foreign], memory);
        if (!foreign.same_as(member_cell(parent, parent.type->properties()[k.referenced], memory)))
            return false;
    }
    return true;
}

bool has_key(const node& n) {
    if (n.state == object_state::persistent || n.state == object_state::detached) return true;
    if (!n.type->has_generated_key()) return true;
    const property& p = n.type->properties()[n.type->key().front()];
    return !p.is_default(member_of(n, p));
}

bool may_be_null(const relationship& side) {
    return std::any_of(side.keys.begin(), side.keys.end(), [&](const relationship::key_pair& k) {
        return side.owner->properties()[k.foreign].column->nullable;
    });
}

void unset_key(node& child, const relationship& side) {
    const bool by_null = may_be_null(side);
    for (const relationship::key_pair& k : side.keys) {
        const property& foreign = child.type->properties()[k.foreign];
        if (foreign.column->nullable || !by_null) foreign.reset(member_of(child, foreign));
    }
}

bool foreign_key_changed(const node& child, const relationship& side) {
    if (!child.image) return false;
    scratch memory;
    for (const relationship::key_pair& k : side.keys) {
        const cell now = member_cell(child, child.type->properties()[k.foreign], memory);
        if (!now.same_as(child.image->current.cells()[k.foreign])) return true;
    }
    return false;
}

} // namespace kin::detail
