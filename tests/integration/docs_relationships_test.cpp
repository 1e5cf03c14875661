// SPDX-License-Identifier: MIT
// The code of docs/guide/relationships.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"

namespace docs {
namespace {

// [models]
struct Profile;
struct Article;
struct Tag;

struct Author {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> name;
    kin::has_one<Profile> profile;                    // one-to-one
    kin::has_many<Article> articles;                  // one-to-many
    kin::many_to_many<Author, "followers"> following; // many-to-many of a class with itself
    kin::many_to_many<Author, "following"> followers;
};

struct Profile {
    kin::primary_key<int> id;
    std::string text;
    kin::foreign_key<&Author::id> author_id; // becomes UNIQUE, because a has_one answers
    kin::belongs_to<Author> author;
};

struct Article {
    kin::primary_key<int> id;
    std::string title;
    std::optional<kin::foreign_key<&Author::id>> author_id;
    kin::belongs_to<Author> author; // many-to-one
    kin::many_to_many<Tag> tags;    // many-to-many, by the table article_tag
};

struct Tag {
    kin::primary_key<int> id;
    kin::varchar<30> name;
    kin::many_to_many<Article> articles;
};
// [/models]

// [tree]
struct Folder {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
    kin::has_many<Folder> folders;
};
// [/tree]

// [ring]
struct Player;
struct Team {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Player, int>> captain_id; // may be NULL for a moment
    kin::belongs_to<Player, "captain_id"> captain;
    kin::has_many<Player> players;
};
struct Player {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
};
// [/ring]

struct Playlist;
// [map]
struct Translation;
struct Book {
    kin::primary_key<int> id;
    kin::has_map<Translation, "language"> translations;
};
struct Translation {
    kin::primary_key<int> id;
    kin::varchar<5> language; // the key
    std::string title;
    kin::foreign_key<&Book::id> book_id;
    kin::belongs_to<Book> book;
};
void describe(kin::mapping<Book>& m) {
    m.relationship<&Book::translations>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}
// [/map]

// [association_object]
struct Song {
    kin::primary_key<int> id;
    std::string title;
};
struct Entry { // a link with something of its own: two belongs_to
    kin::primary_key<int> id;
    kin::forward_key<Playlist, int> playlist_id;
    kin::belongs_to<Playlist, "playlist_id"> playlist;
    kin::foreign_key<&Song::id> song_id;
    kin::belongs_to<Song> song;
    int place = 0;
};
struct Playlist {
    kin::primary_key<int> id;
    std::string name;
    kin::has_many<Entry> entries;
};
void describe(kin::mapping<Playlist>& m) {
    m.relationship<&Playlist::entries>()
        .cascade(kin::cascade::all | kin::cascade::delete_orphan)
        .position(kin::col<&Entry::place>); // 0, 1, 2 ..., kept by the list
}
// [/association_object]

class docs_relationships : public testing::Test {
protected:
    docs_relationships() {
        db.create_all<Author, Profile, Article, Tag, Folder, Team, Player, Song, Entry, Playlist>();
        counter.reset();
    }
    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
    kin::session other = db.session();
    kin::testing::statement_counter counter{db};
};

TEST_F(docs_relationships, both_sides) {
    // [both_sides]
    auto ann = kin::make(Author{.name = "Ann"});
    auto article = kin::make(Article{.title = "First"});
    auto red = kin::make(Tag{.name = "red"});

    ann->articles.push_back(article);    // article->author == ann
    article->tags.push_back(red);        // red->articles has it
    red->articles.erase(article);        // and no more
    article->tags = {red};               // a whole list at once
    ann->profile = kin::make(Profile{}); // ann->profile->author == ann

    session.add(ann); // takes along what it is linked to
    session.commit(); // 4 INSERTs of rows, 1 of links
    // [/both_sides]
    EXPECT_EQ(article->author, ann);
    EXPECT_EQ(ann->profile->author, ann);
    EXPECT_EQ(counter.count(), 5u);
}

TEST_F(docs_relationships, unloaded) {
    auto first = session.add(kin::make(Article{.title = "First", .tags = {kin::make(Tag{.name = "red"})}}));
    session.commit();
    const int red_id = first->tags[0]->id;
    session.close();
    counter.reset();
    // [unloaded]
    auto article = session.get_one<Article>(1);
    auto red = session.get_one<Tag>(red_id);
    EXPECT_TRUE(article->tags.contains(red)); // asks for the one row
    EXPECT_EQ(article->tags.count(), 1u);     // SELECT count(*)
    article->tags.erase(red);                 // asks for nothing more than that row
    article->tags.push_back(kin::make(Tag{.name = "blue"}));
    auto blue = session.query(article->tags).where(kin::col<&Tag::name> == "blue").one();
    EXPECT_FALSE(article->tags.is_loaded());
    // [/unloaded]
    EXPECT_EQ(blue->name, "blue");
}

TEST_F(docs_relationships, queries) {
    auto ann = session.add(kin::make(Author{.name = "Ann"}));
    ann->articles = {kin::make(Article{.title = "First", .tags = {kin::make(Tag{.name = "red"})}})};
    // [queries]
    using kin::col;
    auto red = session.query<Article>().where(col<&Article::tags>.any(col<&Tag::name> == "red")).all();
    auto plain = session.query<Article>().where(!col<&Article::tags>.any()).all();
    auto hers = session.query<Article>().where(col<&Article::author> == ann).all();
    auto without = session.query<Author>().where(col<&Author::profile>.is_null()).all();
    auto rows = session.select(col<&Tag::name>, kin::count(col<&Article::id>))
                    .join<&Tag::articles>() // by way of article_tag
                    .group_by(col<&Tag::id>)
                    .all();
    // [/queries]
    EXPECT_EQ(red.size(), 1u);
    EXPECT_TRUE(plain.empty());
    EXPECT_EQ(hers.size(), 1u);
    EXPECT_EQ(without.size(), 1u);
    EXPECT_EQ(rows.size(), 1u);
}

TEST_F(docs_relationships, ring) {
    // [ring_use]
    auto team = kin::make(Team{.name = "Reds"});
    auto captain = kin::make(Player{.name = "Ann", .team = team});
    team->captain = captain;
    session.add(team);
    session.commit(); // INSERT team, INSERT player, UPDATE team
    // [/ring_use]
    EXPECT_EQ(team->captain_id, captain->id);
    EXPECT_EQ(counter.count(), 3u);
}

TEST_F(docs_relationships, tree) {
    {
        auto projects = session.add(Folder{.name = "Projects"});
        auto kin_folder = session.add(Folder{.name = "kin", .parent = projects});
        session.add(Folder{.name = "docs", .parent = kin_folder});
        session.commit();
    }
    const int docs_id = session.query<Folder>().where(kin::col<&Folder::name> == "docs").one()->id;
    // [tree_conditions]
    auto projects = session.query<Folder>().where(kin::col<&Folder::name> == "Projects").one();
    auto below = session.query<Folder>().where(kin::descendant_of<&Folder::parent>(projects)).all();
    auto path = session.query<Folder>().where(kin::ancestor_of<&Folder::parent>(docs_id).or_self()).all();
    EXPECT_EQ(below.size(), 2u); // kin, docs
    EXPECT_EQ(path.size(), 3u);  // Projects, kin, docs
    // [/tree_conditions]
    session.close();
    counter.reset();
    // [tree_loading]
    auto root = session.query<Folder>()
                    .where(kin::col<&Folder::name> == "Projects")
                    .with(kin::selectin<&Folder::folders>.recursive())
                    .one();
    auto leaf = other.query<Folder>()
                    .where(kin::col<&Folder::name> == "docs")
                    .with(kin::selectin<&Folder::parent>.recursive()) // up to the root
                    .one();
    // [/tree_loading]
    EXPECT_EQ(counter.count(), 7u);
    session.close();
    other.close();
    EXPECT_EQ(root->folders[0]->folders[0]->name, "docs");
    EXPECT_EQ(leaf->parent->parent->name, "Projects");
}

TEST_F(docs_relationships, plan) {
    auto ann = session.add(Author{.name = "Ann"});
    auto bob = session.add(Author{.name = "Bob"});
    session.commit();
    // [plan]
    std::swap(ann->name, bob->name); // each is unique
    EXPECT_EQ(session.plan(), "UPDATE author SET name to a value that nobody has: id = 1\n"
                              "UPDATE author SET name: id = 2\n"
                              "UPDATE author SET name: id = 1\n");
    session.commit();
    // [/plan]
}

TEST_F(docs_relationships, position) {
    auto list = session.add(Playlist{.name = "Mine"});
    for (const char* title : {"a", "b", "c"})
        list->entries.push_back(kin::make(Entry{.song = kin::make(Song{.title = title})}));
    session.commit();
    // [position]
    list->entries.move(2, 0); // the last one to the front; all get their new places at once
    EXPECT_EQ(list->entries[0]->place, 0);
    list->entries.erase(list->entries[1]); // delete_orphan: its row goes at the next flush
    session.commit();
    // [/position]
    EXPECT_EQ(list->entries.size(), 2u);
    EXPECT_EQ(session.query<Entry>().count(), 2);
}

TEST_F(docs_relationships, savepoint) {
    auto ann = session.add(Author{.name = "Ann"});
    session.commit();
    // [savepoint]
    ann->name = "Anna";
    {
        auto savepoint = session.begin_nested();
        session.add(Author{.name = "Anna"}); // there is one already
        try {
            session.flush();
            savepoint.commit();
        } catch (const kin::unique_violation&) {} // the destructor takes back what happened since
    }
    session.commit();
    // [/savepoint]
    EXPECT_EQ(session.query<Author>().count(), 1);
    EXPECT_EQ(ann->name, "Anna");
}

TEST_F(docs_relationships, maps) {
    db.create_all<Book, Translation>();
    auto book = session.add(Book{});
    // [map_use]
    book->translations.insert(kin::make(Translation{.language = "de", .title = "Der Prozess"}));
    book->translations.insert(kin::make(Translation{.language = "en", .title = "The Trial"}));
    EXPECT_EQ(book->translations.at("en")->title, "The Trial"); // no_result_found when there is none
    EXPECT_EQ(book->translations.find("fr"), nullptr);
    EXPECT_TRUE(book->translations.contains_key("de"));
    for (const auto& translation : book->translations) EXPECT_FALSE(translation->language.empty());
    book->translations.insert(
        kin::make(Translation{.language = "en", .title = "Trial"})); // instead of the other
    book->translations.erase_key("de"); // delete_orphan: its row goes at the next flush
    session.commit();
    // [/map_use]
    EXPECT_EQ(session.query<Translation>().one()->title, "Trial");
}

} // namespace
} // namespace docs
