// SPDX-License-Identifier: MIT
// expect: kin: the model that this member refers to is only forward-declared here; include the header that defines it
// names: User posts Post
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
    kin::has_many<Post> posts;
};

#ifdef KIN_CONTROL
struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
};
#endif

kin::ref<User> made() { return kin::make<User>(); }
