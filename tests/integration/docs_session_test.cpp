// SPDX-License-Identifier: MIT
// The code of docs/guide/session.md.
#include <gtest/gtest.h>

#include "docs_blog_models.hpp"
#include "kin/testing/statement_counter.hpp"

namespace docs {
namespace {

TEST(docs_session, an_object_goes_through_its_states) {
    const kin::database db = filled_blog();
    // [states]
    kin::session session = db.session();
    auto user = kin::make<User>({.name = "Jim"}); // transient: in no session
    session.add(user);                            // pending: no row yet, no SQL sent
    session.flush();                              // persistent: has a row, in the open transaction
    session.commit();                             // still persistent; the transaction is over
    session.remove(user);
    session.flush();  // deleted: the DELETE was sent
    session.commit(); // detached: readable, in no session
    // [/states]
    EXPECT_EQ(kin::state_of(user), kin::object_state::detached);
    EXPECT_EQ(user->name, "Jim");
}

TEST(docs_session, a_commit_writes_what_was_done_in_the_order_of_dependencies) {
    const kin::database db = filled_blog();
    kin::testing::statement_counter counter{db};
    // [unit_of_work]
    kin::session session = db.session();
    auto user = session.add(User{.name = "Jim"});
    session.add(Post{.title = "One", .user = user}); // linking takes it into the session
    session.add(Post{.title = "Two", .user = user});
    session.commit(); // 2 statements: INSERT the user, INSERT both posts
    // [/unit_of_work]
    EXPECT_EQ(counter.count(), 2u);
}

TEST(docs_session, reading_watches_nothing_and_writing_names_only_what_changed) {
    const kin::database db = filled_blog();
    kin::testing::statement_counter counter{db};
    kin::session session = db.session();
    // [tracking]
    for (const auto& user : session.query<User>()) { // const: the loop cannot change anything,
        EXPECT_FALSE(user->name.empty());            // and a flush will not look at these objects
    }
    for (auto& user : session.query<User>().where(kin::col<&User::name> == "John")) {
        user->bio = "Writes about C++"; // mutable: the session compares this object at the next flush
    }
    session.commit(); // UPDATE "user" SET "bio" = ? WHERE "id" = ?
    // [/tracking]
    EXPECT_EQ(counter.statements().back(), R"(UPDATE "user" SET "bio" = ? WHERE "id" = ?)");
}

TEST(docs_session, edit_gives_mutable_access_through_a_const_ref) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    // [edit]
    const auto user = session.get_one<User>(1);
    user.edit().name = "Jonathan"; // said aloud, where the ref itself is const
    // [/edit]
    EXPECT_TRUE(session.has_changes());
    session.commit();
}

TEST(docs_session, rollback_restores_columns_relationships_and_states) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    // [rollback]
    auto john = session.get_one<User>(1);
    auto post = kin::make<Post>({.title = "Draft", .user = john});
    john->name = "Jonathan";
    session.flush();    // INSERT and UPDATE were sent
    session.rollback(); // and are undone, in the database and here:
    EXPECT_EQ(john->name, "John");
    EXPECT_FALSE(john->posts.contains(post));
    EXPECT_EQ(post->user, nullptr);
    EXPECT_EQ(kin::state_of(post), kin::object_state::transient); // may be added again
    // [/rollback]
    EXPECT_EQ(post->id, 0);
}

TEST(docs_session, a_failed_flush_waits_for_rollback) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    // [failed]
    session.add(User{.id = 1, .name = "Another John"}); // 1 is taken
    EXPECT_THROW(session.commit(), kin::unique_violation);
    EXPECT_THROW((void)session.query<User>().count(), kin::pending_rollback);
    session.rollback();
    EXPECT_EQ(session.query<User>().count(), 3); // works again
    // [/failed]
}

TEST(docs_session, what_the_database_made_known_elsewhere_is_read_by_refresh) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    auto john = session.get_one<User>(1);
    // [refresh]
    session.execute("UPDATE user SET bio = 'by hand' WHERE id = :id", {{"id", 1}});
    EXPECT_EQ(john->bio, std::nullopt); // raw SQL tells the objects nothing
    session.refresh(john);
    EXPECT_EQ(john->bio, "by hand");
    // [/refresh]
}

TEST(docs_session, what_a_flush_would_write_can_be_asked_for) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    auto john = session.get_one<User>(1);
    // [inspection]
    john->name = "Jack";
    session.add(User{.name = "Jim"});
    EXPECT_TRUE(session.is_modified(john)); // compares with the row: changed back is not changed
    EXPECT_EQ(session.modified<User>().size(), 1u);
    EXPECT_EQ(session.pending<User>().size(), 1u);
    EXPECT_TRUE(session.removed<User>().empty());
    // [/inspection]
}

TEST(docs_session, an_expired_object_is_read_again_at_its_next_access) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
    // [expire]
    const auto users = session.query<User>().all();
    session.execute("UPDATE user SET bio = 'by hand'");
    session.expire_all();
    counter.reset();
    for (const auto& user : users) EXPECT_EQ(user->bio, "by hand"); // 1 statement
    EXPECT_EQ(counter.count(), 1u);
    // [/expire]
}

TEST(docs_session, merge_copies_onto_the_sessions_own_object) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    // [merge]
    auto form = User{.id = 1, .name = "Jonathan"}; // from a form, a message, another thread
    auto john = session.merge(form);               // SELECT ... WHERE id = ?, unless it is known
    EXPECT_EQ(session.get<User>(1), john);
    EXPECT_EQ(john->posts.size(), 2u); // the form said nothing about posts
    session.commit();                  // UPDATE "user" SET "name" = ? WHERE "id" = ?
    // [/merge]
    EXPECT_EQ(db.session().get_one<User>(1)->name, "Jonathan");
}

TEST(docs_session, merge_without_loading_sends_nothing) {
    const kin::database db = filled_blog();
    std::vector<kin::ref<User>> cache;
    {
        kin::session session = db.session();
        cache = session.query<User>().with(kin::selectin<&User::posts>).all();
    }
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
    // [merge_cached]
    for (const auto& cached : cache) {
        auto user = session.merge(cached, {.load = false});
        EXPECT_EQ(user->posts.size(), 2u);
    }
    EXPECT_EQ(counter.count(), 0u);
    // [/merge_cached]
}

TEST(docs_session, objects_stay_readable_without_their_session) {
    const kin::database db = filled_blog();
    // [outlive]
    kin::ref<User> john;
    {
        kin::session session = db.session();
        john = session.get_one<User>(1);
    }
    EXPECT_EQ(john->name, "John");
    EXPECT_THROW((void)john->posts.size(), kin::detached_instance); // was never loaded
    // [/outlive]
}

TEST(docs_session, handlers_run_with_the_flush) {
    const kin::database db = filled_blog();
    // [events]
    kin::session session = db.session();
    session.events().before_insert<Post>([](kin::session&, Post& post) {
        if (post.content.empty()) post.content = "(nothing yet)";
    });
    auto post = session.add(Post{.title = "Third Post", .user_id = 1});
    session.commit();
    EXPECT_EQ(post->content, "(nothing yet)");
    // [/events]
}

TEST(docs_session, an_exception_in_a_transaction_block_rolls_back) {
    const kin::database db = filled_blog();
    // [transaction]
    const int id = db.transaction([](kin::session& session) {
        auto user = session.add(User{.name = "Jim"});
        session.flush();
        return user->id.get();
    }); // committed; an exception would have rolled back and come through
    // [/transaction]
    EXPECT_EQ(db.session().get_one<User>(id)->name, "Jim");
}

} // namespace
} // namespace docs
