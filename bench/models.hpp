// SPDX-License-Identifier: MIT
#pragma once

#include <kin/kin.hpp>

struct Post;

struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::varchar<100> title;
    std::string content;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User, &Post::user_id> user;
};
