// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "unit/orm/defaults.hpp"

// Row 6 of capabilities.md: values of new rows that a function or SQL makes.

namespace {

using blog::caught;
using blog::code_of;
using namespace defaults;

class insert_default : public defaults::test {};

TEST_F(insert_default, row_6_a_function_of_the_object_makes_the_value_of_a_new_row) {
    auto page = session.add(Page{.title = "Beach"});
    EXPECT_EQ(page->slug, "");
    session.commit();
    EXPECT_EQ(page->slug, "the-Beach");
    EXPECT_EQ(page->number, 7);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(stored_object<Page>(page->id)->slug, "the-Beach");
}

TEST_F(insert_default, a_value_of_the_program_stays) {
    auto page = session.add(Page{.title = "Beach", .slug = "own", .number = 3});
    session.commit();
    EXPECT_EQ(page->slug, "own");
    EXPECT_EQ(page->number, 3);
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(stored("SELECT number FROM page"), 3);
}

TEST_F(insert_default, many_rows_are_one_statement_and_each_calls_the_function_once) {
    std::vector<kin::ref<Page>> pages;
    for (int i = 0; i < 1000; ++i) {
        pages.push_back(session.add(Page{.title = std::to_string(i)}));
        if (i % 4 == 0) pages.back()->slug = "own " + std::to_string(i);
    }
    const auto statements = statements_of([&] { session.commit(); });
    EXPECT_EQ(calls, 1000 + 750);
    EXPECT_EQ(statements.size(), supports(kin::feature::returning) ? 1u : 1000u);
    EXPECT_EQ(stored("SELECT count(*) FROM page WHERE slug LIKE 'the-%'"), 750);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(pages[static_cast<std::size_t>(i)]->slug,
                  (i % 4 == 0 ? "own " : "the-") + std::to_string(i));
    }
}

TEST_F(insert_default, nothing_is_called_for_an_update_or_an_object_without_changes) {
    auto page = session.add(Page{.title = "Beach"});
    session.commit();
    calls = 0;
    page->slug = ""; // as it was made: the program wants that
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT slug FROM page"), "");
    EXPECT_EQ(calls, 2); // both update_defaults
}

TEST_F(insert_default, validators_see_the_value_and_on_set_hears_nothing) {
    session.add(Page{.title = "Beach"});
    session.commit();
    EXPECT_EQ(checked, std::vector<std::string>{"the-Beach"});
    EXPECT_TRUE(heard.empty());
    session.add(Page{.title = "forbidden"});
    EXPECT_EQ(code_of([&] { session.commit(); }), "invalid_value");
    session.rollback();
}

TEST_F(insert_default, validate_does_not_ask_about_a_value_that_is_still_to_come) {
    auto page = session.add(Page{.title = "Beach"});
    session.validate(page);
    EXPECT_TRUE(checked.empty());
    EXPECT_EQ(calls, 0);
    page->slug = "the-forbidden";
    EXPECT_EQ(code_of([&] { session.validate(page); }), "invalid_value");
}

TEST_F(insert_default, a_function_sees_what_on_set_handlers_and_earlier_defaults_have_set) {
    session.events().before_flush([](kin::session& s) {
        for (auto p : s.pending<Page>()) p->title = "Changed";
    });
    auto page = session.add(Page{.title = "Beach"});
    session.commit();
    EXPECT_EQ(page->slug, "the-Changed");
}

TEST_F(insert_default, a_rollback_gives_the_member_back_as_it_was) {
    auto page = session.add(Page{.title = "Beach", .number = 3});
    auto stamp = session.add(Stamp{.name = "a"});
    session.flush();
    EXPECT_EQ(page->slug, "the-Beach");
    EXPECT_TRUE(is_now(stamp->created_at));
    session.rollback();
    EXPECT_EQ(page->slug, "");
    EXPECT_EQ(page->number, 3);
    EXPECT_EQ(stamp->created_at, time_point());
    EXPECT_EQ(stamp->mark, "");
    page->title = "Sea";
    session.add(page);
    session.add(stamp);
    session.commit();
    EXPECT_EQ(page->slug, "the-Sea");
    EXPECT_EQ(stamp->mark, "NEW");
}

TEST_F(insert_default, a_savepoint_gives_it_back_as_well) {
    auto before = session.add(Page{.title = "before"});
    auto savepoint = session.begin_nested();
    auto inside = session.add(Page{.title = "inside"});
    session.flush();
    savepoint.rollback();
    EXPECT_EQ(before->slug, "the-before");
    EXPECT_EQ(inside->slug, "");
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT slug FROM page"), "the-before");
}

