// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kin/base/referential_action.hpp"
#include "kin/mapping/cascade.hpp"
#include "kin/sql/expression.hpp"

namespace kin {

class mapper;
struct association;
struct property;
namespace detail {
struct node;
}

/// Called before a link is made, or unmade, on one side of a relationship: with the object of that side and the other one (for a
/// belongs_to: its new target, or null). What it throws stops the change.
class relationship_handler {
public:
    virtual ~relationship_handler() = default;
    virtual void call(detail::node& owner, detail::node* other) const = 0;
};

enum class relationship_kind : std::uint8_t { has_many, belongs_to, has_one, many_to_many, view };

/// One relationship member of a class, as the mapper knows it. Immutable after the mapper is configured; threads share it.
struct relationship {
    std::string name; // the member's
    relationship_kind kind = relationship_kind::belongs_to;
    std::size_t offset = 0;  // of the member in the object
    std::uint32_t index = 0; // position in mapper::relationships()
    const mapper* owner = nullptr;
    const mapper& (*target)() = nullptr;

    // options, from `describe`
    cascade cascades = cascade::save_update | cascade::merge;
    loader_strategy lazy = loader_strategy::peers;
    std::uint32_t depth =
        0; // how often an eager one may repeat on one way; 0: not back to a class on the way
    std::vector<order_term (*)()> order_by_sources = {}; // asked when the mapper is configured
    std::optional<referential_action> on_delete = {};    // of the foreign key, said here
    const column& (*position_source)() =
        nullptr;                             // the column of the far side that keeps the place in the list
    predicate (*view_condition)() = nullptr; // of a view: joins the two tables
    std::string association_table = {};      // many_to_many: empty: made from the classes' names
    std::optional<std::string> association_schema = {}; // ... nothing: that of the class that owns the table
    std::vector<std::string> near_columns = {};         // ... of this class's key; empty: made likewise
    std::vector<std::string> far_columns = {};
    std::vector<std::unique_ptr<relationship_handler>> on_link = {};
    std::vector<std::unique_ptr<relationship_handler>> on_unlink = {};

    // resolved when the mapper is configured
    std::vector<order_term> order_by = {};
    const property* position =
        nullptr; // the member of the far side that keeps the place in the list; null: none does
    const relationship* inverse = nullptr; // the other side; null when nobody answers
    /// Key columns as positions: in the class that carries the foreign key, and in the class that it refers to.
    struct key_pair {
        std::uint32_t foreign = 0;
        std::uint32_t referenced = 0;
    };
    std::vector<key_pair> keys = {};           // not of a many_to_many
    bool targets_primary_key = false;          // `referenced` is the whole primary key, in order
    bool required = false;                     // a foreign key column is NOT NULL
    const kin::association* through = nullptr; // many_to_many: the table between
    std::uint8_t near = 0; // ... the end of it that this class is; the target is the other

    // how the other side is found, filled by the typed front: a member name, or empty for "the only one"
    std::string inverse_member = {};
    std::string key_member = {};

    [[nodiscard]] std::string qualified_name() const; // "User.posts"
    /// The object itself carries the foreign key.
    [[nodiscard]] bool is_reference() const noexcept { return kind == relationship_kind::belongs_to; }
    /// The member is a collection of links: has_many, has_one (of at most one), many_to_many and view_many.
    [[nodiscard]] bool is_collection() const noexcept { return kind != relationship_kind::belongs_to; }
    /// The other objects carry the foreign key.
    [[nodiscard]] bool is_referred_to() const noexcept {
        return kind == relationship_kind::has_many || kind == relationship_kind::has_one;
    }
    /// Read-only: a query that looks like a collection.
    [[nodiscard]] bool is_view() const noexcept { return kind == relationship_kind::view; }
    [[nodiscard]] bool is_many_to_many() const noexcept { return kind == relationship_kind::many_to_many; }
};

} // namespace kin
