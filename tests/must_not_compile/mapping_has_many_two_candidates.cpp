// SPDX-License-Identifier: MIT
// expect: kin: has_many<T>: T has several belongs_to to this model; name one: has_many<T, "member">
// names: User posts Post
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::has_many<Post, "author"> posts;
#else
    kin::has_many<Post> posts;
#endif
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> author_id;
    std::optional<kin::foreign_key<&User::id>> editor_id;
    kin::belongs_to<User> author;
    kin::belongs_to<User> editor;
};

kin::ref<User> made() { return kin::make<User>(); }
