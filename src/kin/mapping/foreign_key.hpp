// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"
#include "kin/mapping/relationship.hpp"

/// What the members of an object say that it refers to. `side` is a belongs_to of its class.
namespace kin::detail {

[[nodiscard]] inline bool has_row(const node& n) noexcept {
    return n.state != object_state::transient && n.state != object_state::pending;
}

/// The foreign key of `child` as one number: the integer itself, a hash of anything else, `null_key` for NULL.
inline constexpr std::int64_t null_key = INT64_MIN;
[[nodiscard]] std::int64_t key_fingerprint(const node& child, const relationship& side);
/// Two fingerprints as one.
[[nodiscard]] inline std::int64_t combined(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * 0x9E3779B97F4A7C15ULL +
                                     static_cast<std::uint64_t>(b));
}
/// Whether the foreign key holds no value yet: NULL, or the default-made value of an object without a row.
[[nodiscard]] bool foreign_key_unset(const node& child, const relationship& side);
/// Whether the foreign key differs from what the database has in the row.
[[nodiscard]] bool foreign_key_changed(const node& child, const relationship& side);
/// Whether the foreign key of `child` holds the key of `parent`.
[[nodiscard]] bool names(const node& child, const relationship& side, const node& parent);
/// Whether `n` has a primary key that rows may refer to.
[[nodiscard]] bool has_key(const node& n);
/// Whether the foreign key may be NULL. Of several columns one that may be is enough.
[[nodiscard]] bool may_be_null(const relationship& side);
/// Lets the foreign key of `child` name nobody. Of several columns only those get NULL that may: the others can be part of another key.
void unset_key(node& child, const relationship& side);

} // namespace kin::detail
