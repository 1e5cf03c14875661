// SPDX-License-Identifier: MIT
// expect: kin: this member has a type that kin cannot store; specialise kin::codec<Type>, or make it a relationship
// names: Post user User
#include <kin/kin.hpp>

struct User {
    kin::primary_key<int> id;
};

struct Post {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
#else
    User* user = nullptr;
#endif
};

kin::ref<Post> made() { return kin::make<Post>(); }
