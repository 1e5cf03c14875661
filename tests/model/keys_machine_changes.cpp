// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "model/keys_machine.hpp"

// New things, and changes of what they say, of their keys and of who they belong to.

namespace keyed {

void machine::make_depot(const operation& o) {
    thing t{.of = kind::depot, .code = code(o.a), .note = fresh_note()};
    const std::size_t i = add(t);
    tell("make " + model_.name(i) + " with code " + t.code);
    bindings_[i].depot = session_->add(Depot{.code = t.code, .note = t.note, .mark = static_cast<int>(i)});
}

void machine::make_shelf(const operation& o) {
    const bool by_hand = o.c % 3 == 0;
    const std::size_t p =
        choose(o.a, kind::depot, [&](std::size_t x) { return !by_hand || has_written_key(x); });
    if (p == nobody) return;
    thing t{.of = kind::shelf,
            .number = number_below(p, kind::shelf, &thing::number, o.b),
            .slot = number_below(p, kind::shelf, &thing::slot, o.b / 64),
            .note = fresh_note(),
            .parent = p};
    const std::size_t i = add(t);
    tell("make " + model_.name(i) + " with number " + std::to_string(t.number) + ", slot " +
         std::to_string(t.slot) + (by_hand ? ", and the code of " : " for ") + model_.name(p));
    Shelf s{.number = t.number, .note = t.note, .slot = t.slot, .mark = static_cast<int>(i)};
    if (by_hand) {
        s.depot_code = model_.things[p].code;
    } else if (o.c % 3 == 1) {
        s.depot = bindings_[p].depot;
    } else {
        bindings_[i].shelf = kin::make(std::move(s));
        bindings_[p].depot->shelves.push_back(bindings_[i].shelf);
        return;
    }
    bindings_[i].shelf = session_->add(std::move(s));
}

void machine::make_box(const operation& o) {
    const std::size_t p = choose(o.a, kind::shelf);
    const std::size_t i = add({.of = kind::box, .note = fresh_note(), .parent = o.b % 4 ? p : nobody});
    const std::size_t parent = model_.things[i].parent;
    tell("make " + model_.name(i) + " for " + model_.name(parent));
    bindings_[i].box = kin::make(Box{.note = model_.things[i].note, .mark = static_cast<int>(i)});
    if (parent != nobody) bindings_[i].box->shelf = bindings_[parent].shelf;
    session_->add(bindings_[i].box);
}

void machine::make_sticker(const operation& o) {
    const bool by_hand = o.c % 3 == 0;
    const std::size_t p =
        choose(o.a, kind::shelf, [&](std::size_t x) { return !by_hand || has_written_key(x); });
    if (p == nobody) return;
    thing t{.of = kind::sticker,
            .number = number_below(p, kind::sticker, &thing::number, o.b | 3U),
            .note = fresh_note(),
            .parent = p};
    const std::size_t i = add(t);
    tell("make " + model_.name(i) + " with side " + std::to_string(t.number) +
         (by_hand ? " and the key of " : " for ") + model_.name(p));
    Sticker s{.side = t.number, .note = t.note, .mark = static_cast<int>(i)};
    if (by_hand) {
        s.shelf_depot = model_.things[model_.things[p].parent].code;
        s.shelf_number = model_.things[p].number;
    } else {
        s.shelf = bindings_[p].shelf;
    }
    bindings_[i].sticker = session_->add(std::move(s));
}

/// The box refers to its shelf by hand, before there is a shelf.
void machine::make_shelf_after_its_box(const operation& o) {
    const std::size_t p = choose(o.a, kind::depot, [&](std::size_t x) { return has_written_key(x); });
    if (p == nobody) return;
    const int number = number_below(p, kind::shelf, &thing::number, 1);
    // A row that has this key now would be meant.
    for (std::size_t x = 0; x < written_.size(); ++x) {
        const thing& t = written_[x];
        if (t.of == kind::shelf && t.state == life::persistent && t.number == number &&
            written_[t.parent].code == model_.things[p].code)
            return;
    }
    const std::size_t b = add({.of = kind::box, .note = fresh_note()});
    const std::size_t s = add({.of = kind::shelf,
                               .number = number,
                               .slot = number_below(p, kind::shelf, &thing::slot, 1),
                               .note = fresh_note(),
                               .parent = p});
    tell("make " + model_.name(b) + " with the key that " + model_.name(s) + " gets, number " +
         std::to_string(number) + ", slot " + std::to_string(model_.things[s].slot) + " below " +
         model_.name(p));
    bindings_[b].box = session_->add(Box{.note = model_.things[b].note,
                                         .shelf_depot = model_.things[p].code,
                                         .shelf_number = number,
                                         .mark = static_cast<int>(b)});
    bindings_[s].shelf = session_->add(Shelf{.number = number,
                                             .note = model_.things[s].note,
                                             .slot = model_.things[s].slot,
                                             .mark = static_cast<int>(s),
                                             .depot = bindings_[p].depot});
    model_.things[b].parent = s;
    model_.things[s].by_hand = true;
    const std::string made = story_.back();
    flushed(made + ", and flush", [&] { session_->flush(); }, o);
}

void machine::change_code(const operation& o) {
    const std::size_t i = choose(o.a, kind::depot);
    if (i == nobody) return;
    model_.things[i].code = code(o.b);
    tell("change the code of " + model_.name(i) + " to " + model_.things[i].code);
    bindings_[i].depot->code = model_.things[i].code;
}

void machine::rotate_codes(const operation& o) {
    std::vector<std::size_t> ring;
    for (const std::uint32_t draw : {o.a, o.b, o.c}) {
        const std::size_t i = choose(draw, kind::depot);
        if (i != nobody && std::find(ring.begin(), ring.end(), i) == ring.end()) ring.push_back(i);
    }
    if (ring.size() < 2) return;
    const std::string last = model_.things[ring.back()].code;
    std::string names;
    for (std::size_t k = ring.size(); k-- > 0;) {
        model_.things[ring[k]].code = k == 0 ? last : model_.things[ring[k - 1]].code;
        names += " " + model_.name(ring[k]);
    }
    tell("rotate the codes of" + names);
    for (std::size_t i : ring) bindings_[i].depot->code = model_.things[i].code;
}

void machine::change_number(const operation& o) {
    const kind of = o.c % 2 ? kind::shelf : kind::sticker;
    const std::size_t i = choose(o.a, of);
    if (i == nobody) return;
    const std::uint32_t draw = of == kind::sticker ? o.b | 3U : o.b;
    set_number(i, number_below(model_.things[i].parent, of, &thing::number, draw));
    tell("change the number of " + model_.name(i) + " to " + std::to_string(model_.things[i].number));
}

void machine::swap_numbers(const operation& o) {
    const kind of = o.c % 2 ? kind::shelf : kind::sticker;
    const std::size_t i = choose(o.a, of);
    if (i == nobody) return;
    const std::size_t k = choose(
        o.b, of, [&](std::size_t x) { return x != i && model_.things[x].parent == model_.things[i].parent; });
    if (k == nobody) return;
    const int mine = model_.things[i].number;
    set_number(i, model_.things[k].number);
    set_number(k, mine);
    tell("swap the numbers of " + model_.name(i) + " and " + model_.name(k));
}

void machine::change_slot(const operation& o) {
    const std::size_t i = choose(o.a, kind::shelf);
    if (i == nobody) return;
    const std::size_t parent = model_.things[i].parent;
    const std::size_t k = choose(o.b, kind::shelf, [&](std::size_t x) {
        return o.c % 2 && x != i && model_.things[x].parent == parent;
    });
    const int mine = std::exchange(model_.things[i].slot,
                                   k == nobody ? number_below(parent, kind::shelf, &thing::slot, o.b)
                                               : model_.things[k].slot);
    bindings_[i].shelf->slot = model_.things[i].slot;
    tell("change the slot of " + model_.name(i) + " to " + std::to_string(model_.things[i].slot));
    if (k == nobody) return;
    tell("swap the slots of " + model_.name(i) + " and " + model_.name(k));
    bindings_[k].shelf->slot = model_.things[k].slot = mine;
}

void machine::change_tag(const operation& o) {
    const std::size_t i = choose(o.a, kind::depot);
    const std::size_t k = choose(o.b, kind::depot);
    if (i == nobody) return;
    std::optional<int> tag;
    if (o.c % 3 != 0) tag = static_cast<int>(o.b % 9);
    const auto set = [&](std::size_t x) {
        if (model_.things[x].tag) {
            bindings_[x].depot->tag = std::to_string(*model_.things[x].tag);
        } else {
            bindings_[x].depot->tag = std::nullopt;
        }
    };
    if (o.c % 2) {
        tell("swap the tags of " + model_.name(i) + " and " + model_.name(k));
        std::swap(model_.things[i].tag, model_.things[k].tag);
        set(k);
    } else {
        model_.things[i].tag = tag;
        tell("change the tag of " + model_.name(i) + " to " + (tag ? std::to_string(*tag) : "none"));
    }
    set(i);
}

void machine::change_note(const operation& o) {
    const std::size_t i = choose(o.a, static_cast<kind>(o.b % kinds));
    if (i == nobody) return;
    tell("change the note of " + model_.name(i));
    set_note(i, fresh_note());
}

void machine::move_shelf(const operation& o) {
    const std::size_t i = choose(o.a, kind::shelf);
    const std::size_t p =
        choose(o.b, kind::depot, [&](std::size_t x) { return o.c % 3 != 0 || has_written_key(x); });
    if (i == nobody || p == nobody) return;
    thing& t = model_.things[i];
    static constexpr std::array ways{" by the code", " by the shelf", " by the depot"};
    tell("move " + model_.name(i) + " to " + model_.name(p) + ways[o.c % 3]);
    if (t.parent != p && o.c % 16 >= 4) {
        set_number(i, number_below(p, kind::shelf, &thing::number, 1));
        bindings_[i].shelf->slot = t.slot = number_below(p, kind::shelf, &thing::slot, 1);
        story_.back() += ", number " + std::to_string(t.number) + ", slot " + std::to_string(t.slot);
    }
    t.parent = p;
    if (o.c % 3 == 0) bindings_[i].shelf->depot_code = model_.things[p].code;
    if (o.c % 3 == 1) bindings_[i].shelf->depot = bindings_[p].depot;
    if (o.c % 3 == 2) bindings_[p].depot->shelves.push_back(bindings_[i].shelf);
}

void machine::swap_shelves(const operation& o) {
    const auto fits = [&](std::size_t x) { return usable(model_.things[x].parent); };
    const std::size_t i = choose(o.a, kind::shelf, fits);
    const std::size_t k = choose(o.b, kind::shelf, [&](std::size_t x) { return x != i && fits(x); });
    if (i == nobody || k == nobody) return;
    tell("let " + model_.name(i) + " and " + model_.name(k) + " change places");
    thing& one = model_.things[i];
    thing& other = model_.things[k];
    const int number = one.number;
    set_number(i, other.number);
    set_number(k, number);
    std::swap(one.slot, other.slot);
    std::swap(one.parent, other.parent);
    for (std::size_t x : {i, k}) {
        bindings_[x].shelf->slot = model_.things[x].slot;
        bindings_[x].shelf->depot = bindings_[model_.things[x].parent].depot;
    }
}

void machine::move_box(const operation& o) {
    const std::size_t i = choose(o.a, kind::box);
    const std::size_t p =
        choose(o.b, kind::shelf, [&](std::size_t x) { return o.c % 4 != 0 || has_written_key(x); });
    if (i == nobody || (p == nobody && o.c % 4 != 3)) return;
    thing& t = model_.things[i];
    static constexpr std::array ways{" by the key", " by the box", " by the shelf", ""};
    t.parent = o.c % 4 == 3 ? nobody : p;
    tell("move " + model_.name(i) + " to " + model_.name(t.parent) + ways[o.c % 4]);
    kin::ref<Box>& box = bindings_[i].box;
    if (o.c % 4 == 0) {
        box->shelf_depot = model_.things[model_.things[p].parent].code;
        box->shelf_number = model_.things[p].number;
        model_.things[p].by_hand = true;
    }
    if (o.c % 4 == 1) box->shelf = bindings_[p].shelf;
    if (o.c % 4 == 2) bindings_[p].shelf->boxes.push_back(box);
    if (o.c % 4 == 3) box->shelf = nullptr;
}

void machine::move_sticker(const operation& o) {
    const std::size_t i = choose(o.a, kind::sticker);
    const std::size_t p = choose(o.b, kind::shelf);
    if (i == nobody || p == nobody || model_.things[i].parent == p) return;
    set_number(i, number_below(p, kind::sticker, &thing::number, 3));
    model_.things[i].parent = p;
    tell("move " + model_.name(i) + " to " + model_.name(p) + " as side " +
         std::to_string(model_.things[i].number) + (o.c % 2 ? " by the sticker" : " by the shelf"));
    if (o.c % 2) {
        bindings_[i].sticker->shelf = bindings_[p].shelf;
    } else {
        bindings_[p].shelf->stickers.insert(bindings_[i].sticker);
    }
}

void machine::move_within_boxes(const operation& o) {
    const std::size_t i = choose(o.a, kind::shelf);
    if (i == nobody || bindings_[i].shelf->boxes.size() < 2) return;
    auto& boxes = bindings_[i].shelf->boxes;
    const std::size_t from = o.b % boxes.size();
    const std::size_t to = o.c % boxes.size();
    tell("move box " + std::to_string(from) + " of " + model_.name(i) + " to place " + std::to_string(to));
    boxes.move(from, to);
}

void machine::clear_boxes(const operation& o) {
    const std::size_t i = choose(o.a, kind::shelf);
    if (i == nobody) return;
    tell("clear the boxes of " + model_.name(i));
    bindings_[i].shelf->boxes.clear();
    for (std::size_t c : model_.children_of(i))
        if (model_.things[c].of == kind::box) model_.things[c].parent = nobody;
}

} // namespace keyed
