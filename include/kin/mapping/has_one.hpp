// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kin/mapping/collection.hpp"
#include "kin/mapping/key_spec.hpp"
#include "kin/mapping/single_target.hpp"

namespace kin {

/// The side of a one-to-one relationship that does not carry the foreign key: `kin::has_one<Profile> profile;`. Reads like a
/// `ref<Profile>`; the Profile has a `belongs_to` back, and its foreign key becomes UNIQUE.
///
/// Assigning another object unsets the key of the old one at once (deletes it at the next flush with cascade::delete_orphan), on
/// whichever side the assignment is made; a has_one that is not loaded is loaded for that. `Other` names the other side where `T` has several.
/// Reading loads it when it is not known: with one statement for all objects of the same result (`lazy = peers`).
/// Throws on reading: detached_instance when it is not loaded and the object has no session any more.
template <class T, by Other = inferred{}>
class has_one : public detail::collection_base, public detail::single_target<T, has_one<T, Other>> {
public:
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

private:
    friend detail::single_target<T, has_one>;
    [[nodiscard]] detail::node* target() const { return this->only(); }
};

} // namespace kin
