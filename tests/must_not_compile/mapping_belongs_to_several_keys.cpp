// SPDX-License-Identifier: MIT
// expect: kin: belongs_to<T>: this model has several foreign keys to T; name one: belongs_to<T, "key">
// names: Post user User
#include <kin/kin.hpp>

struct User {
    kin::primary_key<int> id;
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> author_id;
    kin::foreign_key<&User::id> editor_id;
#ifdef KIN_CONTROL
    kin::belongs_to<User, "author_id"> user;
#else
    kin::belongs_to<User> user;
#endif
};

kin::ref<Post> made() { return kin::make<Post>(); }
