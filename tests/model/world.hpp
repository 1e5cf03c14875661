// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kin/kin.hpp"

/// Models for random sequences of operations: one-to-many with and without NOT NULL, one-to-one, many-to-many, a tree, rows that need
/// each other, keys that the program makes, unique values, and every rule for what a removed object leaves behind.
/// `mark` is a number that one object has alone, in memory and in its row, for ever.
namespace model_world {

struct Player;
struct Award;
struct Note;
struct Contract;
struct News;
struct Passport;
struct License;

struct Country {
    kin::primary_key<std::string> code;
    int mark = 0;
    std::string label;
    kin::has_many<Player> players; // they follow when the code changes
};

struct Team {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::field<std::string, kin::unique> code;
    std::optional<kin::forward_key<Player, int>> captain_id;
    kin::belongs_to<Player> captain; // Player does not answer
    kin::has_many<Player> players;
    kin::has_many<Contract> contracts; // NOT NULL: a team with contracts cannot go
    kin::has_many<News> news;          // the database deletes them with their team
};

struct Skill {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::field<int, kin::unique> code;
    kin::many_to_many<Player> players;
    kin::many_to_many<Skill, "needed_by"> needs;
    kin::many_to_many<Skill, "needs"> needed_by;
};

struct Player {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    std::optional<kin::field<std::string, kin::unique>> code;
    int number = 0; // unique in a team
    std::optional<kin::foreign_key<&Team::id>> team_id;
    std::optional<kin::foreign_key<&Country::code>> country_code;
    kin::belongs_to<Team> team;
    kin::belongs_to<Country> country;
    kin::has_many<Award> awards; // go with their player, and when they leave it
    kin::has_one<Passport> passport;
    kin::has_one<License> license; // goes with its player, and when it leaves it
    kin::many_to_many<Skill> skills;
};

struct Award {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::foreign_key<&Player::id> player_id;
    kin::belongs_to<Player> player;
    kin::has_many<Note> notes; // go with their award, and stay when they leave it
};

struct Note {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    std::optional<kin::foreign_key<&Award::id>> award_id;
    kin::belongs_to<Award> award;
};

struct Contract {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
};

struct News {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
};

struct Passport {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::field<kin::varchar<12>, kin::unique> code;
    std::optional<kin::foreign_key<&Player::id>> player_id;
    kin::belongs_to<Player> player;
};

struct License {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    kin::foreign_key<&Player::id> player_id;
    kin::belongs_to<Player> player;
};

struct Topic {
    kin::primary_key<int> id;
    int mark = 0;
    std::string label;
    std::optional<kin::forward_key<Topic, int>> parent_id;
    kin::belongs_to<Topic> parent;
    kin::has_many<Topic> children;   // the database leaves them without a parent
    kin::many_to_many<Skill> skills; // Skill does not answer
};

struct Step {
    kin::primary_key<std::string> code;
    int mark = 0;
    std::string label;
    kin::forward_key<Step, std::string> next_code; // NOT NULL: a first step has to refer to itself
    kin::belongs_to<Step> next;
    kin::has_many<Step> previous;
};

inline void describe(kin::mapping<Team>& m) {
    m.relationship<&Team::news>().on_delete(kin::on_delete::cascade);
}
inline void describe(kin::mapping<Player>& m) {
    m.unique<&Player::team_id, &Player::number>();
    m.relationship<&Player::awards>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
    m.relationship<&Player::license>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}
inline void describe(kin::mapping<Award>& m) { m.relationship<&Award::notes>().cascade(kin::cascade::all); }
inline void describe(kin::mapping<Topic>& m) {
    m.relationship<&Topic::children>().on_delete(kin::on_delete::set_null);
}

inline void create_all(const kin::database& db) {
    db.create_all<Country, Team, Player, Award, Note, Contract, News, Passport, License, Skill, Topic,
                  Step>();
}

/// The object with this mark; null when it is not among them.
template <class Range> [[nodiscard]] auto by_mark(const Range& objects, int mark) {
    typename Range::value_type found;
    for (const auto& object : objects) {
        if (object->mark == mark) found = object;
    }
    return found;
}

} // namespace model_world
