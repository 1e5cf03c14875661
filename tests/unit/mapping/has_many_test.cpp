// SPDX-License-Identifier: MIT
#include "kin/mapping/has_many.hpp"

#include <utility>

#include "unit/mapping/graph.hpp"

namespace {

using graph::Book;
using graph::code_of;
using graph::Shelf;
using books = std::vector<kin::ref<Book>>;

class has_many : public testing::Test {
protected:
    void SetUp() override { shelf->books = {a, b, c}; }
    books now() const { return {shelf->books.begin(), shelf->books.end()}; }
    /// Every book on the shelf says so, and those that are not do not.
    void expect_in_step() const {
        for (const auto& x : {a, b, c, d}) {
            const bool here = std::count(shelf->books.begin(), shelf->books.end(), x) == 1;
            EXPECT_EQ(x->shelf == shelf, here);
            EXPECT_EQ(shelf->books.contains(x), here);
        }
    }
    kin::ref<Shelf> shelf = graph::shelf();
    kin::ref<Book> a = graph::book("a"), b = graph::book("b"), c = graph::book("c"), d = graph::book("d");
};

TEST_F(has_many, push_back_adds_at_the_end_once) {
    shelf->books.push_back(d);
    shelf->books.push_back(a);
    EXPECT_EQ(now(), (books{a, b, c, d}));
    expect_in_step();
}

TEST_F(has_many, insert_puts_an_object_where_it_is_told) {
    shelf->books.insert(1, d);
    EXPECT_EQ(now(), (books{a, d, b, c}));
    shelf->books.erase(d);
    shelf->books.insert(0, d);
    EXPECT_EQ(now(), (books{d, a, b, c}));
    expect_in_step();
}

TEST_F(has_many, insert_of_what_is_there_changes_nothing_or_moves_it) {
    shelf->books.insert(0, c);
    EXPECT_EQ(now().size(), 3U);
    expect_in_step();
}

TEST_F(has_many, erase_takes_out_what_is_in_and_says_whether_it_was) {
    EXPECT_TRUE(shelf->books.erase(b));
    EXPECT_FALSE(shelf->books.erase(b));
    EXPECT_FALSE(shelf->books.erase(d));
    EXPECT_EQ(now(), (books{a, c}));
    expect_in_step();
}

TEST_F(has_many, erase_of_an_element_of_its_own_is_safe) {
    shelf->books.erase(shelf->books[1]);
    shelf->books.erase(shelf->books.front());
    EXPECT_EQ(now(), (books{c}));
    expect_in_step();
}

TEST_F(has_many, clear_takes_out_all) {
    shelf->books.clear();
    EXPECT_TRUE(shelf->books.empty());
    EXPECT_EQ(shelf->books.begin(), shelf->books.end());
    expect_in_step();
}

TEST_F(has_many, assignment_takes_the_order_of_the_new_list_each_once) {
    shelf->books = {c, d, a, c};
    EXPECT_EQ(now(), (books{c, d, a}));
    expect_in_step();
    const books list{a, b};
    shelf->books = list;
    EXPECT_EQ(now(), list);
    shelf->books.assign(list.rbegin(), list.rend());
    EXPECT_EQ(now(), (books{b, a}));
    expect_in_step();
}

TEST_F(has_many, assignment_of_itself_changes_nothing) {
    auto& same = shelf->books;
    shelf->books = same;
    EXPECT_EQ(now(), (books{a, b, c}));
    shelf->books.assign(shelf->books.begin(), shelf->books.end());
    EXPECT_EQ(now(), (books{a, b, c}));
    expect_in_step();
}

TEST_F(has_many, assignment_from_another_collection_moves_everybody) {
    auto other = graph::shelf("other");
    other->books = shelf->books;
    EXPECT_TRUE(shelf->books.empty());
    EXPECT_EQ(other->books.size(), 3U);
    shelf->books = std::move(other->books);
    EXPECT_EQ(now(), (books{a, b, c}));
    EXPECT_TRUE(other->books.empty());
    expect_in_step();
}

TEST_F(has_many, null_changes_nothing) {
    EXPECT_EQ(code_of([&] { shelf->books = {d, nullptr}; }), "null_ref");
    EXPECT_EQ(code_of([&] { shelf->books.push_back(nullptr); }), "null_ref");
    EXPECT_FALSE(shelf->books.contains(nullptr));
    EXPECT_EQ(now(), (books{a, b, c}));
    expect_in_step();
}

TEST_F(has_many, front_back_and_index_give_the_elements) {
    EXPECT_EQ(shelf->books.front(), a);
    EXPECT_EQ(shelf->books.back(), c);
    EXPECT_EQ(shelf->books[1], b);
    EXPECT_EQ(std::as_const(*shelf).books.back(), c);
}

TEST_F(has_many, a_loose_list_owns_its_elements_and_tells_nobody) {
    kin::has_many<Book> loose{a, d};
    loose.push_back(d);
    EXPECT_EQ(loose.size(), 2U);
    EXPECT_EQ(a->shelf, shelf);
    EXPECT_EQ(d->shelf, nullptr);
    kin::has_many<Book> copy = loose;
    kin::has_many<Book> moved = std::move(loose);
    EXPECT_EQ(loose.size(), 0U); // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(copy.erase(a));
    EXPECT_EQ(moved.size(), 2U);
    copy.insert(0, b);
    EXPECT_EQ(copy[0], b);
    moved.clear();
    EXPECT_TRUE(moved.empty());
    EXPECT_EQ(code_of([&] { loose.push_back(nullptr); }), "null_ref");
    copy = {d};
    EXPECT_EQ(copy.size(), 1U);
}

} // namespace
