// SPDX-License-Identifier: MIT
// expect: kin: has_many<T>, has_one<T>: T has no belongs_to back to this model; add kin::belongs_to<ThisModel> to T
// names: User posts Post
// Statement A23 of docs/semantics.md.
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> user_id;
#ifdef KIN_CONTROL
    kin::belongs_to<User> user;
#endif
};

kin::ref<User> made() { return kin::make<User>(); }
