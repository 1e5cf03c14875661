// SPDX-License-Identifier: MIT
// The code of docs/guide/loading.md.
#include <gtest/gtest.h>

#include "docs_blog_models.hpp"
#include "kin/testing/statement_counter.hpp"

namespace docs {
namespace {

// [eager_models]
struct Track;

struct Album {
    kin::primary_key<int> id;
    std::string name;
    kin::has_many<Track> tracks;
};

struct Track {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Album::id> album_id;
    kin::belongs_to<Album> album;
};

void describe(kin::mapping<Track>& m) { m.relationship<&Track::album>().lazy(kin::loader_strategy::joined); }
// [/eager_models]

class docs_loading : public testing::Test {
protected:
    kin::database db = filled_blog();
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
};

TEST_F(docs_loading, peers) {
    // [peers]
    std::size_t posts = 0;
    std::size_t comments = 0;
    for (const auto& user : session.query<User>()) { // 1 statement
        for (const auto& post : user->posts) {       // 1 statement for the posts of all users
            ++posts;
            comments += post->comments.size(); // 1 statement for the comments of all posts
        }
    }
    EXPECT_EQ(counter.count(), 3u);
    // [/peers]
    EXPECT_EQ(posts, 6u);
    EXPECT_EQ(comments, 12u);
}

TEST_F(docs_loading, many_to_one) {
    // [many_to_one]
    for (const auto& post : session.query<Post>()) { // 1 statement
        EXPECT_FALSE(post->user->name.empty());      // 1 statement for all users that are not known yet
    }
    EXPECT_EQ(counter.count(), 2u);
    // [/many_to_one]
}

TEST_F(docs_loading, selectin) {
    // [selectin]
    auto users = session.query<User>().with(kin::selectin<&User::posts, &Post::comments>).all();
    EXPECT_EQ(counter.count(), 3u); // users, posts, comments: at once, and none later
    session.close();
    EXPECT_EQ(users[0]->posts[0]->comments.size(), 2u); // readable without the session
    // [/selectin]
}

TEST_F(docs_loading, joined) {
    // [joined]
    auto comments = session.query<Comment>().with(kin::joined<&Comment::post, &Post::user>).all();
    EXPECT_EQ(counter.count(), 1u); // comment LEFT JOIN post LEFT JOIN user
    EXPECT_EQ(comments[0]->post->user->name, "John");
    // [/joined]
    EXPECT_EQ(counter.count(), 1u);
}

TEST_F(docs_loading, mixed) {
    // [mixed]
    auto page = session.query<User>()
                    .order_by(kin::col<&User::name>)
                    .limit(2) // users, not rows
                    .with(kin::joined<&User::posts>, kin::selectin<&User::posts, &Post::comments>)
                    .all();
    EXPECT_EQ(counter.count(), 2u); // users with their posts; comments
    EXPECT_EQ(page.size(), 2u);
    // [/mixed]
    EXPECT_EQ(page[1]->posts[1]->comments.size(), 2u);
    EXPECT_EQ(counter.count(), 2u);
}

TEST_F(docs_loading, eager) {
    db.create_all<Album, Track>();
    auto other = db.session();
    auto third = db.session();
    auto writer = db.session();
    writer.add(Track{.name = "Ann", .album = kin::make(Album{.name = "Reds"})});
    writer.commit();
    counter.reset();
    // [eager]
    auto tracks = session.query<Track>().all(); // 1 statement, with the albums
    auto one = other.get_one<Track>(1);         // 1 statement
    auto plain = third.query<Track>().with(kin::peers<>).all();
    EXPECT_FALSE(plain[0]->album.is_loaded());
    EXPECT_EQ(counter.count(), 3u);
    // [/eager]
    EXPECT_EQ(tracks[0]->album->name, "Reds");
    EXPECT_EQ(one->album->name, "Reds");
    EXPECT_EQ(counter.count(), 3u);
}

TEST_F(docs_loading, conditions) {
    // [conditions]
    auto users = session.query<User>()
                     .with(kin::selectin<&User::posts>.where(kin::col<&Post::title>.starts_with("First")))
                     .all();
    EXPECT_EQ(users[0]->posts.size(), 1u);
    EXPECT_TRUE(users[0]->posts.is_partial());
    // [/conditions]
}

TEST_F(docs_loading, criteria) {
    auto other = db.session();
    // [criteria]
    auto visible = kin::criteria<Post>(kin::col<&Post::title> != "Second Post");
    auto first = session.query<User>().with(visible).all();
    EXPECT_EQ(first[0]->posts.size(), 1u);

    other.add_criteria(visible); // for the whole session
    EXPECT_EQ(other.query<Post>().count(), 3);
    EXPECT_EQ(other.query<Post>().without_criteria().count(), 6);
    EXPECT_EQ(other.get<Post>(2), nullptr);
    // [/criteria]
}

TEST_F(docs_loading, select_each) {
    // [select_each]
    for (const auto& user : session.query<User>().with(kin::select_each<&User::posts>)) {
        EXPECT_EQ(user->posts.size(), 2u);
    }
    EXPECT_EQ(counter.count(), 4u); // 1 for the users, 1 for the posts of each
    // [/select_each]
}

TEST_F(docs_loading, what_never_loads) {
    auto john = session.get_one<User>(1);
    auto post = session.get_one<Post>(3);
    counter.reset();
    // [no_load]
    john->posts.push_back(post); // moves the post here from its old user; no SQL
    EXPECT_TRUE(john->posts.contains(post));
    EXPECT_FALSE(john->posts.is_loaded());
    EXPECT_EQ(counter.count(), 0u);
    EXPECT_EQ(john->posts.size(), 3u); // now it loads, and the post is among them
    // [/no_load]
}

TEST_F(docs_loading, counting_needs_no_objects) {
    // [count]
    auto rows = session.select(kin::col<&User::name>, kin::count(kin::col<&Post::id>))
                    .left_join<&User::posts>()
                    .group_by(kin::col<&User::id>)
                    .all();
    EXPECT_EQ(counter.count(), 1u);
    // [/count]
    EXPECT_EQ(rows.size(), 3u);
}

} // namespace
} // namespace docs
