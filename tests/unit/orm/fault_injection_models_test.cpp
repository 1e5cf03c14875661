// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "kin/kin.hpp"
#include "support/fault_story.hpp"

// Stories under faults, as in fault_injection_test.cpp, of models with other keys and cascades.

namespace {

using kin::testing::survive_every_fault;

// --- orphans --------------------------------------------------------------------------------------------------------------

namespace with_orphans {

struct Book;
struct Chapter;
struct Author {
    kin::primary_key<int> id;
    std::string name;
    kin::has_many<Book> books;
};
struct Book {
    kin::primary_key<int> id;
    std::string title;
    kin::foreign_key<&Author::id> author_id;
    kin::belongs_to<Author> author;
    kin::has_many<Chapter> chapters;
};
struct Chapter {
    kin::primary_key<int> id;
    std::string text;
    kin::foreign_key<&Book::id> book_id;
    kin::belongs_to<Book> book;
};
constexpr auto owned = kin::cascade::all | kin::cascade::delete_orphan;
void describe(kin::mapping<Author>& m) { m.relationship<&Author::books>().cascade(owned); }
void describe(kin::mapping<Book>& m) { m.relationship<&Book::chapters>().cascade(owned); }

constexpr const char* two_authors = R"(
    INSERT INTO author VALUES (1, 'an author with a long name'), (2, 'another author with a long name');
    INSERT INTO book VALUES (1, 'a first book with a long title', 1), (2, 'a second book with a long title', 1), (3, 'third', 2);
    INSERT INTO chapter VALUES (1, 'the first chapter with long text', 1), (2, 'second', 1), (3, 'third', 2), (4, 'fourth', 3);)";

TEST(fault_injection, orphans_are_deleted_with_their_own) {
    survive_every_fault<Author, Book, Chapter>({
        .rows = two_authors,
        .play =
            [](kin::session& s) {
                auto author = s.get<Author>(1);
                auto other = s.get<Author>(2);
                auto first = author->books[0];
                author->books.erase(first);
                (void)s.query<Chapter>().count(); // decides about nobody
                auto never = kin::make(Book{.title = "an orphan before it has a row", .author = author});
                (void)kin::make(Chapter{.text = "and its chapter", .book = never});
                author->books.erase(never);
                auto moved = author->books[0];
                other->books.push_back(moved);
                moved->chapters = {kin::make(Chapter{.text = "instead of the third, with long text"})};
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || author_id) || ' ' || (SELECT group_concat(book_id) "
                    "FROM chapter) FROM book",
        .answer = "'2 2,3 2 2,3'",
    });
}

TEST(fault_injection, orphans_come_back_with_a_rollback) {
    survive_every_fault<Author, Book, Chapter>({
        .rows = two_authors,
        .play =
            [](kin::session& s) {
                auto author = s.get<Author>(1);
                author->books.clear();
                s.flush();
                s.rollback();
                if (author->books.size() != 2) throw std::logic_error("the books are not back");
                s.remove(s.get<Author>(2));
                s.flush();
                s.rollback();
                author->books.erase(author->books[1]);
                s.commit();
            },
        .question = "SELECT group_concat(id) || ' ' || (SELECT group_concat(id) FROM chapter) FROM book",
        .answer = "'1,3 1,2,4'",
    });
}

TEST(fault_injection, a_parent_goes_with_everything_below) {
    survive_every_fault<Author, Book, Chapter>({
        .rows = two_authors,
        .play =
            [](kin::session& s) {
                auto author = s.get<Author>(1);
                auto kept = s.get<Book>(2);
                kept->author = s.get<Author>(2);
                (void)kin::make(Book{.title = "never written, with a long title", .author = author});
                s.remove(author);
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || author_id) || ' ' || (SELECT group_concat(id) FROM "
                    "chapter) FROM book",
        .answer = "'2 2,3 2 3,4'",
    });
}

} // namespace with_orphans

// --- keys that are texts, and keys of several columns -------------------------------------------------------------------

namespace with_natural_keys {

struct City;
struct Country {
    kin::primary_key<std::string> name;
    std::optional<std::string> anthem;
    kin::has_many<City> cities;
};
struct City {
    kin::primary_key<std::string> name;
    std::optional<kin::foreign_key<&Country::name>> country_name;
    kin::belongs_to<Country> country;
};
struct Distance {
    kin::primary_key<std::string> from;
    kin::primary_key<std::string> to;
    int km = 0;
};

constexpr const char* two_countries = R"(
    INSERT INTO country VALUES ('a country with a long name', NULL), ('another country with a long name', 'la la la la la la la');
    INSERT INTO city VALUES ('a first city with a long name', 'a country with a long name'),
                            ('a second city with a long name', 'a country with a long name'), ('a free city with a long name', NULL);
    INSERT INTO distance VALUES ('a first city with a long name', 'a second city with a long name', 12);)";

TEST(fault_injection, keys_that_are_texts) {
    survive_every_fault<Country, City, Distance>({
        .rows = two_countries,
        .play =
            [](kin::session& s) {
                auto country = s.get<Country>("a country with a long name");
                auto other = s.get<Country>("another country with a long name");
                (void)country->cities.size();
                auto city = s.get<City>("a first city with a long name");
                city->country = other;
                auto free = s.get<City>("a free city with a long name");
                country->cities.push_back(free);
                other->anthem = std::nullopt;
                s.add(City{.name = "a new city with a long name", .country = country});
                auto distance =
                    s.get<Distance>("a first city with a long name", "a second city with a long name");
                distance->km = 13;
                s.remove(s.get<City>("a second city with a long name"));
                s.commit();
            },
        .question = "SELECT group_concat(name || ' of ' || country_name, '; ') FROM city",
        .answer = "'a first city with a long name of another country with a long name; "
                  "a free city with a long name of a country with a long name; "
                  "a new city with a long name of a country with a long name'",
    });
}

TEST(fault_injection, keys_that_change_and_change_back) {
    survive_every_fault<Country, City, Distance>({
        .rows = two_countries,
        .play =
            [](kin::session& s) {
                auto city = s.get<City>("a free city with a long name");
                auto distance =
                    s.get<Distance>("a first city with a long name", "a second city with a long name");
                auto country = s.get<Country>("a country with a long name");
                (void)country->cities.size();
                city->name = "a city with a new name that is longer";
                city->country = country;
                distance->to = "a city with a new name that is longer";
                s.remove(s.get<City>("a second city with a long name"));
                s.flush();
                s.add(City{.name = "a second city with a long name", .country = country});
                s.flush();
                s.rollback();
                if (s.get<City>("a free city with a long name") != city)
                    throw std::logic_error("the city is lost");
                city->name = "a city with yet another name";
                city->country_name = "another country with a long name";
                distance->from = "a city with yet another name";
                s.commit();
            },
        .question = "SELECT group_concat(name || ' of ' || country_name, '; ') || (SELECT \"from\" FROM "
                    "distance) FROM city",
        .answer =
            "'a first city with a long name of a country with a long name; "
            "a second city with a long name of a country with a long name; "
            "a city with yet another name of another country with a long namea city with yet another name'",
    });
}

} // namespace with_natural_keys

// --- keys to a unique column ------------------------------------------------------------------------------------------------

namespace with_codes {

struct City;
struct Country {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{40}, kin::unique> code;
    kin::has_many<City> cities;
};
struct City {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Country::code> country_code;
    kin::belongs_to<Country> country;
};

TEST(fault_injection, references_by_a_unique_column) {
    survive_every_fault<Country, City>({
        .rows =
            R"(INSERT INTO country VALUES (1, 'a code that needs memory'), (2, 'another code that needs memory');
                   INSERT INTO city VALUES (1, 'first', 'a code that needs memory'), (2, 'second', 'a code that needs memory');)",
        .play =
            [](kin::session& s) {
                for (const auto& city : s.query<City>()) {
                    if (!city->country) throw std::logic_error("the country is not loaded");
                }
                auto other = s.get<Country>(2);
                auto city = s.get<City>(1);
                (void)other->cities.size();
                city->country = other;
                s.add(City{.name = "third", .country = s.get<Country>(1)});
                s.commit();
            },
        .question = "SELECT group_concat(name || ' ' || country_code) FROM city",
        .answer = "'first another code that needs memory,second a code that needs memory,third a code that "
                  "needs memory'",
    });
}

} // namespace with_codes

