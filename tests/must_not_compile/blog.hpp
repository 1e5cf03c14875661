// SPDX-License-Identifier: MIT
#pragma once

// The models of the query_* cases.

#include <kin/kin.hpp>

struct Post;
struct Comment;

struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    std::optional<std::string> bio;
    bool active = true;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::varchar<100> title;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
    kin::has_many<Comment> comments;
};

struct Comment {
    kin::primary_key<int> id;
    std::string text;
    kin::foreign_key<&Post::id> post_id;
    kin::belongs_to<Post> post;
};
