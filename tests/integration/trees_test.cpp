// SPDX-License-Identifier: MIT
// Conditions on trees, the same on every database: kin::descendant_of and kin::ancestor_of.
#include "kin/mapping/tree.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

namespace tree_models {

struct File;

struct Folder {
    kin::primary_key<int> id;
    std::string name;
    bool hidden = false;
    std::optional<kin::forward_key<Folder, int, kin::on_delete::cascade>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
    kin::has_many<Folder> folders;
    kin::has_many<File> files;
};
struct File {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Folder::id> folder_id;
    kin::belongs_to<Folder> folder;
};

struct Person {
    kin::primary_key<int> id;
    std::string name;
    kin::many_to_many<Person, "followers"> following;
    kin::many_to_many<Person, "following"> followers;
};

/// Links that only one side has.
struct Word {
    kin::primary_key<std::string> text;
    kin::many_to_many<Word> like;
};

/// A key of several columns.
struct Place {
    kin::primary_key<std::string> country;
    kin::primary_key<int> number;
    std::optional<kin::foreign_key<&Place::country>> in_country;
    std::optional<kin::foreign_key<&Place::number>> in_number;
    kin::belongs_to<Place> in;
    kin::has_many<Place> places;
};

/// Refers to a column that is not the primary key; its table is called as the rows of a tree are.
struct Term {
    kin::primary_key<int> id;
    std::optional<kin::field<std::string, kin::unique>> word;
    std::optional<kin::foreign_key<&Term::word>> broader_word;
    kin::belongs_to<Term> broader;
    kin::has_many<Term> narrower;
};
void describe(kin::mapping<Term>& m) { m.table("Kin_Tree"); }

/// A list.
struct Step {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Step::id>> before_id;
    kin::belongs_to<Step> before;
    kin::has_one<Step> after;
};

} // namespace tree_models

namespace {

using kin::ancestor_of;
using kin::col;
using kin::descendant_of;
using testing::ElementsAre;
using testing::IsEmpty;
using tree_models::File;
using tree_models::Folder;
using tree_models::Person;
using tree_models::Place;
using tree_models::Step;
using tree_models::Term;
using tree_models::Word;

class trees : public testing::Test {
protected:
    void SetUp() override {
        if (!db.engine().dialect().supports(kin::feature::recursive_queries))
            GTEST_SKIP() << "no recursive queries";
        db.create_all<Folder, File, Person, Word, Place, Term, Step>();
    }
    kin::ref<Folder> folder(const char* name, const kin::ref<Folder>& parent = {}) {
        return session.add(Folder{.name = name, .parent = parent});
    }
    /// root (a (a1 a2 (deep)) b), other (o1); keys are given level by level
    void write_folders() {
        root = folder("root");
        a = folder("a", root);
        (void)folder("a1", a);
        deep = folder("deep", folder("a2", a));
        b = folder("b", root);
        (void)folder("o1", folder("other"));
        session.commit();
        counter.reset();
    }
    std::string names(kin::predicate condition) {
        std::string all;
        for (const auto& f : session.query<Folder>().where(std::move(condition)).order_by(col<&Folder::id>))
            all += (all.empty() ? "" : " ") + f->name;
        return all;
    }
    std::string people(kin::predicate condition) {
        std::string all;
        for (const auto& p : session.query<Person>().where(std::move(condition)).order_by(col<&Person::name>))
            all += (all.empty() ? "" : " ") + p->name;
        return all;
    }

    kin::database db{kin::testing::fresh_url()};
    kin::testing::sql_counter counter{db};
    kin::session session = db.session();
    kin::ref<Folder> root, a, b, deep;
};

TEST_F(trees, descendants_are_found_at_any_depth_in_one_statement) {
    write_folders();
    EXPECT_EQ(names(descendant_of<&Folder::parent>(root)), "a b a1 a2 deep");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(a)), "a1 a2 deep");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(deep)), "");
    EXPECT_EQ(names(!descendant_of<&Folder::parent>(root)), "root other o1");
    EXPECT_EQ(counter.count(), 4U);
    EXPECT_EQ(
        counter.statements().front(),
        R"(SELECT "folder"."id", "folder"."name", "folder"."hidden", "folder"."parent_id" FROM "folder" )"
        R"(WHERE "folder"."id" IN (WITH RECURSIVE "kin_tree" ("id") AS ()"
        R"(SELECT "folder_1"."id" FROM "folder" AS "folder_1" WHERE "folder_1"."id" = ? UNION )"
        R"(SELECT "folder_1"."id" FROM "folder" AS "folder_1" JOIN "kin_tree" ON "folder_1"."parent_id" = "kin_tree"."id") )"
        R"(SELECT "kin_tree"."id" FROM "kin_tree" WHERE NOT ("kin_tree"."id" = ?)) ORDER BY "folder"."id")");
}

