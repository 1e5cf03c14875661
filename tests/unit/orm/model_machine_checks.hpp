// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "unit/orm/model_machine.hpp"

/// What the machine compares with its model: the objects, both sides of their relationships, and the rows.
namespace model_based {

template <class Models> void machine<Models>::read(const operation& o) {
    const std::size_t i = choose(o.a, [](const item& x) { return x.usable(); });
    if (i == nobody) return;
    describe("read " + name(i));
    check_children(i, true);
    check_parent(i, true);
}

template <class Models> void machine<Models>::check(bool loads) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const item& x = items_[i];
        if (!x.bound() || x.state == life::gone || x.state == life::deleted) continue;
        if (!loads && is_expired(x)) continue; // reading it would read it again
        check_state(i);
        check_parent(i, loads);
        check_children(i, loads);
    }
}

template <class Models> void machine<Models>::check_state(std::size_t i) const {
    const item& x = items_[i];
    kin::object_state wanted = kin::object_state::transient;
    if (x.state == life::pending) wanted = kin::object_state::pending;
    if (x.state == life::persistent || x.state == life::removing) wanted = kin::object_state::persistent;
    expect(kin::state_of(x.any()) == wanted, name(i) + " is in state " +
                                                 std::to_string(static_cast<int>(kin::state_of(x.any()))) +
                                                 ", expected " + std::to_string(static_cast<int>(wanted)));
    expect(text_of(x) == x.text, name(i) + " has text " + text_of(x) + ", expected " + x.text);
    expect(id_of(x) == x.id, name(i) + " has key " + std::to_string(id_of(x)));
}

template <class Models> void machine<Models>::check_parent(std::size_t i, bool loads) {
    const item& x = items_[i];
    if (x.level == 0) return;
    const bool loaded =
        x.level == 1 ? std::as_const(*x.post).user.is_loaded() : std::as_const(*x.comment).post.is_loaded();
    if (!loads && !loaded) return;
    const kin::detail::any_ref now = parent_of(x);
    const std::string wanted = x.parent == nobody ? "nobody" : name(x.parent);
    if (!now || x.parent == nobody) {
        expect(!now && x.parent == nobody,
               name(i) + " has parent " + (now ? name(find(now)) : "nobody") + ", expected " + wanted);
        return;
    }
    expect(find(now) == x.parent, name(i) + " has parent " + name(find(now)) + ", expected " + wanted);
}

template <class Models> void machine<Models>::check_children(std::size_t i, bool loads) {
    const item& x = items_[i];
    if (x.level == 2) return;
    std::vector<std::size_t> now;
    if (x.level == 0) {
        const auto& posts = std::as_const(*x.user).posts;
        if (!loads && !posts.is_loaded()) return;
        for (const auto& p : posts) now.push_back(find(p));
    } else {
        const auto& comments = std::as_const(*x.post).comments;
        if (!loads && !comments.is_loaded()) return;
        for (const auto& c : comments) now.push_back(find(c));
    }
    std::sort(now.begin(), now.end());
    if (now == children_of(i)) return;
    std::string text = name(i) + " has";
    for (std::size_t c : now) text += " " + name(c);
    text += ", expected";
    for (std::size_t c : children_of(i)) text += " " + name(c);
    throw mismatch(text);
}

/// Objects of a closed session: detached, and readable as the last commit left them.
template <class Models> void machine<Models>::check_detached() {
    for (const item& x : items_) {
        if (!x.bound() || x.state != life::persistent || is_expired(x)) continue;
        expect(kin::state_of(x.any()) == kin::object_state::detached,
               "an object of a closed session is not detached");
        expect(text_of(x) == x.text, "an object of a closed session has lost its text");
    }
}

template <class Models> void machine<Models>::check_database() {
    // What is not committed is to be seen in its own transaction alone.
    if (session_->in_transaction()) return compare_rows(audit_->lease());
    kin::connection reader = db_.engine().connect();
    compare_rows(reader);
}

template <class Models> void machine<Models>::compare_rows(kin::connection& reader) {
    const std::array<std::string, 3> columns{"name, NULL", "title, user_id", "text, post_id"};
    rows now;
    for (std::size_t level = 0; level < 3; ++level) {
        constexpr std::array kinds{kin::cell_kind::integer, kin::cell_kind::text, kin::cell_kind::integer};
        std::array<kin::cell, 3> cells;
        kin::cursor found = reader.open("SELECT id, " + columns[level] + " FROM " + tables_[level]);
        while (found.next()) {
            expect(found.read(0, kinds, cells.data()) == kinds.size(),
                   "a row of the " + tables_[level] + " table is of other types");
            std::optional<int> key;
            if (!cells[2].is_null()) key = static_cast<int>(cells[2].integer);
            now[level][static_cast<int>(cells[0].integer)] = {std::string(cells[1].bytes()), key};
        }
    }
    for (std::size_t level = 0; level < 3; ++level) {
        if (now[level] == database_[level]) continue;
        throw mismatch("the " + std::string(names[level]) + " table is" + shown(now[level]) + ", expected" +
                       shown(database_[level]));
    }
}

template <class Models> std::string machine<Models>::shown(const std::map<int, row>& table) {
    std::string text;
    for (const auto& [id, r] : table)
        text += " (" + std::to_string(id) + ", " + r.first + ", " +
                (r.second ? std::to_string(*r.second) : "NULL") + ")";
    return text;
}

} // namespace model_based
