// SPDX-License-Identifier: MIT
#include "kin/orm/load_options.hpp"

#include "unit/orm/blog.hpp"

// How relationships load: what a query says, what the mapping says. (Peers and selectin have tests of their own.)

namespace {

using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;

class loader_strategy : public blog::test {
protected:
    loader_strategy() {
        stored_user("John", 2, 1);
        stored_user("Jane", 1);
        counter.reset();
    }
};

TEST_F(loader_strategy, I8_raise_forbids_what_is_not_loaded_even_when_memory_knows_it) {
    const auto users = session.query<User>().with(kin::raise<&User::posts>).all();
    EXPECT_EQ(code_of([&] { (void)users[0]->posts.size(); }), "lazy_load");
    const auto posts = session.query<Post>().with(kin::raise<&Post::user>).all();
    EXPECT_EQ(code_of([&] { (void)posts[0]->user->name; }), "lazy_load");
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(loader_strategy, raise_on_sql_allows_what_memory_knows) {
    const auto users = session.query<User>().all();
    const auto posts =
        session.query<Post>().with(kin::raise_on_sql<&Post::user>, kin::raise_on_sql<&Post::comments>).all();
    EXPECT_EQ(posts[0]->user, users[0]);
    EXPECT_EQ(code_of([&] { (void)posts[0]->comments.size(); }), "lazy_load");
}

TEST_F(loader_strategy, raise_does_not_forbid_what_was_loaded_or_set) {
    const auto posts =
        session.query<Post>().with(kin::raise<&Post::user>, kin::selectin<&Post::comments>).all();
    EXPECT_EQ(posts[0]->comments.size(), 1U);
    auto post = posts[0];
    post->user = session.get_one<User>(2);
    EXPECT_EQ(post->user->name, "Jane");
}

TEST_F(loader_strategy, D6_I11_a_flush_loads_what_it_needs_in_spite_of_raise) {
    const auto posts = session.query<Post>().with(kin::raise<&Post::comments>).all();
    session.remove(posts[0]);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 1);
}

TEST_F(loader_strategy, noload_reads_as_empty) {
    const auto users = session.query<User>().with(kin::noload<&User::posts>).all();
    EXPECT_TRUE(users[0]->posts.empty());
    EXPECT_EQ(counter.count(), 1U);
    auto post = blog::post("new");
    auto john = users[0];
    john->posts.push_back(post);
    EXPECT_EQ(john->posts.size(), 1U);
    kin::session other = db.session();
    const auto posts = other.query<Post>().with(kin::noload<&Post::user>).all();
    EXPECT_EQ(posts[0]->user, nullptr);
}

TEST_F(loader_strategy, the_error_names_the_relationship_and_the_cure) {
    const auto users = session.query<User>().with(kin::raise<&User::posts>).all();
    const auto e = blog::caught<kin::lazy_load_error>([&] { (void)users[0]->posts.size(); });
    EXPECT_THAT(std::string(e.message()), testing::HasSubstr("User.posts"));
    EXPECT_THAT(std::string(e.message()), testing::HasSubstr("kin::selectin<&User::posts>"));
}

} // namespace
