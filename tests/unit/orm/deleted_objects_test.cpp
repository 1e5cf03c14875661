// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// An object whose row is deleted in this transaction is in no collection, and comes into none.

namespace {

using blog::code_of;
using blog::Post;
using blog::User;

class deleted_objects : public blog::test {
protected:
    deleted_objects() {
        stored_user("John", 1);
        stored_user("Jane");
        post = session.query<Post>().one();
        john = post->user;
        jane = session.query<User>().where(kin::col<&User::name> == "Jane").one();
    }
    kin::ref<Post> post;
    kin::ref<User> john;
    kin::ref<User> jane;
};

TEST_F(deleted_objects, cannot_be_linked_from_either_side) {
    session.remove(post);
    session.flush();
    EXPECT_EQ(code_of([&] { jane->posts.push_back(post); }), "object_deleted");
    EXPECT_EQ(code_of([&] { post->user = jane; }), "object_deleted");
    EXPECT_EQ(code_of([&] { jane->posts = {post}; }), "object_deleted");
    EXPECT_TRUE(jane->posts.empty());
    EXPECT_TRUE(john->posts.empty());
    session.rollback();
    EXPECT_EQ(post->user, john);
    EXPECT_EQ(john->posts.size(), 1U);
    jane->posts.push_back(post); // lives again
    session.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post"), jane->id);
}

TEST_F(deleted_objects, cannot_be_linked_in_a_many_to_many) {
    db.create_all<world::Author, world::Profile, world::Article, world::Tag, world::Badge>();
    auto article = session.add(world::Article{.title = "First"});
    auto red = session.add(world::Tag{.name = "red"});
    session.commit();
    session.remove(red);
    session.flush();
    EXPECT_EQ(code_of([&] { article->tags.push_back(red); }), "object_deleted");
    EXPECT_EQ(code_of([&] { red->articles.push_back(article); }), "object_deleted");
    EXPECT_TRUE(article->tags.empty());
    session.rollback();
    article->tags.push_back(red);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM article_tag"), 1);
}

TEST_F(deleted_objects, that_are_only_marked_stay_marked_when_they_are_linked) {
    session.remove(post);
    jane->posts.push_back(post);
    session.commit();
    EXPECT_TRUE(jane->posts.empty());
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 0);
}

} // namespace
