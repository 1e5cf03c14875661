// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// A row that must refer to another one never comes to refer to the one with the key 0, because it left the one that it had.

namespace {

using blog::caught;
using blog::Post;
using blog::User;
using testing::HasSubstr;

class lost_target : public blog::test {
protected:
    lost_target() {
        const int john = stored_user("John", 1);
        auto nobody = session.add(blog::user("Nobody"));
        session.commit();
        nobody->id = 0;
        session.commit();
        user = session.get_one<User>(john);
        post = user->posts[0];
        session.commit();
        counter.reset();
    }
    void expect_refused() {
        const auto e = caught<kin::foreign_key_violation>([&] { session.commit(); });
        EXPECT_EQ(e.code(), "foreign_key_violation");
        EXPECT_EQ(e.table(), "post");
        EXPECT_EQ(e.column(), "user_id");
        EXPECT_EQ(e.constraint(), "fk_post_user_id");
        EXPECT_THAT(std::string(e.message()), HasSubstr("Post.user was unset"));
        session.rollback();
        EXPECT_EQ(post->user, user);
        EXPECT_EQ(stored("SELECT user_id FROM post"), user->id);
    }
    kin::ref<User> user;
    kin::ref<Post> post;
};

TEST_F(lost_target, by_leaving_the_collection) {
    user->posts.erase(post);
    expect_refused();
}

TEST_F(lost_target, by_emptying_the_collection) {
    user->posts.clear();
    expect_refused();
}

TEST_F(lost_target, by_the_reference) {
    post->user = nullptr;
    expect_refused();
}

TEST_F(lost_target, and_found_another_one) {
    user->posts.erase(post);
    post->user = session.add(blog::user("Jane"));
    session.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post"), post->user->id);
}

TEST_F(lost_target, while_the_row_goes_as_well) {
    user->posts.erase(post);
    session.remove(post);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 0);
}

TEST_F(lost_target, and_the_row_with_the_key_0_may_be_named_by_hand) {
    session.close();
    post = session.query<Post>().one();
    ASSERT_EQ(post->user->name, "John");
    post->user_id = 0; // of whom the session knows no object
    session.commit();
    EXPECT_EQ(post->user->name, "Nobody");
    EXPECT_EQ(stored("SELECT user_id FROM post"), 0);
}

/// A new object, beside the row with the key 0.
TEST_F(lost_target, that_was_never_there) {
    session.add(kin::make(Post{.title = "Nobody's"}));
    const auto e = caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_EQ(e.column(), "user_id");
    EXPECT_THAT(std::string(e.message()), HasSubstr("Post.user was not set"));
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 1);
    session.add(kin::make(Post{.title = "of the row with the key 0", .user = session.get_one<User>(0)}));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 0"), 1);
}

} // namespace
