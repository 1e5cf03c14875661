// SPDX-License-Identifier: MIT
#include "kin/mapping/many_to_many.hpp"

#include "unit/orm/world.hpp"

// Many-to-many relationships: semantics.md T and the rules of both sides.

namespace {

using blog::caught;
using blog::code_of;
using testing::ElementsAre;
using world::Article;
using world::Author;
using world::Badge;
using world::Tag;

class many_to_many : public world::test {
protected:
    /// Two articles and two tags; the first article has both tags. By a session of its own.
    void store() {
        kin::session writer = db.session();
        auto first = writer.add(world::article("First"));
        auto second = writer.add(world::article("Second"));
        first->tags = {world::tag("red"), world::tag("blue")};
        writer.commit();
        counter.reset();
    }
    kin::ref<Article> first() { return session.get_one<Article>(1); }
    kin::ref<Article> second() { return session.get_one<Article>(2); }
    kin::ref<Tag> red() { return session.get_one<Tag>(1); }
    kin::ref<Tag> blue() { return session.get_one<Tag>(2); }
    std::int64_t links() { return stored("SELECT count(*) FROM article_tag"); }
};

TEST_F(many_to_many, T1_append_appears_on_the_other_side_at_once_and_becomes_one_row) {
    auto article = world::article("First");
    auto tag = world::tag("red");
    article->tags.push_back(tag);
    ASSERT_EQ(tag->articles.size(), 1U);
    EXPECT_EQ(tag->articles[0], article);
    tag->articles.push_back(article); // from the other side: nothing new
    EXPECT_EQ(article->tags.size(), 1U);

    session.add(article);
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::SizeIs(3));
    EXPECT_EQ(links(), 1);
    EXPECT_EQ(stored("SELECT article_id * 10 + tag_id FROM article_tag"), 11);
}

TEST_F(many_to_many, of_many_objects_are_written_with_one_statement) {
    std::vector<kin::ref<Tag>> tags;
    for (int i = 0; i < 10; ++i) tags.push_back(world::tag(std::to_string(i)));
    for (int i = 0; i < 10; ++i) session.add(kin::make(Article{.title = "a", .tags = tags}));
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::SizeIs(3));
    EXPECT_EQ(links(), 100);
}

TEST_F(many_to_many, all_objects_of_a_result_load_with_one_statement) {
    store();
    std::size_t found = 0;
    const auto sent = statements_of([&] {
        for (const auto& article : session.query<Article>())
            for (const auto& tag : article->tags) found += tag->name.size();
    });
    EXPECT_EQ(found, 7U);
    EXPECT_THAT(sent, testing::SizeIs(2));
}

TEST_F(many_to_many, loads_with_the_keys_of_the_objects_that_a_condition_chose) {
    store();
    const auto articles = session.query<Article>().where(kin::col<&Article::id> <= 2).all();
    const auto sent = statements_of([&] { EXPECT_EQ(articles[0]->tags.size(), 2U); });
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_THAT(sent[0], testing::HasSubstr("JOIN \"article_tag\""));
    EXPECT_TRUE(articles[1]->tags.is_loaded());
}

TEST_F(many_to_many, is_loaded_by_selectin_with_the_query) {
    store();
    const auto sent = statements_of([&] {
        const auto articles = session.query<Article>().with(kin::selectin<&Article::tags>).all();
        EXPECT_EQ(articles[0]->tags.size(), 2U);
    });
    EXPECT_THAT(sent, testing::SizeIs(2));
}

TEST_F(many_to_many, erasing_removes_the_row_and_leaves_the_objects) {
    store();
    auto article = first();
    const auto tag = article->tags[0];
    EXPECT_EQ(tag->articles.size(), 1U);
    EXPECT_TRUE(article->tags.erase(tag));
    EXPECT_TRUE(tag->articles.empty());
    EXPECT_FALSE(article->tags.erase(tag));
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::SizeIs(1));
    EXPECT_EQ(links(), 1);
    EXPECT_EQ(stored("SELECT count(*) FROM tag"), 2);
}

TEST_F(many_to_many, adding_and_erasing_before_a_flush_writes_nothing) {
    store();
    auto article = second();
    article->tags.push_back(red());
    EXPECT_TRUE(article->tags.contains(red()));
    article->tags.erase(red());
    EXPECT_FALSE(article->tags.contains(red()));
    session.commit();
    EXPECT_EQ(links(), 2);
    auto loaded = first();
    EXPECT_EQ(loaded->tags.size(), 2U);
    const auto tag = loaded->tags[0];
    loaded->tags.erase(tag);
    loaded->tags.push_back(tag);
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::IsEmpty());
}

TEST_F(many_to_many, assigning_replaces_and_writes_only_the_difference) {
    store();
    auto article = first();
    auto green = world::tag("green");
    article->tags = {blue(), green};
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::SizeIs(3));
    EXPECT_EQ(stored("SELECT count(*) FROM article_tag WHERE article_id = 1 AND tag_id IN (2, 3)"), 2);
    EXPECT_EQ(links(), 2);
}

