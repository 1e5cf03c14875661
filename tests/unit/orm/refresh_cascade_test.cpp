// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// What refresh, expire and expunge do to related objects: semantics.md N6, N7 and P5.

namespace {

using blog::code_of;

struct Book;
struct Author {
    int id = 0;
    std::string name;
    kin::has_many<Book> books;
};
struct Page;
struct Book {
    int id = 0;
    std::string title;
    std::optional<kin::foreign_key<&Author::id>> author_id;
    kin::belongs_to<Author> author;
    kin::has_many<Page> pages;
};
struct Page {
    int id = 0;
    int number = 0;
    std::optional<kin::foreign_key<&Book::id>> book_id;
    kin::belongs_to<Book> book;
};
void describe(kin::mapping<Author>& m) { m.relationship<&Author::books>().cascade(kin::cascade::all); }
void describe(kin::mapping<Page>& m) {
    m.relationship<&Page::book>().cascade(kin::cascade::save_update | kin::cascade::refresh);
}

class cascades : public testing::Test {
protected:
    cascades() {
        db.create_all<Author, Book, Page>();
        kin::session writer = db.session();
        auto author = writer.add(Author{.name = "John"});
        for (int i = 1; i <= 3; ++i) {
            auto book = writer.add(Book{.title = "Book " + std::to_string(i), .author = author});
            writer.add(Page{.number = i, .book = book});
        }
        writer.commit();
        john = session.get<Author>(1);
        for (const auto& book : std::as_const(john)->books) (void)book->pages.size();
        session.commit();
        counter.reset();
    }
    void elsewhere(std::string_view sql) {
        kin::session other = db.session();
        other.execute(sql);
        other.commit();
        counter.reset();
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
    kin::ref<Author> john;
};

TEST_F(cascades, N7_expire_takes_children_along_only_with_the_cascade) {
    const auto book = std::as_const(john)->books[0];
    const auto page = book->pages[0];
    elsewhere("UPDATE book SET title = 'new'");
    elsewhere("UPDATE page SET number = 99");
    session.expire(john);
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(book->title, "new");
    EXPECT_EQ(page->number, 1) << "Book.pages does not cascade";
    EXPECT_EQ(counter.count(), 1U);
    session.expire(page); // its book, and nobody beyond
    EXPECT_EQ(page->number, 99);
    counter.reset();
    EXPECT_EQ(book->title, "new");
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(cascades, N7_pending_children_are_left_alone) {
    auto added = kin::make(Book{.title = "Pending"});
    john->books.push_back(added);
    session.expire(john);
    EXPECT_EQ(kin::state_of(added), kin::object_state::pending);
    EXPECT_EQ(john->books.size(), 4U);
}

TEST_F(cascades, N6_refresh_reads_loaded_children_and_their_collection_again_with_one_statement) {
    elsewhere("UPDATE book SET title = 'new'");
    elsewhere("INSERT INTO book (title, author_id) VALUES ('fourth', 1)");
    const auto book = std::as_const(john)->books[0];
    session.refresh(john);
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(book->title, "new");
    EXPECT_EQ(std::as_const(john)->books.size(), 4U);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(cascades, N6_children_that_are_no_longer_there_are_read_as_well) {
    kin::session other = db.session();
    other.add(Author{.name = "Jane"});
    other.commit();
    const auto books = std::as_const(john)->books;
    elsewhere("UPDATE book SET author_id = 2 WHERE id = 1");
    elsewhere("UPDATE page SET book_id = NULL");
    elsewhere("DELETE FROM book WHERE id = 2");
    session.refresh(john);
    EXPECT_EQ(counter.count(), 3U) << "the author, his books, and those that are not his any more";
    EXPECT_EQ(std::as_const(john)->books.size(), 1U);
    EXPECT_EQ(books[0]->author->name, "Jane");
    EXPECT_EQ(code_of([&] { (void)books[1]->title; }), "row_gone");
}

TEST_F(cascades, N6_refresh_goes_along_references_too) {
    const auto page = std::as_const(john)->books[1]->pages[0];
    elsewhere("UPDATE book SET title = 'new'");
    session.refresh(page);
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(page->book->title, "new");
    EXPECT_EQ(std::as_const(john)->books[0]->title, "Book 1") << "the book's own collection does not cascade";
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(cascades, N6_refresh_loads_nothing_that_is_not_loaded) {
    session.close();
    const auto author = session.get<Author>(1);
    counter.reset();
    session.refresh(author);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_FALSE(author->books.is_loaded());
}

TEST_F(cascades, N6_changes_of_the_children_are_lost_with_the_cascade) {
    auto book = john->books[2];
    book->title = "changed";
    session.refresh(john);
    EXPECT_EQ(book->title, "Book 3");
    book->author = nullptr;
    session.refresh(book);
    EXPECT_EQ(book->author, john);
    EXPECT_EQ(john->books.size(), 3U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(cascades, N7_a_child_that_comes_back_to_a_removed_parent_goes_with_it) {
    auto book = john->books[0];
    book->author = nullptr;
    session.remove(john);
    session.expire(book);
    session.commit();
    EXPECT_EQ(kin::state_of(book), kin::object_state::detached);
    EXPECT_EQ(session.query<Book>().count(), 0);
}

TEST_F(cascades, P5_expunge_takes_children_along_with_the_cascade) {
    const auto book = std::as_const(john)->books[0];
    const auto page = book->pages[0];
    session.expunge(john);
    EXPECT_FALSE(session.contains(book));
    EXPECT_TRUE(session.contains(page)) << "Book.pages does not cascade";
}

struct Hook;
struct Shelf {
    int id = 0;
    kin::has_many<Hook> hooks;
};
struct Hook {
    int id = 0;
    std::optional<kin::foreign_key<&Shelf::id>> shelf_id;
    kin::belongs_to<Shelf> shelf;
};
void describe(kin::mapping<Shelf>& m) {
    m.relationship<&Shelf::hooks>().lazy(kin::loader_strategy::selectin);
}

TEST(eager_relationship, N6_is_read_again_by_refresh) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Shelf, Hook>();
    kin::session session = db.session();
    auto shelf = session.add(Shelf{.hooks = {kin::make(Hook{}), kin::make(Hook{})}});
    session.commit();
    session.execute("DELETE FROM hook WHERE id = 1");
    kin::testing::sql_counter counter{db};
    session.refresh(shelf);
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(shelf->hooks.size(), 1U);
    EXPECT_EQ(counter.count(), 2U);
}

} // namespace
