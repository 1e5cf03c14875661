// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include <limits>

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// What a flush sends, and in which order: semantics.md L and Q.

namespace {

using blog::caught;
using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;

class semantics_L : public blog::test {};

TEST_F(semantics_L, L2_a_query_and_a_get_that_needs_sql_write_what_is_pending_a_loaded_read_does_not) {
    const auto john = session.add(blog::user("John"));
    (void)john->name;
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(session.query<User>().count(), 1);
    session.add(blog::user("Jane"));
    EXPECT_EQ(session.get<User>(2)->name, "Jane");
}

TEST_F(semantics_L, L2_a_lazy_load_knows_what_is_pending_without_writing_it) {
    stored_user("John", 1);
    auto john = session.query<User>().one();
    const auto second = blog::post("Second", john);
    counter.reset();
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(kin::state_of(second), kin::object_state::pending);
}

TEST_F(semantics_L, L3_raw_sql_writes_what_is_pending_first) {
    session.add(blog::user("John"));
    EXPECT_EQ(std::get<0>(session.sql<std::string>("SELECT name FROM \"user\"").one()), "John");
    session.add(blog::user("Jane"));
    EXPECT_EQ(session.execute("UPDATE \"user\" SET bio = 'x'"), 2);
}

TEST_F(semantics_L, L3_without_autoflush_a_query_sees_the_database_as_it_is) {
    kin::session plain = db.session({.autoflush = false});
    plain.add(blog::user("John"));
    EXPECT_EQ(plain.query<User>().count(), 0);
}

TEST_F(semantics_L, L5_commit_flushes_also_without_autoflush) {
    kin::session plain = db.session({.autoflush = false});
    plain.add(blog::user("John"));
    plain.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 1);
}

TEST_F(semantics_L, L8_an_update_names_only_the_columns_that_changed) {
    stored_user("John", 1);
    auto post = session.query<Post>().one();
    post->content = "text";
    counter.reset();
    session.flush();
    ASSERT_EQ(counter.count(), 1U);
    EXPECT_EQ(counter.statements()[0], R"(UPDATE "post" SET "content" = ? WHERE "id" = ?)");
    post->title = "Title";
    post->content = "other";
    session.flush();
    EXPECT_EQ(counter.statements().back(), R"(UPDATE "post" SET "title" = ?, "content" = ? WHERE "id" = ?)");
}

TEST_F(semantics_L, L8_a_value_that_is_changed_and_changed_back_sends_nothing) {
    stored_user("John");
    auto john = session.query<User>().one();
    john->name = "Jane";
    john->bio = "x";
    john->name = "John";
    john->bio = std::nullopt;
    counter.reset();
    EXPECT_FALSE(session.has_changes());
    session.commit();
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_L, L11_new_objects_of_one_class_get_their_keys_in_the_order_of_add) {
    const auto b = session.add(blog::user("b"));
    const auto a = session.add(blog::user("a"));
    const auto c = session.add(blog::user("c"));
    session.flush();
    EXPECT_LT(b->id, a->id);
    EXPECT_LT(a->id, c->id);
}

TEST_F(semantics_L, L12_parents_come_before_children_and_go_after_them) {
    const auto john = blog::user("John");
    const auto post = blog::post("First", john);
    const auto comment = blog::comment("Hello", post);
    session.add(comment);
    session.flush();
    auto sent = counter.statements();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_TRUE(sent[0].starts_with(R"(INSERT INTO "user")")) << sent[0];
    EXPECT_TRUE(sent[1].starts_with(R"(INSERT INTO "post")")) << sent[1];
    EXPECT_TRUE(sent[2].starts_with(R"(INSERT INTO "comment")")) << sent[2];
    counter.reset();
    session.remove(john);
    session.remove(post);
    session.remove(comment);
    session.flush();
    sent = counter.statements();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_TRUE(sent[0].starts_with(R"(DELETE FROM "comment")")) << sent[0];
    EXPECT_TRUE(sent[2].starts_with(R"(DELETE FROM "user")")) << sent[2];
}

TEST_F(semantics_L, L17_many_new_objects_are_one_statement_per_thousand_rows) {
    for (int u = 0; u < 1000; ++u) {
        const auto user = blog::user("user " + std::to_string(u));
        for (int p = 0; p < 10; ++p) (void)blog::post(std::to_string(u) + "/" + std::to_string(p), user);
        session.add(user);
    }
    counter.reset();
    session.commit();
    EXPECT_LE(counter.count(), 11U);
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 10000);
    EXPECT_EQ(stored("SELECT count(*) FROM post p JOIN \"user\" u ON u.id = p.user_id "
                     "WHERE p.title LIKE substr(u.name, 6) || '/%'"),
              10000)
        << "every post has the key of its own user";
}

TEST_F(semantics_L, L18_objects_with_and_without_a_key_of_their_own_are_told_apart) {
    const auto with = session.add(User{.id = 100, .name = "John"});
    const auto without = session.add(blog::user("Jane"));
    const auto with_too = session.add(User{.id = 50, .name = "Jack"});
    session.commit();
    EXPECT_EQ(with->id, 100);
    EXPECT_EQ(with_too->id, 50);
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = 100"), "John");
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" WHERE id = " + std::to_string(without->id)),
              "Jane");
}

