// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/mapping/attribute.hpp"
#include "kin/mapping/cascade.hpp"

namespace kin {

/// What a query says about how relationships load: a path of members and a strategy, which is that of the last member. Made by
/// kin::selectin, kin::joined, kin::raise and the others below.
///
/// Members before the last load in the same way when that loads at once and no other option names them; else as they would without the option.
struct load_option {
    /// Asked for when the query runs, so that writing an option costs nothing and needs no finished mapping. Empty: every relationship that
    /// no other option names.
    std::vector<const relationship& (*)()> path;
    loader_strategy strategy = loader_strategy::peers;
    predicate condition = {}; // only these objects of the last relationship
    bool inner = false;       // joined: objects without a partner are left out
    std::uint32_t levels = 1; // selectin: of the last relationship, which goes on from what it brings
};

/// As many levels as there are.
inline constexpr std::uint32_t all_levels = std::numeric_limits<std::uint32_t>::max();

/// A condition on all objects of a class that a query, or a session, may load. Made by kin::criteria.
struct class_criteria {
    const mapper& (*type)() = nullptr;
    predicate holds;
};
/// `query.with(kin::criteria<Post>(kin::col<&Post::hidden> == false))`: wherever this query reads posts, in subqueries and relationships as
/// well, and whatever loads from its objects later, only those count for which it holds.
template <class T> [[nodiscard]] class_criteria criteria(predicate holds) {
    return {&detail::configured_mapper<T>, std::move(holds)};
}

namespace detail {

[[nodiscard]] constexpr bool loads_at_once(loader_strategy s) noexcept {
    return s == loader_strategy::selectin || s == loader_strategy::joined;
}
[[nodiscard]] constexpr bool loads_at_all(loader_strategy s) noexcept {
    return loads_at_once(s) || s == loader_strategy::peers || s == loader_strategy::select;
}

// The conditions as variables that name the members: compilers show them beside the message.
template <loader_strategy Strategy, auto... Path>
inline constexpr bool may_have_condition = loads_at_all(Strategy) && sizeof...(Path) != 0;
template <loader_strategy Strategy, auto... Path>
inline constexpr bool may_be_inner = Strategy == loader_strategy::joined;

template <auto... Path> struct last_of_path {
    static constexpr bool is_tree = false;
};
template <auto Only> struct last_of_path<Only> {
    static constexpr bool is_tree = is_tree_member<Only>;
};
template <auto First, auto Second, auto... Rest>
struct last_of_path<First, Second, Rest...> : last_of_path<Second, Rest...> {};
template <loader_strategy Strategy, auto... Path>
inline constexpr bool may_be_recursive =
    Strategy == loader_strategy::selectin && last_of_path<Path...>::is_tree;

/// The classes of a path's members: a type among the arguments, as in column_of().
template <class... Classes> struct path_classes {};

template <loader_strategy Strategy, class Classes, auto... Path> class refined_load;

template <loader_strategy Strategy, class Classes, auto... Path> struct load_path {
    operator load_option() const { return {{&relationship_of<Path>...}, Strategy}; }

    /// Only those objects of the last relationship for which `condition` holds: `kin::selectin<&User::posts>.where(kin::col<&Post::id> > 9)`.
    /// A collection that was loaded so is_partial().
    [[nodiscard]] refined_load<Strategy, Classes, Path...> where(predicate condition) const {
        return refined_load<Strategy, Classes, Path...>().where(std::move(condition));
    }
    /// Objects without a partner are left out of the result. SQL: JOIN in place of LEFT JOIN
    [[nodiscard]] refined_load<Strategy, Classes, Path...> inner() const {
        return refined_load<Strategy, Classes, Path...>().inner();
    }
    /// The last relationship, which is one of a class with itself, goes on from what it brings: `kin::selectin<&Folder::folders>.recursive()`
    /// loads a whole tree, `kin::selectin<&Folder::parent>.recursive()` the way up to the root. One statement for each level, with the keys
    /// of all its objects; it ends with the level that brings no object that was not there, so a circle in the data ends, too. What is
    /// said about other relationships behind it holds on every level, and takes one statement for all levels together.
    /// `levels`: at most so many, the first included, which is always loaded; what is below loads as the mapping says.
    [[nodiscard]] refined_load<Strategy, Classes, Path...>
    recursive(std::uint32_t levels = all_levels) const {
        return refined_load<Strategy, Classes, Path...>().recursive(levels);
    }
};

template <loader_strategy Strategy, auto... Path>
using load_along = load_path<Strategy, path_classes<model_type<Path>...>, Path...>;

/// A loading option with more to it.
template <loader_strategy Strategy, class Classes, auto... Path> class refined_load {
public:
    /// As load_path::where; several are joined by AND.
    [[nodiscard]] refined_load where(predicate condition) && {
        static_assert(
            may_have_condition<Strategy, Path...>,
            "kin: a condition is for relationships that load; write kin::selectin<&User::posts>.where(...)");
        condition_ = std::move(condition_) && std::move(condition);
        return std::move(*this);
    }
    /// As load_path::inner.
    [[nodiscard]] refined_load inner() && {
        static_assert(
            may_be_inner<Strategy, Path...>,
            "kin: only joined relationships have an inner join; write kin::joined<&Post::user>.inner()");
        inner_ = true;
        return std::move(*this);
    }
    /// As load_path::recursive.
    [[nodiscard]] refined_load recursive(std::uint32_t levels = all_levels) && {
        static_assert(
            may_be_recursive<Strategy, Path...>,
            "kin: only selectin of a relationship of a class with itself goes on from level to level; "
            "write kin::selectin<&Folder::folders>.recursive()");
        levels_ = levels;
        return std::move(*this);
    }
    operator load_option() const {
        load_option option = load_path<Strategy, Classes, Path...>();
        option.condition = condition_;
        option.inner = inner_;
        option.levels = levels_;
        return option;
    }

private:
    predicate condition_;
    bool inner_ = false;
    std::uint32_t levels_ = 1;
};

template <class T> inline constexpr bool goes_along_relationships = true;
template <loader_strategy Strategy, class Classes, auto... Path>
inline constexpr bool goes_along_relationships<load_path<Strategy, Classes, Path...>> =
    (is_relationship_member<Path> && ...);
template <loader_strategy Strategy, class Classes, auto... Path>
inline constexpr bool goes_along_relationships<refined_load<Strategy, Classes, Path...>> =
    (is_relationship_member<Path> && ...);

/// Only a strategy that waits may speak of all relationships.
template <class T> inline constexpr bool names_what_loads_at_once = true;
template <loader_strategy Strategy>
inline constexpr bool names_what_loads_at_once<load_path<Strategy, path_classes<>>> =
    !loads_at_once(Strategy);

[[nodiscard]] inline class_criteria to_load_option(const class_criteria& criteria) { return criteria; }
template <class T> [[nodiscard]] load_option to_load_option(const T& option) {
    static_assert(std::is_convertible_v<const T&, load_option>,
                  "kin: with() takes loading options; write kin::selectin<&User::posts>");
    static_assert(goes_along_relationships<T>,
                  "kin: a loading option is a path of relationships; name has_many and belongs_to members");
    static_assert(
        names_what_loads_at_once<T>,
        "kin: selectin<> and joined<> name relationships; only what waits may stand for all of them");
    if constexpr (std::is_convertible_v<const T&, load_option> && goes_along_relationships<T>)
        return option;
    else
        return {};
}
} // namespace detail

/// `query.with(kin::selectin<&User::posts, &Post::comments>)`: loads every relationship of the path right after the query, one
/// statement each, however many objects there are.
template <auto... Path> inline constexpr detail::load_along<loader_strategy::selectin, Path...> selectin{};
/// `query.with(kin::joined<&Post::user>)`: loads every relationship of the path in the query's own statement. Objects come once each and in
/// the same order as without it, and LIMIT counts them. Collections multiply the rows: prefer selectin for large ones, and for more
/// than one.
/// SQL: LEFT JOIN
template <auto... Path> inline constexpr detail::load_along<loader_strategy::joined, Path...> joined{};
/// `query.with(kin::peers<&User::posts>)`: loads on first touch, for all objects of the result together (the default). `kin::peers<>`:
/// everything that no other option names, whatever the mapping says.
template <auto... Path> inline constexpr detail::load_along<loader_strategy::peers, Path...> peers{};
/// `query.with(kin::select_each<&User::posts>)`: loads on first touch, for the touched object alone.
template <auto... Path> inline constexpr detail::load_along<loader_strategy::select, Path...> select_each{};

/// `query.with(kin::raise<&Post::comments>)`: reading it is an error, lazy_load_error (lazy_load), for the objects of this result until it
/// was loaded. The session's own flushes load what they need all the same. `kin::raise<>`: everything that no other option names.
template <auto... Path> inline constexpr detail::load_along<loader_strategy::raise, Path...> raise{};
/// ... only when a statement would be needed.
template <auto... Path>
inline constexpr detail::load_along<loader_strategy::raise_on_sql, Path...> raise_on_sql{};
/// `query.with(kin::noload<&Post::comments>)`: reads as empty for the objects of this result.
template <auto... Path> inline constexpr detail::load_along<loader_strategy::noload, Path...> noload{};

} // namespace kin
