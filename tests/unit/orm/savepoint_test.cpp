// SPDX-License-Identifier: MIT
#include "kin/orm/savepoint.hpp"

#include "unit/orm/world.hpp"

// Savepoints: what happened since is undone in the database and in memory, the rest of the transaction goes on.

namespace {

using blog::code_of;
using testing::ElementsAre;
using world::Article;
using world::Author;
using world::Tag;

class savepoint : public world::test {
protected:
    savepoint() {
        ann = session.add(world::author("Ann"));
        bob = session.add(world::author("Bob"));
        first = session.add(world::article("First"));
        first->author = ann;
        first->tags = {world::tag("red")};
        session.commit();
        counter.reset();
    }
    kin::ref<Author> ann, bob;
    kin::ref<Article> first;
};

TEST_F(savepoint, committed_keeps_what_happened_and_the_transaction_decides) {
    {
        auto nested = session.begin_nested();
        ann->name = "Anna";
        nested.commit();
        EXPECT_FALSE(nested.is_active());
    }
    EXPECT_EQ(ann->name, "Anna");
    session.rollback();
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_EQ(stored<std::string>("SELECT name FROM author WHERE id = 1"), "Ann");
}

TEST_F(savepoint, L5_begin_nested_writes_pending_changes_even_without_autoflush) {
    kin::session quiet = db.session({.autoflush = false});
    quiet.add(world::author("Cid"));
    const auto sent = statements_of([&] {
        auto nested = quiet.begin_nested();
        nested.commit();
    });
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_THAT(sent[0], testing::StartsWith("INSERT"));
    EXPECT_THAT(sent[1], testing::StartsWith("SAVEPOINT"));
    EXPECT_THAT(sent[2], testing::StartsWith("RELEASE"));
}

TEST_F(savepoint, the_destructor_rolls_back_objects_and_rows) {
    ann->name = "before";
    kin::ref<Author> cid;
    {
        auto nested = session.begin_nested();
        ann->name = "inside";
        session.flush();
        ann->name = "inside, not written";
        cid = session.add(world::author("Cid"));
        session.flush();
        session.add(world::author("Dan"));
    }
    EXPECT_EQ(ann->name, "before");
    EXPECT_EQ(kin::state_of(cid), kin::object_state::transient);
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM author WHERE id = 1"), "before");
    EXPECT_EQ(stored("SELECT count(*) FROM author"), 2);
}

TEST_F(savepoint, O5_rollback_restores_collections) {
    ASSERT_EQ(ann->articles.size(), 1U);
    const auto red = first->tags[0];
    auto nested = session.begin_nested();
    first->author = bob;
    auto second = world::article("Second");
    ann->articles.push_back(second);
    first->tags.erase(red);
    first->tags.push_back(world::tag("blue"));
    session.flush();
    nested.rollback();
    ASSERT_EQ(ann->articles.size(), 1U);
    EXPECT_EQ(ann->articles[0], first);
    EXPECT_EQ(first->author, ann);
    EXPECT_TRUE(bob->articles.empty());
    ASSERT_EQ(first->tags.size(), 1U);
    EXPECT_EQ(first->tags[0], red);
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::IsEmpty());
}

TEST_F(savepoint, what_was_inserted_before_it_stays_and_is_restored) {
    auto cid = session.add(world::author("Cid"));
    auto article = world::article("Third");
    article->author = cid;
    auto nested = session.begin_nested();
    cid->name = "Sid";
    article->author = ann;
    session.flush();
    session.remove(cid);
    session.flush();
    EXPECT_EQ(kin::state_of(cid), kin::object_state::deleted);
    nested.rollback();
    EXPECT_EQ(kin::state_of(cid), kin::object_state::persistent);
    EXPECT_EQ(cid->name, "Cid");
    EXPECT_EQ(article->author, cid);
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM author WHERE id = 3"), "Cid");
    EXPECT_EQ(stored("SELECT author_id FROM article WHERE title = 'Third'"), 3);
}

TEST_F(savepoint, whole_rollback_after_a_savepoint_goes_back_to_the_beginning) {
    auto cid = session.add(world::author("Cid"));
    session.flush();
    {
        auto nested = session.begin_nested();
        cid->name = "Sid";
        ann->name = "Anna";
        nested.commit();
    }
    session.rollback();
    EXPECT_EQ(kin::state_of(cid), kin::object_state::transient);
    EXPECT_EQ(ann->name, "Ann");
    session.add(cid);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM author"), 3);
}

TEST_F(savepoint, they_nest) {
    auto outer = session.begin_nested();
    ann->name = "outer";
    {
        auto inner = session.begin_nested();
        ann->name = "inner";
        bob->name = "inner bob";
        inner.commit();
    }
    {
        auto inner = session.begin_nested();
        ann->name = "inner again";
    }
    EXPECT_EQ(ann->name, "inner");
    outer.rollback();
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_EQ(bob->name, "Bob");
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM author WHERE id = 1"), "Ann");
}

TEST_F(savepoint, O6_a_failed_flush_inside_is_undone_by_it_alone) {
    bob->name = "Robert";
    {
        auto nested = session.begin_nested();
        session.add(world::author("Ann"));
        EXPECT_EQ(code_of([&] { session.flush(); }), "unique_violation");
        EXPECT_EQ(code_of([&] { session.flush(); }), "pending_rollback");
    }
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM author WHERE id = 2"), "Robert");
    EXPECT_EQ(stored("SELECT count(*) FROM author"), 2);
}

TEST_F(savepoint, O8_objects_that_were_not_changed_keep_what_they_have_loaded) {
    ASSERT_EQ(ann->articles.size(), 1U);
    {
        auto nested = session.begin_nested();
        bob->name = "Robert";
    }
    EXPECT_THAT(statements_of([&] {
                    EXPECT_EQ(ann->articles.size(), 1U);
                    EXPECT_EQ(bob->name, "Bob");
                }),
                testing::IsEmpty());
}

TEST_F(savepoint, ends_with_its_transaction_and_in_order) {
    auto outer = session.begin_nested();
    auto inner = session.begin_nested();
    EXPECT_EQ(code_of([&] { outer.commit(); }), "savepoint_ended");
    session.commit();
    EXPECT_FALSE(outer.is_active());
    EXPECT_EQ(code_of([&] { inner.rollback(); }), "savepoint_ended");
    auto next = session.begin_nested();
    session.rollback();
    EXPECT_FALSE(next.is_active());
}

TEST_F(savepoint, unique_values_and_keys_come_back) {
    auto nested = session.begin_nested();
    ann->name = "Bob";
    bob->name = "Ann";
    session.flush();
    session.remove(first);
    session.flush();
    nested.rollback();
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_EQ(session.get<Article>(1), first);
    EXPECT_EQ(kin::state_of(first), kin::object_state::persistent);
    EXPECT_EQ(ann->articles.size(), 1U);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM article_tag"), 1);
}

} // namespace
