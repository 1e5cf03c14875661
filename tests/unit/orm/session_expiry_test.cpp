// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include <utility>

#include "support/test_database.hpp"
#include "unit/orm/expiry.hpp"

// Reading objects again: semantics.md M4 and N.

namespace {

using blog::caught;
using blog::code_of;
using blog::Comment;
using blog::expiry;
using blog::Post;
using blog::User;

// --- N1, N3: after a commit -----------------------------------------------------------------------------------------------

TEST_F(expiry, N1_with_expire_on_commit_the_next_access_reads_all_columns_with_one_select) {
    const auto john = expiring.add(blog::user("John"));
    expiring.commit();
    elsewhere("UPDATE \"user\" SET name = 'Jack', bio = 'new'");
    EXPECT_EQ(john->name, "Jack");
    EXPECT_EQ(john->bio, "new");
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(expiry, N1_objects_of_one_result_are_read_again_with_one_select) {
    stored_user("John");
    stored_user("Jane");
    stored_user("Jim");
    const auto users = expiring.query<User>().all();
    expiring.commit();
    elsewhere("UPDATE \"user\" SET bio = 'new'");
    for (auto user = users.rbegin(); user != users.rend(); ++user) EXPECT_EQ((*user)->bio, "new");
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(expiry, N1_an_element_of_a_relationship_is_read_again_as_well) {
    stored_user("John", 1);
    const auto post = expiring.query<Post>().one();
    ASSERT_EQ(post->user->name, "John");
    expiring.commit();
    elsewhere("UPDATE \"user\" SET name = 'Jack'");
    EXPECT_EQ(post->user->name, "Jack");
    EXPECT_EQ(counter.count(), 2U) << "the post and its user";
    const auto john = post->user.get();
    ASSERT_EQ(john->posts.size(), 1U);
    const auto& element = john->posts[0];
    elsewhere("UPDATE post SET title = 'new'");
    EXPECT_EQ(element->title, "new");
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(expiry, N1_mutable_access_reads_first_and_then_watches) {
    stored_user("John");
    auto john = expiring.get<User>(1);
    expiring.commit();
    elsewhere("UPDATE \"user\" SET name = 'Jack'");
    john->bio = "mine";
    EXPECT_EQ(john->name, "Jack");
    expiring.commit();
    EXPECT_EQ(counter.statements(),
              (std::vector<std::string>{
                  R"(SELECT "user"."id", "user"."name", "user"."bio" FROM "user" WHERE "user"."id" = ?)",
                  R"(UPDATE "user" SET "bio" = ? WHERE "id" = ?)"}));
}

TEST_F(expiry, N1_what_is_written_through_a_reference_from_before_is_not_lost) {
    stored_user("John");
    auto john = expiring.get<User>(1);
    User& held = *john;
    expiring.commit();
    elsewhere("UPDATE \"user\" SET bio = 'theirs'");
    held.name = "Jack"; // nobody notices, but the object is watched
    EXPECT_EQ(std::as_const(john)->bio, "theirs");
    EXPECT_EQ(std::as_const(john)->name, "Jack");
    expiring.commit();
    held.name = "Jim";
    expiring.commit(); // without any reading
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "Jim");
    EXPECT_EQ(stored<std::string>("SELECT bio FROM \"user\""), "theirs");
}

TEST_F(expiry, N1_only_a_commit_that_succeeded_expires) {
    stored_user("John");
    const auto john = expiring.get<User>(1);
    expiring.add(User{.id = 1, .name = "Twin"});
    EXPECT_EQ(code_of([&] { expiring.commit(); }), "unique_violation");
    expiring.rollback();
    counter.reset();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(expiry, N1_a_handler_after_the_commit_sees_expired_objects_and_may_change_them) {
    stored_user("John");
    auto john = expiring.get<User>(1);
    expiring.events().after_commit([&](kin::session&) { john->bio = "changed"; });
    expiring.commit();
    EXPECT_TRUE(expiring.is_modified(john));
    expiring.commit();
    EXPECT_EQ(stored<std::string>("SELECT bio FROM \"user\""), "changed");
}

TEST_F(expiry, N3_reading_a_column_loads_no_collection) {
    stored_user("John", 2);
    const auto john = expiring.get<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    expiring.commit();
    counter.reset();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_FALSE(john->posts.is_loaded());
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(john->posts[1]->title, "John 2");
    EXPECT_EQ(counter.count(), 2U) << "the rows of the collection are those of the posts";
}

TEST_F(expiry, N3_a_query_reads_expired_objects_from_its_rows) {
    stored_user("John");
    stored_user("Jane");
    const auto users = session.query<User>().all();
    session.expire(users[0]);
    elsewhere("UPDATE \"user\" SET bio = 'new'");
    (void)session.query<User>().all();
    counter.reset();
    EXPECT_EQ(users[0]->bio, "new");
    EXPECT_EQ(users[1]->bio, std::nullopt) << "it was not expired";
    EXPECT_EQ(counter.count(), 0U);
}

// --- N4: expire -------------------------------------------------------------------------------------------------------------

TEST_F(expiry, N4_throws_away_what_was_not_written) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.expire(john);
    EXPECT_FALSE(session.has_changes());
    counter.reset();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(counter.count(), 1U);
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "John");
}

TEST_F(expiry, N4_puts_a_moved_child_back_on_both_sides) {
    stored_user("John", 3);
    stored_user("Jane");
    const auto john = session.get<User>(1), jane = session.get<User>(2);
    ASSERT_EQ(john->posts.size() + jane->posts.size(), 3U);
    auto post = john->posts[1];
    post->user = jane;
    session.expire(post);
    EXPECT_EQ(john->posts[1], post) << "where it was";
    EXPECT_TRUE(jane->posts.empty());
    EXPECT_EQ(post->user, john);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(expiry, N4_undoes_a_link_to_a_parent_without_a_row) {
    stored_user("John", 1, 1);
    auto comment = session.query<Comment>().one();
    const auto post = session.get<Post>(1);
    ASSERT_EQ(post->comments.size(), 1U);
    auto pending = session.add(blog::post("new", session.get<User>(1)));
    comment->post = pending;
    session.expire(comment);
    EXPECT_EQ(comment->post, post);
    EXPECT_TRUE(pending->comments.empty());
    EXPECT_EQ(post->comments.size(), 1U);
}

TEST_F(expiry, N4_keeps_links_that_belong_to_the_children) {
    stored_user("John", 1);
    stored_user("Jane", 1);
    auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 1U);
    const auto added = blog::post("new");
    john->posts.push_back(added);
    john->posts.push_back(session.get<Post>(2)); // Jane's
    session.expire(john);
    EXPECT_EQ(added->user, john);
    EXPECT_FALSE(john->posts.is_loaded());
    EXPECT_EQ(john->posts.size(), 3U);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 1"), 3);
}

TEST_F(expiry, N4_after_the_flush_the_collection_is_what_the_database_has) {
    stored_user("John", 1);
    auto john = session.get<User>(1);
    john->posts.push_back(blog::post("new"));
    session.commit();
    ASSERT_EQ(john->posts.size(), 2U);
    session.expire(john);
    elsewhere("UPDATE post SET title = 'old' WHERE id = 1");
    EXPECT_EQ(john->posts.size(), 2U);
    session.commit();
    session.expire_all();
    elsewhere("DELETE FROM post WHERE title = 'new'");
    EXPECT_EQ(john->posts.size(), 1U);
}

TEST_F(expiry, N4_a_child_that_moved_elsewhere_moves_when_it_is_read) {
    stored_user("John", 2);
    stored_user("Jane");
    const auto john = session.get<User>(1), jane = session.get<User>(2);
    ASSERT_EQ(john->posts.size() + jane->posts.size(), 2U);
    const auto post = john->posts[0];
    session.commit();
    session.expire(post);
    elsewhere("UPDATE post SET user_id = 2 WHERE id = 1");
    EXPECT_EQ(post->user, jane);
    EXPECT_EQ(john->posts.size(), 1U);
    ASSERT_EQ(jane->posts.size(), 1U);
    EXPECT_EQ(jane->posts[0], post);
}

TEST_F(expiry, N4_linking_an_expired_child_knows_its_row) {
    stored_user("John", 1);
    stored_user("Jane");
    const auto post = session.get<Post>(1);
    auto john = session.get<User>(1), jane = session.get<User>(2);
    session.expire(post);
    elsewhere("UPDATE post SET user_id = 2");
    EXPECT_TRUE(jane->posts.contains(post));
    session.expire(post);
    john->posts.push_back(post); // it was John's as far as the session knew
    session.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post"), 1);
}

TEST_F(expiry, N4_a_removed_object_stays_removed) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.remove(john);
    session.expire(john);
    session.commit();
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(john->name, "John") << "as it was last known";
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 0);
}

