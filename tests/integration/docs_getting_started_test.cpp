// SPDX-License-Identifier: MIT
// The code of docs/guide/getting-started.md.
#include <gtest/gtest.h>

#include "docs_blog_models.hpp"

namespace docs {
namespace {

TEST(docs_getting_started, from_an_empty_database_to_a_changed_one) {
    // [open]
    kin::database db{"sqlite:///:memory:"}; // a file: sqlite:///blog.db
    db.create_all<User, Post, Comment>();
    // [/open]

    // [write]
    kin::session session = db.session();
    auto john = session.add(User{.name = "John"});
    auto post = kin::make<Post>({.title = "First Post", .content = "Lorem ipsum", .user = john});
    session.commit(); // INSERT the user, then the post with the user's new key
    // [/write]
    EXPECT_EQ(post->user_id, john->id);

    // [read]
    kin::session reader = db.session();
    const auto found = reader.query<User>().where(kin::col<&User::name> == "John").one();
    for (const auto& p : found->posts) EXPECT_EQ(p->title, "First Post");
    // [/read]
    EXPECT_EQ(found->posts.size(), 1u);
    reader.close();

    // [change]
    john->bio = "Writes about C++"; // noticed by itself: UPDATE "user" SET "bio" = ?
    post->title = "The First Post";
    session.commit();
    // [/change]

    // [remove]
    session.remove(post);
    session.commit(); // DELETE FROM "post"
    // [/remove]
    EXPECT_EQ(db.session().query<Post>().count(), 0);
    EXPECT_EQ(db.session().get_one<User>(1)->bio, "Writes about C++");
}

} // namespace
} // namespace docs
