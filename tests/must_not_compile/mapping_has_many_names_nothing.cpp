// SPDX-License-Identifier: MIT
// expect: kin: has_many<T, "member">: T has no member of that name; name its belongs_to
// names: User posts Post
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::has_many<Post, "author"> posts;
#else
    kin::has_many<Post, "athor"> posts;
#endif
};

struct Post {
    kin::primary_key<int> id;
    std::string title;
    kin::foreign_key<&User::id> author_id;
    kin::belongs_to<User> author;
};

kin::ref<User> made() { return kin::make<User>(); }
