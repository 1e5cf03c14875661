// SPDX-License-Identifier: MIT
#include "kin/mapping/make.hpp"

#include <stdexcept>
#include <utility>

#include "support/test_database.hpp"
#include "unit/mapping/graph.hpp"

// Making objects, and T79: copies, moves, slices.

namespace {

using graph::Book;
using graph::code_of;
using graph::Page;
using graph::Shelf;

TEST(make, links_what_the_initialiser_names_on_both_sides) {
    const auto shelf = graph::shelf();
    const auto page = graph::page();
    const auto book = kin::make(Book{.title = "title", .shelf = shelf, .pages = {page}});
    EXPECT_EQ(shelf->books[0], book);
    EXPECT_EQ(page->book, book);
    EXPECT_EQ(book->pages[0], page);
    EXPECT_EQ(book->shelf, shelf);
}

TEST(make, takes_children_from_the_parents_they_had) {
    auto old = graph::shelf("old");
    const auto book = graph::book("book", old);
    const auto fresh = kin::make(Shelf{.name = "new", .books = {book, book}});
    EXPECT_TRUE(old->books.empty());
    EXPECT_EQ(fresh->books.size(), 1U);
    EXPECT_EQ(book->shelf, fresh);
}

TEST(make, both_spellings_are_the_same) {
    EXPECT_EQ(kin::make<Shelf>({.name = "x"})->name, "x");
    EXPECT_EQ(kin::make(Shelf{.name = "x"})->name, "x");
    EXPECT_EQ(kin::make<Shelf>()->name, "");
    EXPECT_EQ(kin::state_of(kin::make<Shelf>()), kin::object_state::transient);
}

TEST(make, an_initialiser_that_is_never_made_leaves_no_trace) {
    const auto shelf = graph::shelf();
    {
        const Book unused{.title = graph::long_text("unused"), .shelf = shelf};
        EXPECT_EQ(unused.shelf, shelf);
    }
    EXPECT_TRUE(shelf->books.empty());
}

TEST(make, T79_a_copy_of_an_object_is_a_loose_value_and_the_original_keeps_its_links) {
    auto shelf = graph::shelf("original");
    const auto book = graph::book("book", shelf);
    Shelf copy = *shelf;
    EXPECT_EQ(copy.name, shelf->name);
    ASSERT_EQ(copy.books.size(), 1U);
    EXPECT_EQ(book->shelf, shelf);
    const auto twin = kin::make(std::move(copy));
    EXPECT_EQ(book->shelf, twin) << "making it takes the books along, as any initialiser does";
    EXPECT_TRUE(shelf->books.empty());
}

TEST(make, T79_an_object_that_is_moved_from_keeps_its_links) {
    auto shelf = graph::shelf("original");
    const auto book = graph::book("book", shelf);
    const Shelf taken = std::move(*shelf);
    EXPECT_EQ(taken.name, graph::long_text("original"));
    EXPECT_EQ(shelf->books.size(), 1U);
    EXPECT_EQ(book->shelf, shelf);
    const Book taken_book = std::move(*kin::ref<Book>(book));
    EXPECT_EQ(book->shelf, shelf);
    EXPECT_EQ(taken_book.shelf, shelf);
}

TEST(make, T79_assigning_a_whole_object_assigns_its_relationships_too) {
    auto left = graph::shelf("left"), right = graph::shelf("right");
    auto a = graph::book("a", left), b = graph::book("b", right);
    *a = *b;
    EXPECT_EQ(a->title, b->title);
    EXPECT_EQ(a->shelf, right);
    EXPECT_TRUE(left->books.empty());
    EXPECT_EQ(right->books.size(), 2U);
}

TEST(make, T79_swapping_two_objects_swaps_columns_and_references) {
    auto left = graph::shelf("left"), right = graph::shelf("right");
    auto a = graph::book("a", left), b = graph::book("b", right);
    std::swap(*a, *b);
    EXPECT_EQ(a->title, graph::long_text("b"));
    EXPECT_EQ(a->shelf, right);
    EXPECT_EQ(b->shelf, left);
    ASSERT_EQ(left->books.size(), 1U);
    EXPECT_EQ(left->books[0], b);
}

struct Thrower {
    int id = 0;
    std::string text = graph::long_text("text");
    int fuse = burn();
    static inline int left = 1 << 30;
    static int burn() {
        if (left-- == 0) throw std::runtime_error("no more");
        return 0;
    }
};

TEST(make, an_exception_in_a_constructor_passes_and_leaves_nothing) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Thrower>();
    Thrower::left = 0;
    EXPECT_THROW((void)kin::make<Thrower>(), std::runtime_error);
    Thrower::left = 1 << 30;
    EXPECT_EQ(kin::make<Thrower>()->fuse, 0);
}

TEST(make, T77_an_exception_in_a_constructor_at_the_thousandth_row_leaves_no_half_object) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Thrower>();
    kin::session session = db.session();
    for (int i = 0; i < 1500; ++i) session.add(Thrower{});
    session.commit();
    session.close();
    Thrower::left = 999;
    EXPECT_THROW((void)session.query<Thrower>().all(), std::runtime_error);
    Thrower::left = 0;
    EXPECT_THROW((void)session.query<Thrower>().all(), std::runtime_error)
        << "at the first row that is not known";
    Thrower::left = 1 << 30;
    const auto all = session.query<Thrower>().all();
    ASSERT_EQ(all.size(), 1500U);
    for (const auto& t : all) EXPECT_EQ(t->text, graph::long_text("text"));
    session.commit();
    db.drop_all<Thrower>(); // no cursor holds it
}

} // namespace
