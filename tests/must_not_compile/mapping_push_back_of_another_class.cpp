// SPDX-License-Identifier: MIT
// plain: yes
// names: Post Comment
// Statement H5 of docs/semantics.md.
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

void add(kin::ref<User> user, kin::ref<Post> post, kin::ref<Comment> comment) {
#ifdef KIN_CONTROL
    (void)comment, user->posts.push_back(post);
#else
    (void)post, user->posts.push_back(comment);
#endif
}
