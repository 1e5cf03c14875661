// SPDX-License-Identifier: MIT
// expect: kin: belongs_to<T>: this model has no foreign key to T; add kin::foreign_key<&T::id>
// names: Post user User
#include <kin/kin.hpp>

struct User {
    kin::primary_key<int> id;
};

struct Post {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::foreign_key<&User::id> user_id;
#else
    int user_id = 0;
#endif
    kin::belongs_to<User> user;
};

kin::ref<Post> made() { return kin::make<Post>(); }