TEST_F(expiry, N4_expire_all_expires_everything_with_a_row_and_nothing_else) {
    stored_user("John", 2);
    auto john = session.get<User>(1);
    (void)john->posts.size();
    const auto added = session.add(blog::user("Jane"));
    john->name = "Jack";
    session.expire_all();
    EXPECT_EQ(added->name, "Jane");
    elsewhere("UPDATE post SET title = 'new'");
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(john->posts[0]->title, "new");
    EXPECT_EQ(john->posts[1]->title, "new");
    EXPECT_EQ(counter.count(), 2U);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 2);
}

TEST_F(expiry, N4_without_a_row_reading_is_an_error_and_without_a_session_as_well) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    elsewhere("DELETE FROM \"user\"");
    const auto gone = caught<kin::stale_data>([&] { (void)john->name; });
    EXPECT_EQ(gone.code(), "row_gone");
    EXPECT_NE(gone.message().find("User"), std::string_view::npos);
    EXPECT_EQ(code_of([&] { john.edit().name = "x"; }), "row_gone");
    session.close();
    const auto detached = caught<kin::detached_instance>([&] { (void)john->name; });
    EXPECT_NE(detached.message().find("User"), std::string_view::npos);
    EXPECT_EQ(code_of([&] { john.edit().name = "x"; }), "detached_instance");
}