TEST_F(trees, ancestors_are_found_up_to_the_root) {
    write_folders();
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(deep)), "root a a2");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(root)), "");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(deep) && col<&Folder::name> != "a"), "root a2");
    EXPECT_EQ(counter.count(), 3U);
}

TEST_F(trees, or_self_has_the_object_as_well) {
    write_folders();
    EXPECT_EQ(names(descendant_of<&Folder::parent>(a).or_self()), "a a1 a2 deep");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(a).or_self()), "root a");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(root).or_self()), "root");
}

TEST_F(trees, a_has_many_leads_down_as_its_belongs_to_leads_up) {
    write_folders();
    EXPECT_EQ(names(descendant_of<&Folder::folders>(a)), "a1 a2 deep");
    EXPECT_EQ(names(ancestor_of<&Folder::folders>(deep)), "root a a2");
}

TEST_F(trees, a_key_will_do_and_one_without_a_row_has_nobody) {
    write_folders();
    const int key = a->id;
    EXPECT_EQ(names(descendant_of<&Folder::parent>(key)), "a1 a2 deep");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(key)), "root");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(4711)), "");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(4711).or_self()), "");
    try {
        (void)descendant_of<&Folder::parent>("a");
        FAIL() << "a text is no key of a folder";
    } catch (const kin::usage_error& e) {
        EXPECT_EQ(e.code(), "wrong_key");
        EXPECT_THAT(e.what(), testing::HasSubstr("Folder"));
    }
    EXPECT_THROW((void)(descendant_of<&Folder::parent>(1, 2)), kin::usage_error);
}

TEST_F(trees, a_null_reference_and_an_object_without_a_key_are_errors) {
    try {
        (void)descendant_of<&Folder::parent>(kin::ref<Folder>());
        FAIL() << "nobody has descendants";
    } catch (const kin::state_error& e) {
        EXPECT_EQ(e.code(), "null_ref");
        EXPECT_THAT(e.what(), testing::HasSubstr("there is no Folder here"));
    }
    const auto loose = kin::make(Folder{.name = "loose"});
    try {
        (void)session.query<Folder>().where(descendant_of<&Folder::parent>(loose)).all();
        FAIL() << "it was never added";
    } catch (const kin::state_error& e) {
        EXPECT_EQ(e.code(), "no_key_yet");
    }
}

TEST_F(trees, a_pending_object_gets_its_key_by_the_flush_before_the_query) {
    const auto top = folder("top");
    (void)folder("below", top);
    EXPECT_EQ(names(descendant_of<&Folder::parent>(top)), "below");
}

TEST_F(trees, counts_rows_and_other_classes_take_the_condition) {
    write_folders();
    session.add(File{.name = "far", .folder = deep});
    session.add(File{.name = "near", .folder = root});
    session.commit();
    EXPECT_EQ(session.query<Folder>().where(descendant_of<&Folder::parent>(root)).count(), 5);
    EXPECT_TRUE(session.query<Folder>().where(descendant_of<&Folder::parent>(a)).exists());
    EXPECT_FALSE(session.query<Folder>().where(descendant_of<&Folder::parent>(b)).exists());
    const auto files =
        session.query<File>().where(col<&File::folder>.has(descendant_of<&Folder::parent>(a))).all();
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0]->name, "far");
    const auto holding = session.select(col<&Folder::name>, kin::count(col<&Folder::id>))
                             .join<&Folder::files>()
                             .where(ancestor_of<&Folder::parent>(deep).or_self())
                             .group_by(col<&Folder::id>)
                             .group_by(col<&Folder::name>)
                             .order_by(col<&Folder::id>)
                             .all();
    ASSERT_EQ(holding.size(), 2U);
    EXPECT_EQ(std::get<0>(holding[0]), "root");
    EXPECT_EQ(std::get<0>(holding[1]), "deep");
}

TEST_F(trees, several_conditions_stand_in_one_statement) {
    write_folders();
    EXPECT_EQ(names(descendant_of<&Folder::parent>(root) && ancestor_of<&Folder::parent>(deep)), "a a2");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(a) || descendant_of<&Folder::parent>(b).or_self()),
              "b a1 a2 deep");
}

