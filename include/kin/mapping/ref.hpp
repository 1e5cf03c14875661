// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view> // std::hash, which is specialised for refs
#include <type_traits>
#include <utility>

#include "kin/mapping/node.hpp"

namespace kin {

namespace detail {

[[noreturn]] void fail_null_ref(const char* function);
template <class T> [[noreturn]] void fail_null_ref() { fail_null_ref(__PRETTY_FUNCTION__); }
/// The rare half of reading through a ref: there is no object, or it is expired.
[[gnu::cold]] void make_readable(node* n, const char* function);
[[noreturn]] void fail_assign_to_link();

/// One word: a node, and in bit 0 whether it is a link inside an object (owns nothing) or a ref from outside (counts).
/// Copying or moving a link gives a counted ref.
class any_ref {
public:
    any_ref() noexcept = default;
    explicit any_ref(node* n) noexcept : word_(reinterpret_cast<std::uintptr_t>(n)) {
        if (n) acquire(*n);
    }
    any_ref(const any_ref& other) noexcept : any_ref(other.raw()) {}
    any_ref(any_ref&& other) noexcept {
        if (other.is_link()) {
            *this = any_ref(other.raw());
        } else {
            word_ = std::exchange(other.word_, 0);
        }
    }
    any_ref& operator=(const any_ref& other) {
        any_ref copy(other);
        swap_in(copy);
        return *this;
    }
    any_ref& operator=(any_ref&& other) {
        any_ref taken(std::move(other));
        swap_in(taken);
        return *this;
    }
    ~any_ref() {
        if (word_ != 0 && !is_link()) release(*raw());
    }

    [[nodiscard]] node* raw() const noexcept { return reinterpret_cast<node*>(word_ & ~std::uintptr_t{1}); }
    [[nodiscard]] explicit operator bool() const noexcept { return word_ > 1; }

protected:
    [[nodiscard]] bool is_link() const noexcept { return (word_ & 1) != 0; }

private:
    void swap_in(any_ref& other) {
        if (is_link()) [[unlikely]]
            fail_assign_to_link();
        std::swap(word_, other.word_);
    }
    std::uintptr_t word_ = 0;
};

} // namespace detail

/// A reference to a mapped object. Through a const ref the object is `const T`, through a mutable one it is `T`, and the first
/// mutable access is what makes a session look at the object when it flushes. Null by default.
///
/// Ownership: while any ref to any object of a graph lives, or a session holds it, all objects of that graph live.
/// One word, not atomic: a graph of objects belongs to one thread at a time.
template <class T> class ref : public detail::any_ref {
public:
    using element_type = T;

    ref() noexcept = default;
    ref(std::nullptr_t) noexcept {}
    explicit ref(detail::node* n) noexcept : any_ref(n) {}
    template <class U>
        requires(std::is_const_v<T> && std::is_same_v<U, std::remove_const_t<T>>)
    ref(const ref<U>& other) noexcept : any_ref(other) {}

    /// Throws: state_error (null_ref) when there is no object. An expired one is read again first: see session::expire().
    [[nodiscard]] const T* operator->() const { return static_cast<const T*>(checked().object()); }
    [[nodiscard]] T* operator->()
        requires(!std::is_const_v<T>)
    {
        return &edit();
    }
    [[nodiscard]] const T& operator*() const { return *operator->(); }
    [[nodiscard]] T& operator*()
        requires(!std::is_const_v<T>)
    {
        return edit();
    }
    /// Mutable access through a const ref (a captured or passed one), said aloud.
    [[nodiscard]] T& edit() const
        requires(!std::is_const_v<T>)
    {
        detail::node* n = raw();
        if (!n) [[unlikely]]
            detail::fail_null_ref(__PRETTY_FUNCTION__);
        detail::touch(*n);
        return *static_cast<T*>(n->object());
    }

    /// Two refs are equal when they refer to the same object; in one session that means to the same row.
    friend bool operator==(const ref& a, const ref& b) noexcept { return a.raw() == b.raw(); }
    friend bool operator==(const ref& a, std::nullptr_t) noexcept { return a.raw() == nullptr; }

private:
    [[nodiscard]] detail::node& checked() const {
        detail::node* n = raw();
        if (!n || n->has(detail::node_flag::expired)) [[unlikely]]
            detail::make_readable(n, __PRETTY_FUNCTION__);
        return *n;
    }
};

template <class T> ref(ref<T>) -> ref<T>;

} // namespace kin

template <class T> struct std::hash<kin::ref<T>> {
    [[nodiscard]] std::size_t operator()(const kin::ref<T>& r) const noexcept {
        return std::hash<const void*>{}(r.raw());
    }
};
