// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// Links of new objects whose collections were unloaded by expire() before the transaction is undone.

namespace {

using world::Article;
using world::Author;

class undone_expiry : public world::test {};

TEST_F(undone_expiry, a_new_object_is_in_the_collection_that_it_came_back_to_before_the_rollback) {
    auto ann = session.add(world::author("Ann"));
    auto bob = session.add(world::author("Bob"));
    auto article = session.add(world::article("First"));
    article->author = ann;
    session.flush();
    session.expire(ann); // its articles are loaded again when somebody looks
    auto nested = session.begin_nested();
    article->author = bob;
    nested.rollback();
    EXPECT_EQ(article->author, ann);

    session.rollback(); // there is nothing to load any more

    EXPECT_EQ(article->author, ann);
    ASSERT_EQ(ann->articles.size(), 1U);
    EXPECT_TRUE(bob->articles.empty());
    session.add(ann);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM article WHERE author_id IS NOT NULL"), 1);
}

} // namespace
