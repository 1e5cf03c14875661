// SPDX-License-Identifier: MIT
#include <stdexcept>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/fault_story.hpp"

// Stories under faults, as in fault_injection_test.cpp, of columns with defaults by functions and by SQL.

namespace with_defaults {

struct Reply;
struct Note {
    kin::primary_key<int> id;
    std::string title;
    kin::field<std::string, kin::length{80}, kin::unique> slug;
    std::string mark;
    std::int64_t edits = 0;
    std::string changed;
    kin::has_many<Reply> replies;
};
struct Reply {
    kin::field<std::string, kin::key, kin::length{80}> code;
    std::string text;
    kin::foreign_key<&Note::id> note_id;
    kin::belongs_to<Note> note;
};

kin::sql_expression<std::string> upper_of(std::string_view text) {
    return kin::sql_expression<std::string>(
        kin::expression::call("upper", {kin::expression::of_value(kin::value(text))}));
}
void describe(kin::mapping<Note>& m) {
    m.column<&Note::slug>().insert_default(
        [](const Note& n) { return "a slug that is long enough: " + n.title; });
    m.column<&Note::mark>().insert_default(upper_of("a mark that is long enough"));
    m.column<&Note::edits>().update_default([] { return kin::col<&Note::edits> + 1; });
    m.column<&Note::changed>().update_default(
        [](const Note& n) { return "a change to something long: " + n.title; });
}
void describe(kin::mapping<Reply>& m) {
    m.column<&Reply::code>().insert_default([](const Reply& r) { return "a key of a long text: " + r.text; });
}

constexpr const char* two_notes = R"(
    INSERT INTO note VALUES (1, 'first', 'a slug that is long enough: first', 'old', 0, ''), (2, 'second', 'a slug that is long enough: second', 'old', 4, '');)";

} // namespace with_defaults

namespace {

using namespace with_defaults;
using kin::testing::survive_every_fault;

TEST(fault_injection, values_that_defaults_make_go_with_what_was_not_written) {
    survive_every_fault<Note, Reply>({
        .rows = two_notes,
        .play =
            [](kin::session& s) {
                auto first = s.get<Note>(1);
                auto second = s.get<Note>(2);
                s.remove(first);
                auto fresh = s.add(Note{.title = "first"}); // takes the slug
                fresh->replies.push_back(kin::make(Reply{.text = "so it is"}));
                s.add(Note{.title = "with a mark", .mark = "own"});
                second->title = "changed";
                s.commit();
            },
        .question = "SELECT group_concat(title || ' ' || slug || ' ' || mark || ' ' || edits || ' ' || "
                    "changed, '; ') || "
                    "(SELECT ' ' || code FROM reply) FROM (SELECT * FROM note ORDER BY title)",
        .answer =
            "'changed a slug that is long enough: second old 5 a change to something long: changed; "
            "first a slug that is long enough: first A MARK THAT IS LONG ENOUGH 0 ; "
            "with a mark a slug that is long enough: with a mark own 0  a key of a long text: so it is'",
    });
}

TEST(fault_injection, a_rollback_takes_the_values_of_defaults_back) {
    survive_every_fault<Note, Reply>({
        .rows = two_notes,
        .play =
            [](kin::session& s) {
                auto second = s.get<Note>(2);
                auto fresh = s.add(Note{.title = "third"});
                second->title = "changed";
                s.flush();
                if (second->edits != 5 || fresh->mark.empty()) throw std::logic_error("no values");
                {
                    auto savepoint = s.begin_nested();
                    auto inner = s.add(Note{.title = "inner"});
                    second->title = "changed again";
                    s.flush();
                    savepoint.rollback();
                    if (!inner->slug.empty() || second->edits != 5) throw std::logic_error("not taken back");
                }
                s.rollback();
                if (!fresh->slug.empty() || !fresh->mark.empty())
                    throw std::logic_error("not as it was made");
                if (second->edits != 4 || !second->changed.empty()) throw std::logic_error("not as its row");
                fresh->title = "fourth";
                s.add(fresh);
                s.commit();
            },
        .question = "SELECT group_concat(slug || ' ' || mark || ' ' || edits, '; ') FROM (SELECT * FROM note "
                    "ORDER BY title)",
        .answer =
            "'a slug that is long enough: first old 0; a slug that is long enough: fourth A MARK THAT IS "
            "LONG ENOUGH 0; a slug that is long enough: second old 4'",
    });
}

} // namespace
