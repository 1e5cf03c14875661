// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <vector>

#include "kin/mapping/collection.hpp" // IWYU pragma: export
#include "kin/mapping/key_spec.hpp"

namespace kin {

/// The one-to-many side: `kin::has_many<Post> posts;`. A list of refs, in step with the other side (`belongs_to`) at all times:
/// what is added leaves the collection that it was in. Assigning replaces the collection.
///
/// `Other` names the other side where `T` has several: a member's name, or a member pointer.
/// Reading, adding and erasing: see detail::collection.
template <class T, by Other = inferred{}> class has_many : public detail::collection<T> {
    using base = detail::collection<T>;

public:
    static constexpr auto other = Other.value;

    has_many() noexcept = default;
    has_many(std::initializer_list<ref<T>> items) : base(items) {}
    has_many(const std::vector<ref<T>>& items) : base(items) {}
    has_many(const has_many&) = default;
    has_many(has_many&&) = default;
    ~has_many() = default;
    has_many& operator=(const has_many&) = default;
    has_many& operator=(has_many&&) = default;
    has_many& operator=(std::initializer_list<ref<T>> items) {
        this->assign(items.begin(), items.end());
        return *this;
    }
    has_many& operator=(const std::vector<ref<T>>& items) {
        this->assign(items.begin(), items.end());
        return *this;
    }
};

} // namespace kin
