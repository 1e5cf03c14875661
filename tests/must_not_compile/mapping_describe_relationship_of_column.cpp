// SPDX-License-Identifier: MIT
// expect: kin: this member is a column; write m.column<&User::name>()
// names: User::id
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
    m.column<&User::id>().comment("key");
#else
    m.relationship<&User::id>().lazy(kin::loader_strategy::selectin);
#endif
}
