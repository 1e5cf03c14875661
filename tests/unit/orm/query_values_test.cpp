// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// Queries and statements are values: what is kept in a variable may be made narrower, several times. One plain object is a statement, too.

namespace {

using blog::User;
using kin::col;
using testing::ElementsAre;

class query_values : public blog::test {
protected:
    query_values() {
        session.execute(kin::insert<User>({{.name = "Ann"}, {.name = "Bob"}, {.name = "Cid"}}));
        session.commit();
    }
};

TEST_F(query_values, a_select_that_is_kept_may_be_used_again) {
    const auto all = session.select(col<&User::name>).order_by(col<&User::name>);
    const auto late = all.where(col<&User::name> > "Ann");
    const auto one = late.limit(1);
    EXPECT_EQ(all.all().size(), 3U);
    EXPECT_EQ(late.all().size(), 2U);
    EXPECT_THAT(one.all(), ElementsAre(std::tuple(kin::varchar<50>("Bob"))));
    const auto grouped = session.select(col<&User::name>, kin::count(col<&blog::Post::id>));
    const auto joined = grouped.left_join<&User::posts>().group_by(col<&User::id>, col<&User::name>);
    EXPECT_EQ(joined.having(kin::count(col<&blog::Post::id>) > 0).all().size(), 0U);
    EXPECT_EQ(joined.all().size(), 3U);
}

TEST_F(query_values, an_update_or_delete_that_is_kept_may_be_used_again) {
    const auto all = kin::update<User>().set(col<&User::bio>, "x");
    const auto ann = all.where(col<&User::name> == "Ann");
    EXPECT_EQ(session.execute(ann), 1);
    EXPECT_EQ(session.execute(all), 3);
    const auto gone = kin::remove_from<User>();
    EXPECT_EQ(session.execute(gone.where(col<&User::name> == "Ann")), 1);
    EXPECT_EQ(session.execute(gone), 2);
}

TEST_F(query_values, one_plain_object_is_inserted_like_many) {
    counter.reset();
    EXPECT_EQ(session.execute(kin::insert(User{.name = "Dan"})), 1);
    EXPECT_EQ(session.execute(kin::insert<User>({.name = "Eve"})), 1);
    EXPECT_EQ(session.execute(kin::insert<User>({{.name = "Flo"}})), 1);
    EXPECT_EQ(counter.count(), 3U);
    const auto made = session.execute(kin::insert(User{.name = "Gus"}).returning(col<&User::name>));
    EXPECT_THAT(made, ElementsAre(std::tuple(kin::varchar<50>("Gus"))));
}

struct Word;
struct Page {
    kin::primary_key<int> id;
    kin::has_map<Word, "language"> words;
};
struct Word {
    kin::primary_key<int> id;
    kin::varchar<5> language;
    std::string text;
    kin::foreign_key<&Page::id> page_id;
    kin::belongs_to<Page> page;
};

TEST_F(query_values, at_gives_what_a_map_must_have_or_says_that_it_has_not) {
    db.create_all<Page, Word>();
    auto page = session.add(Page{});
    page->words.insert(kin::make(Word{.language = "de", .text = "Seite"}));
    session.commit();
    EXPECT_EQ(page->words.at("de")->text, "Seite");
    const auto e = blog::caught<kin::no_result_found>([&] { (void)page->words.at("fr"); });
    EXPECT_THAT(std::string(e.message()), testing::HasSubstr("Page.words"));
    EXPECT_EQ(e.where().file_name(), std::string(__FILE__));
}

} // namespace
