// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kin/mapping/attribute.hpp"

namespace kin {

namespace detail {

enum class tree_direction : std::uint8_t { down, up };

} // namespace detail

/// The condition that kin::descendant_of and kin::ancestor_of make. It keeps the object that it was made with alive.
class [[nodiscard]] tree_condition : public predicate {
public:
    /// No condition. The others are made by the functions below.
    tree_condition() = default;
    tree_condition(const relationship& r, detail::tree_direction direction, detail::node* from);
    tree_condition(const relationship& r, detail::tree_direction direction, const std::vector<value>& key);
    /// ... and the object itself, if it is there: `kin::descendant_of<&Folder::parent>(root).or_self()`.
    [[nodiscard]] predicate or_self() const;

private:
    tree_condition(const relationship& r, detail::tree_direction direction, std::vector<expression> key);

    const relationship* relation_ = nullptr;
    detail::tree_direction direction_ = detail::tree_direction::down;
    std::vector<expression> key_; // of the object, one for each column
};

namespace detail {

template <auto Member, class Class> inline constexpr bool is_tree = is_tree_member<Member, Class>;
template <auto Member, class Class, class... Key>
inline constexpr bool is_key_or_object =
    (sizeof...(Key) == 1 && (std::is_convertible_v<const Key&, ref<Class>> && ...)) ||
    (sizeof...(Key) != 0 && (sql_can_bind<Key> && ...));

template <class Key> [[nodiscard]] value key_value(const Key& given) {
    if constexpr (std::is_convertible_v<const Key&, std::string_view>)
        return value(std::string_view(given));
    else
        return value(given);
}

template <auto Member, class Class, class... Key>
[[nodiscard]] tree_condition tree_from(tree_direction direction, const Key&... key) {
    static_assert(is_tree<Member, Class>, "kin: a tree is a relationship of a class with itself; write "
                                          "kin::descendant_of<&Folder::parent>(root)");
    static_assert(
        is_key_or_object<Member, Class, Key...>,
        "kin: a condition on a tree takes an object of the class, or the values of its primary key");
    if constexpr (!is_tree<Member, Class> || !is_key_or_object<Member, Class, Key...>)
        return {};
    else if constexpr ((std::is_convertible_v<const Key&, ref<Class>> && ...))
        return {relationship_of<Member, Class>(), direction, ref<Class>(key...).raw()};
    else
        return {relationship_of<Member, Class>(), direction, std::vector<value>{key_value(key)...}};
}

} // namespace detail

/// `session.query<Folder>().where(kin::descendant_of<&Folder::parent>(root))`: the objects below `root`, at any depth, without itself. The
/// relationship is one of the class with itself: a belongs_to leads up; a has_many, has_one or many_to_many leads down. So with
/// `kin::many_to_many<Author, "followers"> following`, `kin::descendant_of<&Author::following>(ann)` are those whom Ann follows, those
/// whom these follow, and so on.
///
/// Takes a ref, or the values of the primary key in the order of the members. A pending object will do: the flush before the query gives
/// it its key. What belongs to nobody (a NULL key) is below nobody; a circle in the data ends where it closes, and has no object twice.
/// Where the session or the query has criteria on the class, hidden objects lead nowhere.
/// For queries for objects and rows, counts, set-based updates and removals, and the conditions of other relationships.
/// Throws: state_error (null_ref); usage_error (wrong_key); when the statement is written, state_error (no_key_yet), and compile_error
/// (unsupported_feature) without feature::recursive_queries.
/// SQL: id IN (WITH RECURSIVE kin_tree (id) AS (SELECT id FROM folder WHERE id = ? UNION SELECT id FROM folder JOIN kin_tree ON
/// folder.parent_id = kin_tree.id) SELECT id FROM kin_tree WHERE id <> ?)
template <auto Member, class Class = detail::model_type<Member>, class... Key>
[[nodiscard]] tree_condition descendant_of(const Key&... object) {
    return detail::tree_from<Member, Class>(detail::tree_direction::down, object...);
}

/// `kin::ancestor_of<&Folder::parent>(leaf)`: the objects above `leaf`, up to the root, without itself. All else as descendant_of().
template <auto Member, class Class = detail::model_type<Member>, class... Key>
[[nodiscard]] tree_condition ancestor_of(const Key&... object) {
    return detail::tree_from<Member, Class>(detail::tree_direction::up, object...);
}

} // namespace kin
