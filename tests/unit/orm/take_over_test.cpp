// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// New objects that take the rows of removed ones over, all of them with unique values that others of the removed ones had.

namespace shelves {

struct Book {
    kin::primary_key<std::string> code;
    kin::field<int, kin::version> version;
    std::optional<kin::field<std::string, kin::unique>> place; // may be NULL
    kin::field<std::string, kin::unique> title;
};

} // namespace shelves

namespace {

using shelves::Book;

class take_over : public testing::Test {
protected:
    take_over() {
        db.create_all<Book>();
        for (const char* code : {"a", "b", "c"})
            old.push_back(session.add(Book{.code = code, .place = code, .title = code}));
        session.commit();
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    std::vector<kin::ref<Book>> old;
};

TEST_F(take_over, of_rows_whose_unique_values_go_around) {
    for (const auto& book : old) session.remove(book);
    session.add(Book{.code = "a", .place = "b", .title = "c"});
    session.add(Book{.code = "b", .place = "c", .title = "a"});
    session.add(Book{.code = "c", .place = "a", .title = "b"});
    session.commit();

    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Book>("a")->place, "b");
    EXPECT_EQ(reader.get_one<Book>("b")->title, "a");
    EXPECT_EQ(reader.get_one<Book>("c")->place, "a");
    for (const auto& book : session.query<Book>().all())
        EXPECT_EQ(book->version, reader.get_one<Book>(book->code)->version);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(take_over, is_undone_by_a_rollback) {
    for (const auto& book : old) session.remove(book);
    session.add(Book{.code = "a", .place = "b", .title = "c"});
    session.add(Book{.code = "b", .place = "a", .title = "a"});
    session.flush();
    session.rollback();

    for (const auto& book : old) {
        EXPECT_EQ(kin::state_of(book), kin::object_state::persistent);
        EXPECT_EQ(book->place, book->code);
        EXPECT_EQ(book->title, book->code);
        EXPECT_EQ(book->version, 1);
    }
    EXPECT_FALSE(session.has_changes());
    old[0]->title = "z";
    session.commit();
}

} // namespace
