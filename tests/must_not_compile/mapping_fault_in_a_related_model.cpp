// SPDX-License-Identifier: MIT
// expect: kin: belongs_to<T>: this model has no foreign key to T; add kin::foreign_key<&T::id>
// names: Comment post Post
#include <kin/kin.hpp>

struct Post;
struct Comment;

struct User {
    kin::primary_key<int> id;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
    kin::has_many<Comment> comments;
};

struct Comment {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::foreign_key<&Post::id> post_id;
#else
    int post_id = 0;
#endif
    kin::belongs_to<Post> post;
};

void create(const kin::database& db) { db.create_all<User>(); }
