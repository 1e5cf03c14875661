// SPDX-License-Identifier: MIT
#include "kin/orm/merge_options.hpp"

#include <utility>

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Taking over what objects from outside say: semantics.md P7, P8 and P10.

namespace {

using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;

class merge : public blog::test {
protected:
    /// The user with key 1 of a session that is closed, with his posts and their comments loaded.
    kin::ref<User> detached_user() {
        kin::session other = db.session();
        auto user = other.get<User>(1);
        for (const auto& post : std::as_const(user)->posts) (void)post->comments.size();
        return user;
    }
};

// --- P7 -----------------------------------------------------------------------------------------------------------------

TEST_F(merge, P7_gives_the_sessions_own_object) {
    stored_user("John");
    const auto john = session.get<User>(1);
    const auto copy = kin::make(User{.id = 1, .name = "Jack"});
    counter.reset();
    const auto merged = session.merge(copy);
    EXPECT_EQ(merged, john);
    EXPECT_EQ(counter.count(), 0U) << "the identity map knew it";
    EXPECT_EQ(john->name, "Jack");
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "Jack");
}

TEST_F(merge, P7_finds_the_row_with_one_select) {
    stored_user("John");
    counter.reset();
    const auto merged = session.merge(User{.id = 1, .name = "Jack", .bio = "new"});
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(kin::state_of(merged), kin::object_state::persistent);
    session.commit();
    EXPECT_EQ(counter.statements().back(), R"(UPDATE "user" SET "name" = ?, "bio" = ? WHERE "id" = ?)");
}

TEST_F(merge, P7_makes_a_pending_object_without_a_key_or_without_a_row) {
    counter.reset();
    const auto unkeyed = session.merge(User{.name = "John"});
    EXPECT_EQ(counter.count(), 0U) << "there is no key to look for";
    EXPECT_EQ(kin::state_of(unkeyed), kin::object_state::pending);
    const auto keyed = session.merge(User{.id = 7, .name = "Jane"});
    EXPECT_EQ(kin::state_of(keyed), kin::object_state::pending);
    session.commit();
    EXPECT_EQ(stored_column("SELECT name FROM \"user\" ORDER BY name"),
              (std::vector<std::string>{"Jane", "John"}));
    EXPECT_EQ(stored("SELECT id FROM \"user\" WHERE name = 'Jane'"), 7);
}

TEST_F(merge, P7_leaves_the_source_untouched_where_it_is) {
    stored_user("John", 1);
    const auto source = detached_user();
    const auto merged = session.merge(source);
    EXPECT_NE(merged, source);
    EXPECT_EQ(kin::state_of(source), kin::object_state::detached);
    EXPECT_NE(merged->posts[0], source->posts[0]);
    EXPECT_EQ(source->posts[0]->user, source);
    EXPECT_FALSE(session.has_changes()) << "nothing differs";
    const auto transient = kin::make(User{.id = 1, .name = "Jack"});
    (void)session.merge(transient);
    EXPECT_EQ(kin::state_of(transient), kin::object_state::transient);
    EXPECT_EQ(transient->name, "Jack");
}

TEST_F(merge, P7_takes_an_object_of_a_session_that_goes_on) {
    stored_user("John", 1);
    kin::session other = db.session();
    auto source = other.get<User>(1);
    (void)source->posts.size();
    source->name = "Jack"; // not written there
    const auto merged = session.merge(source);
    EXPECT_EQ(merged->name, "Jack");
    EXPECT_TRUE(other.contains(source));
    EXPECT_TRUE(other.has_changes());
    EXPECT_EQ(kin::session_of(merged), &session);
    EXPECT_EQ(kin::session_of(source), &other);
}

TEST_F(merge, P7_goes_along_the_cascade_up_and_down_and_around) {
    stored_user("John", 2, 2);
    auto source = detached_user();
    source->posts[1]->comments[0]->text = "changed";
    source->posts[0]->title = "changed";
    counter.reset();
    const auto merged =
        session.merge(source->posts[1]->comments[0]); // from the leaf to the root and down again
    EXPECT_EQ(counter.count(), 5U) << "the rows of three classes, the collections of two relationships";
    EXPECT_EQ(merged->post->user->posts.size(), 2U);
    EXPECT_EQ(merged->post->user->posts[0]->title, "changed");
    EXPECT_EQ(merged->text, "changed");
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(merge, P7_gives_an_object_of_this_session_back_as_it_is) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "Jack";
    EXPECT_EQ(session.merge(john), john);
    EXPECT_EQ(john->name, "Jack");
    const auto jane = session.add(blog::user("Jane"));
    EXPECT_EQ(session.merge(jane), jane);
    EXPECT_EQ(kin::state_of(jane), kin::object_state::pending);
}

