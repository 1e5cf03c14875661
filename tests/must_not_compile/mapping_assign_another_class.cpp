// SPDX-License-Identifier: MIT
// plain: yes
// names: belongs_to Comment
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

void change(kin::ref<Post> post, kin::ref<User> user, kin::ref<Comment> comment) {
#ifdef KIN_CONTROL
    (void)comment, post->user = user;
#else
    (void)user, post->user = comment;
#endif
}
