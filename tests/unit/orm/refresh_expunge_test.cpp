// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include "unit/orm/blog.hpp"

// Commit, refresh, expunge, close and what objects are afterwards: semantics.md N and P.

namespace {

using blog::caught;
using blog::code_of;
using blog::Post;
using blog::User;

class semantics_N : public blog::test {};

TEST_F(semantics_N, N1_values_and_loaded_collections_stay_readable_after_commit_without_a_statement) {
    const auto john = session.add(blog::user("John")); // kin does better (8)
    const auto post = blog::post("First", john);
    session.commit();
    counter.reset();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(john->posts.size(), 1U);
    EXPECT_EQ(post->user->name, "John");
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_N, N6_refresh_reads_the_columns_again_and_leaves_collections_as_they_are) {
    stored_user("John", 2);
    auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    session.execute("UPDATE \"user\" SET name = 'Jack'");
    session.execute("DELETE FROM post WHERE id = 2");
    john->bio = "lost";
    counter.reset();
    kin::session quiet = db.session();
    session.refresh(john);
    EXPECT_EQ(john->name, "Jack");
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_N, N6_what_was_changed_and_not_written_is_lost_by_refresh) {
    stored_user("John");
    kin::session quiet = db.session({.autoflush = false});
    auto john = quiet.get<User>(1);
    john->name = "Jack";
    quiet.refresh(john);
    EXPECT_EQ(john->name, "John");
    EXPECT_FALSE(quiet.has_changes());
    john->name = "Jim";
    quiet.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "Jim") << "it is still watched";
}

TEST_F(semantics_N, N6_a_reference_follows_the_key_that_refresh_reads) {
    stored_user("John", 1);
    stored_user("Jane");
    const auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    auto post = session.query<Post>().one();
    ASSERT_EQ(users[0]->posts.size() + users[1]->posts.size(), 1U);
    ASSERT_EQ(post->user, users[0]);
    session.execute("UPDATE post SET user_id = 2");
    session.refresh(post);
    EXPECT_EQ(post->user, users[1]);
    EXPECT_EQ(users[0]->posts.size(), 0U);
    EXPECT_EQ(users[1]->posts.size(), 1U);
}

TEST_F(semantics_N, N6_a_refreshed_object_is_what_rollback_goes_back_to_the_committed_row_of) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.flush();
    session.execute("UPDATE \"user\" SET name = 'Jim'");
    session.refresh(john);
    EXPECT_EQ(john->name, "Jim");
    session.rollback();
    EXPECT_EQ(john->name, "John");
}

TEST_F(semantics_N, N6_what_refresh_read_from_others_is_not_undone) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->bio = "seen"; // watched from here on
    session.commit();
    {
        kin::session other = db.session();
        other.execute("UPDATE \"user\" SET name = 'Jack'");
        other.commit();
    }
    session.refresh(john);
    session.rollback();
    EXPECT_EQ(john->name, "Jack") << "nobody took the change back";
}

TEST_F(semantics_N, N6_what_refresh_read_of_this_transaction_is_undone_although_nobody_changed_the_object) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.execute("UPDATE \"user\" SET name = 'Jack'");
    session.refresh(john);
    EXPECT_EQ(john->name, "Jack");
    session.rollback();
    EXPECT_EQ(john->name, "John");
}

TEST_F(semantics_N, N6_refresh_finds_the_row_whatever_the_program_put_into_the_key) {
    stored_user("John");
    stored_user("Jane");
    auto john = session.get<User>(1);
    john->id = 2;
    session.refresh(john);
    EXPECT_EQ(john->id, 1);
    EXPECT_EQ(john->name, "John");
}

TEST_F(semantics_N, N9_only_an_object_with_a_row_in_this_session_can_be_refreshed) {
    const auto john = blog::user("John");
    EXPECT_EQ(code_of([&] { session.refresh(john); }), "not_persistent");
    session.add(john);
    EXPECT_EQ(code_of([&] { session.refresh(john); }), "not_persistent");
    session.commit();
    session.execute("DELETE FROM \"user\"");
    EXPECT_EQ(code_of([&] { session.refresh(john); }), "row_gone");
    EXPECT_EQ(john->name, "John");
}

TEST_F(semantics_N, N10_commit_with_nothing_to_do_sends_nothing) {
    session.commit();
    session.commit();
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(counter.transactions(), 0U);
}

class semantics_P : public blog::test {};

