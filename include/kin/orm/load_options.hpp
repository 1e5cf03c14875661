// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <vector>

#include "kin/mapping/attribute.hpp"
#include "kin/mapping/cascade.hpp"

namespace kin {

/// What a query says about how relationships load: a path of members and a strategy. Made by kin::selectin, kin::peers,
/// kin::raise and the others below.
struct load_option {
    /// Asked for when the query runs, so that writing an option costs nothing and needs no finished mapping.
    std::vector<const relationship& (*)()> path;
    loader_strategy strategy = loader_strategy::peers;
};

namespace detail {
template <loader_strategy Strategy, auto... Path> struct load_path {
    static_assert(sizeof...(Path) != 0);
    operator load_option() const { return {{&relationship_of<Path>...}, Strategy}; }
};
template <class T> inline constexpr bool goes_along_relationships = true;
template <loader_strategy Strategy, auto... Path>
inline constexpr bool goes_along_relationships<load_path<Strategy, Path...>> =
    (is_relationship_member<Path> && ...);

template <class T> [[nodiscard]] load_option to_load_option(const T& option) {
    static_assert(std::is_convertible_v<const T&, load_option>,
                  "kin: with() takes loading options; write kin::selectin<&User::posts>");
    static_assert(goes_along_relationships<T>,
                  "kin: a loading option is a path of relationships; name has_many and belongs_to members");
    if constexpr (std::is_convertible_v<const T&, load_option> && goes_along_relationships<T>)
        return option;
    else
        return {};
}
} // namespace detail

/// `query.with(kin::selectin<&User::posts, &Post::comments>)`: loads every relationship of the path right after the query, one
/// statement each, however many objects there are.
template <auto... Path> inline constexpr detail::load_path<loader_strategy::selectin, Path...> selectin{};
/// `query.with(kin::peers<&User::posts>)`: loads on first touch, for all objects of the result together (the default).
template <auto... Path> inline constexpr detail::load_path<loader_strategy::peers, Path...> peers{};
/// `query.with(kin::select_each<&User::posts>)`: loads on first touch, for the touched object alone.
template <auto... Path> inline constexpr detail::load_path<loader_strategy::select, Path...> select_each{};

/// `query.with(kin::raise<&Post::comments>)`: reading it is an error, lazy_load_error (lazy_load), for the objects of this result until it
/// was loaded. The session's own flushes load what they need all the same.
template <auto... Path> inline constexpr detail::load_path<loader_strategy::raise, Path...> raise{};
/// ... only when a statement would be needed.
template <auto... Path>
inline constexpr detail::load_path<loader_strategy::raise_on_sql, Path...> raise_on_sql{};
/// `query.with(kin::noload<&Post::comments>)`: reads as empty for the objects of this result.
template <auto... Path> inline constexpr detail::load_path<loader_strategy::noload, Path...> noload{};

} // namespace kin
