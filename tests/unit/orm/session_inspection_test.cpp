// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include <utility>

#include "unit/orm/blog.hpp"

// What a session tells about its objects: semantics.md M9, P1, P4 and T10.

namespace {

using blog::code_of;
using blog::Post;
using blog::User;

template <class T> using refs = std::vector<kin::ref<T>>;

class inspection : public blog::test {};

TEST_F(inspection, M9_is_modified_tells_the_net_change) {
    stored_user("John");
    auto john = session.get<User>(1);
    EXPECT_FALSE(session.is_modified(john));
    john->name = "Jack";
    EXPECT_TRUE(session.is_modified(john));
    john->name = "John";
    EXPECT_FALSE(session.is_modified(john)) << "changed back";
    john->bio = "new";
    session.flush();
    EXPECT_FALSE(session.is_modified(john));
    const auto jane = blog::user("Jane");
    EXPECT_TRUE(session.is_modified(jane)) << "it has no row";
    session.add(jane);
    EXPECT_TRUE(session.is_modified(jane));
    counter.reset();
    john->bio = std::nullopt;
    EXPECT_TRUE(session.is_modified(john));
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(code_of([&] { (void)session.is_modified(kin::ref<User>()); }), "null_ref");
}

TEST_F(inspection, M9_is_modified_notices_a_reference_to_what_has_no_key_yet) {
    stored_user("John", 1);
    auto post = session.query<Post>().one();
    post->user = blog::user("Jane");
    EXPECT_TRUE(session.is_modified(post));
}

TEST_F(inspection, M9_pending_modified_and_removed_objects_are_listed_by_class) {
    stored_user("John", 3);
    stored_user("Jane");
    auto john = session.get<User>(1), jane = session.get<User>(2);
    const auto posts = session.query<Post>().order_by(kin::col<&Post::id>).all();
    const auto first = session.add(blog::user("Jim")), second = session.add(blog::user("Joe"));
    posts[2].edit().title = "changed";
    posts[1].edit().title = "John 2"; // as it is
    jane->name = "Joan";
    john->name = "Jack";
    session.remove(posts[0]);
    counter.reset();
    EXPECT_EQ(session.pending<User>(), (refs<User>{first, second}));
    EXPECT_TRUE(session.pending<Post>().empty());
    EXPECT_EQ(session.modified<User>(), (refs<User>{jane, john}));
    EXPECT_EQ(session.modified<Post>(), refs<Post>{posts[2]});
    EXPECT_EQ(session.removed<Post>(), refs<Post>{posts[0]});
    EXPECT_TRUE(session.removed<User>().empty());
    EXPECT_EQ(counter.count(), 0U);
    session.flush();
    EXPECT_TRUE(session.pending<User>().empty());
    EXPECT_TRUE(session.modified<User>().empty());
    EXPECT_TRUE(session.modified<Post>().empty());
    EXPECT_TRUE(session.removed<Post>().empty());
}

TEST_F(inspection, M9_an_object_that_is_removed_is_not_listed_as_modified) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.remove(john);
    EXPECT_TRUE(session.modified<User>().empty());
    session.add(john); // not removed after all
    EXPECT_EQ(session.modified<User>(), refs<User>{john});
    EXPECT_TRUE(session.removed<User>().empty());
}

TEST_F(inspection, T10_session_of_gives_the_session_of_an_object) {
    const auto john = blog::user("John");
    EXPECT_EQ(kin::session_of(john), nullptr);
    EXPECT_EQ(kin::session_of(kin::ref<User>()), nullptr);
    session.add(john);
    EXPECT_EQ(kin::session_of(john), &session);
    session.commit();
    kin::session moved = std::move(session);
    EXPECT_EQ(kin::session_of(john), &moved);
    moved.close();
    EXPECT_EQ(kin::session_of(john), nullptr);
}

TEST_F(inspection, P1_the_states_are_exclusive) {
    const auto john = session.add(blog::user("John"));
    EXPECT_EQ(session.pending<User>().size() + session.modified<User>().size() +
                  session.removed<User>().size(),
              1U);
    session.commit();
    john.edit().name = "Jack";
    EXPECT_EQ(session.pending<User>().size() + session.modified<User>().size() +
                  session.removed<User>().size(),
              1U);
    session.remove(john);
    EXPECT_EQ(session.pending<User>().size() + session.modified<User>().size() +
                  session.removed<User>().size(),
              1U);
    session.commit();
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
}

TEST_F(inspection, P4_expunge_all_lets_every_object_go_and_keeps_the_transaction) {
    stored_user("John", 1);
    auto john = session.get<User>(1);
    const auto post = session.get<Post>(1);
    const auto jane = session.add(blog::user("Jane"));
    john->name = "Jack";
    session.flush();
    john->bio = "not written";
    const auto jim = session.add(blog::user("Jim"));
    session.expunge_all();
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(kin::state_of(post), kin::object_state::detached);
    EXPECT_EQ(kin::state_of(jane), kin::object_state::detached);
    EXPECT_EQ(kin::state_of(jim), kin::object_state::transient);
    EXPECT_FALSE(session.has_changes());
    EXPECT_TRUE(session.in_transaction());
    EXPECT_NE(session.get<User>(1), john);
    session.commit();
    EXPECT_EQ(stored_column("SELECT name FROM \"user\" ORDER BY id"),
              (std::vector<std::string>{"Jack", "Jane"}));
    EXPECT_EQ(john->bio, "not written");
}

TEST_F(inspection, P4_after_expunge_all_a_rollback_leaves_the_objects_as_they_are) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.flush();
    session.expunge_all();
    session.rollback();
    EXPECT_EQ(john->name, "Jack");
    EXPECT_EQ(session.get<User>(1)->name, "John");
}

} // namespace
