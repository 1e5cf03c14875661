// SPDX-License-Identifier: MIT
// The code of docs/guide/set-based.md.
#include <gtest/gtest.h>

#include "docs_blog_models.hpp"
#include "kin/testing/statement_counter.hpp"

namespace docs {
namespace {

class docs_set_based : public testing::Test {
protected:
    kin::database db = filled_blog();
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
};

TEST_F(docs_set_based, update) {
    // [update]
    std::int64_t changed = session.execute(
        kin::update<User>().set(kin::col<&User::bio>, "to be written").where(kin::col<&User::bio>.is_null()));
    session.execute(
        kin::update<Post>()
            .set(kin::col<&Post::title>, kin::upper(kin::col<&Post::title>)) // of the row as it was
            .set(kin::col<&Post::content>, "")
            .where(kin::col<&Post::user>.has(kin::col<&User::name> == "John")));
    // [/update]
    EXPECT_EQ(changed, 3);
    EXPECT_EQ(counter.count(), 2u);
    EXPECT_EQ(session.query<Post>().where(kin::col<&Post::title> == "FIRST POST").count(), 1);
}

TEST_F(docs_set_based, remove) {
    // [remove]
    std::int64_t removed =
        session.execute(kin::remove_from<Comment>().where(kin::col<&Comment::text> == "Why?"));
    // [/remove]
    EXPECT_EQ(removed, 6);
    EXPECT_EQ(counter.count(), 1u);
}

TEST_F(docs_set_based, insert) {
    // [insert]
    std::vector<User> rows{{.name = "Ann"}, {.name = "Bob", .bio = "a builder"}};
    session.execute(kin::insert(rows)); // 1 statement, up to 1,000 rows each
    // [/insert]
    EXPECT_EQ(counter.count(), 1u);
    EXPECT_EQ(session.query<User>().count(), 5);
}

TEST_F(docs_set_based, returning) {
    // [returning]
    for (auto [id, name] : session.execute(kin::insert<User>({{.name = "Cid"}, {.name = "Dan"}})
                                               .returning(kin::col<&User::id>, kin::col<&User::name>))) {
        EXPECT_GT(id, 3);
    }
    // [/returning]
    EXPECT_EQ(counter.count(), 1u);
}

TEST_F(docs_set_based, objects) {
    // [objects]
    auto john = session.get_one<User>(1);
    session.execute(kin::update<User>().set(kin::col<&User::bio>, "new").where(kin::col<&User::id> == 1));
    EXPECT_EQ(john->bio, "new");
    session.rollback();
    EXPECT_EQ(john->bio, std::nullopt);
    // [/objects]
}

} // namespace
} // namespace docs
