// SPDX-License-Identifier: MIT
// expect: kin: this member is no foreign key; write kin::foreign_key<&User::id> user_id;
// names: Post::title
#include <kin/kin.hpp>

struct User {
    kin::primary_key<int> id;
};

struct Post {
    kin::primary_key<int> id;
    kin::varchar<100> title;
    kin::foreign_key<&User::id> user_id;
};

void describe(kin::mapping<Post>& m) {
#ifdef KIN_CONTROL
    m.foreign_key<&Post::user_id>().deferred();
#else
    m.foreign_key<&Post::title>().deferred();
#endif
}
