// SPDX-License-Identifier: MIT
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"

// One database for all threads, one session for each: mappers are configured by whoever comes first.

namespace {

struct Post;
struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    kin::has_many<Post> posts;
};
struct Post {
    kin::primary_key<int> id;
    std::string title;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
};

constexpr int threads = 8;
constexpr int rounds = 10;

void work(const kin::database& db, int number) {
    for (int i = 0; i < rounds; ++i) {
        kin::session s = db.session();
        auto user = s.add(User{.name = "user " + std::to_string(number)});
        s.add(kin::make<Post>({.title = std::to_string(i), .user = user}));
        s.commit();
        kin::session reader = db.session();
        for (const auto& post : reader.query<Post>().where(kin::col<&Post::user> == user)) {
            EXPECT_EQ(post->user->name, user->name);
        }
    }
}

void run_on(const std::string& url) {
    const kin::database db{url};
    db.create_all<User, Post>();
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back([&db, i] { work(db, i); });
    for (std::thread& t : all) t.join();
    kin::session s = db.session();
    EXPECT_EQ(s.query<User>().count(), threads * rounds);
    EXPECT_EQ(s.query<Post>().count(), threads * rounds);
}

TEST(threads_with_sessions, share_a_file) {
    const kin::testing::temporary_directory folder;
    run_on(folder.url());
}

TEST(threads_with_sessions, share_an_in_memory_database) { run_on("sqlite:///:memory:"); }

} // namespace