TEST_F(merge, P7_of_a_new_graph_inserts_it_whole) {
    const auto john = blog::user("John");
    (void)blog::comment("Nice", blog::post("First", john));
    (void)blog::post("Second", john);
    const auto merged = session.merge(john);
    EXPECT_NE(merged, john);
    ASSERT_EQ(merged->posts.size(), 2U);
    EXPECT_EQ(merged->posts[0]->user, merged);
    EXPECT_EQ(merged->posts[0]->comments.size(), 1U);
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 3U);
    EXPECT_EQ(john->id, 0);
    EXPECT_EQ(john->posts.size(), 2U);
}

TEST_F(merge, P7_writes_what_is_pending_first_so_that_it_is_found) {
    const auto john = session.add(User{.id = 5, .name = "John"});
    EXPECT_EQ(session.merge(User{.id = 5, .name = "Jack"}), john);
    EXPECT_EQ(john->name, "Jack");
}

TEST_F(merge, P7_of_two_sources_for_one_new_row_makes_one_object) {
    const auto john = blog::user("John");
    john.edit().posts = {kin::make(Post{.id = 9, .title = "one"}),
                         kin::make(Post{.id = 9, .title = "other"})};
    const auto merged = session.merge(john);
    EXPECT_EQ(merged->posts.size(), 1U);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE id = 9"), 1);
}

TEST_F(merge, P7_of_a_detached_object_whose_row_is_gone_inserts_it_again) {
    stored_user("John");
    const auto source = detached_user();
    session.execute("DELETE FROM \"user\"");
    const auto merged = session.merge(source);
    EXPECT_EQ(kin::state_of(merged), kin::object_state::pending);
    session.commit();
    EXPECT_EQ(stored("SELECT id FROM \"user\" WHERE name = 'John'"), 1);
}

TEST_F(merge, P7_of_an_object_that_was_expired_here_reads_it_again) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.expire(john);
    session.execute("UPDATE \"user\" SET bio = 'by hand', name = 'Jim'");
    counter.reset();
    EXPECT_EQ(session.merge(kin::make(User{.id = 1, .name = "Jim", .bio = "by hand"})), john);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_FALSE(session.has_changes());
    session.expire(john);
    session.execute("DELETE FROM \"user\"");
    const auto again = session.merge(User{.id = 1, .name = "Jim"});
    EXPECT_EQ(kin::state_of(again), kin::object_state::pending);
    EXPECT_FALSE(session.contains(john));
}

TEST_F(merge, P7_rolls_back_like_any_change) {
    stored_user("John", 2);
    stored_user("Jane");
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    const auto kept = john->posts[0], left = john->posts[1];
    const auto jane = session.merge(User{.id = 2, .name = "Joan", .posts = {left}});
    (void)session.merge(User{.id = 1, .name = "Jack", .posts = {kept}});
    EXPECT_EQ(left->user, jane);
    session.flush();
    session.rollback();
    EXPECT_EQ(john->name, "John");
    EXPECT_EQ(jane->name, "Jane");
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(left->user, john);
}

// --- P8 -----------------------------------------------------------------------------------------------------------------

TEST_F(merge, P8_an_unloaded_collection_of_the_source_is_left_alone) {
    stored_user("John", 2);
    kin::session other = db.session();
    const auto source = other.get<User>(1);
    other.close();
    counter.reset();
    const auto merged = session.merge(source);
    EXPECT_EQ(counter.count(), 1U) << "the collection is not even loaded";
    EXPECT_EQ(merged->posts.size(), 2U);
}

TEST_F(merge, P8_what_was_added_to_an_unloaded_collection_of_the_source_is_added) {
    stored_user("John", 2);
    kin::session other = db.session();
    auto source = other.get<User>(1);
    other.close();
    source->posts.push_back(blog::post("Third"));
    const auto merged = session.merge(source);
    EXPECT_EQ(merged->posts.size(), 3U);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 1"), 3);
}

