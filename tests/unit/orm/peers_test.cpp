// SPDX-License-Identifier: MIT
#include "kin/orm/load_options.hpp"

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// How relationships load: decision 3, and semantics.md I and J.

namespace {

using blog::caught;
using blog::Comment;
using blog::Post;
using blog::User;

class peers : public blog::test {
protected:
    void SetUp() override {
        for (const char* name : {"John", "Jane", "Jack"}) stored_user(name, 2, 1);
        counter.reset();
    }
};
using semantics_I = peers;
class semantics_J : public peers {};

TEST_F(semantics_I, I1_the_first_access_sends_one_statement_and_later_ones_none) {
    const auto john = session.get<User>(1);
    counter.reset();
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_I, I1_one_statement_serves_all_objects_of_the_result) {
    const auto users = session.query<User>().all();
    std::size_t posts = 0, comments = 0;
    for (const auto& user : users) {
        posts += user->posts.size();
        for (const auto& post : user->posts) comments += post->comments.size();
    }
    EXPECT_EQ(posts, 6U);
    EXPECT_EQ(comments, 6U);
    EXPECT_EQ(counter.count(), 3U) << "users, posts, comments";
}

TEST_F(semantics_I, I4_a_child_of_a_loaded_collection_knows_its_parent_without_a_statement) {
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    counter.reset();
    EXPECT_EQ(john->posts[0]->user, john);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_I, I5_a_reference_with_a_null_key_is_null_without_a_statement) {
    session.add(blog::comment("loose"));
    session.commit();
    session.close();
    const auto loose = session.query<Comment>().where(kin::col<&Comment::post_id>.is_null()).one();
    counter.reset();
    EXPECT_EQ(loose->post, nullptr);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_I, I7_reading_the_references_of_many_objects_is_one_statement) {
    for (const auto& post : session.query<Post>()) EXPECT_FALSE(post->user->name.empty());
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_I, I7_select_each_loads_one_by_one_when_it_is_asked_for) {
    for (const auto& user : session.query<User>().with(kin::select_each<&User::posts>))
        EXPECT_EQ(user->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U + 3U);
}

TEST_F(semantics_I, I13_an_unloaded_relationship_of_a_detached_object_is_an_error_naming_class_and_member) {
    const auto john = session.get<User>(1);
    const auto post = session.get<Post>(3);
    session.close();
    const auto many = caught<kin::detached_instance>([&] { (void)john->posts.size(); });
    EXPECT_EQ(many.code(), "detached_instance");
    EXPECT_NE(std::string(many.message()).find("User.posts"), std::string::npos) << many.message();
    const auto one = caught<kin::detached_instance>([&] { (void)post->user->name; });
    EXPECT_NE(std::string(one.message()).find("Post.user"), std::string::npos) << one.message();
    EXPECT_EQ(john->name, "John");
}

TEST_F(semantics_I, I14_a_relationship_of_a_transient_object_is_empty_and_sends_nothing) {
    kin::ref<User> john = blog::user("John");
    EXPECT_TRUE(john->posts.empty());
    kin::ref<Post> post = blog::post("First");
    post->user_id = 1;
    EXPECT_EQ(post->user, nullptr) << "no session could look for it";
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_I, a_pending_object_with_a_hand_set_key_finds_its_parent) {
    auto post = session.add(blog::post("First"));
    post->user_id = 2;
    EXPECT_EQ(post->user->name, "Jane");
    EXPECT_EQ(post->user->posts.size(), 3U);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 2"), 3);
}

TEST_F(peers, loading_does_not_touch_objects_that_are_loaded_already) {
    auto john = session.get<User>(1);
    auto first = session.get<Post>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    const auto added = blog::post("Unwritten", john);
    first->title = "Changed";
    kin::session outside = db.session();
    const auto everybody = session.query<User>().all(); // flushes, and makes them peers
    counter.reset();

    for (const auto& user : everybody) EXPECT_GE(user->posts.size(), 2U);

    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(john->posts.size(), 3U);
    EXPECT_EQ(john->posts[2], added);
    EXPECT_EQ(first->title, "Changed");
}

TEST_F(peers, loading_keeps_an_unwritten_change_of_a_child_without_flushing_it) {
    const auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    auto first = session.get<Post>(1);
    first->title = "Changed";
    counter.reset();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(users[0]->posts[0]->title, "Changed");
    EXPECT_EQ(counter.count(), 1U) << "one SELECT, no UPDATE";
    EXPECT_TRUE(session.has_changes());
}

TEST_F(peers, a_child_that_was_moved_or_removed_in_memory_is_where_it_is_now) {
    const auto users = session.query<User>().order_by(kin::col<&User::id>).all();
    auto first = session.get<Post>(1);
    first->user = users[1];
    EXPECT_EQ(users[0]->posts.size(), 1U);
    EXPECT_EQ(users[1]->posts.size(), 3U);
    EXPECT_EQ(users[2]->posts.size(), 2U);
}

TEST_F(peers, an_object_that_joins_another_result_is_loaded_with_that_one) {
    const auto all = session.query<User>().all();
    const auto john = session.query<User>().where(kin::col<&User::name> == "John").one();
    counter.reset();
    EXPECT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(all[1]->posts.size(), 2U);
    EXPECT_LE(counter.count(), 2U);
}

TEST_F(peers, an_order_by_of_the_mapping_is_the_order_of_a_loaded_collection) {
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    EXPECT_LT(john->posts[0]->id, john->posts[1]->id);
}

TEST_F(peers, objects_that_are_dropped_meanwhile_do_no_harm) {
    auto users = session.query<User>().all();
    const kin::ref<User> kept = users[1];
    users.clear();
    session.expunge(session.get<User>(1));
    EXPECT_EQ(kept->posts.size(), 2U);
}

TEST_F(semantics_J, J6_selectin_is_one_more_statement_right_after_the_query) {
    const auto users = session.query<User>().with(kin::selectin<&User::posts>).all();
    EXPECT_EQ(counter.count(), 2U);
    session.close();
    for (const auto& user : users) EXPECT_EQ(user->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J, J8_references_are_selected_once_each_and_known_ones_not_at_all) {
    const auto john = session.get<User>(1);
    counter.reset();
    const auto posts = session.query<Post>().with(kin::selectin<&Post::user>).all();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(posts[0]->user, john);
    counter.reset();
    for (const auto& post : session.query<Post>().with(kin::selectin<&Post::user>)) (void)post->user->name;
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_J, J9_a_parent_without_children_gets_an_empty_loaded_collection) {
    stored_user("Lonely");
    const auto users = session.query<User>().with(kin::selectin<&User::posts>).all();
    counter.reset();
    ASSERT_EQ(users.size(), 4U);
    EXPECT_TRUE(users[3]->posts.empty());
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_J, J14_a_collection_that_is_loaded_already_is_not_overwritten) {
    auto john = session.get<User>(1);
    john->posts.erase(john->posts[0]);
    kin::session quiet = db.session({.autoflush = false});
    auto jane = quiet.get<User>(2);
    jane->posts.push_back(blog::post("Unwritten"));
    ASSERT_EQ(jane->posts.size(), 3U);
    (void)quiet.query<User>().with(kin::selectin<&User::posts>).all();
    EXPECT_EQ(jane->posts.size(), 3U);
    session.rollback();
}

TEST_F(semantics_J, J18_a_path_is_one_statement_a_level) {
    const auto users = session.query<User>().with(kin::selectin<&User::posts, &Post::comments>).all();
    EXPECT_EQ(counter.count(), 3U);
    session.close();
    for (const auto& user : users)
        for (const auto& post : user->posts) EXPECT_EQ(post->comments.size(), 1U);
}

TEST_F(semantics_J, more_peers_than_one_statement_takes_are_loaded_in_few) {
    db.transaction([](kin::session& s) {
        for (int i = 0; i < 2500; ++i) s.add(blog::post("p", blog::user("u")));
    });
    counter.reset();
    std::size_t posts = 0;
    for (const auto& user : session.query<User>()) posts += user->posts.size();
    EXPECT_EQ(posts, 2506U);
    EXPECT_LE(counter.count(), 6U);
}

// ---- keys that refer to a unique column ----

struct City;
struct Country {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{2}, kin::unique> code;
    kin::has_many<City> cities;
};
struct City {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Country::code> country_code;
    kin::belongs_to<Country> country;
};

TEST(peers_by_a_unique_column, load_both_sides_in_one_statement_each) {
    const kin::database db{kin::testing::fresh_url()};
    db.create_all<Country, City>();
    {
        kin::session s = db.session();
        for (const char* code : {"AT", "CH", "DE"}) {
            const auto country = s.add(Country{.code = code});
            for (int i = 0; i < 3; ++i)
                s.add(City{.name = std::string(code) + std::to_string(i), .country = country});
        }
        s.commit();
    }
    kin::testing::sql_counter counter{db};
    kin::session cities = db.session();
    int seen = 0;
    for (const auto& city : cities.query<City>()) {
        ASSERT_TRUE(city->country);
        EXPECT_EQ(city->name.substr(0, 2), city->country->code);
        ++seen;
    }
    EXPECT_EQ(seen, 9);
    EXPECT_EQ(counter.count(), 2U);
    counter.reset();
    kin::session changing = db.session();
    auto swiss = changing.query<Country>().where(kin::col<&Country::code> == "CH").one();
    const auto city = changing.query<City>().where(kin::col<&City::name> == "CH1").one();
    EXPECT_TRUE(swiss->cities.contains(city));
    EXPECT_EQ(counter.count(), 2U) << "asking does not load";
    changing.close();
    counter.reset();
    kin::session countries = db.session();
    for (const auto& country : countries.query<Country>()) {
        ASSERT_EQ(country->cities.size(), 3U);
        for (const auto& city : country->cities) EXPECT_EQ(city->country_code, country->code);
    }
    EXPECT_EQ(counter.count(), 2U);
}

} // namespace
