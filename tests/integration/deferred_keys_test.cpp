// SPDX-License-Identifier: MIT
// Foreign keys with a name of their own, of several columns, and checked when the transaction commits (row 7 of the inventory).
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/ddl_compiler.hpp"
#include "kin/sql/dialect.hpp"
#include "support/inspected.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::col;
using kin::testing::caught;
using kin::testing::inspected;
using testing::HasSubstr;

struct Author {
    kin::primary_key<int> id;
    std::string name;
};
struct Essay {
    kin::primary_key<int> id;
    kin::foreign_key<&Author::id> author_id;
    kin::belongs_to<Author> author;
};
void describe(kin::mapping<Essay>& m) {
    m.foreign_key<&Essay::author_id>().name("fk_essay_author").deferred();
}

/// The same by words of the member, and one that waits only when it is asked to.
struct Note {
    kin::primary_key<int> id;
    kin::foreign_key<&Author::id, kin::initially_deferred> author_id;
    std::optional<kin::foreign_key<&Author::id, kin::deferrable>> reader_id;
};

/// A key of several columns; what the members say before.
struct Course {
    kin::primary_key<int> year;
    kin::primary_key<int> number;
};
struct Lesson {
    kin::primary_key<int> id;
    kin::foreign_key<&Course::year> course_year;
    kin::foreign_key<&Course::number> course_number;
};
void describe(kin::mapping<Lesson>& m) {
    m.foreign_key<&Lesson::course_number, &Lesson::course_year>()
        .name("fk_lesson_course")
        .deferrable()
        .on_delete(kin::on_delete::cascade)
        .on_update(kin::on_update::restrict);
}