TEST_F(merge, P8_an_empty_collection_of_a_transient_source_is_left_alone) {
    stored_user("John", 2);
    const auto merged = session.merge(User{.id = 1, .name = "Jack"});
    EXPECT_EQ(merged->posts.size(), 2U);
}

TEST_F(merge, P8_a_collection_of_the_source_replaces_the_targets) {
    stored_user("John", 1, 3);
    auto source = detached_user();
    const auto post = source->posts[0];
    auto& comments = post.edit().comments;
    comments.erase(comments[1]);
    comments.push_back(blog::comment("new"));
    const auto merged = session.merge(post);
    EXPECT_EQ(merged->comments.size(), 3U);
    session.commit();
    EXPECT_EQ(stored_column("SELECT text FROM comment WHERE post_id = 1 ORDER BY id"),
              (std::vector<std::string>{"comment 1", "comment 3", "new"}));
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 1)
        << "what is missing is taken out";
}

TEST_F(merge, P8_an_empty_loaded_collection_of_a_source_with_a_row_empties_the_targets) {
    stored_user("John", 1, 2);
    const auto source = detached_user();
    source->posts[0].edit().comments.clear();
    (void)session.merge(source->posts[0]);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 2);
}

TEST_F(merge, P8_a_foreign_key_that_a_transient_source_leaves_unset_is_left_alone) {
    stored_user("John", 1, 1);
    auto post = session.merge(Post{.id = 1, .title = "changed"});
    EXPECT_EQ(post->user_id, 1);
    EXPECT_EQ(session.merge(Comment{.id = 1, .text = "changed"})->post, post);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id = 1 AND text = 'changed'"), 1);
}

TEST_F(merge, P8_a_foreign_key_that_the_source_has_is_copied_and_the_reference_follows) {
    stored_user("John", 1);
    stored_user("Jane");
    const auto jane = session.get<User>(2);
    ASSERT_EQ(jane->posts.size(), 0U);
    const auto post = session.merge(Post{.id = 1, .title = "moved", .user_id = 2});
    EXPECT_EQ(post->user, jane);
    EXPECT_EQ(jane->posts.size(), 1U);
}

TEST_F(merge, P8_a_reference_that_a_detached_source_has_lost_is_lost) {
    stored_user("John", 1, 1);
    const auto source = detached_user();
    auto comment = source->posts[0]->comments[0];
    comment->post = nullptr;
    const auto merged = session.merge(comment);
    EXPECT_EQ(merged->post, nullptr);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 1);
}

TEST_F(merge, P8_a_linked_reference_follows_the_merged_target) {
    stored_user("John", 1);
    const auto post = session.merge(Post{.id = 1, .title = "moved", .user = blog::user("Jim")});
    EXPECT_EQ(kin::state_of(post->user.get()), kin::object_state::pending);
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\" JOIN post ON post.user_id = \"user\".id"),
              "Jim");
}

TEST_F(merge, P8_a_key_set_by_hand_after_the_link_wins) {
    stored_user("John", 1);
    stored_user("Jane");
    const auto source = detached_user();
    source->posts[0].edit().user_id = 2;
    const auto merged = session.merge(source->posts[0]);
    EXPECT_EQ(merged->user_id, 2);
    session.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post"), 2);
}

TEST_F(merge, P8_a_plain_object_may_name_objects_of_the_session) {
    stored_user("John", 2);
    const auto john = session.get<User>(1);
    const auto first = session.get<Post>(1);
    EXPECT_EQ(session.merge(Post{.id = 1, .title = "changed", .user = john}), first);
    EXPECT_TRUE(session.pending<Post>().empty()) << "naming John does not add the plain object";
    const auto jane = session.merge(User{.name = "Jane", .posts = {first}});
    EXPECT_EQ(first->user, jane);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 2);
    EXPECT_EQ(stored<std::string>("SELECT title FROM post WHERE user_id = 2"), "changed");
}

TEST_F(merge, P8_a_copy_of_an_object_is_a_plain_object_as_well) {
    stored_user("John", 2);
    const auto john = session.get<User>(1);
    User copy = *john;
    copy.name = "Jack";
    EXPECT_EQ(session.merge(std::move(copy)), john);
    EXPECT_EQ(john->posts.size(), 2U);
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.statements(),
              (std::vector<std::string>{R"(UPDATE "user" SET "name" = ? WHERE "id" = ?)"}));
}

