// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

#include "kin/mapping/ref.hpp"

namespace kin::detail {

/// How a side of a relationship reads that leads to one object or to none: like a `ref<T>`. `Side` is the class that derives from
/// this one; its `target()` says which object that is, and loads it when it is not known.
template <class T, class Side> class single_target {
public:
    using target_type = T;

    [[nodiscard]] ref<T> get() const { return ref<T>(target_of(*this)); }
    operator ref<T>() const { return get(); }
    /// `kin::ref<const User> author = post->user;`
    template <class U>
        requires std::is_same_v<U, const T>
    operator ref<U>() const {
        return get();
    }
    [[nodiscard]] explicit operator bool() const { return target_of(*this) != nullptr; }

    /// Throws: state_error (null_ref) when there is none.
    [[nodiscard]] const T* operator->() const {
        node& n = checked();
        freshen(n);
        return static_cast<const T*>(n.object());
    }
    [[nodiscard]] T* operator->() {
        node& n = checked();
        touch(n);
        return static_cast<T*>(n.object());
    }
    [[nodiscard]] const T& operator*() const { return *operator->(); }
    [[nodiscard]] T& operator*() { return *operator->(); }

    friend bool operator==(const Side& a, const Side& b) { return target_of(a) == target_of(b); }
    friend bool operator==(const Side& a, const ref<T>& b) { return target_of(a) == b.raw(); }
    friend bool operator==(const Side& a, std::nullptr_t) { return target_of(a) == nullptr; }

private:
    [[nodiscard]] static node* target_of(const single_target& side) {
        return static_cast<const Side&>(side).target();
    }
    [[nodiscard]] node& checked() const {
        node* n = target_of(*this);
        if (!n) [[unlikely]]
            fail_null_ref<T>();
        return *n;
    }
};

} // namespace kin::detail
