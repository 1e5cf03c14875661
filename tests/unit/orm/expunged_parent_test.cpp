// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// A parent that left the session while its children stayed, and whose row is read again.

namespace {

using world::Article;
using world::Author;

class expunged_parent : public world::test {
protected:
    expunged_parent() {
        ann = session.add(world::author("Ann"));
        first = world::article("First");
        second = world::article("Second");
        ann->articles = {first, second};
        session.commit();
        session.expunge(ann);
    }
    kin::ref<Author> ann;
    kin::ref<Article> first, second;
};

TEST_F(expunged_parent, has_its_children_when_its_row_is_read_again) {
    first->title = "changed";
    auto again = session.get_one<Author>(std::as_const(*ann).id);
    EXPECT_NE(again, ann);

    EXPECT_EQ(again->articles.size(), 2U);
    EXPECT_EQ(first->author, again);
    EXPECT_EQ(second->author, again);
    EXPECT_TRUE(ann->articles.empty());
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM article WHERE author_id IS NOT NULL"), 2);
}

TEST_F(expunged_parent, can_be_removed_by_its_new_object) {
    session.remove(session.get_one<Author>(std::as_const(*ann).id));
    session.commit();

    EXPECT_EQ(stored("SELECT count(*) FROM author"), 0);
    EXPECT_EQ(first->author_id, std::nullopt);
}

} // namespace
