// SPDX-License-Identifier: MIT
// The code of docs/guide/postgresql.md.
#include <gtest/gtest.h>

#include <kin/postgresql/advisory_lock.hpp>
#include <kin/postgresql/listener.hpp>

#include <string>

#include <unistd.h>

#include "docs_blog_models.hpp"
#include "support/test_database.hpp"

namespace docs {
namespace {

class docs_postgresql : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        url = kin::testing::fresh_url();
    }
    std::string url;
};

TEST_F(docs_postgresql, listen) {
    kin::database db{url};
    fill(db);
    std::string heard;
    // [listen]
    kin::postgresql::listener listener{db.engine()};
    listener.listen("new posts");

    kin::session session = db.session();
    auto post = kin::make<Post>({.title = "Third Post", .user = session.get_one<User>(1)});
    session.add(post);
    session.flush();
    kin::postgresql::notify(session, "new posts", std::to_string(post->id));
    session.commit();

    if (auto n = listener.wait(10'000)) heard = n->payload; // milliseconds
    // [/listen]
    EXPECT_EQ(heard, "7");
}

TEST_F(docs_postgresql, locks) {
    kin::database db{url};
    fill(db);
    // [locks]
    {
        kin::postgresql::advisory_lock alone{db.engine(), "nightly report", 5'000}; // waits 5 s at most
        EXPECT_FALSE(kin::postgresql::advisory_lock::try_lock(db.engine(), "nightly report"));
    }
    kin::session session = db.session();
    kin::postgresql::lock_transaction(session, "accounts"); // until commit or rollback
    session.get_one<User>(1)->bio = "paid";
    session.commit();
    // [/locks]
    EXPECT_TRUE(kin::postgresql::advisory_lock::try_lock(db.engine(), "nightly report"));
}

} // namespace
} // namespace docs
