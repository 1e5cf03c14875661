// SPDX-License-Identifier: MIT
// expect: kin: belongs_to<T, key>: that is not a foreign key to T in this model; declare it kin::foreign_key<&T::id>
// names: Post user User
#include <kin/kin.hpp>

struct User {
    kin::primary_key<int> id;
};

struct Group {
    kin::primary_key<int> id;
};

struct Post {
    kin::primary_key<int> id;
    int views = 0;
    kin::foreign_key<&Group::id> group_id;
    kin::foreign_key<&User::id> user_id;
#ifdef KIN_CONTROL
    kin::belongs_to<User, &Post::user_id> user;
#else
    kin::belongs_to<User, &Post::views> user;
#endif
};

kin::ref<Post> made() { return kin::make<Post>(); }