TEST_F(semantics_P, P1_an_object_goes_through_the_five_states) {
    const auto john = blog::user("John");
    EXPECT_EQ(kin::state_of(john), kin::object_state::transient);
    session.add(john);
    EXPECT_EQ(kin::state_of(john), kin::object_state::pending);
    session.flush();
    EXPECT_EQ(kin::state_of(john), kin::object_state::persistent);
    session.commit();
    EXPECT_EQ(kin::state_of(john), kin::object_state::persistent);
    session.remove(john);
    session.flush();
    EXPECT_EQ(kin::state_of(john), kin::object_state::deleted);
    session.commit();
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(john->name, "John");
}

TEST_F(semantics_P, P2_objects_stay_readable_after_close_and_the_session_may_be_used_again) {
    stored_user("John", 1, 1);
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 1U);
    session.close();
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(john->posts[0]->title, "John 1");
    EXPECT_EQ(john->posts[0]->user, john);
    EXPECT_FALSE(session.in_transaction());
    EXPECT_EQ(session.get<User>(1)->name, "John");
}

TEST_F(semantics_P, P2_close_rolls_back) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.flush();
    session.close();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "John");
}

TEST_F(semantics_P, P2_objects_of_a_session_that_ended_stay_readable_and_may_be_linked) {
    stored_user("John", 1);
    kin::ref<User> john;
    {
        kin::session short_lived = db.session();
        john = short_lived.get<User>(1);
        (void)john->posts.size();
    }
    EXPECT_EQ(john->posts[0]->title, "John 1");
    const auto post = blog::post("New", john);
    EXPECT_EQ(john->posts.size(), 2U);
    session.add(john);
    EXPECT_EQ(kin::state_of(post), kin::object_state::pending);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 1"), 2);
}

TEST_F(semantics_P, a_detached_object_that_is_changed_and_added_again_is_updated) {
    stored_user("John");
    auto john = session.get<User>(1);
    session.close();
    john->name = "Jack";
    session.add(john);
    EXPECT_EQ(kin::state_of(john), kin::object_state::persistent);
    EXPECT_TRUE(session.has_changes());
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "Jack");
}

TEST_F(semantics_P, P4_expunge_makes_a_pending_object_transient_and_a_persistent_one_detached) {
    const auto john = session.add(blog::user("John"));
    session.expunge(john);
    EXPECT_EQ(kin::state_of(john), kin::object_state::transient);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 0);
    session.add(john);
    session.commit();
    session.expunge(john);
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(code_of([&] { session.expunge(john); }), "not_in_session");
    EXPECT_NE(session.get<User>(1), john);
}

TEST_F(semantics_P, P4_changes_of_an_expunged_object_are_not_written) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.expunge(john);
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "John");
}

TEST_F(semantics_P, P4_an_expunged_object_may_enter_another_session_while_its_own_lives) {
    for (const char* name : {"John", "Jane", "Jim", "Jill", "Joe"}) stored_user(name);
    auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    session.commit();
    auto john = users[0];
    session.expunge(john);
    kin::session other = db.session();
    EXPECT_EQ(code_of([&] { other.add(john); }), "");
    EXPECT_EQ(kin::session_of(john), &other);
    john->name = "Jack";
    users[1]->name = "Janet";
    other.commit();
    session.commit();
    EXPECT_EQ(stored_column("SELECT name FROM \"user\" ORDER BY id"),
              (std::vector<std::string>{"Jack", "Janet", "Jim", "Jill", "Joe"}));
    const kin::ref<User> again = session.get<User>(1);
    EXPECT_NE(again, john) << "one object in each session";
    session.close();
    users.clear();
    EXPECT_EQ(john->name, "Jack");
    EXPECT_EQ(again->name, "Jack");
}

TEST_F(semantics_P, P4_an_expunged_object_may_go_before_those_that_it_came_with) {
    for (const char* name : {"John", "Jane", "Jim"}) stored_user(name);
    auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    session.commit();
    {
        kin::session other = db.session();
        session.expunge(users[1]);
        other.add(users[1]);
        users.erase(users.begin() + 1);
    }
    {
        kin::session other = db.session();
        session.expunge(users[1]);
        other.add(users[1]);
        EXPECT_EQ(users[1]->name, "Jim");
        other.expunge(users[1]);
        session.add(users[1]); // and back
    }
    EXPECT_EQ(session.get<User>(3), users[1]);
    for (const char* name : {"Jill", "Joe"}) stored_user(name);
    EXPECT_EQ(session.query<User>().all().size(), 5U);
    users[1]->name = "James";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 3"), "James");
    EXPECT_EQ(users[0]->name, "John");
}

