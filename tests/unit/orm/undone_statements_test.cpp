// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// What was read after statements of the program changed rows, and the rollback of these statements.

namespace dictionary {

struct Note;

struct Label {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> word;
    kin::has_many<Note> notes;
};

struct Note {
    kin::primary_key<int> id;
    std::string text;
    std::optional<kin::foreign_key<&Label::word>> label_word; // ON UPDATE CASCADE
    kin::belongs_to<Label> label;
};

} // namespace dictionary

namespace {

using kin::col;
using world::Article;
using world::Author;

class undone_statements : public world::test {
protected:
    undone_statements() {
        kin::session writer = db.session();
        auto ann = writer.add(world::author("Ann"));
        ann->articles.push_back(world::article("First"));
        writer.add(world::article("Second"));
        writer.commit();
        id = ann->id;
    }
    int id = 0;
};

TEST_F(undone_statements, an_object_that_was_read_after_an_update_of_many_rows_is_read_again) {
    session.execute(kin::update<Author>().set(col<&Author::name>, "Eve"));
    auto ann = session.get_one<Author>(id);
    EXPECT_EQ(ann->name, "Eve");
    session.rollback();
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(undone_statements, also_when_the_statement_was_text) {
    session.execute("UPDATE author SET name = 'Eve'");
    auto ann = session.get_one<Author>(id);
    session.rollback();
    EXPECT_EQ(ann->name, "Ann");
}

TEST_F(undone_statements, also_when_a_savepoint_undoes_it) {
    auto nested = session.begin_nested();
    session.execute(kin::update<Author>().set(col<&Author::name>, "Eve"));
    auto ann = session.get_one<Author>(id);
    nested.rollback();
    EXPECT_EQ(ann->name, "Ann");
}

TEST_F(undone_statements, an_object_that_was_read_in_between_stays_readable_after_its_session) {
    session.execute(kin::update<Author>().set(col<&Author::name>, "Eve"));
    auto ann = session.get_one<Author>(id);
    session.rollback();
    session.close();
    EXPECT_EQ(ann->name, "Eve"); // nobody can read it again
}

TEST_F(undone_statements, a_collection_that_was_loaded_after_them_is_loaded_again) {
    auto ann = session.get_one<Author>(id);
    session.execute(kin::update<Article>().set(col<&Article::author_id>, id));
    EXPECT_EQ(ann->articles.size(), 2U);
    session.rollback();
    EXPECT_EQ(ann->articles.size(), 1U);

    session.execute(kin::remove_from<Article>());
    auto other = session.query<Author>().one();
    EXPECT_TRUE(other->articles.empty());
    session.rollback();
    EXPECT_EQ(other->articles.size(), 1U);

    session.execute("INSERT INTO article (title, author_id) VALUES ('Third', :id)", {{"id", id}});
    EXPECT_EQ(session.query<Author>().populate_existing().one()->articles.size(), 2U);
    session.rollback();
    EXPECT_EQ(ann->articles.size(), 1U);
}

TEST_F(undone_statements, what_was_read_before_them_is_not_read_again) {
    auto ann = session.get_one<Author>(id);
    EXPECT_EQ(ann->articles.size(), 1U);
    session.execute("UPDATE article SET title = 'Last'");
    session.rollback();
    counter.reset();
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_EQ(ann->articles.size(), 1U);
    EXPECT_EQ(counter.count(), 0U);
}

class changed_references : public testing::Test {
protected:
    changed_references() {
        db.create_all<dictionary::Label, dictionary::Note>();
        red = session.add(dictionary::Label{.word = "red"});
        green = session.add(dictionary::Label{.word = "green"});
        of_red = session.add(dictionary::Note{.label = red});
        of_green = session.add(dictionary::Note{.label = green});
        session.commit();
    }
    std::int64_t paint_blue() {
        return session.execute(kin::update<dictionary::Label>()
                                   .set(col<&dictionary::Label::word>, "blue")
                                   .where(col<&dictionary::Label::word> == "red"));
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::ref<dictionary::Label> red, green;
    kin::ref<dictionary::Note> of_red, of_green;
};

TEST_F(changed_references, objects_follow_a_column_that_an_update_of_many_rows_has_set) {
    EXPECT_EQ(paint_blue(), 1);
    EXPECT_EQ(of_red->label_word, "blue");
    EXPECT_EQ(of_green->label_word, "green");
    EXPECT_EQ(of_red->label, red);
    EXPECT_EQ(red->notes.size(), 1U);
    session.commit();
    EXPECT_FALSE(session.has_changes());
    EXPECT_EQ(of_red->label_word, "blue");
}

TEST_F(changed_references, and_come_back_with_a_rollback) {
    paint_blue();
    of_red->text = "written";
    session.flush();
    session.rollback();
    EXPECT_EQ(of_red->label_word, "red");
    EXPECT_EQ(of_red->text, "");
    EXPECT_EQ(of_red->label, red);
    EXPECT_EQ(red->word, "red");
    EXPECT_EQ(red->notes.size(), 1U);
    EXPECT_EQ(green->notes.size(), 1U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(changed_references, also_when_the_referenced_object_was_read_in_between) {
    kin::session other = db.session();
    auto note = other.get_one<dictionary::Note>(of_red->id);
    other.execute(kin::update<dictionary::Label>()
                      .set(col<&dictionary::Label::word>, "blue")
                      .where(col<&dictionary::Label::word> == "red"));
    EXPECT_EQ(note->label->word, "blue");
    other.rollback();
    EXPECT_EQ(note->label_word, "red");
    ASSERT_NE(note->label, nullptr);
    EXPECT_EQ(note->label->word, "red");
}

} // namespace
