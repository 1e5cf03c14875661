// SPDX-License-Identifier: MIT
#include "kin/orm/load_options.hpp"

#include "unit/orm/world.hpp"

// Conditions on what loads: of one relationship, of a class in one query, of a class in a session. J15 and J17 of semantics.md.

namespace {

using blog::Comment;
using blog::Post;
using blog::User;
using kin::col;

class load_criteria : public blog::test {
protected:
    load_criteria() {
        for (const char* name : {"John", "Jane"}) stored_user(name, 3, 2);
        counter.reset();
    }
    const kin::predicate not_second = !(col<&Post::title>.like("% 2"));
};

TEST_F(load_criteria, J15_a_condition_of_an_option_chooses_the_objects_of_the_relationship) {
    const auto users = session.query<User>().with(kin::selectin<&User::posts>.where(not_second)).all();
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(users[1]->posts.size(), 2U);
    EXPECT_TRUE(users[0]->posts.is_partial());
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(load_criteria, J15_a_condition_of_a_joined_relationship_leaves_out_no_owner) {
    const auto users =
        session.query<User>().with(kin::joined<&User::posts>.where(col<&Post::title>.like("John %"))).all();
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0]->posts.size(), 3U);
    EXPECT_TRUE(users[1]->posts.empty());
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(load_criteria, J15_a_condition_may_ask_about_what_is_behind) {
    const auto users =
        session.query<User>()
            .with(kin::joined<&User::posts>.where(col<&Post::comments>.any(col<&Comment::id> < 3)))
            .all();
    EXPECT_EQ(users[0]->posts.size(), 1U);
    EXPECT_EQ(users[1]->posts.size(), 0U);
}

TEST_F(load_criteria, J15_a_condition_waits_with_its_relationship) {
    const auto users = session.query<User>().with(kin::peers<&User::posts>.where(not_second)).all();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(users[1]->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(load_criteria, J15_inner_join_and_condition_choose_owners_too) {
    const auto query =
        session.query<User>().with(kin::joined<&User::posts>.where(col<&Post::title> == "John 1").inner());
    EXPECT_EQ(query.count(), 1);
    EXPECT_EQ(query.all().size(), 1U);
    EXPECT_EQ(query.limit(5).all().size(), 1U);
}

TEST_F(load_criteria, J15_populate_existing_loads_the_whole_again) {
    const auto users = session.query<User>().with(kin::selectin<&User::posts>.where(not_second)).all();
    (void)session.query<User>().with(kin::selectin<&User::posts>).all();
    EXPECT_EQ(users[0]->posts.size(), 2U) << "a loaded collection is left alone";
    (void)session.query<User>().with(kin::selectin<&User::posts>).populate_existing().all();
    EXPECT_EQ(users[0]->posts.size(), 3U);
    EXPECT_FALSE(users[0]->posts.is_partial());
}

TEST_F(load_criteria, what_a_condition_left_out_is_not_taken_for_removed) {
    auto post =
        session.query<Post>().with(kin::selectin<&Post::comments>.where(col<&Comment::id> == 1)).first();
    const auto seen = post->comments[0];
    post->comments.erase(seen);
    post->comments.push_back(blog::comment("new"));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id = 1"), 2)
        << "the new one, and the one that was left out";
    EXPECT_EQ(post->comments.size(), 1U);
    post->comments.clear();
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id = 1"), 1);
    session.expire(post);
    EXPECT_EQ(post->comments.size(), 1U);
    EXPECT_FALSE(post->comments.is_partial());
}

TEST_F(load_criteria, removing_the_owner_settles_what_a_condition_left_out) {
    auto post =
        session.query<Post>().with(kin::selectin<&Post::comments>.where(col<&Comment::id> == 1)).first();
    ASSERT_EQ(post->comments.size(), 1U);
    session.remove(post);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 2);
}

TEST_F(load_criteria, merging_a_partial_collection_removes_nothing) {
    auto post =
        session.query<Post>().with(kin::selectin<&Post::comments>.where(col<&Comment::id> == 1)).first();
    session.close();
    kin::session other = db.session();
    (void)other.merge(post);
    other.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id = 1"), 2);
}

// --- criteria of a class ----------------------------------------------------------------------------------------------

TEST_F(load_criteria, J17_criteria_of_a_class_hold_wherever_a_query_reads_it) {
    const auto users =
        session.query<User>().with(kin::criteria<Post>(not_second), kin::joined<&User::posts>).all();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(session.query<Post>().with(kin::criteria<Post>(not_second)).count(), 4);
    EXPECT_EQ(session.query<User>()
                  .where(col<&User::posts>.any(col<&Post::title> == "John 2"))
                  .with(kin::criteria<Post>(not_second))
                  .count(),
              0)
        << "in subqueries as well";
    EXPECT_EQ(session.query<Post>().count(), 6) << "only that query";
}

TEST_F(load_criteria, J17_criteria_of_a_query_hold_for_what_loads_later) {
    const auto users = session.query<User>().with(kin::criteria<Post>(not_second)).all();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(users[1]->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
    const auto comments =
        db.session().query<Comment>().with(kin::criteria<Comment>(col<&Comment::id> < 3)).all();
    EXPECT_EQ(comments.size(), 2U);
}

TEST_F(load_criteria, J17_criteria_of_a_session_hold_for_all_that_it_loads) {
    session.add_criteria(kin::criteria<Post>(not_second));
    EXPECT_EQ(session.query<Post>().all().size(), 4U);
    EXPECT_EQ(session.query<Post>().count(), 4);
    EXPECT_EQ(session.get<Post>(2), nullptr);
    EXPECT_NE(session.get<Post>(1), nullptr);
    EXPECT_EQ(session.get_one<User>(1)->posts.size(), 2U);
    EXPECT_EQ(session.query<User>().with(kin::selectin<&User::posts>).all()[1]->posts.size(), 2U);
    EXPECT_EQ(std::get<0>(session.select(kin::count(col<&Post::id>)).one()), 4);
    EXPECT_EQ(session.execute(kin::update<Post>().set(col<&Post::content>, "x")), 4);
    EXPECT_EQ(session.execute(kin::update<Post>().set(col<&Post::content>, "x").without_criteria()), 6);
    EXPECT_EQ(session.query<Post>().without_criteria().all().size(), 6U);
    session.clear_criteria<Post>();
    EXPECT_EQ(session.query<Post>().count(), 6);
}

TEST_F(load_criteria, J17_a_hidden_target_reads_as_null_and_its_key_stays) {
    session.add_criteria(kin::criteria<User>(col<&User::name> != "John"));
    auto post = session.get_one<Post>(1);
    EXPECT_EQ(post->user, nullptr);
    EXPECT_EQ(post->user_id, 1);
    post->title = "changed";
    session.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post WHERE title = 'changed'"), 1);
    const auto posts = session.query<Post>().with(kin::joined<&Post::user>).all();
    EXPECT_EQ(posts[4]->user->name, "Jane");
    EXPECT_EQ(posts[1]->user, nullptr);
    EXPECT_EQ(posts[1]->user_id, 1);
}

TEST_F(load_criteria, J17_a_flush_sees_what_criteria_hide) {
    session.add_criteria(kin::criteria<Comment>(col<&Comment::id> == 1));
    auto post = session.get_one<Post>(1);
    EXPECT_EQ(post->comments.size(), 1U);
    session.remove(post);
    session.remove(session.get_one<Post>(2)); // not even looked at
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 4);
}

class criteria_of_world : public world::test {};

TEST_F(criteria_of_world, a_many_to_many_loads_those_that_hold) {
    kin::session writer = db.session();
    auto article = writer.add(world::article("a"));
    for (const char* name : {"red", "green", "blue"}) article->tags.push_back(world::tag(name));
    writer.commit();
    counter.reset();
    auto found = session.query<world::Article>()
                     .with(kin::joined<&world::Article::tags>.where(col<&world::Tag::name> != "green"))
                     .one();
    EXPECT_EQ(found->tags.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    found->tags.erase(found->tags[0]);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM article_tag"), 2);
}

TEST_F(criteria_of_world, a_has_one_that_was_hidden_is_replaced_and_not_doubled) {
    kin::session writer = db.session();
    auto author = writer.add(world::author("a"));
    author->profile = world::profile("old");
    writer.commit();
    auto found = session.query<world::Author>()
                     .with(kin::joined<&world::Author::profile>.where(col<&world::Profile::bio> == "x"))
                     .one();
    EXPECT_FALSE(found->profile);
    found->profile = world::profile("new");
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM profile WHERE author_id = 1"), 1);
    EXPECT_EQ(stored<std::string>("SELECT bio FROM profile WHERE author_id = 1"), "new");
}

} // namespace
