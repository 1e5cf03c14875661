// SPDX-License-Identifier: MIT
// plain: yes
// names: Post
// Statement H4 of docs/semantics.md.
#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::varchar<100> title;
    int views = 0;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
};

struct Comment {
    kin::primary_key<int> id;
};

void clear(kin::ref<User> user) {
#ifdef KIN_CONTROL
    user->posts = {};
#else
    user->posts = nullptr;
#endif
}