TEST_F(insert_default, what_a_function_throws_fails_the_flush_before_anything_is_sent) {
    auto first = session.add(Page{.title = "first"});
    auto second = session.add(Page{.title = "second"});
    hook = [] {
        if (calls == 3) throw std::runtime_error("no value");
    };
    counter.reset();
    EXPECT_THROW(session.commit(), std::runtime_error);
    EXPECT_EQ(counter.count(), 0u);
    EXPECT_EQ(second->slug, "");
    EXPECT_THROW(session.flush(), kin::pending_rollback);
    session.rollback();
    EXPECT_EQ(first->slug, "");
    hook = nullptr;
    session.add(first);
    session.commit();
    EXPECT_EQ(first->slug, "the-first");
}

TEST_F(insert_default, a_unique_value_may_be_that_of_a_row_that_goes) {
    auto old = session.add(Page{.title = "Beach"});
    session.commit();
    session.remove(old);
    auto page = session.add(Page{.title = "Beach"});
    session.commit();
    EXPECT_EQ(page->slug, "the-Beach");
    EXPECT_EQ(stored("SELECT count(*) FROM page"), 1);
}

TEST_F(insert_default, a_key_can_be_made_by_a_function) {
    auto tree = session.add(Tree{.name = "oak"});
    auto leaf = kin::make(Leaf{.name = "green"});
    tree->leaves.push_back(leaf);
    session.commit();
    EXPECT_NE(tree->id, kin::uuid());
    EXPECT_EQ(leaf->tree_id, tree->id);
    EXPECT_EQ(session.get<Tree>(tree->id), tree);
    EXPECT_EQ(stored("SELECT count(*) FROM leaf JOIN tree ON leaf.tree_id = tree.id"), 1);
    auto other = session.add(Tree{.name = "elm"});
    other->leaves.push_back(kin::make(Leaf{.name = "dry"}));
    const auto before = other->leaves[0]->tree_id;
    session.flush();
    EXPECT_NE(other->leaves[0]->tree_id, before);
    session.rollback();
    EXPECT_EQ(other->id, kin::uuid());
    EXPECT_EQ(other->leaves[0]->tree_id, before);
}

TEST_F(insert_default, row_6_sql_makes_the_value_and_the_member_gets_it) {
    if (!supports(kin::feature::returning)) GTEST_SKIP() << "no RETURNING";
    auto stamp = session.add(Stamp{.name = "a"});
    const auto statements = statements_of([&] { session.commit(); });
    ASSERT_EQ(statements.size(), 1u);
    if (kin::testing::on_sqlite()) {
        EXPECT_EQ(statements[0],
                  R"(INSERT INTO "stamp" ("name", "edits", "created_at", "mark", "changed_at") )"
                  R"(VALUES (?, ?, replace(strftime('%Y-%m-%d %H:%M:%f000', 'now'), '.000000', ''), )"
                  R"(upper(?), replace(strftime('%Y-%m-%d %H:%M:%f000', 'now'), '.000000', '')) )"
                  R"(RETURNING "id", "created_at", "mark", "changed_at")");
    }
    EXPECT_TRUE(is_now(stamp->created_at));
    EXPECT_EQ(stamp->mark, "NEW");
    const auto there = stored_object<Stamp>(stamp->id);
    EXPECT_EQ(there->created_at, stamp->created_at);
    EXPECT_EQ(there->changed_at, stamp->changed_at);
    EXPECT_EQ(there->mark, "NEW");
}

TEST_F(insert_default, a_time_that_sql_made_is_found_by_its_value) {
    auto stamp = session.add(Stamp{.name = "a"});
    session.commit();
    EXPECT_EQ(session.query<Stamp>().where(kin::col<&Stamp::created_at> == stamp->created_at).count(), 1);
}

TEST_F(insert_default, sql_for_many_rows_is_one_statement) {
    if (!supports(kin::feature::returning)) GTEST_SKIP() << "no RETURNING";
    std::vector<kin::ref<Stamp>> stamps;
    for (int i = 0; i < 1000; ++i) stamps.push_back(session.add(Stamp{.name = std::to_string(i)}));
    EXPECT_EQ(statements_of([&] { session.commit(); }).size(), 1u);
    EXPECT_EQ(stored("SELECT count(*) FROM stamp WHERE mark = 'NEW' AND created_at IS NOT NULL"), 1000);
    for (auto& s : stamps) {
        EXPECT_TRUE(is_now(s->created_at));
        EXPECT_EQ(s->mark, "NEW");
    }
}

