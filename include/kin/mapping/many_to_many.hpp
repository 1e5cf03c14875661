// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <vector>

#include "kin/mapping/collection.hpp" // IWYU pragma: export
#include "kin/mapping/key_spec.hpp"

namespace kin {

/// One of the two sides of a many-to-many relationship: `kin::many_to_many<Tag> tags;` in Post, and, where it is wanted,
/// `kin::many_to_many<Post> posts;` in Tag. A list of refs without repetition; what is added here appears on the other side at once.
///
/// The rows that link the two stand in a table of their own that nobody has to declare: `post_tag` (the tables' names in
/// alphabetical order; of a class with itself: table and member) with a foreign key to each side, together its primary key.
/// create_all() creates it with either class. `describe` may name it: `m.relationship<&Post::tags>().table("labels").columns("post", "tag")`.
/// Links that carry more than the two keys are a class of their own, with two belongs_to.
///
/// `Other` names the other side where `T` has several: a member's name, or a member pointer.
/// Reading, adding and erasing: see detail::collection. On a collection that is not loaded, on neither side, erase() and contains() ask
/// the database for the one row.
template <class T, by Other = inferred{}> class many_to_many : public detail::collection<T> {
    using base = detail::collection<T>;

public:
    static constexpr auto other = Other.value;

    many_to_many() noexcept = default;
    many_to_many(std::initializer_list<ref<T>> items) : base(items) {}
    many_to_many(const std::vector<ref<T>>& items) : base(items) {}
    many_to_many(const many_to_many&) = default;
    many_to_many(many_to_many&&) = default;
    ~many_to_many() = default;
    many_to_many& operator=(const many_to_many&) = default;
    many_to_many& operator=(many_to_many&&) = default;
    many_to_many& operator=(std::initializer_list<ref<T>> items) {
        this->assign(items.begin(), items.end());
        return *this;
    }
    many_to_many& operator=(const std::vector<ref<T>>& items) {
        this->assign(items.begin(), items.end());
        return *this;
    }
};

} // namespace kin
