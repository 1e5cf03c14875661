// SPDX-License-Identifier: MIT
#include "kin/mapping/ref.hpp"

#include "unit/orm/blog.hpp"

// Decision 1: what is handed out as const is never looked at, what was handed out mutable is watched for the rest of the session.

namespace {

using blog::Post;
using blog::User;

class const_tracking : public blog::test {
protected:
    void SetUp() override {
        stored_user("John", 2);
        stored_user("Jane", 1);
        counter.reset();
    }
};

TEST_F(const_tracking, a_loop_over_const_refs_watches_nothing) {
    for (const auto& user : session.query<User>()) {
        (void)user->name;
        for (const auto& post : user->posts) (void)post->title;
    }
    for (const auto& post : session.query<Post>()) (void)post->user->name;
    for (const auto& user : session.query<User>())
        EXPECT_FALSE(user.raw()->has(kin::detail::node_flag::touched));
    EXPECT_FALSE(session.has_changes());
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(const_tracking, a_reference_that_is_kept_across_two_commits_stays_noticed) {
    kin::ref<User> john = session.get<User>(1);
    User& object = *john;
    session.commit();
    object.name = "Jack";
    EXPECT_TRUE(session.has_changes());
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 1"), "Jack");
    object.name = "Jim";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 1"), "Jim");
}

TEST_F(const_tracking, a_reference_to_a_member_that_is_kept_is_noticed_as_well) {
    kin::ref<User> john = session.get<User>(1);
    std::optional<std::string>& bio = john->bio;
    session.commit();
    session.rollback();
    bio = "text";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT bio FROM \"user\" WHERE id = 1"), "text");
}

TEST_F(const_tracking, a_reference_into_a_new_object_is_noticed_after_its_insert) {
    kin::ref<User> made = blog::user("New");
    User& object = *made;
    session.add(made);
    session.commit();
    object.name = "Newer";
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE name = 'Newer'"), 1);
}

TEST_F(const_tracking, a_new_object_that_is_changed_after_its_insert_through_a_fresh_ref_is_noticed) {
    kin::ref<User> made = session.add(User{.name = "New"});
    session.commit();
    made->name = "Newer";
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE name = 'Newer'"), 1);
}

TEST_F(const_tracking, a_reference_kept_across_a_rollback_stays_noticed) {
    kin::ref<User> john = session.get<User>(1);
    User& object = *john;
    object.name = "Jack";
    session.flush();
    session.rollback();
    EXPECT_EQ(object.name, "John");
    object.name = "Jim";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 1"), "Jim");
}

TEST_F(const_tracking, mutable_access_alone_sends_nothing) {
    auto john = session.get<User>(1);
    john->name.size();
    for (auto& post : john->posts) (void)post->title;
    EXPECT_FALSE(session.has_changes());
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(const_tracking, edit_says_aloud_that_a_const_ref_changes_its_object) {
    const kin::ref<User> john = session.get<User>(1);
    john.edit().name = "Jack";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 1"), "Jack");
}

TEST_F(const_tracking, a_ref_to_const_gives_no_way_to_change) {
    const kin::ref<const User> john = session.get<User>(1);
    static_assert(std::is_same_v<decltype(john.operator->()), const User*>);
    kin::ref<const User> other = john;
    static_assert(std::is_same_v<decltype(*other), const User&>);
    EXPECT_EQ(other->name, "John");
    EXPECT_FALSE(john.raw()->has(kin::detail::node_flag::touched));
}

TEST_F(const_tracking, through_a_mutable_relationship_of_a_mutable_object_changes_are_noticed) {
    kin::ref<User> john = session.get<User>(1);
    for (auto& post : john->posts) post->content = "text";
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE content = 'text'"), 2);
    kin::ref<Post> post = session.get<Post>(1);
    post->user->name = "Jack";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 1"), "Jack");
}

TEST_F(const_tracking, standard_algorithms_over_const_collections_work) {
    const auto john = session.get<User>(1);
    const auto found = std::find_if(john->posts.begin(), john->posts.end(),
                                    [](const auto& p) { return p->title == "John 2"; });
    ASSERT_NE(found, john->posts.end());
    EXPECT_EQ((*found)->id, 2);
}

} // namespace
