// SPDX-License-Identifier: MIT
// expect: kin: this member is a relationship; write m.relationship<&User::posts>()
// names: User::posts
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
};

void describe(kin::mapping<User>& m) {
#ifdef KIN_CONTROL
    m.relationship<&User::posts>().lazy(kin::loader_strategy::selectin);
#else
    m.column<&User::posts>().comment("his posts");
#endif
}
