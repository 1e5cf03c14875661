// SPDX-License-Identifier: MIT
#include "model/database_rows.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

#include "model/object_access.hpp"

namespace model {

namespace {

/// Every object: kind, mark, id, label, code, number, and the keys that it refers to, a number and a text; 0 and '' for none. In words that every
/// database has.
constexpr std::string_view all_objects =
    "SELECT 0, mark, 0, label, code, 0, 0, '' FROM country UNION ALL "
    "SELECT 1, mark, id, label, code, 0, coalesce(captain_id, 0), '' FROM team UNION ALL "
    "SELECT 2, mark, id, label, coalesce(code, ''), number, coalesce(team_id, 0), coalesce(country_code, '') "
    "FROM player UNION ALL "
    "SELECT 3, mark, id, label, '', 0, player_id, '' FROM award UNION ALL "
    "SELECT 4, mark, id, label, '', 0, coalesce(award_id, 0), '' FROM note UNION ALL "
    "SELECT 5, mark, id, label, '', 0, team_id, '' FROM contract UNION ALL "
    "SELECT 6, mark, id, label, '', 0, team_id, '' FROM news UNION ALL "
    "SELECT 7, mark, id, label, code, 0, coalesce(player_id, 0), '' FROM passport UNION ALL "
    "SELECT 8, mark, id, label, '', 0, player_id, '' FROM license UNION ALL "
    "SELECT 9, mark, id, label, '', code, 0, '' FROM skill UNION ALL "
    "SELECT 10, mark, id, label, '', 0, coalesce(parent_id, 0), '' FROM topic UNION ALL "
    "SELECT 11, mark, 0, label, code, 0, 0, next_code FROM step";
constexpr auto integer = kin::cell_kind::integer;
constexpr auto text = kin::cell_kind::text;
constexpr std::array object_columns{integer, integer, integer, text, text, integer, integer, text};
/// Pairing, and the keys of its two sides.
constexpr std::string_view all_links = "SELECT 0, player_id, skill_id FROM player_skill UNION ALL "
                                       "SELECT 1, skill_id, needs_id FROM skill_needs UNION ALL "
                                       "SELECT 2, topic_id, skill_id FROM skill_topic";

constexpr std::array link_columns{integer, integer, integer};

template <std::size_t N, class F>
void for_each_row(kin::connection& c, std::string_view sql, const std::array<kin::cell_kind, N>& columns,
                  F&& f) {
    std::array<kin::cell, N> cells;
    kin::cursor rows = c.open(sql);
    while (rows.next()) {
        if (rows.read(0, columns, cells.data()) != N)
            throw std::runtime_error("a row with something else than is expected");
        f(cells);
    }
}

int number(const kin::cell& c) { return static_cast<int>(c.integer); }

} // namespace

database read_rows(kin::connection& c) {
    database found;
    std::array<std::map<int, int>, kinds> marks; // by key
    for_each_row(c, all_objects, object_columns, [&](const auto& cells) {
        row r{.of = static_cast<kind>(number(cells[0])), .id = number(cells[2])};
        r.content = {.label = label_number(cells[3].bytes()), .code = code_number(cells[4].bytes())};
        (r.of == kind::skill ? r.content.code : r.content.number) = number(cells[5]);
        // Keys for now: a key that nobody has shows as a mark below zero.
        const int by_text = code_number(cells[7].bytes());
        const bool has_two = r.of == kind::player;
        r.targets[0] = has_two || by_text == 0 ? number(cells[6]) : by_text;
        r.targets[1] = has_two ? by_text : 0;
        for (int& key : r.targets)
            if (key == 0) key = nobody;
        const int mark = number(cells[1]);
        if (!found.rows.emplace(mark, r).second)
            throw std::runtime_error("two rows have mark " + std::to_string(mark));
        marks[index_of(r.of)][rule_of(r.of).key_is_code ? r.content.code : r.id] = mark;
    });
    const auto mark_of = [&](kind of, int key) {
        const auto at = marks[index_of(of)].find(key);
        return at == marks[index_of(of)].end() ? -1000 - key : at->second;
    };
    for (auto& [mark, r] : found.rows) {
        for (const reference_rule& rule : references)
            if (rule.from == r.of && r.targets[rule.slot] != nobody)
                r.targets[rule.slot] = mark_of(rule.to, r.targets[rule.slot]);
    }
    for_each_row(c, all_links, link_columns, [&](const auto& cells) {
        const auto p = static_cast<std::size_t>(number(cells[0]));
        found.links[p].insert(
            {mark_of(pairings[p].left, number(cells[1])), mark_of(pairings[p].right, number(cells[2]))});
    });
    return found;
}

} // namespace model
