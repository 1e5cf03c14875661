// SPDX-License-Identifier: MIT
// plain: yes
// names: foreign_key
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

void move(const kin::ref<Post>& post) {
#ifdef KIN_CONTROL
    post.edit().user_id = 5;
#else
    post->user_id = 5;
#endif
}
