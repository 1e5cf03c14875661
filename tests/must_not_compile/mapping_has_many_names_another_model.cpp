// SPDX-License-Identifier: MIT
// expect: kin: has_many<T, member>: that is not a belongs_to this model in T; name the one that is
// names: User posts Post
#include <kin/kin.hpp>

struct Post;

struct Group {
    kin::primary_key<int> id;
};

struct User {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::has_many<Post, "author"> posts;
#else
    kin::has_many<Post, "group"> posts;
#endif
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> author_id;
    kin::belongs_to<User> author;
    kin::foreign_key<&Group::id> group_id;
    kin::belongs_to<Group> group;
};

kin::ref<User> made() { return kin::make<User>(); }
