// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"
#include "support/test_database.hpp"

/// The models and the fixture of the everyday tests: users with posts (the key is NOT NULL), posts with comments (it may
/// be NULL).
namespace blog {

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
    std::optional<kin::foreign_key<&Post::id>> post_id;
    kin::belongs_to<Post> post;
};

inline kin::ref<User> user(std::string_view name) { return kin::make(User{.name = name}); }
inline kin::ref<Post> post(std::string_view title, const kin::ref<User>& by = {}) {
    return kin::make(Post{.title = title, .user = by});
}
inline kin::ref<Comment> comment(std::string_view text, const kin::ref<Post>& on = {}) {
    return kin::make(Comment{.text = std::string(text), .post = on});
}

/// A database in memory and a session on it.
class quiet_test : public testing::Test {
protected:
    quiet_test() { db.create_all<User, Post, Comment>(); }

    /// A user with `posts` posts, each with `comments` comments, written by a session of its own; returns the key.
    int stored_user(std::string_view name, int posts = 0, int comments = 0) {
        kin::session writer = db.session();
        const kin::ref<User> made = writer.add(user(name));
        for (int p = 1; p <= posts; ++p) {
            const kin::ref<Post> one = post(std::string(name) + " " + std::to_string(p), made);
            for (int c = 1; c <= comments; ++c) (void)comment("comment " + std::to_string(c), one);
        }
        writer.commit();
        return made->id;
    }
    /// What the database says, through a session that knows nothing: one value.
    template <class T = std::int64_t> T stored(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    /// The first column of all rows.
    template <class T = std::string> std::vector<T> stored_column(std::string_view sql) {
        kin::session reader = db.session();
        std::vector<T> out;
        for (auto& [value] : reader.sql<T>(sql)) out.push_back(value);
        return out;
    }

    kin::database db{kin::testing::fresh_url(), {.pool_timeout_ms = 50}};
    kin::session session = db.session();
};

/// ... and a counter of its statements.
class test : public quiet_test {
protected:
    kin::testing::sql_counter counter{db};
};

/// The code of the kin::error that `call` throws; "" when it throws none.
template <class Call> std::string code_of(Call&& call) {
    try {
        call();
    } catch (const kin::error& e) {
        return std::string(e.code());
    }
    return {};
}

/// The error of class `Error` that `call` throws; the test fails when there is none.
template <class Error, class Call> Error caught(Call&& call) {
    try {
        call();
    } catch (const Error& e) {
        return e;
    } catch (const kin::error& e) {
        ADD_FAILURE() << "another class was thrown: " << e.code() << ": " << e.what();
        return Error({.code = "other", .message = "another class was thrown", .sql = {}});
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error({.code = "nothing", .message = "nothing was thrown", .sql = {}});
}

} // namespace blog
