// SPDX-License-Identifier: MIT
#include "model/database_rows.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace model {

namespace {

/// Every object as numbers: kind, mark, id, label, code, number, and the keys that it refers to.
constexpr std::string_view all_objects =
    "SELECT 0, mark, 0, CAST(substr(label, 7) AS INTEGER), CAST(substr(code, 2) AS INTEGER), 0, NULL, NULL "
    "FROM country UNION ALL "
    "SELECT 1, mark, id, CAST(substr(label, 7) AS INTEGER), CAST(substr(code, 2) AS INTEGER), 0, captain_id, "
    "NULL "
    "FROM team UNION ALL "
    "SELECT 2, mark, id, CAST(substr(label, 7) AS INTEGER), coalesce(CAST(substr(code, 2) AS INTEGER), 0), "
    "number, "
    "team_id, CAST(substr(country_code, 2) AS INTEGER) FROM player UNION ALL "
    "SELECT 3, mark, id, CAST(substr(label, 7) AS INTEGER), 0, 0, player_id, NULL FROM award UNION ALL "
    "SELECT 4, mark, id, CAST(substr(label, 7) AS INTEGER), 0, 0, award_id, NULL FROM note UNION ALL "
    "SELECT 5, mark, id, CAST(substr(label, 7) AS INTEGER), 0, 0, team_id, NULL FROM contract UNION ALL "
    "SELECT 6, mark, id, CAST(substr(label, 7) AS INTEGER), 0, 0, team_id, NULL FROM news UNION ALL "
    "SELECT 7, mark, id, CAST(substr(label, 7) AS INTEGER), CAST(substr(code, 2) AS INTEGER), 0, player_id, "
    "NULL "
    "FROM passport UNION ALL "
    "SELECT 8, mark, id, CAST(substr(label, 7) AS INTEGER), 0, 0, player_id, NULL FROM license UNION ALL "
    "SELECT 9, mark, id, CAST(substr(label, 7) AS INTEGER), code, 0, NULL, NULL FROM skill UNION ALL "
    "SELECT 10, mark, id, CAST(substr(label, 7) AS INTEGER), 0, 0, parent_id, NULL FROM topic UNION ALL "
    "SELECT 11, mark, 0, CAST(substr(label, 7) AS INTEGER), CAST(substr(code, 2) AS INTEGER), 0, "
    "CAST(substr(next_code, 2) AS INTEGER), NULL FROM step";
/// Pairing, and the keys of its two sides.
constexpr std::string_view all_links = "SELECT 0, player_id, skill_id FROM player_skill UNION ALL "
                                       "SELECT 1, skill_id, needs_id FROM skill_needs UNION ALL "
                                       "SELECT 2, topic_id, skill_id FROM skill_topic";

constexpr std::size_t most_columns = 8;

template <class F> void for_each_row(kin::connection& c, std::string_view sql, std::size_t columns, F&& f) {
    constexpr std::array<kin::cell_kind, most_columns> kinds = [] {
        std::array<kin::cell_kind, most_columns> all{};
        all.fill(kin::cell_kind::integer);
        return all;
    }();
    std::array<kin::cell, most_columns> cells;
    kin::cursor rows = c.open(sql);
    while (rows.next()) {
        if (rows.read(0, std::span(kinds).first(columns), cells.data()) != columns)
            throw std::runtime_error("a row with something else than numbers");
        f(cells);
    }
}

int number(const kin::cell& c) { return static_cast<int>(c.integer); }

} // namespace

database read_rows(kin::connection& c) {
    database found;
    std::array<std::map<int, int>, kinds> marks; // by key
    for_each_row(c, all_objects, most_columns, [&](const auto& cells) {
        row r{.of = static_cast<kind>(number(cells[0])), .id = number(cells[2])};
        r.content = {.label = number(cells[3]), .code = number(cells[4]), .number = number(cells[5])};
        for (std::size_t i = 0; i < most_references; ++i) {
            // Keys for now: a key that nobody has shows as a mark below zero.
            r.targets[i] = cells[6 + i].is_null() ? nobody : number(cells[6 + i]);
        }
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
    for_each_row(c, all_links, 3, [&](const auto& cells) {
        const auto p = static_cast<std::size_t>(number(cells[0]));
        found.links[p].insert(
            {mark_of(pairings[p].left, number(cells[1])), mark_of(pairings[p].right, number(cells[2]))});
    });
    return found;
}

void clear_rows(kin::connection& c) {
    c.execute("PRAGMA foreign_keys = OFF");
    c.begin(kin::transaction_access::write);
    for (const char* table :
         {"player_skill", "skill_needs", "skill_topic", "country", "team", "player", "award", "note",
          "contract", "news", "passport", "license", "skill", "topic", "step"})
        c.execute(std::string("DELETE FROM ") + table);
    c.commit();
    c.execute("PRAGMA foreign_keys = ON");
}

} // namespace model