TEST_F(expiry, N4_a_detached_expired_object_is_read_again_in_its_next_session) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    session.close();
    elsewhere("UPDATE \"user\" SET name = 'Jack'");
    session.add(john);
    EXPECT_EQ(john->name, "Jack");
}

TEST_F(expiry, N4_waits_while_the_transaction_has_failed) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    session.add(User{.id = 1, .name = "Twin"});
    EXPECT_EQ(code_of([&] { session.flush(); }), "unique_violation");
    EXPECT_EQ(code_of([&] { (void)john->name; }), "pending_rollback");
    EXPECT_EQ(code_of([&] { session.expire_all(); }), "pending_rollback");
    session.rollback();
    EXPECT_EQ(john->name, "John");
}

TEST_F(expiry, N4_is_refused_in_the_middle_of_a_flush) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    std::vector<std::string> codes;
    session.events().after_flush([&](kin::session& s) {
        codes.push_back(code_of([&] { s.expire(john); }));
        codes.push_back(code_of([&] { s.expire_all(); }));
        codes.push_back(code_of([&] { s.expunge_all(); }));
    });
    session.commit();
    EXPECT_EQ(codes, (std::vector<std::string>(3, "reentrant_flush")));
}

// --- and rollback -------------------------------------------------------------------------------------------------------------

TEST_F(expiry, O_an_object_that_was_written_and_expired_goes_back_to_the_committed_row) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.flush();
    session.expire(john);
    session.rollback();
    EXPECT_EQ(john->name, "John");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(expiry, O_also_when_it_was_read_again_in_between) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    session.flush();
    session.expire(john);
    EXPECT_EQ(john->name, "Jack");
    session.rollback();
    EXPECT_EQ(john->name, "John");
    session.execute("UPDATE \"user\" SET name = 'by hand'");
    session.expire(john);
    EXPECT_EQ(std::as_const(john)->name, "by hand");
    session.rollback();
    EXPECT_EQ(john->name, "John");
}

TEST_F(expiry, O_what_others_have_committed_meanwhile_is_read_after_the_rollback) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.commit();
    session.expire(john);
    elsewhere("UPDATE \"user\" SET name = 'Jack'");
    session.add(blog::user("Jane"));
    session.flush();
    EXPECT_EQ(john->name, "Jack");
    session.rollback();
    EXPECT_EQ(john->name, "Jack") << "not what it was when it was expired";
}

TEST_F(expiry, O_a_session_that_ends_leaves_what_was_read_readable) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    session.add(blog::user("Jane"));
    session.flush();
    EXPECT_EQ(john->name, "John");
    session.close();
    EXPECT_EQ(john->name, "John");
}

