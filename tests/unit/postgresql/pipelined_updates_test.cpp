// SPDX-License-Identifier: MIT
// A flush in which nothing has to be read back is one round trip, whatever it does: INSERT, UPDATE, DELETE and links. What an UPDATE finds out
// only afterwards is the same error as without a pipeline, and leaves as little behind.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "unit/orm/blog.hpp"
#include "unit/postgresql/round_trips.hpp"

namespace {

using blog::caught;
using blog::code_of;

struct Shelf;

// Keys come from the program.
struct Book {
    kin::primary_key<std::string> isbn;
    kin::field<std::string, kin::unique> title;
    int pages = 0;
    std::vector<std::int64_t> marks; // encoded for each statement
    kin::many_to_many<Shelf> shelves;
};

struct Shelf {
    kin::primary_key<std::string> name;
    int width = 0;
    kin::field<int, kin::version> version;
    kin::many_to_many<Book> books;
};

enum class Condition { fresh, worn };

struct Copy {
    kin::primary_key<std::string> number;
    Condition condition = Condition::fresh;
    std::vector<std::int64_t> marks;
    std::optional<kin::foreign_key<&Book::isbn>> isbn;
    kin::belongs_to<Book> book;
};

class postgresql_pipelined_updates : public kin::testing::round_trip_test {
protected:
    void create_tables() override {
        db->create_all<Book, Shelf, Copy>();
        kin::session session = db->session();
        for (const char* name : {"a", "b", "c"}) {
            const auto book = session.add(Book{.isbn = name, .title = std::string("title ") + name});
            session.add(Shelf{.name = name});
            session.add(Copy{.number = name, .book = book});
        }
        session.commit();
    }
    /// Another session's doing.
    void elsewhere(std::string_view sql) {
        kin::session other = outside->session();
        other.execute(sql);
        other.commit();
    }
    template <class T = std::int64_t> T stored(std::string_view sql) {
        kin::session other = outside->session();
        return std::get<0>(other.sql<T>(sql).one());
    }
    static std::string title_of(const kin::ref<Book>& book) { return std::as_const(*book).title.get(); }
};

TEST_F(postgresql_pipelined_updates, of_several_classes_go_together) {
    kin::session session = db->session();
    auto book = session.get_one<Book>("a");
    auto shelf = session.get_one<Shelf>("a");
    auto copy = session.get_one<Copy>("a");
    session.commit();
    EXPECT_EQ(trips_of([&] {
                  book->pages += 1;
                  shelf->width += 1;
                  copy->condition = book->pages == 1 ? Condition::worn : Condition::fresh;
                  session.commit();
              }),
              2); // all UPDATEs; COMMIT
    EXPECT_EQ(stored("SELECT pages FROM book WHERE isbn = 'a'"), 2);
    EXPECT_EQ(stored("SELECT width * 10 + version FROM shelf WHERE name = 'a'"), 22 + 1);
}

TEST_F(postgresql_pipelined_updates, a_whole_unit_of_work_is_one_round_trip) {
    kin::session session = db->session();
    int round = 0;
    const auto work = [&] {
        const std::string name = "new " + std::to_string(++round);
        auto book = session.get_one<Book>(round == 1 ? "a" : "b");
        auto copy = session.get_one<Copy>(round == 1 ? "a" : "b");
        auto shelf = session.get_one<Shelf>("c");
        (void)trips.since_last();
        book->pages = 100 + round;
        shelf->width = round;
        session.remove(copy);
        auto added = session.add(Book{.isbn = name, .title = name});
        session.add(Copy{.number = name, .book = added});
        added->shelves.push_back(shelf);
        added->shelves.push_back(session.add(Shelf{.name = name}));
        session.commit();
    };
    work();
    work();
    EXPECT_EQ(trips.since_last(), 2); // all of it; COMMIT
    EXPECT_EQ(stored("SELECT pages FROM book WHERE isbn = 'b'"), 102);
    EXPECT_EQ(stored("SELECT count(*) FROM copy"), 3);
    EXPECT_EQ(stored("SELECT count(*) FROM book_shelf WHERE book_isbn = 'new 2'"), 2);
}

TEST_F(postgresql_pipelined_updates, many_rows_with_columns_of_their_own_keep_their_values) {
    kin::session session = db->session();
    std::vector<kin::ref<Copy>> copies;
    for (int i = 0; i < 600; ++i)
        copies.push_back(session.add(Copy{.number = "copy " + std::to_string(1000 + i)}));
    session.commit();
    auto book = session.get_one<Book>("a");
    for (std::size_t i = 0; i < copies.size();
         ++i) { // neighbours set different columns, and values that have no home of their own
        if (i % 3 != 0) copies[i]->condition = Condition::worn;
        if (i % 2 != 0) copies[i]->book = book;
        copies[i]->marks = {static_cast<std::int64_t>(i), 7};
    }
    book->marks = {1, 2, 3};
    session.flush();
    book->marks = {1, 2, 3};
    for (std::size_t i = 0; i < copies.size(); ++i) copies[i]->marks = {static_cast<std::int64_t>(i), 7};
    (void)trips.since_last();
    session.flush(); // what was sent is known as the row
    EXPECT_EQ(trips.since_last(), 0);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM copy WHERE number LIKE 'copy%' AND condition = 'worn'"), 400);
    EXPECT_EQ(stored("SELECT count(*) FROM copy WHERE number LIKE 'copy%' AND isbn = 'a'"), 300);
    kin::session reader = db->session();
    for (std::size_t i = 0; i < copies.size(); ++i) {
        const auto copy = reader.get_one<Copy>("copy " + std::to_string(1000 + i));
        EXPECT_EQ(copy->condition, i % 3 != 0 ? Condition::worn : Condition::fresh);
        EXPECT_EQ(copy->isbn.has_value(), i % 2 != 0);
        EXPECT_EQ(copy->marks, (std::vector<std::int64_t>{static_cast<std::int64_t>(i), 7}));
    }
}

TEST_F(postgresql_pipelined_updates, links_of_new_objects_are_written_once_when_answers_came_in_between) {
    kin::session session = db->session();
    std::vector<kin::ref<Copy>> copies;
    for (int i = 0; i < 40; ++i)
        copies.push_back(session.add(Copy{.number = "copy " + std::to_string(100 + i)}));
    session.commit();
    const auto shelf = session.get_one<Shelf>("a");
    auto added = session.add(Book{.isbn = "linked", .title = "linked"});
    added->shelves.push_back(shelf);
    for (std::size_t i = 0; i < copies.size(); ++i) { // more than a megabyte, in many statements
        copies[i]->marks.assign(10'000, 123'456);
        if (i % 2 != 0) copies[i]->condition = Condition::worn;
        copies[i]->book = added; // so they come after it
    }
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM book_shelf WHERE book_isbn = 'linked'"), 1);
    EXPECT_EQ(stored("SELECT count(*) FROM copy WHERE cardinality(marks) = 10000"), 40);
}

TEST_F(postgresql_pipelined_updates, a_row_that_is_gone_is_named_and_nothing_is_kept) {
    kin::session session = db->session();
    auto first = session.get_one<Book>("a");
    auto gone = session.get_one<Book>("b");
    auto shelf = session.get_one<Shelf>("a");
    elsewhere("DELETE FROM copy");
    elsewhere("DELETE FROM book WHERE isbn = 'b'");
    first->pages = 1;
    gone->title = "nowhere";
    shelf->width = 7;
    const auto added = session.add(Book{.isbn = "behind", .title = "behind"});
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "row_gone");
    EXPECT_NE(std::string(e.what()).find("Book with isbn = 'b'"), std::string::npos) << e.what();
    EXPECT_EQ(e.table(), "book");
    session.rollback();
    EXPECT_EQ(std::as_const(*first).pages, 0);
    EXPECT_EQ(std::as_const(*shelf).width, 0);
    EXPECT_FALSE(kin::state_of(added) == kin::object_state::persistent);
    EXPECT_EQ(stored("SELECT count(*) FROM book WHERE pages <> 0 OR isbn = 'behind'"), 0);
    EXPECT_EQ(stored("SELECT sum(width) FROM shelf"), 0);
}

