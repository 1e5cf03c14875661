// SPDX-License-Identifier: MIT
#include "kin/mapping/belongs_to.hpp"

#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "support/test_database.hpp"
#include "unit/mapping/graph.hpp"

namespace {

using graph::Book;
using graph::code_of;
using graph::Shelf;

class belongs_to : public testing::Test {
protected:
    kin::ref<Shelf> left = graph::shelf("left");
    kin::ref<Shelf> right = graph::shelf("right");
    kin::ref<Book> book = graph::book("book", left);
};

TEST_F(belongs_to, reads_like_a_ref) {
    EXPECT_TRUE(static_cast<bool>(book->shelf));
    EXPECT_EQ(book->shelf, left);
    EXPECT_EQ(book->shelf.get(), left);
    EXPECT_EQ(book->shelf->name, left->name);
    EXPECT_EQ((*book->shelf).name, left->name);
    const kin::ref<Shelf> converted = book->shelf;
    EXPECT_EQ(converted, left);
    EXPECT_NE(book->shelf, nullptr);
}

TEST_F(belongs_to, gives_read_only_refs_too) {
    const Book& seen = *std::as_const(book);
    kin::ref<const Shelf> shelf = seen.shelf;
    EXPECT_EQ(shelf, left);
    shelf = seen.shelf;
    const auto name_of = [](const kin::ref<const Shelf>& s) { return s->name; };
    EXPECT_EQ(name_of(seen.shelf), left->name);
    EXPECT_EQ(kin::ref<const Shelf>(book->shelf), left);
    static_assert(!std::is_convertible_v<decltype((seen.shelf)), kin::ref<const Book>>);
    static_assert(std::is_convertible_v<decltype((seen.shelf)), const kin::detail::any_ref&>);
    book->shelf = nullptr;
    shelf = book->shelf;
    EXPECT_EQ(shelf, nullptr);
}

TEST_F(belongs_to, moves_the_object_between_collections_when_it_is_assigned) {
    book->shelf = right;
    EXPECT_TRUE(left->books.empty());
    ASSERT_EQ(right->books.size(), 1U);
    EXPECT_EQ(right->books[0], book);
}

TEST_F(belongs_to, says_what_there_is_none_of) {
    book->shelf = nullptr;
    try {
        (void)book->shelf->name;
        ADD_FAILURE() << "a null reference was read";
    } catch (const kin::state_error& e) {
        EXPECT_THAT(std::string(e.what()), testing::HasSubstr("there is no graph::Shelf here:"));
    }
}

TEST_F(belongs_to, takes_the_object_out_when_it_becomes_null) {
    book->shelf = nullptr;
    EXPECT_TRUE(left->books.empty());
    EXPECT_EQ(code_of([&] { (void)book->shelf->name; }), "null_ref");
    EXPECT_EQ(code_of([&] { (void)std::as_const(*book).shelf->name; }), "null_ref");
    book->shelf = kin::ref<Shelf>();
    EXPECT_EQ(book->shelf, nullptr);
}

TEST_F(belongs_to, copied_from_another_objects_links_to_the_same_target) {
    auto other = graph::book("other", right);
    other->shelf = book->shelf;
    EXPECT_EQ(left->books.size(), 2U);
    EXPECT_TRUE(right->books.empty());
    other->shelf = std::move(book->shelf);
    EXPECT_EQ(left->books.size(), 2U) << "moving out of a bound one unlinks nobody";
    other->shelf = other->shelf;
    EXPECT_EQ(left->books.size(), 2U);
}

TEST_F(belongs_to, a_loose_one_owns_its_target_and_tells_nobody) {
    kin::belongs_to<Shelf> loose = right;
    right = nullptr;
    EXPECT_EQ(loose->name, graph::long_text("right"));
    EXPECT_TRUE(loose->books.empty());
    kin::belongs_to<Shelf> copy = loose;
    kin::belongs_to<Shelf> moved = std::move(loose);
    EXPECT_EQ(copy, moved);
    loose = copy; // NOLINT(bugprone-use-after-move)
    loose = nullptr;
    moved = nullptr;
    EXPECT_EQ(copy->name, graph::long_text("right"));
}

TEST_F(belongs_to, sets_the_key_when_the_target_has_one) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Shelf, Book, graph::Page>();
    kin::session session = db.session();
    session.add(right);
    session.flush();
    book->shelf = right;
    EXPECT_EQ(book->shelf_id, right->id);
    book->shelf = nullptr;
    EXPECT_EQ(book->shelf_id, std::nullopt);
}

} // namespace
