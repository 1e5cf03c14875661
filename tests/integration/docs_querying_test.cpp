// SPDX-License-Identifier: MIT
// The code of docs/guide/querying.md.
#include <gtest/gtest.h>

#include <tuple>

#include "docs_blog_models.hpp"

namespace docs {
namespace {

class docs_querying : public testing::Test {
protected:
    kin::database db = filled_blog();
    kin::session session = db.session();
};

TEST_F(docs_querying, objects) {
    // [objects]
    kin::ref<User> user = session.get<User>(1);     // null when there is none
    kin::ref<User> john = session.get_one<User>(1); // throws no_result_found
    std::vector<kin::ref<User>> all = session.query<User>().all();
    auto first = session.query<User>().order_by(kin::col<&User::name>).first();          // or null
    auto jane = session.query<User>().where(kin::col<&User::name> == "Jane").one();      // exactly one
    auto none = session.query<User>().where(kin::col<&User::name> == "X").one_or_none(); // at most one
    std::int64_t how_many = session.query<Post>().count();
    bool any = session.query<Post>().exists();
    // [/objects]
    EXPECT_EQ(user, john);
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ(first->name, "Jane");
    EXPECT_EQ(jane, first);
    EXPECT_EQ(none, nullptr);
    EXPECT_EQ(how_many, 6);
    EXPECT_TRUE(any);
}

TEST_F(docs_querying, conditions) {
    // [conditions]
    using kin::col;
    auto found = session.query<User>()
                     .where(col<&User::name> != "John" && !(col<&User::id> > 100))
                     .where(col<&User::name>.like("J%n") || col<&User::bio>.is_null()) // joined by AND
                     .order_by(col<&User::name>.desc(), col<&User::id>)
                     .limit(10)
                     .offset(0)
                     .all();
    auto some = session.query<User>().where(col<&User::id>.in({1, 2, 3})).all();
    auto range = session.query<Post>().where(col<&Post::id>.between(2, 4)).all();
    auto literal = session.query<Post>().where(col<&Post::title>.contains("100%")).all(); // % is text here
    // [/conditions]
    EXPECT_EQ(found.size(), 2u);
    EXPECT_EQ(some.size(), 3u);
    EXPECT_EQ(range.size(), 3u);
    EXPECT_TRUE(literal.empty());
}

TEST_F(docs_querying, conditions_on_relationships) {
    using kin::col;
    auto john = session.get_one<User>(1);
    // [relationships]
    auto authors =
        session.query<User>().where(col<&User::posts>.any(col<&Post::title>.like("%First%"))).all();
    auto idle = session.query<User>().where(!col<&User::posts>.any()).all();
    auto johns = session.query<Post>().where(col<&Post::user>.has(col<&User::name> == "John")).all();
    auto his = session.query<Post>().where(col<&Post::user> == john).all();
    // [/relationships]
    EXPECT_EQ(authors.size(), 3u);
    EXPECT_TRUE(idle.empty());
    EXPECT_EQ(johns, his);
    EXPECT_EQ(his.size(), 2u);
}

TEST_F(docs_querying, parts_that_are_collected) {
    // [collected]
    kin::predicate wanted; // empty: no condition
    for (const char* name : {"John", "Jane"}) wanted = std::move(wanted) || kin::col<&User::name> == name;
    auto base = session.query<User>().where(std::move(wanted)); // a value: it may be used twice
    auto page = base.order_by(kin::col<&User::id>).limit(1).all();
    auto total = base.count();
    // [/collected]
    EXPECT_EQ(page.size(), 1u);
    EXPECT_EQ(total, 2);
}

TEST_F(docs_querying, rows) {
    // [rows]
    auto counts = session.select(kin::col<&User::name>, kin::count(kin::col<&Post::id>))
                      .left_join<&User::posts>()
                      .group_by(kin::col<&User::id>)
                      .having(kin::count(kin::col<&Post::id>) > 1)
                      .order_by(kin::col<&User::name>);
    for (const auto& [name, posts] : counts) { // std::string, std::int64_t
        EXPECT_FALSE(name.empty());
        EXPECT_EQ(posts, 2);
    }
    // [/rows]
    EXPECT_EQ(counts.all().size(), 3u);
}

TEST_F(docs_querying, functions) {
    using kin::col;
    // [functions]
    auto [longest, oldest] =
        session.select(kin::max(kin::character_length(col<&Post::title>)), kin::min(col<&Post::id>)).one();
    auto shown =
        session.select(kin::upper(col<&User::name>), kin::coalesce(col<&User::bio>, "no bio yet")).all();
    // [/functions]
    EXPECT_EQ(longest, 11); // an std::optional: there might have been no row
    EXPECT_EQ(oldest, 1);
    EXPECT_EQ(shown.front(), (std::tuple<std::string, std::string>("JOHN", "no bio yet")));
}

TEST_F(docs_querying, raw_sql) {
    // [raw]
    auto rows = session.sql<int, std::string>("SELECT id, name FROM user WHERE name LIKE :p", {{"p", "J%"}});
    for (const auto& [id, name] : rows) EXPECT_FALSE(name.empty());

    auto users = session.query<User>()
                     .from_sql("SELECT * FROM user WHERE id IN (SELECT user_id FROM post WHERE title = :t)",
                               {{"t", "First Post"}})
                     .all();
    std::int64_t changed = session.execute("UPDATE post SET content = '' WHERE user_id = :id", {{"id", 1}});
    // [/raw]
    EXPECT_EQ(rows.all().size(), 3u);
    EXPECT_EQ(users.size(), 3u);
    EXPECT_EQ(changed, 2);
}

} // namespace
} // namespace docs
