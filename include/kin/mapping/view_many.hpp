// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kin/mapping/collection.hpp"

namespace kin {

/// A read-only relationship with a condition of its own: `kin::view_many<Post> drafts;`. Nothing is written for it and nobody is told;
/// `describe` says what it shows: `m.relationship<&User::drafts>().on([] { return kin::col<&Post::user_id> == kin::col<&User::id> &&
/// kin::col<&Post::draft>; })`. The two classes must differ.
///
/// Loads like a has_many, with one statement for all objects of the same result, and stays as it was loaded until the object is
/// expired. Throws on reading: detached_instance when it is not loaded and the object has no session any more.
template <class T> class view_many : public detail::collection_base {
public:
    using target_type = T;
    using value_type = ref<T>;
    using const_iterator = const ref<T>*;

    view_many() noexcept = default;
    view_many(const view_many&) noexcept {}
    view_many(view_many&&) noexcept {}
    ~view_many() = default;
    view_many& operator=(const view_many&) noexcept {
        return *this;
    } // shows what its own object's row is joined to
    view_many& operator=(view_many&&) noexcept { return *this; }

    /// Number of objects. Loads.
    [[nodiscard]] std::size_t size() const {
        ensure_loaded();
        return slot_count();
    }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] const_iterator begin() const {
        ensure_loaded();
        return reinterpret_cast<const ref<T>*>(words());
    }
    [[nodiscard]] const_iterator end() const { return begin() + slot_count(); }
    /// Bounds: i < size(), as with std::vector.
    [[nodiscard]] const ref<T>& operator[](std::size_t i) const { return begin()[i]; }
};

} // namespace kin