TEST_F(merge, P8_an_expired_source_says_nothing_about_its_columns) {
    stored_user("John");
    kin::session other = db.session();
    const auto source = other.get<User>(1);
    session.execute("UPDATE \"user\" SET name = 'Jim'");
    session.commit();
    other.expire(source);
    counter.reset();
    EXPECT_EQ(session.merge(source)->name, "Jim");
    EXPECT_EQ(counter.count(), 1U) << "the source is not read again for it";
}

TEST_F(merge, P8_what_does_not_fit_a_column_changes_nothing) {
    stored_user("John", 1);
    const auto john = session.get<User>(1);
    auto source = kin::make(User{.id = 1, .name = "Jack"});
    EXPECT_EQ(code_of([&] { (void)session.merge(kin::ref<User>()); }), "null_ref");
    (void)session.merge(source);
    session.rollback();
    EXPECT_EQ(john->name, "John");
}

// --- P10 ----------------------------------------------------------------------------------------------------------------

TEST_F(merge, P10_without_loading_sends_nothing_and_changes_nothing) {
    stored_user("John", 2, 1);
    const auto source = detached_user();
    counter.reset();
    const auto merged = session.merge(source, {.load = false});
    EXPECT_NE(merged, source);
    EXPECT_EQ(kin::state_of(merged), kin::object_state::persistent);
    EXPECT_EQ(merged->name, "John");
    ASSERT_EQ(merged->posts.size(), 2U);
    EXPECT_EQ(merged->posts[0]->user, merged);
    EXPECT_EQ(merged->posts[1]->comments[0]->post, merged->posts[1]);
    EXPECT_EQ(session.get<Post>(2), merged->posts[1]);
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(merge, P10_what_is_changed_afterwards_is_written) {
    stored_user("John", 1);
    auto merged = session.merge(detached_user(), {.load = false});
    merged->posts[0]->title = "changed";
    merged->name = "Jack";
    session.rollback();
    EXPECT_EQ(merged->name, "John");
    merged->name = "Jim";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM \"user\""), "Jim");
}

TEST_F(merge, P10_leaves_an_object_that_the_session_knows_as_it_is) {
    stored_user("John", 1);
    const auto source = detached_user();
    auto john = session.get<User>(1);
    john->name = "Jack";
    EXPECT_EQ(session.merge(source, {.load = false}), john);
    EXPECT_EQ(john->name, "Jack");
    EXPECT_FALSE(john->posts.is_loaded());
}

TEST_F(merge, P10_does_not_put_a_child_into_a_collection_that_it_has_left_here) {
    stored_user("John", 2);
    stored_user("Jane");
    const auto source = detached_user();
    auto first = session.get<Post>(1);
    first->user = session.get<User>(2);
    session.flush();
    const auto john = session.merge(source, {.load = false});
    EXPECT_EQ(john->posts.size(), 1U);
    EXPECT_EQ(first->user->name, "Jane");
}

TEST_F(merge, P10_refuses_what_has_no_row_or_unwritten_changes) {
    stored_user("John", 1);
    EXPECT_EQ(code_of([&] { (void)session.merge(User{.id = 1, .name = "Jack"}, {.load = false}); }),
              "merge_unsaved");
    const auto source = detached_user();
    source->posts[0].edit().title = "changed";
    const auto e = blog::caught<kin::state_error>([&] { (void)session.merge(source, {.load = false}); });
    EXPECT_EQ(e.code(), "merge_unsaved");
    EXPECT_EQ(e.table(), "post");
    EXPECT_EQ(session.query<User>().count(), 1);
    EXPECT_FALSE(session.has_changes());
    source->posts[0].edit().title = "John 1"; // changed back
    EXPECT_EQ(code_of([&] { (void)session.merge(source, {.load = false}); }), "");
    source.edit().posts.push_back(blog::post("new"));
    kin::session third = db.session();
    EXPECT_EQ(code_of([&] { (void)third.merge(source, {.load = false}); }), "merge_unsaved");
}

