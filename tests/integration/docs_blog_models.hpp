// SPDX-License-Identifier: MIT
#pragma once

#include <kin/kin.hpp>

#include <optional>
#include <string>

/// The models of the guide's examples, and a database with some of them in it.
namespace docs {

// [models]
struct Post;
struct Comment;

struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    std::optional<std::string> bio;
    kin::has_many<Post> posts;
};

struct Post {
    kin::primary_key<int> id;
    kin::varchar<100> title;
    std::string content;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User, &Post::user_id> user;
    kin::has_many<Comment> comments;
};

struct Comment {
    kin::primary_key<int> id;
    std::string text;
    kin::foreign_key<&Post::id> post_id;
    kin::belongs_to<Post, &Comment::post_id> post;
};
// [/models]

/// Users John, Jane and Joan; each has two posts, each post has two comments.
inline void fill(const kin::database& db) {
    db.create_all<User, Post, Comment>();
    kin::session session = db.session();
    for (const char* name : {"John", "Jane", "Joan"}) {
        auto user = session.add(User{.name = name});
        for (const char* title : {"First Post", "Second Post"}) {
            auto post = kin::make<Post>({.title = title, .content = "Lorem ipsum", .user = user});
            session.add(Comment{.text = "Well said", .post = post});
            session.add(Comment{.text = "Why?", .post = post});
        }
    }
    session.commit();
}

inline kin::database filled_blog() {
    kin::database db{"sqlite:///:memory:"};
    fill(db);
    return db;
}

} // namespace docs