TEST_F(trees, options_of_loading_take_the_condition) {
    write_folders();
    session.add(File{.name = "far", .folder = deep});
    session.add(File{.name = "near", .folder = root});
    session.commit();
    const auto is_below = descendant_of<&Folder::parent>(int(a->id));
    kin::session other = db.session();
    const auto files =
        other.query<File>().order_by(col<&File::id>).with(kin::joined<&File::folder>.where(is_below)).all();
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0]->folder->name, "deep");
    EXPECT_EQ(files[1]->folder, nullptr); // the condition leaves it out
    kin::session third = db.session();
    const auto top = third.query<Folder>()
                         .where(col<&Folder::name> == "a")
                         .with(kin::joined<&Folder::folders>.where(is_below && col<&Folder::name> == "a2"))
                         .one();
    ASSERT_EQ(top->folders.size(), 1U);
    EXPECT_EQ(top->folders[0]->name, "a2");
    kin::session fourth = db.session();
    const auto roots = fourth.query<Folder>()
                           .where(col<&Folder::parent>.is_null())
                           .order_by(col<&Folder::id>)
                           .with(kin::selectin<&Folder::folders>.where(!is_below).recursive())
                           .all();
    ASSERT_EQ(roots[0]->folders.size(), 2U);
    EXPECT_TRUE(roots[0]->folders[0]->folders.empty());
    EXPECT_EQ(roots[1]->folders.size(), 1U);
}

TEST_F(trees, a_circle_in_the_data_ends_where_it_closes) {
    auto one = folder("one");
    auto two = folder("two", one);
    const auto three = folder("three", two);
    (void)folder("aside", three);
    session.flush();
    one->parent = three;
    session.commit();
    EXPECT_EQ(names(descendant_of<&Folder::parent>(one)), "two three aside");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(one).or_self()), "one two three aside");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(one)), "two three");
    two->parent = two; // its own parent
    session.commit();
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(two)), "");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(two)), "one three aside");
}

TEST_F(trees, an_update_of_many_rows_takes_the_condition) {
    write_folders();
    EXPECT_EQ(
        session.execute(
            kin::update<Folder>().set(col<&Folder::hidden>, true).where(descendant_of<&Folder::parent>(a))),
        3);
    EXPECT_TRUE(deep->hidden); // objects in memory follow
    EXPECT_FALSE(a->hidden);
    EXPECT_EQ(names(col<&Folder::hidden> == true), "a1 a2 deep");
    // The column by which the tree is walked, while it is walked: the rows are those of before.
    EXPECT_EQ(session.execute(kin::update<Folder>()
                                  .set(col<&Folder::parent_id>, int(b->id))
                                  .where(descendant_of<&Folder::parent>(a))),
              3);
    EXPECT_EQ(names(col<&Folder::parent> == b), "a1 a2 deep");
}

TEST_F(trees, a_removal_of_many_rows_takes_the_condition) {
    write_folders();
    EXPECT_GE(session.execute(kin::remove_from<Folder>().where(descendant_of<&Folder::parent>(a))), 1);
    EXPECT_EQ(names({}), "root other a b o1");
    EXPECT_GE(
        session.execute(kin::remove_from<Folder>().where(descendant_of<&Folder::parent>(root).or_self())), 1);
    session.commit();
    EXPECT_EQ(names({}), "other o1");
}

TEST_F(trees, hidden_objects_lead_nowhere) {
    write_folders();
    session.execute(kin::update<Folder>().set(col<&Folder::hidden>, true).where(col<&Folder::name> == "a2"));
    session.add_criteria(kin::criteria<Folder>(col<&Folder::hidden> == false));
    EXPECT_EQ(names(descendant_of<&Folder::parent>(root)), "a b a1");
    EXPECT_EQ(names(ancestor_of<&Folder::parent>(deep)), "");
}

TEST_F(trees, criteria_may_be_a_tree) {
    write_folders();
    session.add_criteria(kin::criteria<Folder>(descendant_of<&Folder::parent>(int(root->id)).or_self()));
    EXPECT_EQ(names({}), "root a b a1 a2 deep");
    EXPECT_EQ(names(descendant_of<&Folder::parent>(a)), "a1 a2 deep");
}

TEST_F(trees, a_tree_of_more_levels_than_a_server_counts_is_walked_to_its_end) {
    kin::ref<Folder> last;
    for (int i = 0; i < 1500; ++i) {
        Folder next{.name = "f"};
        if (last) next.parent_id = int(last->id);
        last = session.add(std::move(next));
        last->id = i + 1;
    }
    session.commit();
    EXPECT_EQ(session.query<Folder>().where(descendant_of<&Folder::parent>(1)).count(), 1499);
    EXPECT_EQ(session.query<Folder>().where(ancestor_of<&Folder::parent>(1500)).count(), 1499);
}