TEST_F(semantics_P, P4_what_is_linked_leaves_together) {
    stored_user("John", 2);
    auto john = session.get<User>(1);
    auto first = john->posts[0];
    auto second = john->posts[1];
    session.commit();
    session.expunge(john);
    kin::session other = db.session();
    try {
        other.add(john);
        FAIL();
    } catch (const kin::state_error& e) {
        EXPECT_EQ(e.code(), "two_sessions");
        EXPECT_EQ(e.message(), "this User has left another session, but is linked, directly or by way of "
                               "others, to a Post that is in it, and linked objects are in one session; "
                               "expunge that one as well, unlink it, close that session, or take a copy "
                               "with merge()");
    }
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(code_of([&] { other.add(first); }), "two_sessions");
    session.expunge(first);
    session.expunge(second);
    other.add(john); // takes them along
    EXPECT_EQ(kin::session_of(second), &other);
    second->title = "changed";
    other.remove(first);
    other.commit();
    EXPECT_EQ(stored_column("SELECT title FROM post"), std::vector<std::string>{"changed"});
    EXPECT_EQ(session.query<Post>().one()->user->name, "John");
}

TEST_F(semantics_P, P4_what_a_rollback_may_change_stays_until_the_transaction_ends) {
    stored_user("John");
    auto john = session.get<User>(1);
    auto post = blog::post("First");
    john->posts.push_back(post); // a rollback would take it out again
    session.expunge(post);
    post->user = nullptr;
    kin::session other = db.session();
    try {
        other.add(post);
        FAIL();
    } catch (const kin::state_error& e) {
        EXPECT_EQ(e.code(), "two_sessions");
        EXPECT_NE(e.message().find("commit or roll back that session first"), std::string_view::npos);
    }
    session.rollback();
    EXPECT_EQ(code_of([&] { other.add(post); }), "");
    EXPECT_EQ(kin::state_of(post), kin::object_state::pending);
}

TEST_F(semantics_P, P4_an_expunged_object_may_be_linked_to_one_of_another_session) {
    stored_user("John", 1);
    stored_user("Jane");
    auto post = session.query<Post>().one();
    session.commit();
    session.expunge(post);
    kin::session other = db.session();
    auto jane = other.get<User>(2);
    EXPECT_EQ(code_of([&] { post->user = jane; }), "");
    EXPECT_EQ(kin::session_of(post), &other);
    EXPECT_EQ(jane->posts.size(), 1U);
    other.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post"), 2);
    session.close();
    EXPECT_EQ(post->title, jane->posts[0]->title);
}

TEST_F(semantics_P, P4_after_expunge_all_each_object_may_go_its_own_way) {
    for (const char* name : {"John", "Jane"}) stored_user(name);
    auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    session.commit();
    session.expunge_all();
    kin::session one = db.session();
    kin::session two = db.session();
    one.add(users[0]);
    two.add(users[1]);
    users[0]->name = "Jack";
    users[1]->name = "Janet";
    one.commit();
    two.commit();
    EXPECT_EQ(session.query<User>().where(kin::col<&User::name> == "Janet").count(), 1);
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE name IN ('Jack', 'Janet')"), 2);
}

TEST_F(semantics_P, P5_expunge_takes_children_along_only_with_the_cascade) {
    stored_user("John", 1);
    const auto john = session.get<User>(1);
    const auto post = session.query<Post>().one();
    ASSERT_EQ(john->posts.size(), 1U);
    session.expunge(john);
    EXPECT_TRUE(session.contains(post));
    EXPECT_EQ(post->user, john);
}

TEST_F(semantics_P, an_object_expunged_in_an_open_transaction_survives_its_rollback) {
    const auto john = session.add(blog::user("John"));
    const auto post = blog::post("First", john);
    session.flush();
    session.expunge(john);
    session.rollback();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(post->title, "First");
    EXPECT_EQ(session.query<User>().count(), 0);
}

TEST_F(semantics_P, a_moved_session_carries_on_and_the_old_one_says_so) {
    stored_user("John");
    auto john = session.get<User>(1);
    kin::session moved = std::move(session);
    john->name = "Jack";
    moved.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "Jack");
    EXPECT_EQ(code_of([&] { session.commit(); }), "moved_session");
    EXPECT_EQ(code_of([&] { (void)session.query<User>(); }), "moved_session");
    EXPECT_EQ(code_of([&] { session.close(); }), "moved_session");
    EXPECT_FALSE(session.contains(john));
    EXPECT_FALSE(session.in_transaction());
    session = db.session();
    EXPECT_EQ(session.get<User>(1)->name, "Jack");
}

TEST_F(semantics_P, assigning_a_session_over_another_lets_the_objects_of_that_one_go) {
    const auto john = session.add(blog::user("John"));
    session = db.session();
    EXPECT_EQ(kin::state_of(john), kin::object_state::transient);
    session.add(john);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 1);
}

} // namespace