// --- trees --------------------------------------------------------------------------------------------------------------------

namespace with_trees {

struct Folder {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::foreign_key<&Folder::id>> parent_id;
    kin::belongs_to<Folder> parent;
    kin::has_many<Folder> folders;
};
void describe(kin::mapping<Folder>& m) {
    m.relationship<&Folder::folders>()
        .cascade(kin::cascade::all | kin::cascade::delete_orphan)
        .order_by(kin::col<&Folder::name>);
}

TEST(fault_injection, a_tree_grows_is_moved_and_cut) {
    survive_every_fault<Folder>({
        .rows =
            R"(INSERT INTO folder VALUES (1, 'a root with a long name', NULL), (2, 'a branch with a long name', 1),
                                             (3, 'another branch with a long name', 1), (4, 'leaf', 2), (5, 'another leaf', 3);)",
        .play =
            [](kin::session& s) {
                auto root = s.get<Folder>(1);
                auto branch = s.get<Folder>(2);
                auto other = s.get<Folder>(3);
                auto grown = kin::make(Folder{.name = "grown with a long name", .parent = branch});
                (void)kin::make(Folder{.name = "and a leaf with a long name", .parent = grown});
                s.get<Folder>(4).edit().parent = other;
                s.flush();
                other->parent = grown;
                s.flush();
                root->folders.erase(branch);
                s.flush();
                s.rollback();
                s.add(grown);
                grown->parent = root;
                root->folders.erase(other);
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || ifnull(parent_id, 0)) FROM folder",
        .answer = "'1 0,2 1,6 1,4 2,7 6'",
    });
}

} // namespace with_trees