class deferred_keys : public testing::Test {
protected:
    deferred_keys() { db.create_all<Author, Essay, Note, Course, Lesson>(); }
    [[nodiscard]] bool can_wait() const {
        return db.engine().dialect().supports(kin::feature::deferrable_keys);
    }
    [[nodiscard]] std::int64_t essays() const { return db.session().query<Essay>().count(); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(deferred_keys, row_7_have_their_names_columns_and_actions_in_the_database) {
    const bool tells_names = !kin::testing::on_sqlite();
    inspected i{db.engine()};
    const auto essay = i->foreign_keys("essay");
    ASSERT_EQ(essay.size(), 1u);
    EXPECT_EQ(essay[0].name, tells_names ? "fk_essay_author" : "");
    const auto lesson = i->foreign_keys("lesson");
    ASSERT_EQ(lesson.size(), 1u);
    EXPECT_EQ(lesson[0].name, tells_names ? "fk_lesson_course" : "");
    EXPECT_EQ(lesson[0].columns, (std::vector<std::string>{"course_year", "course_number"}));
    EXPECT_EQ(lesson[0].target_columns, (std::vector<std::string>{"year", "number"}));
    EXPECT_EQ(lesson[0].on_delete, kin::referential_action::cascade);
    EXPECT_EQ(lesson[0].on_update, kin::referential_action::restrict);
}

TEST_F(deferred_keys, row_7_the_inspector_tells_when_they_are_checked) {
    if (!can_wait()) GTEST_SKIP() << "no feature::deferrable_keys: every key is checked at once";
    if (kin::testing::on_sqlite()) GTEST_SKIP() << "SQLite does not tell";
    inspected i{db.engine()};
    EXPECT_EQ(i->foreign_keys("essay").at(0).checked, kin::key_check::at_commit);
    const auto note = i->foreign_keys("note");
    ASSERT_EQ(note.size(), 2u);
    EXPECT_EQ(note[0].checked, kin::key_check::at_commit);
    EXPECT_EQ(note[1].checked, kin::key_check::on_request);
    EXPECT_EQ(i->foreign_keys("lesson").at(0).checked, kin::key_check::on_request);
}

TEST_F(deferred_keys, row_7_rows_may_come_in_any_order_within_a_transaction) {
    if (!can_wait()) GTEST_SKIP() << "no feature::deferrable_keys: every key is checked at once";
    session.add(Essay{.author_id = 7});
    session.flush();
    session.add(Author{.id = 7, .name = "Ann"});
    session.commit();
    EXPECT_EQ(essays(), 1);
}

TEST_F(deferred_keys, row_7_without_their_row_fail_the_commit_and_undo_the_transaction) {
    auto ann = session.add(Author{.name = "Ann"});
    session.commit();
    ann->name = "Anna";
    auto essay = session.add(Essay{.author_id = 99});
    const auto violated = [&] {
        if (!can_wait()) return caught<kin::foreign_key_violation>([&] { session.flush(); });
        session.flush();
        EXPECT_GT(essay->id.get(), 0);
        return caught<kin::foreign_key_violation>([&] { session.commit(); });
    }();
    EXPECT_EQ(violated.code(), "foreign_key_violation");
    EXPECT_EQ(violated.table(), "essay");
    EXPECT_EQ(violated.column(), "author_id");
    EXPECT_EQ(violated.constraint(), "fk_essay_author");
    EXPECT_THAT(std::string(violated.what()), HasSubstr("essay.author_id -> author.id"));
    if (can_wait()) {
        EXPECT_THAT(std::string(violated.what()), HasSubstr("the transaction was not committed"));
        EXPECT_EQ(violated.sql(), "COMMIT");
    }

    EXPECT_THROW(session.commit(), kin::state_error) << "it waits for rollback()";
    session.rollback();
    EXPECT_EQ(kin::state_of(essay), kin::object_state::transient);
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_EQ(essays(), 0);

    // The session goes on.
    ann->name = "Anne";
    session.add(Essay{.author_id = ann->id.get()});
    session.commit();
    EXPECT_EQ(essays(), 1);
    EXPECT_EQ(db.session().query<Author>().one()->name, "Anne");
}

TEST_F(deferred_keys, row_7_of_rows_whose_target_goes_fail_the_commit) {
    if (!can_wait()) GTEST_SKIP() << "no feature::deferrable_keys: every key is checked at once";
    auto ann = session.add(Author{.name = "Ann"});
    session.commit();
    session.add(Essay{.author_id = ann->id.get()});
    session.commit();
    kin::session other = db.session();
    other.execute(kin::remove_from<Author>());
    (void)other.query<Essay>().all(); // what the session knows says which key it can be
    const auto violated = caught<kin::foreign_key_violation>([&] { other.commit(); });
    EXPECT_EQ(violated.constraint(), "fk_essay_author");
    other.rollback();
    EXPECT_EQ(other.query<Author>().count(), 1);
}

TEST_F(deferred_keys, row_7_are_not_run_again_by_a_transaction) {
    int runs = 0;
    EXPECT_THROW(db.transaction([&](kin::session& s) {
        ++runs;
        s.add(Essay{.author_id = 99});
    }),
                 kin::foreign_key_violation);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(essays(), 0);
}

TEST_F(deferred_keys, row_7_that_wait_on_request_are_checked_at_once_until_then) {
    if (!can_wait()) GTEST_SKIP() << "no feature::deferrable_keys: every key is checked at once";
    session.add(Author{.id = 1});
    session.commit();
    session.add(Note{.author_id = 1, .reader_id = 99});
    EXPECT_THROW(session.flush(), kin::foreign_key_violation);
    session.rollback();
    session.execute(kin::testing::on_sqlite() ? "PRAGMA defer_foreign_keys = ON"
                                              : "SET CONSTRAINTS ALL DEFERRED");
    session.add(Note{.author_id = 1, .reader_id = 99});
    session.flush();
    session.add(Author{.id = 99});
    session.commit();
    EXPECT_EQ(db.session().query<Note>().count(), 1);
}

struct Page {
    kin::primary_key<int> id;
    kin::foreign_key<&Course::year> course_year;
    kin::foreign_key<&Course::number> course_number;
};
void describe(kin::mapping<Page>& m) { m.foreign_key<&Page::course_year>().deferred(); }

TEST(foreign_key_descriptions, that_name_some_members_of_a_key_are_a_fault) {
    const auto e = caught<kin::mapping_error>([] { kin::mapper_of<Page>().configure(); });
    EXPECT_THAT(std::string(e.what()),
                HasSubstr("Page: m.foreign_key of course_year: no foreign key has exactly "
                          "these members; name all members of one key"));
}

} // namespace
