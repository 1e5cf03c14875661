// SPDX-License-Identifier: MIT
#include "kin/mapping/has_many.hpp"

#include <utility>

#include "unit/orm/blog.hpp"

// The two sides of a relationship, as semantics.md states it in A and H.

namespace {

using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;

class semantics_A : public blog::test {
protected:
    kin::ref<User> john = blog::user("John");
    kin::ref<User> jane = blog::user("Jane");
};

TEST_F(semantics_A, A1_appending_sets_the_other_side_before_any_flush) {
    const kin::ref<Post> first = blog::post("First");
    john->posts.push_back(first);
    EXPECT_EQ(first->user, john);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_A, A2_setting_the_reference_appends_to_the_collection_before_any_flush) {
    kin::ref<Post> first = blog::post("First");
    first->user = john;
    ASSERT_EQ(john->posts.size(), 1U);
    EXPECT_EQ(john->posts[0], first);
}

TEST_F(semantics_A, A3_the_key_of_a_parent_without_a_row_is_filled_at_the_flush) {
    const kin::ref<Post> first = session.add(blog::post("First", john));
    EXPECT_EQ(first->user_id, 0);
    session.flush();
    EXPECT_GT(john->id, 0);
    EXPECT_EQ(first->user_id, john->id);
}

TEST_F(semantics_A, A4_setting_the_key_moves_the_reference_at_once_without_a_statement) {
    // kin does better (7): the later of the two wins, and the other side follows.
    stored_user("John", 1);
    stored_user("Jane", 1);
    auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    ASSERT_EQ(users[0]->posts.size() + users[1]->posts.size(), 2U);
    kin::ref<Post> post = users[0]->posts[0];
    counter.reset();

    post->user_id = users[1]->id;

    EXPECT_EQ(post->user, users[1]);
    EXPECT_EQ(users[0]->posts.size(), 0U);
    EXPECT_EQ(users[1]->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_A, A5_a_reference_that_was_never_read_follows_the_key_as_it_is_now) {
    stored_user("John", 1);
    const int jane_id = stored_user("Jane");
    kin::ref<Post> post = session.query<Post>().one();
    post->user_id = jane_id;
    EXPECT_EQ(post->user->name, "Jane");
}

TEST_F(semantics_A, A7_a_relationship_that_is_set_after_the_key_wins) {
    const int john_id = stored_user("John");
    const kin::ref<User> other = session.add(blog::user("Jane"));
    kin::ref<Post> post = session.add(blog::post("First", other));
    post->user_id = john_id;
    post->user = other;
    session.commit();
    EXPECT_EQ(stored<int>("SELECT user_id FROM post"), other->id);
}

TEST_F(semantics_A, A8_a_reference_set_to_null_after_the_key_writes_null) {
    stored_user("John", 1);
    const kin::ref<Post> post = session.query<Post>().one();
    kin::ref<Comment> comment = session.add(blog::comment("Hello"));
    comment->post_id = post->id;
    comment->post = nullptr;
    session.commit();
    EXPECT_EQ(stored<std::optional<int>>("SELECT post_id FROM comment"), std::nullopt);
}

TEST_F(semantics_A, A10_setting_the_reference_to_null_takes_the_child_out_of_the_collection) {
    kin::ref<Post> first = blog::post("First", john);
    first->user = nullptr;
    EXPECT_TRUE(john->posts.empty());
}

TEST_F(semantics_A, A11_a_default_made_reference_takes_the_child_out_as_well) {
    kin::ref<Post> first = blog::post("First", john);
    first->user = {};
    EXPECT_TRUE(john->posts.empty());
}

TEST_F(semantics_A, A13_assigning_a_collection_with_the_child_of_another_moves_it) {
    const kin::ref<Post> first = blog::post("First", john);
    const kin::ref<Post> second = blog::post("Second", jane);
    jane->posts = {second, first};
    EXPECT_TRUE(john->posts.empty());
    EXPECT_EQ(first->user, jane);
    ASSERT_EQ(jane->posts.size(), 2U);
    EXPECT_EQ(jane->posts[0], second);
    EXPECT_EQ(jane->posts[1], first);
}

TEST_F(semantics_A, A14_assigning_an_empty_collection_unsets_the_reference_of_all_that_left) {
    const kin::ref<Post> first = blog::post("First", john);
    const kin::ref<Post> second = blog::post("Second", john);
    john->posts = {};
    EXPECT_TRUE(john->posts.empty());
    EXPECT_EQ(first->user, nullptr);
    EXPECT_EQ(second->user, nullptr);
}

TEST_F(semantics_A, A16_elements_change_places_by_assigning_the_collection_not_the_elements) {
    const kin::ref<Post> first = blog::post("First", john);
    const kin::ref<Post> second = blog::post("Second", john);
    EXPECT_EQ(code_of([&] { std::swap(john->posts[0], john->posts[1]); }), "assign_to_element");
    EXPECT_EQ(john->posts[0], first);
    EXPECT_EQ(john->posts[1], second);

    john->posts = {second, first};

    EXPECT_EQ(john->posts[0], second);
    EXPECT_EQ(first->user, john);
    EXPECT_EQ(second->user, john);
}

TEST_F(semantics_A, A17_setting_the_reference_to_a_parent_with_an_unloaded_collection_sends_nothing) {
    stored_user("John", 2);
    const kin::ref<User> stored = session.query<User>().one();
    kin::ref<Post> third = blog::post("Third");
    counter.reset();
    third->user = stored;
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(stored->posts.size(), 3U);
    EXPECT_EQ(stored->posts[2], third) << "what was queued comes last";
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_A, A19_setting_the_reference_to_what_it_is_changes_nothing) {
    stored_user("John", 1);
    kin::ref<Post> post = session.query<Post>().one();
    const kin::ref<User> stored = post->user;
    ASSERT_EQ(stored->posts.size(), 1U);
    counter.reset();
    post->user = stored;
    post->user = stored;
    EXPECT_EQ(stored->posts.size(), 1U);
    session.commit();
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_A, A20_moving_a_child_selects_nothing_but_corrects_the_loaded_collection) {
    stored_user("John", 2);
    stored_user("Jane");
    auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    ASSERT_EQ(users[0]->posts.size(), 2U);
    kin::ref<Post> post = session.get<Post>(1);
    counter.reset();
    post->user = users[1];
    EXPECT_EQ(users[0]->posts.size(), 1U);
    EXPECT_EQ(users[1]->posts.size(), 1U);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_A, A25_a_change_of_one_side_reaches_the_other_exactly_once) {
    const kin::ref<Post> first = blog::post("First");
    john->posts.push_back(first);
    john->posts.push_back(first);
    kin::ref<Post>(first)->user = john;
    EXPECT_EQ(john->posts.size(), 1U);
}

class semantics_H : public blog::test {};

TEST_F(semantics_H, H1_an_appended_child_goes_last) {
    stored_user("John", 2);
    kin::ref<User> john = session.query<User>().one();
    const kin::ref<Post> third = blog::post("A third");
    john->posts.push_back(third);
    ASSERT_EQ(john->posts.size(), 3U);
    EXPECT_EQ(john->posts.back(), third);
}

TEST_F(semantics_H, H2_the_collection_of_a_new_object_is_empty_and_reading_it_changes_nothing) {
    stored_user("John");
    const kin::ref<User> made = session.add(blog::user("Jane"));
    session.commit();
    counter.reset();
    EXPECT_TRUE(made->posts.empty());
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_H, H4_appending_null_is_refused) {
    kin::ref<User> john = blog::user("John");
    EXPECT_EQ(code_of([&] { john->posts.push_back(nullptr); }), "null_ref");
    EXPECT_EQ(code_of([&] { john->posts.insert(0, nullptr); }), "null_ref");
    EXPECT_EQ(code_of([&] { john->posts = {blog::post("First"), nullptr}; }), "null_ref");
    EXPECT_FALSE(john->posts.erase(nullptr));
    EXPECT_TRUE(john->posts.empty());
}

TEST_F(semantics_H, H13_a_copy_of_a_collection_is_no_part_of_the_object_any_more) {
    kin::ref<User> john = blog::user("John");
    const kin::ref<Post> first = blog::post("First", john);
    kin::has_many<Post> copy = john->posts;
    copy.push_back(blog::post("Second"));
    copy.erase(first);
    EXPECT_EQ(john->posts.size(), 1U);
    EXPECT_EQ(first->user, john);
}

class unloaded_collection : public blog::test {
protected:
    void SetUp() override {
        stored_user("John", 3);
        stored_user("Jane");
        john = session.get<User>(1);
        counter.reset();
    }
    kin::ref<User> john;
};

TEST_F(unloaded_collection, takes_and_gives_without_loading) {
    kin::ref<Post> fourth = blog::post("Fourth");
    john->posts.push_back(fourth);
    EXPECT_TRUE(john->posts.contains(fourth));
    EXPECT_TRUE(john->posts.erase(fourth));
    EXPECT_FALSE(john->posts.erase(fourth));
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(john->posts.size(), 3U);
}

TEST_F(unloaded_collection, loses_a_child_that_is_known_without_loading) {
    kin::ref<Post> second = session.get<Post>(2);
    counter.reset();
    EXPECT_TRUE(john->posts.erase(second));
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_FALSE(john->posts.contains(second));
}

TEST_F(unloaded_collection, is_loaded_by_insert_and_keeps_the_place) {
    const kin::ref<Post> between = blog::post("Between");
    john->posts.insert(1, between);
    ASSERT_EQ(john->posts.size(), 4U);
    EXPECT_EQ(john->posts[1], between);
    EXPECT_EQ(john->posts[0]->title, "John 1");
    EXPECT_EQ(john->posts[2]->title, "John 2");
}

TEST_F(unloaded_collection, is_emptied_in_the_database_by_assigning_an_empty_one) {
    const kin::ref<Post> first = session.get<Post>(1);
    kin::ref<User> jane = session.get<User>(2);
    jane->posts = john->posts;
    session.commit();
    EXPECT_TRUE(john->posts.empty());
    EXPECT_EQ(first->user, jane);
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 2"), 3);
}

TEST_F(unloaded_collection, inserting_before_a_position_beyond_the_end_appends) {
    john->posts.insert(99, blog::post("Last"));
    EXPECT_EQ(john->posts.back()->title, "Last");
}

} // namespace
