// SPDX-License-Identifier: MIT
#include "kin/orm/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "unit/orm/expiry.hpp"

// populate_existing: semantics.md M6.

namespace {

using blog::code_of;
using blog::expiry;
using blog::Post;
using blog::User;

TEST_F(expiry, M6_populate_existing_overwrites_what_is_known_with_its_changes) {
    stored_user("John", 1);
    stored_user("Jane", 1);
    kin::session quiet = db.session({.autoflush = false});
    auto john = quiet.get<User>(1), jane = quiet.get<User>(2);
    ASSERT_EQ(john->posts.size() + jane->posts.size(), 2U);
    auto post = john->posts[0];
    john->name = "Jack";
    post->user = jane;
    (void)quiet.query<User>().all();
    EXPECT_EQ(john->name, "Jack");
    (void)quiet.query<User>().populate_existing().all();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(post->user, jane) << "the post's own change";
    const auto posts = quiet.query<Post>();
    (void)posts.populate_existing().all();
    EXPECT_EQ(post->user, john);
    EXPECT_FALSE(quiet.has_changes());
    EXPECT_EQ(john->posts.size(), 1U);
    EXPECT_EQ(jane->posts.size(), 1U);
}

TEST_F(expiry, M6_collections_are_loaded_again) {
    stored_user("John", 1);
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 1U);
    const kin::ref<const Post> first = john->posts[0];
    session.commit();
    elsewhere("INSERT INTO post (title, content, user_id) VALUES ('new', '', 1)");
    elsewhere("UPDATE post SET title = 'changed' WHERE id = 1");
    (void)session.query<User>().with(kin::selectin<&User::posts>).populate_existing().all();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_TRUE(john->posts.is_loaded());
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(first->title, "changed");
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(expiry, M6_rolls_back) {
    stored_user("John", 1);
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.flush();
    session.execute("UPDATE \"user\" SET name = 'by hand'");
    (void)session.query<User>().populate_existing().first();
    EXPECT_EQ(std::as_const(john)->name, "by hand");
    session.rollback();
    EXPECT_EQ(john->name, "John");
    EXPECT_FALSE(session.has_changes());
}

/// Its table holds larger numbers than it does.
struct Narrow {
    kin::primary_key<int> id;
    std::int8_t size = 0;
    std::optional<std::string> bio;
};

TEST_F(expiry, M6_a_row_that_does_not_fit_leaves_the_object_as_it_was) {
    db.engine().connect().execute(
        "CREATE TABLE narrow (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, bio TEXT)");
    elsewhere("INSERT INTO narrow (id, size) VALUES (1, 5)");
    const auto row = session.get<Narrow>(1);
    session.execute("UPDATE narrow SET size = 300, bio = 'new'");
    EXPECT_EQ(code_of([&] { (void)session.query<Narrow>().populate_existing().all(); }),
              "integer_out_of_range");
    EXPECT_EQ(row->size, 5);
    EXPECT_EQ(row->bio, std::nullopt);
    session.expire(row);
    EXPECT_EQ(code_of([&] { (void)row->size; }), "integer_out_of_range");
    session.rollback();
    EXPECT_EQ(row->size, 5);
}

} // namespace
