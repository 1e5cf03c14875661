// SPDX-License-Identifier: MIT
#include "kin/mapping/pool.hpp"

#include "support/test_database.hpp"
#include "unit/mapping/graph.hpp"

namespace {

using graph::Book;
using graph::Shelf;
using kin::detail::pool;

std::size_t size_of(pool& p) {
    std::size_t n = 0;
    p.for_each([&](kin::detail::node&) { ++n; });
    return n;
}

TEST(object_pool, an_object_alone_needs_none) { EXPECT_EQ(graph::shelf().raw()->home, nullptr); }

TEST(object_pool, linked_objects_share_one_and_unlinking_does_not_part_them) {
    const auto shelf = graph::shelf();
    auto book = graph::book("book", shelf);
    ASSERT_NE(shelf.raw()->home, nullptr);
    EXPECT_EQ(shelf.raw()->home, book.raw()->home);
    EXPECT_EQ(size_of(*home_of(*shelf.raw())), 2U);
    book->shelf = nullptr;
    EXPECT_EQ(shelf.raw()->home, book.raw()->home);
}

TEST(object_pool, two_graphs_become_one_with_all_their_objects) {
    auto left = graph::shelf(), right = graph::shelf();
    for (int i = 0; i < 10; ++i) (void)graph::book("l", left);
    auto last = graph::book("r", right);
    left->books.push_back(last);
    EXPECT_EQ(left.raw()->home, right.raw()->home);
    EXPECT_EQ(size_of(*home_of(*left.raw())), 13U);
    EXPECT_EQ(last->shelf, left);
}

TEST(object_pool, objects_of_a_session_stay_at_their_address_when_it_ends) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Shelf, Book, graph::Page>();
    kin::ref<Book> book;
    const Book* address = nullptr;
    {
        kin::session session = db.session();
        for (int i = 0; i < 600; ++i) session.add(Book{.title = graph::long_text("b")});
        session.commit();
        session.close();
        book = session.query<Book>().all()[300];
        address = &*std::as_const(book);
    }
    EXPECT_EQ(&*std::as_const(book), address);
    EXPECT_EQ(book->title, graph::long_text("b"));
}

TEST(object_pool, an_object_made_before_any_session_keeps_its_address_when_it_is_added) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Shelf, Book, graph::Page>();
    auto shelf = graph::shelf();
    Shelf& object = *shelf;
    kin::session session = db.session();
    session.add(shelf);
    session.commit();
    EXPECT_EQ(&object, &*shelf);
}

TEST(object_pool, loading_goes_on_while_pools_merge) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Shelf, Book, graph::Page>();
    kin::session session = db.session();
    for (int i = 0; i < 300; ++i) session.add(Book{.title = "b"});
    session.commit();
    session.close();
    const auto before = session.query<Book>().order_by(kin::col<&Book::id>).limit(10).all();
    kin::ref<Shelf> shelf = graph::shelf();
    for (int i = 0; i < 1000; ++i) (void)graph::book("new", shelf);
    shelf->books.push_back(before[0]); // a large graph joins the session's
    const auto after = session.query<Book>().order_by(kin::col<&Book::id>).all();
    EXPECT_EQ(after.size(), 1300U);
    EXPECT_EQ(after[0], before[0]);
    EXPECT_EQ(after[0]->shelf, shelf);
}

} // namespace
