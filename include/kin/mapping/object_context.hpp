// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "kin/mapping/node.hpp"

namespace kin {

struct relationship;

namespace detail {
/// One change of a many-to-one side: what was, what is, and where the child stood in the old parent's collection.
struct link_change {
    node* child = nullptr;
    const relationship* side = nullptr; // the belongs_to
    node* before = nullptr;
    node* after = nullptr;
    std::size_t position = 0; // in `before`'s collection, when it was loaded
};

/// One change of a many_to_many: two objects that were linked, or that no longer are.
struct association_change {
    node* owner = nullptr;
    const relationship* side = nullptr; // the member of `owner`
    node* other = nullptr;
    bool linked = false;
    bool certain = true; // memory knew how it was before
    /// Where the two stood in each other's collections, when they did and are unlinked.
    std::size_t position = nowhere;
    std::size_t other_position = nowhere;
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
};
} // namespace detail

/// PORT: what mapped objects need from the session that they are in. Implemented by orm.
class object_context {
public:
    /// A persistent object was given out for writing for the first time; its image is taken. Compare it at every flush.
    virtual void watch(detail::node& n) = 0;
    /// Fills an unloaded relationship of `owner`: a has_many, or the target of a belongs_to; completes a partial collection.
    /// Throws: detached_instance, lazy_load_error, database_error.
    virtual void load(detail::node& owner, const relationship& r) = 0;
    /// An unloaded belongs_to is about to be answered from memory. Throws: lazy_load_error.
    virtual void check_access(const detail::node& owner, const relationship& r) const = 0;
    /// Reads the columns of an expired object again. Throws: stale_data (row_gone), pending_rollback, database_error.
    virtual void reload(detail::node& n) = 0;
    /// The object with this key if the session knows it; never sends SQL. `child` carries the foreign key of `r`.
    [[nodiscard]] virtual detail::node* find_target(const detail::node& child, const relationship& r) = 0;
    /// Takes the transient objects reachable from `n` into the session (save-update cascade).
    virtual void take_in(detail::node& n) = 0;
    /// Takes an object without a row out of the session again.
    virtual void let_go(detail::node& n) noexcept = 0;
    /// Called before a link changes in memory, so that rollback can put it back. Throws: std::bad_alloc, state_error.
    virtual void changing(const detail::link_change& change) = 0;
    virtual void changing(const detail::association_change& change) = 0;
    /// Whether two objects with a row are linked by the many_to_many `r` of `owner`: asks the database for the one row, and takes
    /// into account what is not written yet.
    [[nodiscard]] virtual bool is_linked(const detail::node& owner, const relationship& r,
                                         const detail::node& other) = 0;
    /// Number of objects in a collection that is not loaded. Writes pending changes first.
    [[nodiscard]] virtual std::size_t count(detail::node& owner, const relationship& r) = 0;
    /// Objects that the open transaction may have to change when it is undone, in this session or not any more.
    [[nodiscard]] virtual std::vector<const detail::node*> remembered() const = 0;

protected:
    ~object_context() = default;
};

} // namespace kin