// --- several ways to one class, keys in a ring, values that the database makes ------------------------------------------------

namespace with_rings {

struct Player;
struct Team {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Player, int>> captain_id;
    kin::belongs_to<Player, &Team::captain_id> captain;
    kin::has_many<Player, "team"> players;
};
struct Player {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Team::id> team_id;
    std::optional<kin::foreign_key<&Team::id>> loved_id;
    kin::field<std::string, kin::server_default{"'a beginner without any record'"}> record;
    std::optional<std::string> remark;
    kin::belongs_to<Team, &Player::team_id> team;
    kin::belongs_to<Team, &Player::loved_id> loved;
};

constexpr const char* two_teams =
    R"(INSERT INTO team VALUES (1, 'a team with a long name', NULL), (2, 'another team with a long name', NULL);
                   INSERT INTO player VALUES (1, 'a player with a long name', 1, 2, 'a long record of games', 'a remark with a long text'), (2, 'b', 2, NULL, '', NULL);)";

TEST(fault_injection, classes_that_need_each_other) {
    survive_every_fault<Team, Player>({
        .rows = two_teams,
        .play =
            [](kin::session& s) {
                auto team = s.get<Team>(1);
                auto other = s.get<Team>(2);
                auto player = s.get<Player>(1);
                team->captain = player;
                player->loved = team;
                auto added = kin::make(Player{.name = "c"});
                auto fresh = s.add(Team{.name = "a new team with a long name", .players = {added}});
                s.flush();
                if (fresh->players[0]->record != "a beginner without any record")
                    throw std::logic_error("the database's value did not come back");
                fresh->captain = s.get<Player>(2);
                other->players.clear();
                fresh->players = {s.get<Player>(2), player};
                team->captain = nullptr;
                added->team = other;
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || team_id || ' ' || ifnull(loved_id, 0)) || ' ' || "
                    "(SELECT group_concat(id || ' ' || captain_id) FROM team) FROM player",
        .answer = "'1 3 1,2 3 0,3 2 0 3 2'",
    });
}

TEST(fault_injection, a_key_set_by_hand_and_a_text_that_are_undone) {
    survive_every_fault<Team, Player>({
        .rows = two_teams,
        .play =
            [](kin::session& s) {
                auto player = s.get<Player>(1);
                player->team_id = 2; // neither team is known
                player->remark = std::nullopt;
                s.flush();
                auto team = s.get<Team>(1);
                if (!team->players.empty()) throw std::logic_error("the player has not left");
                team->name = "a name that is written and taken back";
                s.flush();
                s.rollback();
                if (team->players.size() != 1) throw std::logic_error("the player has not come back");
                player->remark = "another remark, with a longer text than before";
                s.commit();
            },
        .question = "SELECT team_id || remark FROM player WHERE id = 1",
        .answer = "'1another remark, with a longer text than before'",
    });
}

} // namespace with_rings

} // namespace
