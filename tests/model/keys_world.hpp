// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "kin/kin.hpp"

/// Classes whose keys are made by the program, are made of the keys of others, and change: a depot's code is in the keys of its shelves,
/// and these are in the keys of their stickers. `mark` is the number that the model knows an object by; nothing changes it.
namespace keyed {

struct Shelf;
struct Box;
struct Sticker;

struct Depot {
    kin::primary_key<std::string> code;
    kin::field<int, kin::version> version;
    std::string note;
    std::optional<kin::field<std::string, kin::unique>> tag;
    int mark = 0;
    kin::has_many<Shelf> shelves;
};

struct Shelf {
    kin::foreign_key<&Depot::code, kin::key> depot_code;
    kin::primary_key<int> number;
    kin::field<int, kin::version> version;
    std::string note;
    int slot = 0;
    int mark = 0;
    kin::belongs_to<Depot> depot;
    kin::has_many<Box> boxes;
    kin::has_map<Sticker, "side"> stickers;
    static constexpr auto kin_options = kin::options(kin::unique_together<&Shelf::depot_code, &Shelf::slot>);
};

struct Box {
    kin::primary_key<int> id;
    std::string note;
    std::optional<kin::foreign_key<&Shelf::depot_code>> shelf_depot;
    std::optional<kin::foreign_key<&Shelf::number>> shelf_number;
    int place = 0;
    int mark = 0;
    kin::belongs_to<Shelf> shelf;
};

struct Sticker {
    kin::foreign_key<&Shelf::depot_code, kin::key, kin::on_delete::cascade> shelf_depot;
    kin::foreign_key<&Shelf::number, kin::key, kin::on_delete::cascade> shelf_number;
    kin::primary_key<int> side;
    std::string note;
    int mark = 0;
    kin::belongs_to<Shelf> shelf;
};

inline void describe(kin::mapping<Depot>& m) {
    m.relationship<&Depot::shelves>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}
inline void describe(kin::mapping<Shelf>& m) {
    m.relationship<&Shelf::boxes>().position(kin::col<&Box::place>);
    m.relationship<&Shelf::stickers>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}

} // namespace keyed
