// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kin {

/// What travels along a relationship from an object to its related ones, as in SQLAlchemy ("delete" is a C++ word).
/// Default: save_update | merge.
enum class cascade : std::uint8_t {
    none = 0,
    save_update = 1, // session.add takes the related objects along
    merge = 2,
    remove = 4,        // session.remove removes the related objects
    delete_orphan = 8, // an object that leaves the collection is deleted; needs `remove`
    refresh = 16,
    expunge = 32,
    all = save_update | merge | remove | refresh | expunge, // delete_orphan is not in "all"
};
[[nodiscard]] constexpr cascade operator|(cascade a, cascade b) noexcept {
    return static_cast<cascade>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
[[nodiscard]] constexpr bool has(cascade set, cascade word) noexcept {
    return (static_cast<std::uint8_t>(set) & static_cast<std::uint8_t>(word)) != 0;
}

/// When a relationship's objects are loaded. See docs/guide/loading.md.
enum class loader_strategy : std::uint8_t {
    peers,    // on first touch, for all objects that came with this one in the same result; one statement
    select,   // on first touch, for this object alone
    selectin, // right after the query, one statement
    joined,   // in the query's own statement, by a LEFT JOIN; right after a relationship load, as selectin
    raise,    // never: reading it before it was loaded is an error, even when memory would know the answer
    raise_on_sql, // never with SQL: an error only when a statement would be needed
    noload,       // never: empty until it was loaded otherwise, or set
    write_only, // never: add, erase, contains, count and session.query(collection) only; for millions of objects
};

} // namespace kin