TEST_F(insert_default, rows_with_values_of_the_program_between_others_keep_them) {
    if (!supports(kin::feature::returning)) GTEST_SKIP() << "no RETURNING";
    const time_point then{std::chrono::hours(24)};
    std::vector<kin::ref<Stamp>> stamps;
    for (int i = 0; i < 6; ++i) {
        stamps.push_back(session.add(Stamp{.name = std::to_string(i)}));
        if (i == 2 || i == 3) stamps.back()->created_at = then;
        if (i == 3) stamps.back()->mark = "own";
    }
    EXPECT_EQ(statements_of([&] { session.commit(); }).size(), 4u); // 2, 1, 1 and 2 rows
    for (int i = 0; i < 6; ++i) {
        const auto& s = stamps[static_cast<std::size_t>(i)];
        const auto there = stored_object<Stamp>(s->id);
        EXPECT_EQ(s->name, std::to_string(i));
        EXPECT_EQ(there->created_at, s->created_at);
        EXPECT_EQ(there->mark, i == 3 ? "own" : "NEW");
        EXPECT_EQ(s->created_at == then, i == 2 || i == 3);
    }
}

TEST_F(insert_default, without_returning_sql_cannot_be_read_back) {
    if (supports(kin::feature::returning)) GTEST_SKIP() << "has RETURNING";
    session.add(Stamp{.name = "a"});
    EXPECT_EQ(code_of([&] { session.flush(); }), "unsupported_feature");
}

TEST_F(insert_default, a_new_object_in_the_row_of_a_removed_one_has_its_defaults) {
    auto old = session.add(Stamp{.name = "old", .created_at = time_point{}, .mark = "OLD"});
    auto page = session.add(Page{.title = "old"});
    session.commit();
    session.remove(old);
    session.remove(page);
    auto fresh = session.add(Stamp{.id = old->id, .name = "fresh"});
    auto other = session.add(Page{.id = page->id, .title = "fresh"});
    session.commit();
    EXPECT_EQ(fresh->mark, "NEW");
    EXPECT_TRUE(is_now(fresh->created_at));
    EXPECT_EQ(stored_object<Stamp>(fresh->id)->mark, "NEW");
    EXPECT_EQ(stored_object<Stamp>(fresh->id)->created_at, fresh->created_at);
    EXPECT_EQ(stored_object<Page>(other->id)->slug, "the-fresh");
}

TEST_F(insert_default, handlers_before_the_insert_see_values_of_functions_and_have_the_last_word) {
    std::vector<std::string> seen;
    session.events().before_insert<Page>([&](kin::session&, Page& p) {
        seen.push_back(p.slug);
        p.number = 9;
    });
    session.events().after_insert<Stamp>([&](kin::session&, Stamp& s) { seen.push_back(s.mark); });
    session.add(Page{.title = "Beach"});
    session.add(Stamp{.name = "a"});
    session.commit();
    EXPECT_EQ(seen, (std::vector<std::string>{"the-Beach", "NEW"}));
    EXPECT_EQ(stored("SELECT number FROM page"), 9);
}

TEST_F(insert_default, plan_shows_the_insert_and_calls_nothing) {
    auto page = session.add(Page{.title = "Beach"});
    session.add(Stamp{.name = "a"});
    EXPECT_EQ(session.plan(), "INSERT page: 1 row\nINSERT stamp: 1 row\n");
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(page->slug, "");
}

TEST_F(insert_default, what_merge_makes_a_new_row_of_has_its_defaults) {
    const Page outside{.id = 41, .title = "Beach"};
    auto merged = session.merge(outside);
    session.commit();
    EXPECT_EQ(merged->slug, "the-Beach");
}

TEST_F(insert_default, merge_takes_a_key_that_a_function_will_make_for_a_new_row) {
    const auto statements = statements_of([&] { (void)session.merge(Tree{.name = "oak"}); });
    EXPECT_TRUE(statements.empty()); // no row is looked for
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT name FROM tree"), "oak");
}

TEST_F(insert_default, merge_takes_a_member_that_is_as_it_was_made_for_nothing_said) {
    auto page = session.add(Page{.title = "Beach", .slug = "own"});
    session.commit();
    calls = 0;
    auto merged = session.merge(Page{.id = page->id, .title = "Sea"});
    EXPECT_EQ(merged, page);
    session.commit();
    EXPECT_EQ(page->slug, "own");
    EXPECT_EQ(page->changed, "now Sea");
    EXPECT_EQ(stored_object<Page>(page->id)->slug, "own");
}

TEST_F(insert_default, objects_expire_at_commit_as_ever) {
    kin::session forgetful = db.session({.expire_on_commit = true});
    auto page = forgetful.add(Page{.title = "Beach"});
    auto stamp = forgetful.add(Stamp{.name = "a"});
    forgetful.commit();
    EXPECT_EQ(page->slug, "the-Beach");
    EXPECT_EQ(stamp->mark, "NEW");
}

