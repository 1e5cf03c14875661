// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// Statements about what SQLAlchemy has and kin has in another way, or needs no word for: what holds instead.

namespace {

using blog::caught;
using blog::Post;
using blog::User;
using testing::HasSubstr;

/// Two lists of one class answer the same reference.
struct Reading;
struct Book {
    kin::primary_key<int> id;
    kin::has_many<Reading, "book"> readings;
    kin::has_many<Reading, "book"> rereadings;
};
struct Reading {
    kin::primary_key<int> id;
    kin::foreign_key<&Book::id> book_id;
    kin::belongs_to<Book> book;
};

/// Nothing travels along.
struct Guest;
struct Host {
    kin::primary_key<int> id;
    kin::has_many<Guest> guests;
};
struct Guest {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Host::id>> host_id;
    kin::belongs_to<Host> host;
};
void describe(kin::mapping<Host>& m) { m.relationship<&Host::guests>().cascade(kin::cascade::none); }

/// The database has the last word, and orphans go.
struct Page;
struct Album {
    kin::primary_key<int> id;
    kin::has_many<Page> pages;
};
struct Page {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Album::id>> album_id;
    kin::belongs_to<Album> album;
};
void describe(kin::mapping<Album>& m) {
    m.relationship<&Album::pages>()
        .cascade(kin::cascade::all | kin::cascade::delete_orphan)
        .on_delete(kin::on_delete::cascade);
}

/// A rule of the database and nothing else.
struct Wheel;
struct Cart {
    kin::primary_key<int> id;
    kin::has_many<Wheel> wheels;
};
struct Wheel {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Cart::id>> cart_id;
    kin::belongs_to<Cart> cart;
};
void describe(kin::mapping<Cart>& m) { m.relationship<&Cart::wheels>().on_delete(kin::on_delete::restrict); }

struct Note;
struct Owner {
    kin::primary_key<int> id;
    kin::has_map<Note, "keyword"> notes;
};
struct Note {
    kin::primary_key<int> id;
    std::string keyword;
    kin::foreign_key<&Owner::id> owner_id;
    kin::belongs_to<Owner> owner;
};

class semantics_differences : public blog::test {};

TEST_F(semantics_differences, A22_both_sides_know_each_other_because_both_are_members) {
    auto john = blog::user("John");
    EXPECT_EQ(blog::post("First", john)->user, john);
    EXPECT_EQ(john->posts.size(), 1U);
}

TEST_F(semantics_differences, A23_two_lists_that_answer_one_reference_are_a_fault_of_the_mapping) {
    const auto e = caught<kin::mapping_error>([&] { db.create_all<Book, Reading>(); });
    EXPECT_THAT(std::string(e.message()), HasSubstr("Book.readings"));
    EXPECT_THAT(std::string(e.message()), HasSubstr("rereadings"));
}

TEST_F(semantics_differences, B9_linking_takes_a_new_object_in_whatever_the_cascade_says) {
    db.create_all<Host, Guest>();
    auto host = session.add(Host{});
    session.commit();
    auto guest = kin::make(Guest{});
    host->guests.push_back(guest);
    session.commit();
    EXPECT_EQ(stored("SELECT host_id FROM guest"), host->id) << "what the list shows is what a commit writes";
}

TEST_F(semantics_differences, E11_a_child_has_one_parent_so_a_second_one_takes_it_from_the_first) {
    db.create_all<Album, Page>();
    auto first = session.add(Album{});
    auto second = session.add(Album{});
    auto page = kin::make(Page{.album = first});
    session.commit();
    second->pages.push_back(page);
    EXPECT_TRUE(first->pages.empty());
    session.commit();
    EXPECT_EQ(stored("SELECT album_id FROM page"), second->id) << "moved, and no orphan";
}

TEST_F(semantics_differences, F5_who_leaves_a_list_forgets_its_parent_whatever_the_rule_of_the_key) {
    db.create_all<Cart, Wheel>();
    auto cart = session.add(Cart{});
    auto wheel = kin::make(Wheel{.cart = cart});
    session.commit();
    cart->wheels.erase(wheel);
    session.commit();
    EXPECT_EQ(wheel->cart_id, std::nullopt);
    EXPECT_EQ(stored<std::optional<int>>("SELECT cart_id FROM wheel"), std::nullopt);
}

TEST_F(semantics_differences, F6_the_rule_of_the_key_and_the_cascade_go_together) {
    db.create_all<Album, Page>();
    auto album = session.add(Album{});
    auto page = kin::make(Page{.album = album});
    session.commit();
    session.remove(album);
    session.commit();
    EXPECT_EQ(kin::state_of(page), kin::object_state::detached);
    EXPECT_EQ(stored("SELECT count(*) FROM page"), 0);
}

TEST_F(semantics_differences, H11_a_map_reads_its_keys_from_the_objects_so_none_is_missing_or_old) {
    auto owner = kin::make(Owner{});
    auto note = kin::make(Note{.owner = owner}); // by the other side, without a keyword yet
    EXPECT_EQ(owner->notes.find(""), note);
    note->keyword = "todo";
    EXPECT_EQ(owner->notes.find("todo"), note);
    EXPECT_EQ(owner->notes.find(""), nullptr);
}

TEST_F(semantics_differences, I2_strategies_have_names) {
    stored_user("John", 2);
    counter.reset();
    const auto joined = session.query<User>().with(kin::joined<&User::posts>).one();
    EXPECT_EQ(joined->posts.size(), 2U);
    EXPECT_EQ(counter.count(), 1U);
    kin::session other = db.session();
    counter.reset();
    EXPECT_TRUE(other.query<User>().with(kin::noload<&User::posts>).one()->posts.empty());
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(semantics_differences,
       J11_a_limit_without_a_unique_order_loads_the_children_of_the_rows_that_were_read) {
    for (const char* name : {"A", "B", "C", "D"}) stored_user(name, 2);
    counter.reset();
    const auto some = session.query<User>().limit(2).with(kin::selectin<&User::posts>).all();
    EXPECT_EQ(counter.count(), 2U);
    for (const auto& user : some) {
        ASSERT_EQ(user->posts.size(), 2U);
        EXPECT_EQ(user->posts[0]->user_id, user->id);
    }
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_differences, J12_loading_at_once_is_one_statement_and_not_one_for_each_parent) {
    for (const char* name : {"A", "B", "C"}) stored_user(name, 2);
    counter.reset();
    const auto users = session.query<User>().with(kin::selectin<&User::posts>).all();
    EXPECT_EQ(counter.count(), 2U);
    const auto posts = session.query<Post>().with(kin::selectin<&Post::user>).all();
    EXPECT_EQ(posts.size(), 6U);
    EXPECT_EQ(counter.count(), 3U) << "the users are known";
}

TEST_F(semantics_differences, L6_an_error_of_an_autoflush_says_so_and_for_which_query) {
    const int id = stored_user("John");
    session.add(kin::make(User{.id = id, .name = "Another John"}));
    const auto e = caught<kin::unique_violation>([&] { (void)session.query<Post>().all(); });
    EXPECT_THAT(std::string(e.message()), HasSubstr("autoflush"));
    EXPECT_THAT(std::string(e.message()), HasSubstr("query for Post"));
    EXPECT_THAT(std::string(e.sql()), HasSubstr("INSERT")) << "the statement that failed, not the query";
}

TEST_F(semantics_differences, L9_an_expired_object_is_read_before_it_is_written_to) {
    stored_user("John");
    auto john = session.query<User>().one();
    session.commit();
    session.expire(john);
    counter.reset();
    john->name = "Jane";
    session.commit();
    EXPECT_EQ(counter.statements(),
              (std::vector<std::string>{
                  R"(SELECT "user"."id", "user"."name", "user"."bio" FROM "user" WHERE "user"."id" = ?)",
                  R"(UPDATE "user" SET "name" = ? WHERE "id" = ?)"}));
}

TEST_F(semantics_differences, M7_a_session_holds_its_objects_until_it_lets_go) {
    const int id = stored_user("John");
    (void)session.get_one<User>(id); // nobody keeps it
    counter.reset();
    const auto john = session.get_one<User>(id);
    EXPECT_EQ(counter.count(), 0U);
    session.expunge(john);
    EXPECT_NE(session.get_one<User>(id), john);
    EXPECT_EQ(counter.count(), 1U);
}

} // namespace