TEST_F(semantics_L, L20_a_flush_changes_keys_but_no_collection) {
    auto john = session.add(blog::user("John"));
    const auto first = blog::post("First", john);
    const auto second = blog::post("Second", john);
    session.flush();
    ASSERT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(john->posts[0], first);
    EXPECT_EQ(john->posts[1], second);
    EXPECT_EQ(first->user, john);
}

TEST_F(semantics_L, updates_of_rows_that_get_a_new_parent_come_after_its_insert) {
    stored_user("John", 1);
    auto post = session.query<Post>().one();
    post->user = blog::user("Jane");
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT u.name FROM post p JOIN \"user\" u ON u.id = p.user_id"), "Jane");
}

TEST_F(semantics_L, a_changed_primary_key_is_written_and_known) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->id = 7;
    session.flush();
    EXPECT_EQ(session.get<User>(7), john);
    EXPECT_EQ(session.get<User>(1), nullptr);
    session.rollback();
    EXPECT_EQ(john->id, 1);
    EXPECT_EQ(session.get<User>(1), john);
    EXPECT_EQ(session.get<User>(7), nullptr);
}

TEST_F(semantics_L, an_object_whose_key_was_changed_in_memory_can_be_removed_and_expunged) {
    stored_user("John");
    stored_user("Jane");
    auto john = session.get<User>(1);
    john->id = 7;
    session.expunge(john);
    const auto again = session.get<User>(1);
    EXPECT_NE(again, john);
    EXPECT_EQ(kin::state_of(again), kin::object_state::persistent);
    auto jane = session.get<User>(2);
    jane->id = 8;
    session.remove(jane);
    session.flush();
    EXPECT_EQ(session.get<User>(2), nullptr);
    EXPECT_EQ(session.query<User>().count(), 1);
}

TEST_F(semantics_L, a_child_of_a_transient_object_that_left_the_session_is_a_defined_error) {
    const auto post = blog::post("First", blog::user("John"));
    session.add(post);
    session.expunge(post->user.get());
    const auto e = caught<kin::state_error>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "unsaved_target");
    EXPECT_EQ(e.table(), "post");
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 0);
}

// --- trees and rings ---------------------------------------------------------------------------------------------------

struct Folder {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
    kin::has_many<Folder, "parent"> folders;
};
void describe(kin::mapping<Folder>& m) { m.relationship<&Folder::folders>().cascade(kin::cascade::all); }

class semantics_Q : public testing::Test {
protected:
    semantics_Q() {
        db.create_all<Folder>();
        counter.reset();
    }
    static kin::ref<Folder> folder(std::string name, const kin::ref<Folder>& in = {}) {
        return kin::make(Folder{.name = std::move(name), .parent = in});
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(semantics_Q, Q1_a_tree_is_inserted_level_by_level) {
    const auto root = folder("root");
    const auto a = folder("a", root);
    const auto b = folder("b", root);
    const auto leaf = folder("leaf", a);
    session.add(leaf);
    session.commit();
    EXPECT_EQ(counter.count(), 3U);
    EXPECT_EQ(a->parent_id, root->id);
    EXPECT_EQ(leaf->parent_id, a->id);
    EXPECT_LT(root->id, b->id);
    EXPECT_LT(b->id, leaf->id);
}

TEST_F(semantics_Q, Q3_a_tree_is_deleted_leaves_first) {
    const auto root = folder("root");
    (void)folder("leaf", folder("a", root));
    (void)folder("b", root);
    session.add(root);
    session.commit();
    session.remove(root);
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 3U) << "one DELETE a level";
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM folder").one()), 0);
}

TEST_F(semantics_Q, Q3_a_tree_that_is_not_loaded_is_deleted_as_well) {
    const auto root = folder("root");
    (void)folder("leaf", folder("a", root));
    session.add(root);
    session.commit();
    session.close();
    session.remove(session.get<Folder>(1));
    session.commit();
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM folder").one()), 0);
}

TEST_F(semantics_Q, Q4_the_two_sides_of_a_self_reference_stay_in_step) {
    auto root = folder("root");
    auto a = folder("a");
    root->folders.push_back(a);
    EXPECT_EQ(a->parent, root);
    EXPECT_EQ(root->parent, nullptr);
    auto b = folder("b", a);
    b->parent = root;
    EXPECT_TRUE(a->folders.empty());
    EXPECT_EQ(root->folders.size(), 2U);
}

TEST_F(semantics_Q, Q7_a_new_row_that_refers_to_itself_is_inserted_and_then_updated) {
    auto a = folder("a");
    a->parent = a;
    session.add(a);
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(a->parent_id, a->id);
}

TEST_F(semantics_Q, moving_a_row_under_a_new_one_and_removing_the_old_parent_in_one_flush_works) {
    auto old_root = session.add(folder("old"));
    auto leaf = folder("leaf", old_root);
    session.commit();
    auto new_root = session.add(folder("new"));
    leaf->parent = new_root;
    session.remove(old_root);
    session.commit();
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM folder").one()), 2);
    EXPECT_EQ(leaf->parent_id, new_root->id);
}

TEST_F(semantics_Q, persistent_rows_that_refer_to_each_other_in_a_ring_can_be_removed) {
    auto a = session.add(folder("a"));
    auto b = session.add(folder("b", a));
    session.flush();
    a->parent = b;
    session.commit();
    session.remove(a);
    session.remove(b);
    EXPECT_EQ(code_of([&] { session.commit(); }), "");
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM folder").one()), 0);
}

} // namespace
