// SPDX-License-Identifier: MIT
// expect: kin: has_many<T, member>: that is not a belongs_to this model in T; name the one that is
// names: User posts Post
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::has_many<Post, "author"> posts;
#else
    kin::has_many<Post, "title"> posts;
#endif
};

struct Post {
    kin::primary_key<int> id;
    std::string title;
    kin::foreign_key<&User::id> author_id;
    kin::belongs_to<User> author;
};

kin::ref<User> made() { return kin::make<User>(); }
