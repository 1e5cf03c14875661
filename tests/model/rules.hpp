// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// What the models of world.hpp are, said once more in plain words, so that the reference model needs to know nothing of kin.
namespace model {

enum class kind : std::uint8_t {
    country,
    team,
    player,
    award,
    note,
    contract,
    news,
    passport,
    license,
    skill,
    topic,
    step,
};
inline constexpr std::size_t kinds = 12;
[[nodiscard]] constexpr std::size_t index_of(kind k) noexcept { return static_cast<std::size_t>(k); }

/// Which values an object of a class has beside its label.
struct class_rule {
    const char* name;
    bool key_is_code = false; // the program makes the key
    bool has_code = false;    // unique
    bool code_may_be_null = false;
    bool has_number = false; // unique among those that refer to the same object with reference 0
};
inline constexpr std::array<class_rule, kinds> classes{{
    {.name = "Country", .key_is_code = true, .has_code = true},
    {.name = "Team", .has_code = true},
    {.name = "Player", .has_code = true, .code_may_be_null = true, .has_number = true},
    {.name = "Award"},
    {.name = "Note"},
    {.name = "Contract"},
    {.name = "News"},
    {.name = "Passport", .has_code = true},
    {.name = "License"},
    {.name = "Skill", .has_code = true},
    {.name = "Topic"},
    {.name = "Step", .key_is_code = true, .has_code = true},
}};
[[nodiscard]] constexpr const class_rule& rule_of(kind k) noexcept { return classes[index_of(k)]; }

/// What becomes of the objects that refer to one that is removed.
enum class farewell : std::uint8_t {
    unlinked, // they refer to nobody
    removed,  // they go too
    untouched // nobody does anything: the database refuses, or not
};

/// An object of class `from` refers to one of class `to`, or to nobody.
struct reference_rule {
    kind from;
    kind to;
    std::size_t slot; // of item::targets
    const char* name; // of the member that refers
    const char* key;  // ... and of the foreign key
    const char* many; // of the member on the other side; null: there is none
    farewell at_removal = farewell::unlinked;
    bool required = false;   // the key may not be NULL
    bool one = false;        // at most one object refers to each
    bool orphans_go = false; // who refers to nobody any more is removed
    bool cascades = false;   // who is taken out of the session takes those along that refer to it
};
enum reference_name : std::size_t {
    player_team,
    player_country,
    team_captain,
    award_player,
    note_award,
    contract_team,
    news_team,
    passport_player,
    license_player,
    topic_parent,
    step_next,
};
inline constexpr std::array<reference_rule, 11> references{{
    {.from = kind::player, .to = kind::team, .slot = 0, .name = "team", .key = "team_id", .many = "players"},
    {.from = kind::player,
     .to = kind::country,
     .slot = 1,
     .name = "country",
     .key = "country_code",
     .many = "players"},
    {.from = kind::team,
     .to = kind::player,
     .slot = 0,
     .name = "captain",
     .key = "captain_id",
     .many = nullptr,
     .at_removal = farewell::untouched},
    {.from = kind::award,
     .to = kind::player,
     .slot = 0,
     .name = "player",
     .key = "player_id",
     .many = "awards",
     .at_removal = farewell::removed,
     .required = true,
     .orphans_go = true,
     .cascades = true},
    {.from = kind::note,
     .to = kind::award,
     .slot = 0,
     .name = "award",
     .key = "award_id",
     .many = "notes",
     .at_removal = farewell::removed,
     .cascades = true},
    {.from = kind::contract,
     .to = kind::team,
     .slot = 0,
     .name = "team",
     .key = "team_id",
     .many = "contracts",
     .at_removal = farewell::untouched,
     .required = true},
    {.from = kind::news,
     .to = kind::team,
     .slot = 0,
     .name = "team",
     .key = "team_id",
     .many = "news",
     .at_removal = farewell::removed,
     .required = true},
    {.from = kind::passport,
     .to = kind::player,
     .slot = 0,
     .name = "player",
     .key = "player_id",
     .many = "passport",
     .one = true},
    {.from = kind::license,
     .to = kind::player,
     .slot = 0,
     .name = "player",
     .key = "player_id",
     .many = "license",
     .at_removal = farewell::removed,
     .required = true,
     .one = true,
     .orphans_go = true,
     .cascades = true},
    {.from = kind::topic,
     .to = kind::topic,
     .slot = 0,
     .name = "parent",
     .key = "parent_id",
     .many = "children"},
    {.from = kind::step,
     .to = kind::step,
     .slot = 0,
     .name = "next",
     .key = "next_code",
     .many = "previous",
     .at_removal = farewell::untouched,
     .required = true},
}};
inline constexpr std::size_t most_references = 2; // of one class

/// Objects of two classes are linked, as often as they like.
struct pairing_rule {
    kind left;
    kind right;
    const char* of_left;  // the member of the left class
    const char* of_right; // null: the right class does not answer
};
inline constexpr std::array<pairing_rule, 3> pairings{{
    {kind::player, kind::skill, "skills", "players"},
    {kind::skill, kind::skill, "needs", "needed_by"},
    {kind::topic, kind::skill, "skills", nullptr},
}};

} // namespace model
