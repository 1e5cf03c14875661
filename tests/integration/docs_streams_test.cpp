// SPDX-License-Identifier: MIT
// The code of docs/guide/querying.md about large results.
#include <gtest/gtest.h>

#include "docs_blog_models.hpp"

namespace docs {
namespace {

class docs_streams : public testing::Test {
protected:
    kin::database db = filled_blog();
    kin::session session = db.session();
};

TEST_F(docs_streams, rows) {
    std::size_t letters = 0;
    // [rows]
    for (const auto& [id, title] : session.select(kin::col<&Post::id>, kin::col<&Post::title>).stream()) {
        letters += title.size();
    }
    // [/rows]
    EXPECT_EQ(letters, 63U);
}

TEST_F(docs_streams, batches) {
    int comments = 0;
    // [batches]
    for (const auto& posts : session.query<Post>().with(kin::selectin<&Post::comments>).in_batches(500)) {
        for (auto post : posts) {
            post->content = "read";
            comments += static_cast<int>(post->comments.size());
        }
        session.flush();       // the changes of this batch
        session.expunge_all(); // and its objects go
    }
    session.commit();
    // [/batches]
    EXPECT_EQ(comments, 12);
    EXPECT_EQ(session.query<Post>().where(kin::col<&Post::content> == "read").count(), 6);
}

} // namespace
} // namespace docs
