// SPDX-License-Identifier: MIT
#include "support/new_keys.hpp"

#include <algorithm>
#include <set>

namespace kin::testing {

namespace {

using names = std::map<std::string, std::string>; // by the key's literal

/// The column whose values the database makes; null: none.
const column* made_column(const table& t) {
    for (const column& c : t.columns())
        if (c.generated) return &c;
    return nullptr;
}

names names_in(const raw_database::table& now, const raw_database::table& before, std::size_t column) {
    std::set<std::string> old;
    for (const auto& row : before.rows) old.insert(row[column]);
    std::set<long long> made;
    for (const auto& row : now.rows)
        if (!old.contains(row[column])) made.insert(std::stoll(row[column]));
    names all;
    for (const long long key : made) all[std::to_string(key)] = "new " + std::to_string(all.size() + 1);
    return all;
}

void put(std::string& literal, const names& by_key) {
    const auto at = by_key.find(literal);
    if (at != by_key.end()) literal = at->second;
}

} // namespace

raw_database::content with_new_keys_named(raw_database::content found, const raw_database::content& before,
                                          const metadata& tables) {
    std::map<std::string, names> all;
    for (const table* t : tables.tables()) {
        if (const column* key = made_column(*t))
            all[t->name()] = names_in(found.at(t->name()), before.at(t->name()), key->index);
    }
    for (const table* t : tables.tables()) {
        for (auto& row : found.at(t->name()).rows) {
            if (const column* key = made_column(*t)) put(row[key->index], all[t->name()]);
            for (const foreign_key_constraint& k : t->foreign_keys) {
                const table* target = nullptr;
                for (const table* other : tables.tables())
                    if (other->name() == k.target_table) target = other;
                const column* key = target ? made_column(*target) : nullptr;
                if (key && k.target_columns == std::vector<std::string>{key->name})
                    put(row[k.columns.front()], all[k.target_table]);
            }
        }
        std::sort(found.at(t->name()).rows.begin(), found.at(t->name()).rows.end());
    }
    return found;
}

} // namespace kin::testing
