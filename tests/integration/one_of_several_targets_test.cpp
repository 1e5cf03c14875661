// SPDX-License-Identifier: MIT
// A row that belongs to a row of one of several tables: the code of docs/guide/relationships.md, and what it promises.
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

namespace notes {
namespace {

// [models]
struct Note;

struct Post {
    kin::primary_key<int> id;
    std::string title;
    kin::has_many<Note> notes;
};

struct Photo {
    kin::primary_key<int> id;
    std::string file;
    kin::has_many<Note> notes;
};

struct Note {
    kin::primary_key<int> id;
    std::string text;
    std::optional<kin::foreign_key<&Post::id>> post_id;
    std::optional<kin::foreign_key<&Photo::id>> photo_id;
    kin::belongs_to<Post> post;
    kin::belongs_to<Photo> photo;
};

inline void describe(kin::mapping<Note>& m) {
    m.check("(post_id IS NULL) <> (photo_id IS NULL)", "ck_note_one_target"); // never both, never none
}

using Target = std::variant<std::monostate, kin::ref<Post>, kin::ref<Photo>>;

inline Target target_of(const Note& note) {
    if (note.post) return kin::ref<Post>(note.post);
    if (note.photo) return kin::ref<Photo>(note.photo);
    return {};
}

inline void move_to(Note& note, const Target& target) {
    const auto* post = std::get_if<kin::ref<Post>>(&target);
    const auto* photo = std::get_if<kin::ref<Photo>>(&target);
    note.post = post ? *post : nullptr; // both collections follow at once
    note.photo = photo ? *photo : nullptr;
}
// [/models]

class one_of_several_targets : public testing::Test {
protected:
    one_of_several_targets() { db.create_all<Post, Photo, Note>(); }

    /// Three posts and three photos, each with two notes.
    void store() {
        kin::session writer = db.session();
        for (int i = 0; i < 3; ++i) {
            auto post = writer.add(Post{.title = "post"});
            auto photo = writer.add(Photo{.file = "photo"});
            for (int k = 0; k < 2; ++k) {
                post->notes.push_back(kin::make(Note{.text = "of a post"}));
                photo->notes.push_back(kin::make(Note{.text = "of a photo"}));
            }
        }
        writer.commit();
    }

    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(one_of_several_targets, all_notes_and_their_targets_are_three_statements) {
    store();
    counter.reset();
    int posts = 0;
    int photos = 0;
    for (const auto& note : session.query<Note>()) {
        const Target target = target_of(*note);
        posts += std::holds_alternative<kin::ref<Post>>(target) ? 1 : 0;
        photos += std::holds_alternative<kin::ref<Photo>>(target) ? 1 : 0;
    }
    EXPECT_EQ(posts, 6);
    EXPECT_EQ(photos, 6);
    EXPECT_THAT(counter.statements(), testing::SizeIs(3));
}

TEST_F(one_of_several_targets, both_sides_follow_a_move_from_one_table_to_the_other) {
    store();
    auto post = session.get_one<Post>(1);
    auto photo = session.get_one<Photo>(1);
    auto note = post->notes[0];
    ASSERT_EQ(photo->notes.size(), 2U);
    move_to(*note, photo);
    EXPECT_EQ(post->notes.size(), 1U);
    EXPECT_EQ(photo->notes.size(), 3U);
    EXPECT_EQ(target_of(*note), Target(photo));
    session.rollback();
    EXPECT_EQ(post->notes.size(), 2U);
    EXPECT_EQ(photo->notes.size(), 2U);
    EXPECT_EQ(target_of(*note), Target(post));
    move_to(*note, photo);
    counter.reset();
    session.commit();
    EXPECT_THAT(counter.statements(), testing::SizeIs(1)); // one UPDATE of both keys
    EXPECT_EQ(session.query<Note>().where(kin::col<&Note::photo> == photo).count(), 3);
}

TEST_F(one_of_several_targets, the_database_refuses_two_targets_and_none) {
    store();
    auto note = session.query<Note>().where(kin::col<&Note::post>.is_not_null()).first();
    note->photo = session.get_one<Photo>(1);
    const auto two = blog::caught<kin::check_violation>([&] { session.commit(); });
    EXPECT_EQ(two.constraint(), "ck_note_one_target");
    EXPECT_EQ(two.table(), "note");
    session.rollback();
    session.add(Note{.text = "of nothing"});
    const auto none = blog::caught<kin::check_violation>([&] { session.commit(); });
    EXPECT_EQ(none.constraint(), "ck_note_one_target");
    session.rollback();
    EXPECT_EQ(session.query<Note>().count(), 12);
}

TEST_F(one_of_several_targets, a_removed_target_must_give_its_notes_another_one) {
    store();
    auto post = session.get_one<Post>(1);
    const std::vector<kin::ref<Note>> left(post->notes.begin(), post->notes.end());
    const auto photo = session.get_one<Photo>(2);
    session.remove(post);
    for (auto note : left) move_to(*note, photo);
    session.commit();
    EXPECT_EQ(session.query<Post>().count(), 2);
    EXPECT_EQ(session.get_one<Photo>(2)->notes.size(), 4U);
    session.remove(session.get_one<Post>(2)); // its notes would have no target
    EXPECT_EQ(blog::caught<kin::check_violation>([&] { session.commit(); }).constraint(),
              "ck_note_one_target");
    session.rollback();
    EXPECT_EQ(session.get_one<Post>(2)->notes.size(), 2U);
}

} // namespace
} // namespace notes