TEST_F(insert_default, now_can_be_selected_as_a_time_of_the_program) {
    (void)session.add(Doc{.text = "a"});
    session.flush();
    const auto [now, text] = session.select(kin::now<time_point>(), kin::col<&Doc::text>).one();
    EXPECT_TRUE(is_now(now));
    EXPECT_EQ(text, "a");
    EXPECT_EQ(session.query<Doc>().where(kin::now() < time_point{}).count(), 0);
}

TEST_F(insert_default, row_24_created_at_and_updated_at_keep_themselves) {
    auto stamp = session.add(Stamp{.name = "a"});
    session.commit();
    const time_point created = stamp->created_at;
    EXPECT_TRUE(is_now(created));
    EXPECT_TRUE(is_now(stamp->changed_at));
    stamp->name = "b";
    session.commit();
    EXPECT_EQ(stamp->created_at, created);
    EXPECT_GE(stamp->changed_at, created);
}

TEST_F(insert_default, rows_with_values_of_functions_are_copied_where_the_database_can) {
    std::vector<kin::ref<Tree>> trees; // a key by a function: nothing is to be read back
    for (int i = 0; i < 2500; ++i) trees.push_back(session.add(Tree{.name = std::to_string(i)}));
    const auto statements = statements_of([&] { session.commit(); });
    const bool copies = db.engine().dialect().limits().fewest_rows_to_copy != 0;
    EXPECT_EQ(statements.size(), copies ? 1u : 3u);
    EXPECT_EQ(stored("SELECT count(DISTINCT id) FROM tree"), 2500);
    EXPECT_EQ(stored_object<Tree>(trees[1234]->id)->name, "1234");
}

// --- kin::insert ------------------------------------------------------------------------------------------------------------

TEST_F(insert_default, plain_objects_become_rows_with_defaults_and_stay_as_they_are) {
    const std::vector<Page> pages{{.title = "a"}, {.title = "b", .slug = "own", .number = 3}, {.title = "c"}};
    EXPECT_EQ(statements_of([&] { session.execute(kin::insert(pages)); }).size(), 1u);
    EXPECT_EQ(calls, 4);
    EXPECT_EQ(pages[0].slug, "");
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT slug FROM page WHERE title = 'a'"), "the-a");
    EXPECT_EQ(stored<std::string>("SELECT slug FROM page WHERE title = 'b'"), "own");
    EXPECT_EQ(stored("SELECT sum(number) FROM page"), 17);
}

TEST_F(insert_default, thousands_of_plain_objects_call_each_function_once) {
    std::vector<Page> pages;
    for (int i = 0; i < 3000; ++i) pages.push_back({.title = std::to_string(i)});
    session.execute(kin::insert(pages));
    session.commit();
    EXPECT_EQ(calls, 6000);
    EXPECT_EQ(stored("SELECT count(DISTINCT slug) FROM page WHERE number = 7"), 3000);
}

TEST_F(insert_default, sql_is_part_of_the_statement_for_plain_objects) {
    std::vector<Stamp> stamps;
    for (int i = 0; i < 1500; ++i) stamps.push_back({.name = std::to_string(i)});
    EXPECT_EQ(statements_of([&] { session.execute(kin::insert(stamps)); }).size(), 2u);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM stamp WHERE mark = 'NEW' AND created_at IS NOT NULL"), 1500);
}

TEST_F(insert_default, plain_objects_can_return_what_was_made) {
    if (!supports(kin::feature::returning)) GTEST_SKIP() << "no RETURNING";
    std::vector<std::string> marks;
    for (auto [mark, at] :
         session.execute(kin::insert<Stamp>({{.name = "a"}, {.name = "b", .mark = "own"}})
                             .returning(kin::col<&Stamp::mark>, kin::col<&Stamp::created_at>))) {
        marks.push_back(mark);
        EXPECT_TRUE(is_now(at));
    }
    EXPECT_EQ(marks, (std::vector<std::string>{"NEW", "own"}));
}

TEST_F(insert_default, a_function_that_throws_leaves_the_session_as_it_was) {
    hook = [] { throw std::runtime_error("no value"); };
    counter.reset();
    EXPECT_THROW(session.execute(kin::insert<Page>({{.title = "a"}})), std::runtime_error);
    EXPECT_EQ(counter.count(), 0u);
    hook = nullptr;
    session.execute(kin::insert<Page>({{.title = "a"}}));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM page"), 1);
}

TEST_F(insert_default, a_function_may_give_what_the_column_cannot_have) {
    EXPECT_EQ(code_of([&] { session.execute(kin::insert<Page>({{.title = std::string(58, 'x')}})); }),
              "text_too_long");
    session.add(Page{.title = std::string(58, 'x')});
    EXPECT_EQ(code_of([&] { session.flush(); }), "text_too_long");
}

} // namespace
