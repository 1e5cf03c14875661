// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kin/mapping/collection.hpp"
#include "kin/mapping/key_spec.hpp"

namespace kin {

/// The side of a one-to-one relationship that does not carry the foreign key: `kin::has_one<Profile> profile;`. Reads like a
/// `ref<Profile>`; the Profile has a `belongs_to` back, and its foreign key becomes UNIQUE.
///
/// Assigning another object unsets the key of the old one at once (deletes it at the next flush with cascade::delete_orphan), on
/// whichever side the assignment is made; a has_one that is not loaded is loaded for that. `Other` names the other side where `T` has several.
/// Reading loads it when it is not known: with one statement for all objects of the same result (`lazy = peers`).
/// Throws on reading: detached_instance when it is not loaded and the object has no session any more.
template <class T, by Other = inferred{}> class has_one : public detail::collection_base {
public:
    using target_type = T;
    static constexpr auto other = Other.value;

    has_one() noexcept = default;
    has_one(std::nullptr_t) noexcept {}
    has_one(const ref<T>& object) { this->assign_only(object.raw()); }
    has_one(const has_one&) = default;
    has_one(has_one&&) = default;
    ~has_one() = default;

    /// Throws: state_error (two_sessions) when both objects are in sessions, but not in the same one.
    has_one& operator=(const ref<T>& object) {
        this->assign_only(object.raw());
        return *this;
    }
    has_one& operator=(std::nullptr_t) {
        this->assign_only(nullptr);
        return *this;
    }
    has_one& operator=(const has_one&) = default;
    has_one& operator=(has_one&&) = default;

    [[nodiscard]] ref<T> get() const { return ref<T>(this->only()); }
    operator ref<T>() const { return get(); }
    /// `kin::ref<const Profile> profile = user->profile;`
    template <class U>
        requires std::is_same_v<U, const T>
    operator ref<U>() const {
        return get();
    }
    [[nodiscard]] explicit operator bool() const { return this->only() != nullptr; }

    /// Throws: state_error (null_ref) when there is none.
    [[nodiscard]] const T* operator->() const {
        detail::node& n = checked();
        detail::freshen(n);
        return static_cast<const T*>(n.object());
    }
    [[nodiscard]] T* operator->() {
        detail::node& n = checked();
        detail::touch(n);
        return static_cast<T*>(n.object());
    }
    [[nodiscard]] const T& operator*() const { return *operator->(); }
    [[nodiscard]] T& operator*() { return *operator->(); }

    friend bool operator==(const has_one& a, const has_one& b) { return a.only() == b.only(); }
    friend bool operator==(const has_one& a, const ref<T>& b) { return a.only() == b.raw(); }
    friend bool operator==(const has_one& a, std::nullptr_t) { return a.only() == nullptr; }

private:
    [[nodiscard]] detail::node& checked() const {
        detail::node* n = this->only();
        if (!n) [[unlikely]]
            detail::fail_null_ref(__PRETTY_FUNCTION__);
        return *n;
    }
};

} // namespace kin