TEST_F(postgresql_pipelined_updates, a_version_that_somebody_else_has_counted_up_is_a_conflict) {
    kin::session session = db->session();
    auto book = session.get_one<Book>("a");
    auto shelf = session.get_one<Shelf>("a");
    auto other = session.get_one<Shelf>("b");
    const int version = std::as_const(*shelf).version;
    elsewhere("UPDATE shelf SET version = version + 5 WHERE name = 'b'");
    book->pages = 1;
    shelf->width = 1;
    other->width = 1;
    const auto e = caught<kin::stale_data>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "version_conflict");
    EXPECT_NE(std::string(e.what()).find("Shelf with name = 'b'"), std::string::npos) << e.what();
    session.rollback();
    EXPECT_EQ(std::as_const(*shelf).version, version);
    session.refresh(other);
    other->width = 1;
    shelf->width = 1;
    session.commit();
    EXPECT_EQ(stored("SELECT sum(width) FROM shelf"), 2);
    EXPECT_EQ(stored("SELECT pages FROM book WHERE isbn = 'a'"), 0);
}

TEST_F(postgresql_pipelined_updates, of_one_versioned_row_knows_a_conflict_too) {
    kin::session session = db->session();
    auto shelf = session.get_one<Shelf>("a");
    elsewhere("UPDATE shelf SET version = version + 1");
    shelf->width = 1;
    EXPECT_EQ(code_of([&] { session.commit(); }), "version_conflict");
    session.rollback();
}

TEST_F(postgresql_pipelined_updates, what_the_server_refuses_names_table_and_column) {
    kin::session session = db->session();
    auto shelf = session.get_one<Shelf>("a");
    auto book = session.get_one<Book>("a");
    shelf->width = 3;
    book->title = "title b";
    const auto e = caught<kin::unique_violation>([&] { session.commit(); });
    EXPECT_EQ(e.table(), "book");
    EXPECT_EQ(e.column(), "title");
    EXPECT_NE(std::string(e.sql()).find("UPDATE \"book\""), std::string::npos) << e.sql();
    session.rollback();
    EXPECT_EQ(title_of(book), "title a");
    EXPECT_EQ(stored("SELECT width FROM shelf WHERE name = 'a'"), 0);
}

TEST_F(postgresql_pipelined_updates, a_changed_key_takes_along_who_was_changed_before_it) {
    kin::session session = db->session();
    auto copy = session.get_one<Copy>("a");
    auto moved = session.get_one<Copy>("b");
    auto book = session.get_one<Book>("a");
    copy->condition = Condition::worn;
    moved->book = book;
    session.flush();
    book->isbn = "renamed";
    copy->condition = Condition::fresh;
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM copy WHERE isbn = 'renamed' AND condition = 'fresh'"), 2);
    EXPECT_EQ(copy->book, book);
    EXPECT_EQ(std::as_const(*moved).isbn->get(), "renamed");
}

} // namespace
