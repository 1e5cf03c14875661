// SPDX-License-Identifier: MIT
#pragma once

#include <new>
#include <utility>

#include "kin/mapping/model.hpp"
#include "kin/mapping/ref.hpp"

namespace kin {

namespace detail {

[[nodiscard]] node* allocate_node(const mapper& m);
void free_node(node* n) noexcept;
/// Binds the relationships of an object that was put into `n`; the caller's reference is the one that is counted.
void finish_made(node& n);

/// Puts an object into a node of its own; its relationships stay the loose lists and values of the initialiser.
template <class T> [[nodiscard]] ref<T> make_loose(const mapper& m, T&& init) {
    node* n = allocate_node(m);
    try {
        ::new (n->object()) T(std::move(init));
    } catch (...) {
        free_node(n);
        throw;
    }
    return ref<T>(n);
}

} // namespace detail

/// Makes an object that may be linked to others and added to a session: `kin::make<User>({.name = "John"})`, or
/// `kin::make(User{.name = "John"})`, the same function with better compile errors. What the initialiser links
/// (`.user = user`, `.posts = {...}`) is in step on both sides at once; linking to an object in a session adds this one to it.
/// Throws: mapping_error at the first use of a faulty mapping; state_error (two_sessions); std::bad_alloc.
template <class T> [[nodiscard]] ref<T> make(T init = T{}) {
    ref<T> made = detail::make_loose(detail::configured_mapper<T>(), std::move(init));
    detail::finish_made(*made.raw());
    return made;
}

} // namespace kin
