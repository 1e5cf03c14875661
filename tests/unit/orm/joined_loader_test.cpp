// SPDX-License-Identifier: MIT
#include "kin/orm/load_options.hpp"

#include "unit/orm/world.hpp"

// Joined loading: J2, J3, J5 of semantics.md, and how it goes along with objects that are known.

namespace {

using blog::Comment;
using blog::Post;
using blog::User;
using testing::HasSubstr;
using testing::Not;

class semantics_J_joined : public blog::test {
protected:
    semantics_J_joined() {
        for (const char* name : {"John", "Jane", "Jack"}) stored_user(name, 2, 2);
        stored_user("Jill");
        kin::session writer = db.session();
        writer.add(blog::comment("loose"));
        writer.commit();
        counter.reset();
    }
};

std::vector<std::string> titles(const kin::ref<User>& user) {
    std::vector<std::string> all;
    for (const auto& post : user->posts) all.push_back(post->title);
    return all;
}

TEST_F(semantics_J_joined, J2_a_reference_comes_in_the_statement_of_the_query) {
    const auto posts = session.query<Post>().with(kin::joined<&Post::user>).all();
    ASSERT_EQ(posts.size(), 6U);
    for (const auto& post : posts) EXPECT_EQ(post->title.substr(0, 4), post->user->name);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(counter.statements().back(),
              R"(SELECT "post"."id", "post"."title", "post"."content", "post"."user_id", )"
              R"("user"."id", "user"."name", "user"."bio" )"
              R"(FROM "post" LEFT JOIN "user" ON "post"."user_id" = "user"."id")");
}

TEST_F(semantics_J_joined, J2_a_joined_collection_gives_each_object_once) {
    const auto users = session.query<User>().with(kin::joined<&User::posts>).all();
    ASSERT_EQ(users.size(), 4U);
    EXPECT_EQ(titles(users[0]), (std::vector<std::string>{"John 1", "John 2"}));
    EXPECT_EQ(titles(users[2]), (std::vector<std::string>{"Jack 1", "Jack 2"}));
    for (const auto& user : users) {
        for (const auto& post : user->posts) EXPECT_EQ(post->user, user);
    }
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_J_joined, J9_an_object_without_a_partner_stays_and_is_loaded) {
    const auto users = session.query<User>().with(kin::joined<&User::posts>).all();
    EXPECT_TRUE(users[3]->posts.is_loaded());
    EXPECT_TRUE(users[3]->posts.empty());
    const auto loose = session.query<Comment>()
                           .where(kin::col<&Comment::text> == "loose")
                           .with(kin::joined<&Comment::post>)
                           .one();
    EXPECT_TRUE(loose->post.is_loaded());
    EXPECT_EQ(loose->post, nullptr);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J_joined, a_path_is_one_statement_however_long) {
    const auto users = session.query<User>().with(kin::joined<&User::posts, &Post::comments>).all();
    std::size_t comments = 0;
    for (const auto& user : users) {
        for (const auto& post : user->posts) comments += post->comments.size();
    }
    EXPECT_EQ(comments, 12U);
    EXPECT_EQ(counter.count(), 1U);
    session.close();
    const auto all = session.query<Comment>().with(kin::joined<&Comment::post, &Post::user>).all();
    EXPECT_EQ(all[0]->post->user->name, "John");
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J_joined, paths_mix_with_selectin_in_both_orders) {
    const auto users = session.query<User>()
                           .with(kin::joined<&User::posts>, kin::selectin<&User::posts, &Post::comments>)
                           .all();
    EXPECT_EQ(counter.count(), 2U) << "users with posts; comments";
    EXPECT_EQ(users[1]->posts[1]->comments.size(), 2U);
    session.close();
    counter.reset();
    const auto again = session.query<User>()
                           .with(kin::joined<&User::posts, &Post::comments>, kin::selectin<&User::posts>)
                           .all();
    EXPECT_EQ(counter.count(), 2U) << "users; posts with comments";
    EXPECT_EQ(again[1]->posts[1]->comments.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J_joined, the_last_word_about_a_relationship_counts) {
    const auto users = session.query<User>().with(kin::joined<&User::posts>, kin::peers<&User::posts>).all();
    EXPECT_FALSE(users[0]->posts.is_loaded());
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_J_joined, J3_limit_and_offset_count_objects) {
    const auto users = session.query<User>()
                           .order_by(kin::col<&User::id>)
                           .limit(2)
                           .offset(1)
                           .with(kin::joined<&User::posts>)
                           .all();
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0]->name, "Jane");
    EXPECT_EQ(titles(users[1]), (std::vector<std::string>{"Jack 1", "Jack 2"}));
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_THAT(counter.statements().back(), HasSubstr("FROM (SELECT"));
}

