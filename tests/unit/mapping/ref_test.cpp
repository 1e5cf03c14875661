// SPDX-License-Identifier: MIT
#include "kin/mapping/ref.hpp"

#include <unordered_set>
#include <utility>
#include <vector>

#include "unit/mapping/graph.hpp"

// Ownership by graph (decision 2). That nothing leaks and nothing is read after its end is what AddressSanitizer proves here.

namespace {

using graph::Book;
using graph::code_of;
using graph::Page;
using graph::Shelf;

TEST(ref, is_null_by_default_and_says_so_when_used) {
    kin::ref<Shelf> none;
    EXPECT_FALSE(none);
    EXPECT_EQ(none, nullptr);
    EXPECT_EQ(code_of([&] { (void)none->name; }), "null_ref");
    EXPECT_EQ(code_of([&] { (void)std::as_const(none)->name; }), "null_ref");
    EXPECT_EQ(code_of([&] { (void)*none; }), "null_ref");
    EXPECT_EQ(code_of([&] { (void)none.edit(); }), "null_ref");
    EXPECT_EQ(code_of([&] { (void)kin::state_of(none); }), "null_ref");
    try {
        (void)none->name;
    } catch (const kin::state_error& e) {
        EXPECT_NE(std::string(e.what()).find("Shelf"), std::string::npos) << e.what();
    }
}

TEST(ref, compares_and_hashes_by_object) {
    const auto a = graph::shelf(), b = graph::shelf();
    const auto same = a;
    EXPECT_EQ(a, same);
    EXPECT_NE(a, b);
    EXPECT_EQ((std::unordered_set<kin::ref<Shelf>>{a, b, same}.size()), 2U);
}

TEST(ref, keeps_its_object_alone_alive) {
    auto a = graph::shelf("kept");
    auto b = a;
    a = nullptr;
    EXPECT_EQ(b->name, graph::long_text("kept"));
    auto& itself = b;
    b = std::move(itself);
    EXPECT_EQ(b->name, graph::long_text("kept"));
    auto c = std::move(b);
    EXPECT_EQ(b, nullptr); // NOLINT(bugprone-use-after-move): a moved-from ref is null
    EXPECT_EQ(c->name, graph::long_text("kept"));
}

TEST(ref, to_any_object_keeps_the_whole_graph_alive) {
    kin::ref<Page> page;
    {
        const auto shelf = graph::shelf("shelf");
        const auto book = graph::book("book", shelf);
        (void)graph::book("other", shelf);
        page = graph::page("page", book);
    }
    EXPECT_EQ(page->book->shelf->books.size(), 2U);
    EXPECT_EQ(page->book->shelf->name, graph::long_text("shelf"));
}

TEST(ref, may_go_in_any_order) {
    for (int order = 0; order < 6; ++order) {
        auto shelf = graph::shelf();
        auto book = graph::book("book", shelf);
        auto page = graph::page("page", book);
        for (int step = 0; step < 3; ++step) {
            const int which = (order + step * (order < 3 ? 1 : 2)) % 3;
            if (which == 0) shelf = nullptr;
            if (which == 1) book = nullptr;
            if (which == 2) page = nullptr;
        }
    }
}

TEST(ref, a_graph_that_is_unlinked_again_still_goes_as_a_whole) {
    kin::ref<Book> kept;
    {
        auto shelf = graph::shelf();
        kept = graph::book("book", shelf);
        shelf->books.clear();
    }
    EXPECT_EQ(kept->shelf, nullptr);
}

TEST(ref, a_ref_copied_out_of_a_collection_counts) {
    kin::ref<Book> first;
    {
        const auto shelf = graph::shelf();
        (void)graph::book("first", shelf);
        first = shelf->books[0];
    }
    EXPECT_EQ(first->title, graph::long_text("first"));
    EXPECT_EQ(first->shelf->books.size(), 1U);
}

TEST(ref, an_element_that_is_moved_from_stays_in_its_collection) {
    auto shelf = graph::shelf();
    (void)graph::book("first", shelf);
    kin::ref<Book> taken = std::move(shelf->books[0]);
    EXPECT_EQ(shelf->books.size(), 1U);
    EXPECT_EQ(shelf->books[0], taken);
}

TEST(ref, assigning_through_an_element_is_refused_and_changes_nothing) {
    auto shelf = graph::shelf();
    const auto first = graph::book("first", shelf);
    EXPECT_EQ(code_of([&] { shelf->books[0] = graph::book("other"); }), "assign_to_element");
    EXPECT_EQ(code_of([&] { shelf->books[0] = nullptr; }), "assign_to_element");
    EXPECT_EQ(shelf->books[0], first);
}

TEST(ref, many_graphs_merge_and_go) {
    auto shelf = graph::shelf();
    for (int i = 0; i < 200; ++i) {
        auto small = graph::book("book");
        for (int k = 0; k < 3; ++k) (void)graph::page("page", small);
        if (i % 2 == 0) shelf->books.push_back(small);
    }
    EXPECT_EQ(shelf->books.size(), 100U);
    for (const auto& b : shelf->books) EXPECT_EQ(b->pages.size(), 3U);
}

} // namespace
