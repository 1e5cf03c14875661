// SPDX-License-Identifier: MIT
#include "model/keys_reference.hpp"

#include <map>
#include <utility>

namespace keyed {

std::string text_literal(const std::string& text) {
    std::string quoted = "'";
    quoted += text;
    quoted += '\'';
    return quoted;
}

bool reference::is_alive(std::size_t i) const {
    return things[i].state == life::pending || things[i].state == life::persistent;
}
bool reference::has_row(std::size_t i) const {
    return things[i].state == life::persistent || things[i].state == life::removing;
}

std::vector<std::size_t> reference::children_of(std::size_t parent) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < things.size(); ++i) {
        const thing& t = things[i];
        if (t.parent == parent && t.state != life::gone && !t.left) found.push_back(i);
    }
    return found;
}

std::vector<std::size_t> reference::owned_by(std::size_t parent) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < things.size(); ++i) {
        if (things[i].parent == parent && things[i].of != kind::box && is_alive(i)) found.push_back(i);
    }
    return found;
}

bool reference::owns_pending(std::size_t parent) const {
    for (std::size_t i : owned_by(parent))
        if (things[i].state == life::pending || owns_pending(i)) return true;
    return false;
}

void reference::remove(std::size_t i) {
    things[i].state = life::removing;
    for (std::size_t owned : owned_by(i)) remove(owned);
}

std::vector<std::string> reference::key_of(std::size_t i) const {
    const thing& t = things[i];
    if (t.of == kind::depot) return {text_literal(t.code)};
    if (t.of == kind::box) return {std::to_string(i)};
    std::vector<std::string> key = key_of(t.parent);
    key.push_back(std::to_string(t.number));
    return key;
}

std::string reference::conflict() const {
    std::map<std::pair<kind, std::vector<std::string>>, std::size_t> keys;
    std::map<std::vector<std::string>, std::size_t> unique_values;
    const auto both = [&](std::size_t a, std::size_t b, const char* what) {
        return name(a) + " and " + name(b) + " have one " + what;
    };
    for (std::size_t i = 0; i < things.size(); ++i) {
        if (!is_alive(i)) continue;
        const thing& t = things[i];
        const auto [same, is_new] = keys.emplace(std::pair{t.of, key_of(i)}, i);
        if (!is_new) return both(same->second, i, "key");
        std::vector<std::string> value;
        if (t.tag) value = {"tag", std::to_string(*t.tag)};
        if (t.of == kind::shelf) value = {"slot", things[t.parent].code, std::to_string(t.slot)};
        if (value.empty()) continue;
        const auto [with_value, is_first] = unique_values.emplace(std::move(value), i);
        if (!is_first) return both(with_value->second, i, "unique value");
    }
    return {};
}

void reference::flush() {
    for (thing& t : things) {
        if (t.state == life::pending) t.state = life::persistent;
        if (t.of == kind::box && t.parent != nobody && !is_alive(t.parent)) t.parent = nobody;
    }
    for (thing& t : things)
        if (t.state == life::removing) t.state = life::gone;
}

void reference::restore(const std::vector<thing>& before) {
    for (std::size_t i = 0; i < things.size(); ++i) {
        const bool had_row = i < before.size() && before[i].state == life::persistent;
        if (had_row) {
            things[i] = before[i];
        } else {
            things[i].state = life::gone;
        }
    }
}

std::vector<std::string> reference::row_of(std::size_t i) const {
    const thing& t = things[i];
    std::vector<std::string> row{std::to_string(i), text_literal(t.note)};
    if (t.of == kind::box) {
        const std::vector<std::string> shelf =
            t.parent == nobody ? std::vector<std::string>{"NULL", "NULL"} : key_of(t.parent);
        row.insert(row.end(), shelf.begin(), shelf.end());
        return row;
    }
    const std::vector<std::string> own = key_of(i);
    row.insert(row.end(), own.begin(), own.end());
    if (t.of == kind::depot) row.push_back(t.tag ? text_literal(std::to_string(*t.tag)) : "NULL");
    if (t.of == kind::shelf) row.push_back(std::to_string(t.slot));
    return row;
}

table_rows reference::rows() const {
    table_rows all;
    for (std::size_t i = 0; i < things.size(); ++i)
        if (has_row(i)) all[static_cast<std::size_t>(things[i].of)].insert(row_of(i));
    return all;
}

std::string reference::name(std::size_t i) const {
    static constexpr std::array words{"depot ", "shelf ", "box ", "sticker "};
    return i == nobody ? "nobody" : words[static_cast<std::size_t>(things[i].of)] + std::to_string(i);
}

} // namespace keyed