TEST_F(many_to_many, push_back_on_an_unloaded_collection_loads_nothing) {
    store();
    auto article = second();
    auto tag = red();
    EXPECT_THAT(statements_of([&] { article->tags.push_back(tag); }), testing::IsEmpty());
    EXPECT_FALSE(article->tags.is_loaded());
    session.commit();
    EXPECT_EQ(links(), 3);
    EXPECT_EQ(article->tags.size(), 1U);
    EXPECT_EQ(tag->articles.size(), 2U);
}

TEST_F(many_to_many, push_back_of_a_link_that_the_database_has_already_changes_nothing) {
    store();
    auto article = first();
    article->tags.push_back(red()); // nobody knows yet that it is there
    session.commit();
    EXPECT_EQ(links(), 2);
    EXPECT_EQ(article->tags.size(), 2U);
}

TEST_F(many_to_many, contains_and_erase_ask_for_the_one_row_when_nothing_is_loaded) {
    store();
    auto article = first();
    auto tag = red();
    EXPECT_THAT(statements_of([&] { EXPECT_TRUE(article->tags.contains(tag)); }), testing::SizeIs(1));
    EXPECT_FALSE(article->tags.is_loaded());
    EXPECT_TRUE(article->tags.erase(tag));
    EXPECT_FALSE(article->tags.contains(tag));
    EXPECT_FALSE(tag->articles.contains(article));
    EXPECT_EQ(article->tags.size(), 1U); // loaded now: without the erased one
    session.commit();
    EXPECT_EQ(links(), 1);
    EXPECT_FALSE(second()->tags.contains(tag));
    EXPECT_FALSE(second()->tags.erase(tag));
}

TEST_F(many_to_many, count_counts_without_loading) {
    store();
    auto article = first();
    EXPECT_THAT(statements_of([&] { EXPECT_EQ(article->tags.count(), 2U); }), testing::SizeIs(1));
    EXPECT_FALSE(article->tags.is_loaded());
    article->tags.push_back(world::tag("green"));
    EXPECT_EQ(article->tags.count(), 3U); // pending changes are written before
}

TEST_F(many_to_many, linking_a_new_object_takes_it_into_the_session_from_either_side) {
    store();
    auto green = world::tag("green");
    second()->tags.push_back(green);
    EXPECT_TRUE(session.contains(green));
    auto third = world::article("Third");
    third->tags.push_back(green);
    EXPECT_TRUE(session.contains(third));
    session.commit();
    EXPECT_EQ(links(), 4);
}

TEST_F(many_to_many, removing_an_object_takes_its_links_along_and_leaves_loaded_collections) {
    store();
    auto article = first();
    auto tag = article->tags[0];
    ASSERT_EQ(article->tags.size(), 2U);
    session.remove(tag);
    EXPECT_THAT(statements_of([&] { session.flush(); }),
                testing::SizeIs(1)); // ON DELETE CASCADE does the rest
    EXPECT_EQ(article->tags.size(), 1U);
    session.rollback();
    EXPECT_EQ(article->tags.size(), 2U);
    EXPECT_EQ(article->tags[0], tag);
    session.remove(article);
    session.commit();
    EXPECT_EQ(links(), 0);
    EXPECT_EQ(stored("SELECT count(*) FROM tag"), 2);
}

TEST_F(many_to_many, one_sided_links_are_kept_and_forgotten_alike) {
    auto tag = world::tag("red");
    auto gold = world::badge("gold");
    tag->badges.push_back(gold);
    session.add(tag);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM badge_tag"), 1);
    session.remove(gold);
    session.flush();
    EXPECT_TRUE(tag->badges.empty());
    session.rollback();
    ASSERT_EQ(tag->badges.size(), 1U);
    EXPECT_EQ(tag->badges[0], gold);
}

TEST_F(many_to_many, of_a_class_with_itself_has_two_directions) {
    auto ann = session.add(world::author("Ann"));
    auto bob = session.add(world::author("Bob"));
    ann->following.push_back(bob);
    EXPECT_EQ(bob->followers.size(), 1U);
    EXPECT_TRUE(bob->following.empty());
    session.commit();
    EXPECT_EQ(stored("SELECT author_id * 10 + following_id FROM author_following"), 12);
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Author>(2)->followers[0]->name, "Ann");
    EXPECT_TRUE(reader.get_one<Author>(2)->following.empty());
    ann->following.push_back(ann);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM author_following"), 2);
}