TEST_F(trees, a_many_to_many_leads_on_from_level_to_level) {
    auto person = [this](const char* name) { return session.add(Person{.name = name}); };
    auto ann = person("ann"), bob = person("bob"), cid = person("cid"), dan = person("dan");
    (void)person("eve");
    ann->following.push_back(bob);
    bob->following.push_back(cid);
    cid->following.push_back(ann); // a circle
    dan->following.push_back(ann);
    session.commit();
    EXPECT_EQ(people(descendant_of<&Person::following>(ann)), "bob cid");
    EXPECT_EQ(people(descendant_of<&Person::following>(dan)), "ann bob cid");
    EXPECT_EQ(people(ancestor_of<&Person::following>(ann)), "bob cid dan");
    EXPECT_EQ(people(descendant_of<&Person::followers>(ann)), "bob cid dan");
    EXPECT_EQ(people(descendant_of<&Person::following>(dan).or_self()), "ann bob cid dan");
}

TEST_F(trees, links_that_one_side_has_lead_as_its_collection_does) {
    auto big = session.add(Word{.text = "big"});
    auto large = session.add(Word{.text = "large"});
    auto vast = session.add(Word{.text = "vast"});
    big->like.push_back(large);
    large->like.push_back(vast);
    session.commit();
    kin::session other = db.session();
    const auto loaded = other.query<Word>()
                            .where(col<&Word::text> == "big")
                            .with(kin::selectin<&Word::like>.recursive())
                            .one();
    other.close();
    ASSERT_EQ(loaded->like.size(), 1U);
    EXPECT_EQ(loaded->like[0]->like[0]->text, "vast");
    EXPECT_TRUE(loaded->like[0]->like[0]->like.empty());
    EXPECT_THAT(session.query<Word>().where(descendant_of<&Word::like>("big")).all(),
                testing::UnorderedElementsAre(large, vast));
    EXPECT_THAT(session.query<Word>().where(ancestor_of<&Word::like>(vast)).all(),
                testing::UnorderedElementsAre(big, large));
}

TEST_F(trees, keys_of_several_columns_are_compared_as_rows) {
    const auto land = session.add(Place{.country = "x", .number = 1});
    const auto town = session.add(Place{.country = "x", .number = 2, .in = land});
    const auto street = session.add(Place{.country = "y", .number = 2, .in = town});
    session.add(Place{.country = "y", .number = 1});
    session.commit();
    const auto found = session.query<Place>().where(descendant_of<&Place::in>(land)).all();
    EXPECT_THAT(found, testing::UnorderedElementsAre(town, street));
    EXPECT_THAT(session.query<Place>().where(ancestor_of<&Place::in>("y", 2)).all(),
                testing::UnorderedElementsAre(land, town));
    EXPECT_THAT(session.query<Place>().where(descendant_of<&Place::in>("y", 1)).all(), IsEmpty());
    EXPECT_EQ(session.execute(kin::update<Place>()
                                  .set(col<&Place::in_country>, nullptr)
                                  .set(col<&Place::in_number>, nullptr)
                                  .where(descendant_of<&Place::in>(town))),
              1);
    EXPECT_EQ(street->in, nullptr);
}

TEST_F(trees, keys_that_are_not_the_primary_key_lead_on_and_null_leads_nowhere) {
    const auto thing = session.add(Term{.word = "thing"});
    const auto animal = session.add(Term{.word = "animal", .broader = thing});
    const auto nameless = session.add(Term{.broader = animal}); // nobody can refer to it
    session.add(Term{});                                        // refers to nobody
    session.commit();
    EXPECT_THAT(session.query<Term>().where(descendant_of<&Term::broader>(thing)).all(),
                testing::UnorderedElementsAre(animal, nameless));
    EXPECT_THAT(session.query<Term>().where(descendant_of<&Term::broader>(nameless)).all(), IsEmpty());
    EXPECT_THAT(session.query<Term>().where(ancestor_of<&Term::broader>(nameless)).all(),
                testing::UnorderedElementsAre(thing, animal));
    EXPECT_THAT(session.query<Term>().where(ancestor_of<&Term::broader>(thing)).all(), IsEmpty());
}

TEST_F(trees, a_has_one_leads_down) {
    const auto first = session.add(Step{});
    const auto second = session.add(Step{.before = first});
    const auto third = session.add(Step{.before = second});
    session.commit();
    EXPECT_THAT(session.query<Step>().where(descendant_of<&Step::after>(first)).all(),
                testing::UnorderedElementsAre(second, third));
    EXPECT_THAT(session.query<Step>().where(ancestor_of<&Step::after>(second)).all(), ElementsAre(first));
}

TEST_F(trees, one_text_serves_every_object) {
    write_folders();
    (void)names(descendant_of<&Folder::parent>(root));
    (void)names(descendant_of<&Folder::parent>(a));
    (void)names(descendant_of<&Folder::parent>(int(b->id)));
    const auto sent = counter.statements();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(std::set<std::string>(sent.begin(), sent.end()).size(), 1U); // so it is prepared once
}

} // namespace
