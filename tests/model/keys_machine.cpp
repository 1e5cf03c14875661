// SPDX-License-Identifier: MIT
#include "model/keys_machine.hpp"

#include <random>
#include <utility>

#include "kin/sql/dialect.hpp"

namespace keyed {

const std::vector<machine::entry>& machine::operations() {
    static const std::vector<entry> all{{6, &machine::make_depot},
                                        {9, &machine::make_shelf},
                                        {7, &machine::make_box},
                                        {7, &machine::make_sticker},
                                        {2, &machine::make_shelf_after_its_box},
                                        {5, &machine::change_code},
                                        {4, &machine::rotate_codes},
                                        {5, &machine::change_number},
                                        {4, &machine::swap_numbers},
                                        {4, &machine::change_slot},
                                        {5, &machine::change_tag},
                                        {5, &machine::change_note},
                                        {6, &machine::move_shelf},
                                        {3, &machine::swap_shelves},
                                        {7, &machine::move_box},
                                        {5, &machine::move_sticker},
                                        {2, &machine::move_within_boxes},
                                        {1, &machine::clear_boxes},
                                        {5, &machine::remove},
                                        {3, &machine::orphan},
                                        {3, &machine::replace},
                                        {8, &machine::flush},
                                        {7, &machine::commit},
                                        {3, &machine::rollback},
                                        {3, &machine::begin_savepoint},
                                        {4, &machine::end_savepoint},
                                        {5, &machine::read},
                                        {3, &machine::query},
                                        {2, &machine::get},
                                        {3, &machine::expire},
                                        {2, &machine::merge},
                                        {2, &machine::update_many},
                                        {2, &machine::remove_many},
                                        {1, &machine::raw_update},
                                        {2, &machine::reopen}};
    return all;
}

std::vector<operation> random_operations(std::uint32_t seed, std::size_t count) {
    std::vector<int> weights;
    for (const machine::entry& e : machine::operations()) weights.push_back(e.weight);
    std::mt19937 random(seed);
    std::discrete_distribution<std::uint32_t> chosen(weights.begin(), weights.end());
    std::vector<operation> all(count);
    for (operation& o : all) {
        o.what = chosen(random);
        o.a = static_cast<std::uint32_t>(random());
        o.b = static_cast<std::uint32_t>(random());
        o.c = static_cast<std::uint32_t>(random());
    }
    return all;
}

machine::machine(kin::database& db) : db_(db) {
    kin::connection c = db_.engine().connect();
    for (const char* table : {"sticker", "box", "shelf", "depot"})
        c.execute(std::string("DELETE FROM ") + table);
    session_.emplace(db_.session());
}

void machine::run(const operation& o) {
    story_.emplace_back();
    (this->*operations()[o.what].run)(o);
    if (o.b % 4 == 0) check();
    if (story_.back().empty()) story_.pop_back();
}

bool machine::bound(std::size_t i) const {
    const binding& b = bindings_[i];
    return b.depot || b.shelf || b.box || b.sticker;
}

bool machine::has_written_key(std::size_t i) const {
    if (!usable(i) || i >= written_.size() || written_[i].state != life::persistent) return false;
    const thing& now = model_.things[i];
    const thing& then = written_[i];
    if (now.code != then.code || now.number != then.number || now.parent != then.parent) return false;
    return now.parent == nobody || has_written_key(now.parent);
}

std::size_t machine::choose(std::uint32_t draw, kind of, const std::function<bool(std::size_t)>& fits) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < model_.things.size(); ++i)
        if (model_.things[i].of == of && usable(i) && (!fits || fits(i))) all.push_back(i);
    return all.empty() ? nobody : all[draw % all.size()];
}

int machine::number_below(std::size_t parent, kind of, int thing::* member, std::uint32_t draw) const {
    int number = static_cast<int>(draw / 8 % 5) + 1;
    if (draw % 8 == 0) return number;
    const auto taken = [&] {
        for (std::size_t i = 0; i < model_.things.size(); ++i) {
            const thing& t = model_.things[i];
            if (t.of == of && t.parent == parent && model_.is_alive(i) && t.*member == number) return true;
        }
        return false;
    };
    while (taken()) ++number;
    return number;
}

std::string machine::code(std::uint32_t draw) const {
    constexpr std::uint32_t letters = 12;
    for (std::uint32_t k = 0; k < letters; ++k) {
        std::string text(1, static_cast<char>('a' + (draw / 8 + k) % letters));
        bool taken = false;
        for (std::size_t i = 0; i < model_.things.size(); ++i)
            taken = taken || (model_.things[i].of == kind::depot && model_.is_alive(i) &&
                              model_.things[i].code == text);
        if (!taken || draw % 8 == 0) return text;
    }
    return "a";
}

std::size_t machine::add(thing t) {
    model_.things.push_back(std::move(t));
    bindings_.emplace_back();
    return model_.things.size() - 1;
}

const kin::detail::any_ref& machine::any(std::size_t i) const {
    const binding& b = bindings_[i];
    switch (model_.things[i].of) {
    case kind::depot: return b.depot;
    case kind::shelf: return b.shelf;
    case kind::box: return b.box;
    default: return b.sticker;
    }
}

void machine::set_note(std::size_t i, const std::string& note) {
    model_.things[i].note = note;
    binding& b = bindings_[i];
    if (b.depot) b.depot->note = note;
    if (b.shelf) b.shelf->note = note;
    if (b.box) b.box->note = note;
    if (b.sticker) b.sticker->note = note;
}

void machine::set_number(std::size_t i, int number) {
    model_.things[i].number = number;
    if (bindings_[i].shelf) bindings_[i].shelf->number = number;
    if (bindings_[i].sticker) bindings_[i].sticker->side = number;
}

void machine::expect(bool holds, const std::string& otherwise) {
    if (!holds) throw mismatch(otherwise);
}

} // namespace keyed