TEST_F(many_to_many, rollback_gives_both_sides_their_past_back) {
    store();
    auto article = first();
    auto other = second();
    auto tag = article->tags[0];
    ASSERT_EQ(tag->articles.size(), 1U);
    article->tags.erase(tag);
    other->tags.push_back(tag);
    session.flush();
    other->tags.push_back(article->tags[0]);
    session.rollback();
    EXPECT_EQ(article->tags.size(), 2U);
    EXPECT_EQ(article->tags[0], tag);
    EXPECT_TRUE(other->tags.empty());
    ASSERT_EQ(tag->articles.size(), 1U);
    EXPECT_EQ(tag->articles[0], article);
    EXPECT_THAT(statements_of([&] { session.commit(); }), testing::IsEmpty());
}

TEST_F(many_to_many, links_of_new_objects_survive_a_rollback_and_are_written_when_they_are_added_again) {
    auto article = world::article("First");
    auto tag = world::tag("red");
    article->tags.push_back(tag);
    session.add(article);
    session.flush();
    session.rollback();
    EXPECT_EQ(article->tags.size(), 1U);
    EXPECT_EQ(tag->articles.size(), 1U);
    session.add(article);
    session.commit();
    EXPECT_EQ(links(), 1);
}

TEST_F(many_to_many, T3_a_row_that_somebody_else_unlinked_is_stale) {
    store();
    auto article = first();
    ASSERT_EQ(article->tags.size(), 2U);
    kin::session other = db.session();
    session.commit();
    other.execute("DELETE FROM article_tag WHERE tag_id = 1");
    other.commit();
    article->tags.erase(red());
    const kin::stale_data e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "link_gone");
    EXPECT_EQ(e.table(), "article_tag");
    session.rollback();
    EXPECT_EQ(article->tags.size(), 2U);
}

TEST_F(many_to_many, of_two_detached_objects_cannot_change) {
    store();
    auto article = first();
    auto tag = red();
    ASSERT_EQ(article->tags.size(), 2U);
    session.close();
    EXPECT_EQ(code_of([&] { article->tags.erase(tag); }), "detached_links");
    EXPECT_EQ(article->tags.size(), 2U);
}

// The same classes twice: a mapper is configured once.
namespace by_name {
struct Teacher;
struct Pupil {
    int id;
    kin::many_to_many<Teacher> teachers;
};
struct Teacher {
    int id;
    kin::many_to_many<Pupil> pupils;
};
} // namespace by_name
namespace by_name_again {
struct Teacher;
struct Pupil {
    int id;
    kin::many_to_many<Teacher> teachers;
};
struct Teacher {
    int id;
    kin::many_to_many<Pupil> pupils;
};
} // namespace by_name_again
namespace by_columns {
struct Teacher;
struct Pupil {
    int id;
    kin::many_to_many<Teacher> teachers;
};
struct Teacher {
    int id;
    kin::many_to_many<Pupil> pupils;
};
void describe(kin::mapping<Teacher>& m) { m.relationship<&Teacher::pupils>().columns("master", "student"); }
} // namespace by_columns

TEST(many_to_many_table, does_not_depend_on_the_class_that_is_asked_for_first) {
    const auto columns = [](const kin::mapper& asked) {
        kin::metadata tables;
        kin::detail::add_associations(tables, asked);
        std::vector<std::string> names;
        for (const auto& c : tables.tables().front()->columns()) names.push_back(c.name);
        return names;
    };
    using kin::detail::configured_mapper;
    EXPECT_THAT(columns(configured_mapper<by_name::Pupil>()), ElementsAre("pupil_id", "teacher_id"));
    EXPECT_THAT(columns(configured_mapper<by_name_again::Teacher>()), ElementsAre("pupil_id", "teacher_id"));
    EXPECT_THAT(columns(configured_mapper<by_columns::Pupil>()), ElementsAre("master", "student"));
}

TEST_F(many_to_many, answers_queries) {
    store();
    using kin::col;
    const auto count = [&](kin::predicate p) { return session.query<Article>().where(std::move(p)).count(); };
    EXPECT_EQ(count(col<&Article::tags>.any()), 1);
    EXPECT_EQ(count(!col<&Article::tags>.any()), 1);
    EXPECT_EQ(count(col<&Article::tags>.any(col<&Tag::name> == "red")), 1);
    EXPECT_EQ(count(col<&Article::tags>.any(col<&Tag::name> == "green")), 0);
    EXPECT_EQ(count(col<&Article::tags>.contains(blue())), 1);
    auto ann = session.add(world::author("Ann"));
    ann->followers.push_back(world::author("Bob"));
    EXPECT_EQ(session.query<Author>().where(col<&Author::followers>.any(col<&Author::name> == "Bob")).one(),
              ann);
    std::vector<std::string> rows;
    for (auto [title, name] : session.select(col<&Article::title>, col<&Tag::name>)
                                  .join<&Article::tags>()
                                  .order_by(col<&Tag::name>))
        rows.push_back(title + " " + name);
    EXPECT_THAT(rows, ElementsAre("First blue", "First red"));
}

} // namespace
