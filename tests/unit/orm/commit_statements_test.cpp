// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// What a large commit costs: one INSERT for a thousand rows of a class, and one transaction.

namespace {

using blog::User;
using testing::Each;
using testing::StartsWith;

class commit_statements : public blog::test {};

TEST_F(commit_statements, of_a_thousand_users_with_ten_posts_each_are_eleven) {
    for (int i = 0; i < 1'000; ++i) {
        const auto user = session.add(blog::user("user " + std::to_string(i)));
        for (int k = 0; k < 10; ++k) (void)blog::post("post", user);
    }
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 11U);
    EXPECT_EQ(counter.transactions(), 1U);
    EXPECT_THAT(counter.statements(), Each(StartsWith("INSERT INTO")));
    EXPECT_EQ(stored("SELECT count(DISTINCT user_id) FROM post"), 1'000);
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 10'000);
}

TEST_F(commit_statements, of_changed_rows_are_none_more_when_nothing_is_new) {
    stored_user("John", 3);
    for (auto& user : session.query<User>()) user->bio = user->bio; // touched, and the same
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 0U);
}

} // namespace
