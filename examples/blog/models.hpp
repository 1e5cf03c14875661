// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <kin/kin.hpp>
#include <optional>
#include <string>

struct Post;
struct Comment;
struct Tag;

struct User {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{40}, kin::unique> username;
    kin::varchar<80> name;
    std::optional<std::string> bio;
    std::chrono::sys_seconds joined_at;
    kin::has_many<Post> posts;
    kin::has_many<Comment> comments;
};

struct Post {
    kin::primary_key<int> id;
    kin::varchar<100> title;
    std::string content;
    std::chrono::sys_seconds created_at;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
    kin::has_many<Comment> comments;
    kin::many_to_many<Tag> tags;
};

/// About a post, and in a thread: a reply has a parent, which is about the same post.
struct Comment {
    kin::primary_key<int> id;
    std::string content;
    std::chrono::sys_seconds created_at;
    kin::foreign_key<&Post::id> post_id;
    kin::foreign_key<&User::id> user_id;
    std::optional<kin::forward_key<Comment, int>> parent_id;
    kin::belongs_to<Post> post;
    kin::belongs_to<User> user;
    kin::belongs_to<Comment, "parent_id"> parent;
    kin::has_many<Comment> replies;
};

struct Tag {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{30}, kin::unique> name;
    kin::many_to_many<Post> posts;
};

inline void describe(kin::mapping<Post>& m) {
    m.check("length(title) > 0");
    m.unique<&Post::user_id, &Post::title>(); // nobody publishes the same post twice
    m.index<&Post::created_at, &Post::id>();  // newest first
    m.relationship<&Post::comments>()
        .order_by(kin::col<&Comment::created_at>)
        .order_by(kin::col<&Comment::id>);
    m.relationship<&Post::tags>().order_by(kin::col<&Tag::name>);
}

inline void describe(kin::mapping<Comment>& m) {
    m.relationship<&Comment::replies>()
        .order_by(kin::col<&Comment::created_at>)
        .order_by(kin::col<&Comment::id>);
}