TEST_F(semantics_J_joined, J3_a_limit_needs_no_subquery_when_rows_do_not_multiply) {
    const auto posts = session.query<Post>()
                           .order_by(kin::col<&Post::id>.desc())
                           .limit(3)
                           .with(kin::joined<&Post::user>)
                           .all();
    ASSERT_EQ(posts.size(), 3U);
    EXPECT_EQ(posts[0]->user->name, "Jack");
    EXPECT_THAT(counter.statements().back(), Not(HasSubstr("(SELECT")));
}

TEST_F(semantics_J_joined, J3_first_and_one_have_the_whole_collection) {
    const auto jane =
        session.query<User>().where(kin::col<&User::name> == "Jane").with(kin::joined<&User::posts>).one();
    EXPECT_EQ(titles(jane), (std::vector<std::string>{"Jane 1", "Jane 2"}));
    const auto first =
        session.query<User>().order_by(kin::col<&User::name>.desc()).with(kin::joined<&User::posts>).first();
    EXPECT_EQ(first->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J_joined, J3_the_conditions_of_the_query_do_not_see_the_joined_tables) {
    const auto query =
        session.query<User>().where(kin::col<&Post::title> == "John 1").with(kin::joined<&User::posts>);
    EXPECT_EQ(blog::code_of([&] { (void)query.all(); }), "table_not_in_query");
    EXPECT_EQ(blog::code_of([&] { (void)query.limit(1).all(); }), "table_not_in_query");
    const auto john = session.query<User>()
                          .where(kin::col<&User::posts>.any(kin::col<&Post::title> == "John 1"))
                          .with(kin::joined<&User::posts>)
                          .limit(1)
                          .all();
    ASSERT_EQ(john.size(), 1U);
    EXPECT_EQ(john[0]->posts.size(), 2U) << "the condition chooses users, not their posts";
}

TEST_F(semantics_J_joined, J5_an_inner_join_leaves_out_who_has_no_partner) {
    const auto query = session.query<User>().with(kin::joined<&User::posts>.inner());
    EXPECT_EQ(query.all().size(), 3U);
    EXPECT_THAT(counter.statements().back(), Not(HasSubstr("LEFT JOIN")));
    EXPECT_EQ(query.count(), 3);
    EXPECT_EQ(query.order_by(kin::col<&User::id>.desc()).limit(2).all().size(), 2U) << "Jill does not count";
    const auto comments = session.query<Comment>().with(kin::joined<&Comment::post>.inner()).all();
    EXPECT_EQ(comments.size(), 12U) << "without the loose one";
}

TEST_F(semantics_J_joined, J5_an_inner_join_behind_an_outer_one_loses_nobody) {
    const auto comments =
        session.query<Comment>()
            .with(kin::joined<&Comment::post>, kin::joined<&Comment::post, &Post::user>.inner())
            .all();
    EXPECT_EQ(comments.size(), 13U);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_J_joined, J14_objects_and_collections_that_are_known_are_left_alone) {
    auto john = session.get_one<User>(1);
    auto first = session.get_one<Post>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    kin::session quiet(db.engine(), {.autoflush = false});
    auto jane = quiet.get_one<User>(2);
    jane->name = "Changed";
    auto post = quiet.get_one<Post>(3);
    post->user = quiet.get_one<User>(1);
    const auto users = quiet.query<User>().with(kin::joined<&User::posts>).all();
    EXPECT_EQ(users[1]->name, "Changed");
    EXPECT_EQ(users[1]->posts.size(), 1U) << "the post has moved in memory";
    EXPECT_EQ(users[0]->posts.size(), 3U);
    EXPECT_EQ(post->user, users[0]);
}

TEST_F(semantics_J_joined, populate_existing_overwrites_what_was_joined_as_well) {
    auto john = session.get_one<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    auto first = session.get_one<Post>(1);
    kin::session other = db.session();
    other.execute("UPDATE post SET title = 'new' WHERE id = 1");
    other.execute("UPDATE post SET user_id = 1 WHERE id = 3");
    other.commit();
    session.commit();
    counter.reset();
    const auto users = session.query<User>().with(kin::joined<&User::posts>).populate_existing().all();
    EXPECT_EQ(first->title, "new");
    EXPECT_EQ(john->posts.size(), 3U);
    EXPECT_EQ(users[1]->posts.size(), 1U);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_J_joined, what_was_linked_to_an_unloaded_collection_comes_last) {
    auto john = session.get_one<User>(1);
    kin::session quiet(db.engine(), {.autoflush = false});
    auto mine = quiet.get_one<User>(1);
    const auto added = blog::post("Unwritten", mine);
    quiet.add(added);
    const auto users = quiet.query<User>().with(kin::joined<&User::posts>).all();
    ASSERT_EQ(mine->posts.size(), 3U);
    EXPECT_EQ(mine->posts[2], added);
}

TEST_F(semantics_J_joined, rows_of_raw_sql_get_a_statement_of_their_own) {
    const auto users = session.query<User>()
                           .from_sql("SELECT * FROM \"user\" WHERE id < 3 ORDER BY id")
                           .with(kin::joined<&User::posts>)
                           .all();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(users[1]->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J_joined, joined_objects_are_peers) {
    const auto users = session.query<User>().with(kin::joined<&User::posts>).all();
    std::size_t comments = 0;
    for (const auto& user : users) {
        for (const auto& post : user->posts) comments += post->comments.size();
    }
    EXPECT_EQ(comments, 12U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_J_joined, raise_reaches_the_objects_behind_a_path) {
    const auto users = session.query<User>()
                           .with(kin::joined<&User::posts>, kin::raise<&User::posts, &Post::comments>)
                           .all();
    EXPECT_EQ(blog::code_of([&] { (void)users[0]->posts[0]->comments.size(); }), "lazy_load");
    const auto others = db.session().query<User>().with(kin::raise<&User::posts, &Post::comments>).all();
    EXPECT_FALSE(others[0]->posts.is_loaded()) << "only the last member of the path is spoken of";
}

TEST_F(semantics_J_joined, raise_behind_a_path_reaches_what_loads_later) {
    const auto users = session.query<User>().with(kin::raise<&User::posts, &Post::comments>).all();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(blog::code_of([&] { (void)users[0]->posts[0]->comments.size(); }), "lazy_load");
}

TEST_F(semantics_J_joined, selectin_behind_a_relationship_that_waits_follows_it) {
    const auto users = session.query<User>()
                           .with(kin::peers<&User::posts>, kin::selectin<&User::posts, &Post::comments>)
                           .all();
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 3U);
    EXPECT_EQ(users[2]->posts[1]->comments.size(), 2U);
    EXPECT_EQ(counter.count(), 3U);
}

// --- other kinds of relationships -------------------------------------------------------------------------------------

class joined_world : public world::test {
protected:
    joined_world() {
        kin::session writer = db.session();
        for (int a = 1; a <= 3; ++a) {
            auto author = writer.add(world::author("author " + std::to_string(a)));
            if (a != 2) author->profile = world::profile("profile " + std::to_string(a));
            for (int i = 1; i <= 2; ++i)
                author->articles.push_back(world::article(std::to_string(a * 10 + i)));
        }
        writer.commit();
        auto red = writer.add(world::tag("red"));
        auto blue = writer.add(world::tag("blue"));
        const auto articles = writer.query<world::Article>().order_by(kin::col<&world::Article::id>).all();
        for (const auto& article : articles) red->articles.push_back(article);
        blue->articles.push_back(articles[0]);
        auto first = writer.get_one<world::Author>(1);
        first->followers.push_back(writer.get_one<world::Author>(2));
        first->followers.push_back(writer.get_one<world::Author>(3));
        writer.commit();
        counter.reset();
    }
};

TEST_F(joined_world, a_has_one_is_there_or_null) {
    const auto authors = session.query<world::Author>().with(kin::joined<&world::Author::profile>).all();
    ASSERT_EQ(authors.size(), 3U);
    EXPECT_EQ(authors[0]->profile->bio, "profile 1");
    EXPECT_FALSE(authors[1]->profile);
    EXPECT_EQ(authors[2]->profile->author, authors[2]);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(joined_world, a_many_to_many_joins_the_table_between) {
    const auto articles = session.query<world::Article>().with(kin::joined<&world::Article::tags>).all();
    ASSERT_EQ(articles.size(), 6U);
    EXPECT_EQ(articles[0]->tags.size(), 2U);
    EXPECT_EQ(articles[5]->tags.size(), 1U);
    EXPECT_EQ(articles[0]->tags[0], articles[5]->tags[0]);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(joined_world, several_collections_at_once_repeat_nothing) {
    const auto authors =
        session.query<world::Author>()
            .with(kin::joined<&world::Author::articles, &world::Article::tags>,
                  kin::joined<&world::Author::followers>, kin::joined<&world::Author::profile>)
            .all();
    ASSERT_EQ(authors.size(), 3U);
    EXPECT_EQ(authors[0]->articles.size(), 2U);
    EXPECT_EQ(authors[0]->followers.size(), 2U);
    EXPECT_EQ(authors[0]->articles[0]->tags.size(), 2U);
    EXPECT_EQ(authors[0]->articles[1]->tags.size(), 1U);
    EXPECT_EQ(authors[1]->followers.size(), 0U);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(joined_world, a_class_that_is_joined_with_itself_has_another_name) {
    const auto first = session.query<world::Author>()
                           .where(kin::col<&world::Author::id> == 1)
                           .with(kin::joined<&world::Author::followers>)
                           .one();
    EXPECT_EQ(first->followers.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_FALSE(first->followers[0]->followers.is_loaded());
}

TEST_F(joined_world, a_shared_object_behind_a_reference_has_its_collection_once) {
    const auto articles = session.query<world::Article>()
                              .order_by(kin::col<&world::Article::id>)
                              .with(kin::joined<&world::Article::author, &world::Author::articles>)
                              .all();
    ASSERT_EQ(articles.size(), 6U);
    ASSERT_EQ(articles[0]->author->articles.size(), 2U);
    EXPECT_THAT((std::vector<kin::ref<const world::Article>>{articles[0]->author->articles[0],
                                                             articles[0]->author->articles[1]}),
                testing::UnorderedElementsAre(articles[0], articles[1]));
    EXPECT_EQ(counter.count(), 1U);
}

// --- trees, orders, mappings ------------------------------------------------------------------------------------------

} // namespace

namespace joined_models {

struct Leaf;
struct Branch {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Branch, int>> parent_id;
    kin::belongs_to<Branch, "parent_id"> parent;
    kin::has_many<Branch, &Branch::parent> children;
    kin::has_many<Leaf> leaves;
};
struct Leaf {
    kin::primary_key<int> id;
    int size = 0;
    kin::foreign_key<&Branch::id> branch_id;
    kin::belongs_to<Branch> branch;
};
void describe(kin::mapping<Branch>& m) {
    m.relationship<&Branch::children>().order_by(kin::col<&Branch::name>.desc());
    m.relationship<&Branch::leaves>().order_by(kin::col<&Leaf::size>);
}

} // namespace joined_models

namespace {

using joined_models::Branch;
using joined_models::Leaf;

class joined_tree : public testing::Test {
protected:
    joined_tree() {
        db.create_all<Branch, Leaf>();
        kin::session writer = db.session();
        auto root = writer.add(Branch{.name = "root"});
        for (const char* name : {"a", "c", "b"}) {
            auto child = kin::make(Branch{.name = name, .parent = root});
            for (const char* below : {"1", "2"})
                (void)kin::make(Branch{.name = std::string(name) + below, .parent = child});
            for (const int size : {3, 1, 2}) (void)kin::make(Leaf{.size = size, .branch = child});
        }
        writer.commit();
        counter.reset();
    }
    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
};

TEST_F(joined_tree, J20_a_tree_loads_as_many_levels_as_the_path_has) {
    const auto root = session.query<Branch>()
                          .where(kin::col<&Branch::parent_id>.is_null())
                          .with(kin::joined<&Branch::children, &Branch::children>)
                          .one();
    EXPECT_EQ(counter.count(), 1U);
    ASSERT_EQ(root->children.size(), 3U);
    EXPECT_EQ(root->children[0]->name, "c");
    EXPECT_EQ(root->children[2]->name, "a");
    ASSERT_EQ(root->children[0]->children.size(), 2U);
    EXPECT_EQ(root->children[0]->children[0]->name, "c2");
    EXPECT_FALSE(root->children[0]->children[0]->children.is_loaded());
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(joined_tree, the_order_of_the_query_comes_before_that_of_its_collections) {
    const auto found = session.query<Branch>()
                           .where(kin::col<&Branch::leaves>.any())
                           .order_by(kin::col<&Branch::name>)
                           .with(kin::joined<&Branch::leaves>, kin::joined<&Branch::children>)
                           .limit(2)
                           .all();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0]->name, "a");
    EXPECT_EQ(found[1]->name, "b");
    for (const auto& branch : found) {
        ASSERT_EQ(branch->leaves.size(), 3U);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(branch->leaves[static_cast<std::size_t>(i)]->size, i + 1);
        EXPECT_EQ(branch->children[0]->name, branch->name + "2");
    }
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(joined_tree, an_object_of_the_result_that_is_a_child_as_well_is_one_object) {
    const auto all = session.query<Branch>().with(kin::joined<&Branch::children>).all();
    EXPECT_EQ(all.size(), 10U);
    std::size_t children = 0;
    for (const auto& branch : all) children += branch->children.size();
    EXPECT_EQ(children, 9U);
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(joined_tree, both_sides_of_one_relationship_join_the_same_table_twice) {
    const auto a = session.query<Branch>()
                       .where(kin::col<&Branch::name> == "a")
                       .with(kin::joined<&Branch::children>, kin::joined<&Branch::parent>)
                       .one();
    EXPECT_EQ(a->parent->name, "root");
    EXPECT_EQ(a->children.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_FALSE(a->parent->children.is_loaded());
}

} // namespace
