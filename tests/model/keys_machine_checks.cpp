// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <utility>

#include "kin/mapping/node.hpp"
#include "model/keys_machine.hpp"
#include "support/session_audit.hpp"

// What is compared: objects, both sides of their links, keys, and rows by raw SQL.

namespace keyed {

namespace {

constexpr auto integer = kin::cell_kind::integer;
constexpr auto text = kin::cell_kind::text;

/// A table, in the order of the members of its class, and where the model's values are in it.
struct table_view {
    const char* name;
    std::vector<std::string> columns;
    std::vector<kin::cell_kind> types;
    std::vector<std::size_t> of_model;
};
const std::array<table_view, kinds>& tables() {
    static const std::array<table_view, kinds> all{
        {{"depot",
          {"code", "version", "note", "tag", "mark"},
          {text, integer, text, text, integer},
          {4, 2, 0, 3}},
         {"shelf",
          {"depot_code", "number", "version", "note", "slot", "mark"},
          {text, integer, integer, text, integer, integer},
          {5, 3, 0, 1, 4}},
         {"box",
          {"id", "note", "shelf_depot", "shelf_number", "place", "mark"},
          {integer, text, text, integer, integer, integer},
          {5, 1, 2, 3}},
         {"sticker",
          {"shelf_depot", "shelf_number", "side", "note", "mark"},
          {text, integer, integer, text, integer},
          {4, 3, 0, 1, 2}}}};
    return all;
}

std::string shown(const std::vector<std::string>& row) {
    std::string all;
    for (const std::string& value : row) all += (all.empty() ? "(" : ", ") + value;
    return all + ")";
}

} // namespace

template <class T> std::size_t machine::found(const kin::ref<T>& object) {
    const auto i = static_cast<std::size_t>(std::as_const(*object).mark);
    expect(i < bindings_.size(), "an object with a mark that nobody gave");
    kin::ref<T>* own = nullptr;
    if constexpr (std::is_same_v<T, Depot>) own = &bindings_[i].depot;
    if constexpr (std::is_same_v<T, Shelf>) own = &bindings_[i].shelf;
    if constexpr (std::is_same_v<T, Box>) own = &bindings_[i].box;
    if constexpr (std::is_same_v<T, Sticker>) own = &bindings_[i].sticker;
    if (!*own && model_.has_row(i)) *own = object;
    expect(*own == object, "a second object for the row of " + model_.name(i));
    return i;
}
template std::size_t machine::found(const kin::ref<Depot>&);
template std::size_t machine::found(const kin::ref<Shelf>&);
template std::size_t machine::found(const kin::ref<Box>&);
template std::size_t machine::found(const kin::ref<Sticker>&);

template <class Collection> std::vector<std::size_t> machine::all_of(const Collection& many) {
    std::vector<std::size_t> all;
    for (const auto& x : many) all.push_back(found(x));
    return all;
}

void machine::expect_children(std::size_t i, kind of, std::vector<std::size_t> shown) {
    std::sort(shown.begin(), shown.end());
    std::vector<std::size_t> expected;
    for (std::size_t c : model_.children_of(i))
        if (model_.things[c].of == of) expected.push_back(c);
    if (shown == expected) return;
    std::string said = model_.name(i) + " has";
    for (std::size_t c : shown) said += " " + model_.name(c);
    said += ", expected";
    for (std::size_t c : expected) said += " " + model_.name(c);
    throw mismatch(said);
}

void machine::expect_parent(std::size_t i, std::size_t shown) {
    const std::size_t expected = model_.things[i].parent;
    if (expected != nobody && !model_.is_alive(expected)) return; // until the flush
    expect(shown == expected,
           model_.name(i) + " belongs to " + model_.name(shown) + ", expected " + model_.name(expected));
}

void machine::check() {
    const std::string links = kin::testing::session_audit(*session_).links();
    expect(links.empty(), links);
    for (std::size_t i = 0; i < model_.things.size(); ++i)
        if (usable(i) && !any(i).raw()->has(kin::detail::node_flag::expired)) check_object(i);
}

void machine::check_object(std::size_t i) {
    const thing& t = model_.things[i];
    const auto wanted = t.state == life::pending ? kin::object_state::pending : kin::object_state::persistent;
    expect(kin::state_of(any(i)) == wanted,
           model_.name(i) + " is in state " + std::to_string(static_cast<int>(kin::state_of(any(i)))));
    const auto same = [&](bool holds, const char* what) {
        expect(holds, model_.name(i) + " has another " + what);
    };
    const auto parent = [&](const auto& reference) {
        if (!reference.is_loaded()) return;
        expect_parent(i, reference ? found(reference.get()) : nobody);
    };
    if (t.of == kind::depot) {
        const Depot& d = std::as_const(*bindings_[i].depot);
        same(d.note == t.note, "note");
        same(d.code == t.code, "code");
        same(d.tag.has_value() == t.tag.has_value() && (!d.tag || *d.tag == std::to_string(*t.tag)), "tag");
        if (d.shelves.is_loaded()) expect_children(i, kind::shelf, all_of(d.shelves));
    }
    if (t.of == kind::shelf) {
        const Shelf& s = std::as_const(*bindings_[i].shelf);
        same(s.note == t.note, "note");
        same(s.number == t.number, "number");
        same(s.slot == t.slot, "slot");
        parent(s.depot);
        if (s.boxes.is_loaded()) expect_children(i, kind::box, all_of(s.boxes));
        if (s.stickers.is_loaded()) expect_children(i, kind::sticker, all_of(s.stickers));
    }
    if (t.of == kind::box) {
        const Box& b = std::as_const(*bindings_[i].box);
        same(b.note == t.note, "note");
        parent(b.shelf);
    }
    if (t.of == kind::sticker) {
        const Sticker& s = std::as_const(*bindings_[i].sticker);
        same(s.note == t.note, "note");
        same(s.side == t.number, "side");
        parent(s.shelf);
    }
}

/// Keys in objects are those of the objects that they belong to.
void machine::check_keys() {
    for (std::size_t i = 0; i < model_.things.size(); ++i) {
        const thing& t = model_.things[i];
        if (!usable(i) || t.of == kind::depot || any(i).raw()->has(kin::detail::node_flag::expired)) continue;
        std::vector<std::string> now;
        std::vector<std::string> expected{"NULL", "NULL"};
        if (t.parent != nobody) expected = model_.key_of(t.parent);
        if (t.of == kind::shelf) now = {text_literal(std::as_const(*bindings_[i].shelf).depot_code)};
        if (t.of == kind::sticker) {
            const Sticker& s = std::as_const(*bindings_[i].sticker);
            now = {text_literal(s.shelf_depot), std::to_string(s.shelf_number)};
        }
        if (t.of == kind::box) {
            const Box& b = std::as_const(*bindings_[i].box);
            now = {b.shelf_depot ? text_literal(*b.shelf_depot) : "NULL",
                   b.shelf_number ? std::to_string(*b.shelf_number) : "NULL"};
        }
        expect(now == expected, model_.name(i) + " has key " + shown(now) + ", expected " + shown(expected));
    }
}

/// A loaded list of boxes is in the order of their places; who was removed may leave a gap.
void machine::check_places() {
    for (std::size_t i = 0; i < model_.things.size(); ++i) {
        if (model_.things[i].of != kind::shelf || !usable(i) || model_.things[i].by_hand) continue;
        if (any(i).raw()->has(kin::detail::node_flag::expired)) continue;
        const Shelf& s = std::as_const(*bindings_[i].shelf);
        if (!s.boxes.is_loaded()) continue;
        int last = -1;
        for (const auto& box : s.boxes) {
            const int place = std::as_const(*box).place;
            expect(place > last, model_.name(found(box)) + " has place " + std::to_string(place) +
                                     " after one with place " + std::to_string(last));
            last = place;
        }
    }
}

kin::testing::raw_database::content machine::content(kin::connection& c) const {
    kin::testing::raw_database::content all;
    for (const table_view& t : tables()) {
        std::string sql = "SELECT";
        for (const std::string& column : t.columns) sql += (sql.size() == 6 ? " " : ", ") + column;
        auto& table = all[t.name];
        table.columns = t.columns;
        std::vector<kin::cell> cells(t.columns.size());
        kin::cursor rows = c.open(sql + " FROM " + t.name);
        while (rows.next()) {
            expect(rows.read(0, t.types, cells.data()) == cells.size(), "a row of other types");
            std::vector<std::string>& row = table.rows.emplace_back();
            for (const kin::cell& x : cells) row.push_back(kin::testing::literal_of(x));
        }
    }
    return all;
}

void machine::check_rows() {
    kin::testing::raw_database::content all;
    if (session_->in_transaction()) { // what is not committed is to be seen in its own transaction alone
        all = content(kin::testing::session_audit(*session_).lease());
    } else {
        kin::connection c = db_.engine().connect();
        all = content(c);
    }
    for (std::size_t k = 0; k < kinds; ++k) {
        const table_view& t = tables()[k];
        std::set<std::vector<std::string>> now;
        for (const auto& row : all.at(t.name).rows) {
            std::vector<std::string> of_model;
            for (std::size_t column : t.of_model) of_model.push_back(row[column]);
            now.insert(std::move(of_model));
        }
        if (now == rows_[k]) continue;
        std::string said = std::string("the table ") + t.name + " has";
        for (const auto& row : now) said += " " + shown(row);
        said += ", expected";
        for (const auto& row : rows_[k]) said += " " + shown(row);
        throw mismatch(said);
    }
}

void machine::check_settled() {
    if (session_->in_transaction()) return;
    kin::connection c = db_.engine().connect();
    const std::string faults = kin::testing::session_audit(*session_).settled(content(c));
    expect(faults.empty(), faults);
}

} // namespace keyed