TEST_F(expiry, O_new_objects_keep_their_links_when_their_rows_are_undone) {
    const auto john = session.add(blog::user("John"));
    const auto first = blog::post("First", john), second = blog::post("Second", john);
    session.flush();
    session.expire_all();
    session.rollback();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(second->user, john);
    session.add(john);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = " + std::to_string(john->id)), 2);
}

TEST_F(expiry, O_a_removed_object_that_was_expired_is_read_again) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    session.remove(john);
    session.flush();
    EXPECT_EQ(john->name, "John");
    session.rollback();
    elsewhere("UPDATE \"user\" SET name = 'Jack'");
    EXPECT_EQ(john->name, "Jack");
}

// --- M4: get -------------------------------------------------------------------------------------------------------------------

TEST_F(expiry, M4_get_of_an_expired_object_checks_the_row) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    elsewhere("UPDATE \"user\" SET name = 'Jack'");
    EXPECT_EQ(session.get<User>(1), john);
    EXPECT_EQ(john->name, "Jack");
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(expiry, M4_get_gives_null_when_the_row_is_gone_and_the_object_leaves) {
    stored_user("John", 1);
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 1U);
    const auto post = john->posts[0];
    session.commit();
    session.expire(post);
    elsewhere("DELETE FROM post");
    EXPECT_EQ(session.get<Post>(1), nullptr);
    EXPECT_EQ(kin::state_of(post), kin::object_state::detached);
    EXPECT_TRUE(john->posts.empty());
    session.add(Post{.id = 1, .title = "again", .user = john});
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 1);
    EXPECT_EQ(code_of([&] { (void)session.get_one<Post>(2); }), "no_result_found");
}

TEST_F(expiry, N9_only_an_object_with_a_row_in_this_session_can_be_expired) {
    const auto john = blog::user("John");
    EXPECT_EQ(code_of([&] { session.expire(john); }), "not_persistent");
    session.add(john);
    EXPECT_EQ(code_of([&] { session.expire(john); }), "not_persistent");
    session.commit();
    EXPECT_EQ(code_of([&] { session.expire(john); }), "");
    EXPECT_EQ(code_of([&] { expiring.expire(john); }), "not_persistent");
    EXPECT_EQ(code_of([&] { session.expire(kin::ref<User>()); }), "null_ref");
}

// --- a key that is not the primary key ---------------------------------------------------------------------------------------

struct Guest;
struct Room {
    int id = 0;
    kin::field<int, kin::unique> number;
    kin::has_many<Guest> guests;
};
struct Guest {
    int id = 0;
    std::optional<kin::foreign_key<&Room::number>> room_number;
    kin::belongs_to<Room> room;
};

class rooms : public testing::Test {
protected:
    rooms() {
        db.create_all<Room, Guest>();
        for (int number : {11, 12}) session.add(Room{.number = number});
        for (int i = 0; i < 3; ++i) session.add(Guest{.room_number = 11});
        session.commit();
        session.close();
        first = session.query<Room>().order_by(kin::col<&Room::id>).first();
        second = session.get<Room>(2);
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::ref<Room> first, second;
};

TEST_F(rooms, N4_a_moved_child_goes_back_also_by_a_key_that_is_not_the_primary_key) {
    ASSERT_EQ(first->guests.size() + second->guests.size(), 3U);
    auto guest = first->guests[1];
    guest->room = second;
    session.expire(guest);
    EXPECT_EQ(first->guests[1], guest);
    EXPECT_TRUE(second->guests.empty());
    EXPECT_EQ(guest->room, first);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(rooms, N4_a_parent_whose_key_was_changed_elsewhere_is_read_before_it_is_linked) {
    auto guest = session.get<Guest>(1);
    guest->room = nullptr;
    session.commit();
    session.expire(second);
    session.execute("UPDATE room SET number = 22 WHERE id = 2");
    guest->room = second;
    EXPECT_EQ(guest->room_number, 22);
    guest->room = nullptr;
    session.flush();
    session.expire(second);
    session.execute("UPDATE room SET number = 23 WHERE id = 2");
    EXPECT_EQ(session.query<Guest>().where(kin::col<&Guest::room> == second).count(), 0);
}

} // namespace
