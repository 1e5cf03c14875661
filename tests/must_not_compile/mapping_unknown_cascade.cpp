// SPDX-License-Identifier: MIT
// plain: yes
// names: cascade save_updates
// Statement B3 of docs/semantics.md.
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
    m.relationship<&User::posts>().cascade(kin::cascade::save_update);
#else
    m.relationship<&User::posts>().cascade(kin::cascade::save_updates);
#endif
}