TEST_F(merge, P10_an_expired_source_gives_an_expired_object) {
    stored_user("John");
    kin::session other = db.session();
    const auto source = other.get<User>(1);
    other.expire(source);
    const auto merged = session.merge(source, {.load = false});
    counter.reset();
    EXPECT_EQ(merged->name, "John");
    EXPECT_EQ(counter.count(), 1U);
}

// --- other mappings -----------------------------------------------------------------------------------------------------

struct Line;
struct Order {
    kin::primary_key<int> id;
    std::string customer;
    kin::has_many<Line> lines;
};
struct Line {
    kin::primary_key<kin::foreign_key<&Order::id>> order_id;
    kin::primary_key<int> number;
    std::string text;
    kin::belongs_to<Order> order;
};
void describe(kin::mapping<Order>& m) {
    m.relationship<&Order::lines>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}

struct Tag;
struct Topic {
    kin::primary_key<std::string> name;
    int weight = 0;
    kin::has_many<Tag> tags;
};
struct Tag {
    int id = 0;
    std::optional<kin::foreign_key<&Topic::name>> topic_name;
    kin::belongs_to<Topic> topic;
};
void describe(kin::mapping<Topic>& m) {
    m.relationship<&Topic::tags>().cascade(kin::cascade::save_update); // no merge
}
void describe(kin::mapping<Tag>& m) { m.relationship<&Tag::topic>().cascade(kin::cascade::none); }

class merge_of_other_keys : public testing::Test {
protected:
    merge_of_other_keys() { db.create_all<Order, Line, Topic, Tag>(); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(merge_of_other_keys, a_key_of_several_columns_may_come_from_the_reference) {
    auto order = session.add(Order{.customer = "John"});
    session.add(Line{.number = 1, .text = "one", .order = order});
    session.add(Line{.number = 2, .text = "two", .order = order});
    session.commit();
    const auto first = session.get<Line>(1, 1);
    EXPECT_EQ(session.merge(Line{.number = 1, .text = "changed", .order = order}), first);
    EXPECT_EQ(first->text, "changed");
    session.commit();
    session.close();
    counter.reset();
    const auto merged =
        session.merge(Order{.id = 1,
                            .customer = "Jack",
                            .lines = {kin::make(Line{.order_id = 1, .number = 2, .text = "kept"}),
                                      kin::make(Line{.number = 3, .text = "new"})}});
    EXPECT_EQ(counter.count(), 3U);
    session.commit();
    EXPECT_EQ(merged->lines.size(), 2U);
    std::vector<std::string> rows;
    for (auto& [number, text] :
         session.sql<int, std::string>("SELECT number, text FROM line ORDER BY number"))
        rows.push_back(std::to_string(number) + " " + text);
    EXPECT_EQ(rows, (std::vector<std::string>{"2 kept", "3 new"})) << "the orphan is deleted";
}

TEST_F(merge_of_other_keys, many_keys_of_several_columns_are_few_statements) {
    auto order = session.add(Order{.customer = "John"});
    for (int i = 1; i <= 600; ++i) session.add(Line{.number = i, .text = "one", .order = order});
    session.commit();
    session.close();
    counter.reset();
    kin::session other = db.session();
    const auto source = other.get<Order>(1);
    EXPECT_EQ(source->lines.size(), 600U);
    other.close();
    counter.reset();
    const auto merged = session.merge(source);
    EXPECT_EQ(merged->lines.size(), 600U);
    EXPECT_EQ(counter.count(), 1U + 3U + 1U) << "the order, 250 lines a statement, the collection";
    EXPECT_FALSE(session.has_changes());
}

TEST_F(merge_of_other_keys, a_relationship_without_the_cascade_is_left_alone) {
    auto topic = session.add(Topic{.name = "kin", .weight = 1});
    auto tag = kin::make(Tag{.topic = topic});
    session.add(tag);
    session.commit();
    const auto merged = session.merge(Topic{.name = "kin", .weight = 2, .tags = {kin::make(Tag{})}});
    EXPECT_EQ(merged, topic);
    EXPECT_EQ(topic->weight, 2);
    EXPECT_EQ(topic->tags.size(), 1U);
    const auto other = session.merge(Tag{.id = tag->id, .topic = kin::make(Topic{.name = "other"})});
    EXPECT_EQ(other->topic, topic);
    session.commit();
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM topic").one()), 1);
}

} // namespace
