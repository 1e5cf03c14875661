// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/engine/inspector.hpp"
#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

// Enumerations of all storages (kin::enum_stored_as), and a database for them.

namespace wardrobe {

enum class Status { draft, published, archived }; // not in the order of the alphabet
enum class Size { small, medium, large };
enum class Mood { calm, wild };   // text
enum class Season { warm, cold }; // checked

} // namespace wardrobe

template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::Status> = kin::enum_storage::native;
template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::Size> = kin::enum_storage::native;
template <> inline constexpr std::string_view kin::enum_type_name<wardrobe::Size> = "ShirtSize";
template <> struct kin::enum_names<wardrobe::Size> {
    using Size = wardrobe::Size;
    static constexpr kin::enum_entry<Size> entries[] = {{Size::small, "it's small, isn't it"},
                                                        {Size::medium, "\"M\", \\{NULL}"},
                                                        {Size::large, "gr\xC3\xB6\xC3\x9F"
                                                                      "er"}};
};
template <> inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::Mood> = kin::enum_storage::text;

namespace wardrobe {

struct Shirt {
    kin::primary_key<int> id;
    std::string name;
    Status status = Status::draft;
    std::optional<Size> size;
    std::vector<Size> sizes;
    std::optional<std::vector<std::optional<Status>>> history;
    Mood mood = Mood::calm;
    Season season = Season::warm;
};

/// A native enumeration as a key, and as a foreign one.
struct Rate {
    kin::primary_key<Size> size;
    int cents = 0;
    kin::has_many<struct Order> orders;
};
struct Order {
    kin::primary_key<int> id;
    kin::foreign_key<&Rate::size> rate_size;
    int count = 0;
    kin::belongs_to<Rate, &Order::rate_size> rate;
};

/// The key on one side of links.
struct Label {
    kin::primary_key<Status> status;
    kin::many_to_many<struct Box> boxes;
};
struct Box {
    kin::primary_key<int> id;
    kin::many_to_many<Label> labels;
};

/// Values that change hands.
struct Slot {
    kin::primary_key<int> id;
    kin::field<Status, kin::unique> status;
};
struct Place {
    kin::primary_key<int> id;
    std::optional<kin::field<Status, kin::unique>> status;
};

/// A second table with the same type, and a value of the database's own.
struct Coat {
    kin::primary_key<int> id;
    std::string name;
    Status status = Status::draft;
};
inline void describe(kin::mapping<Coat>& m) { m.column<&Coat::status>().server_default("'published'"); }

inline constexpr Status all_statuses[] = {Status::draft, Status::published, Status::archived};
inline constexpr Size all_sizes[] = {Size::small, Size::medium, Size::large};

/// An empty database.
class native_enums : public testing::Test {
protected:
    [[nodiscard]] bool has(kin::feature f) const { return db.engine().dialect().supports(f); }
    [[nodiscard]] std::string type_of(std::string_view table, std::string_view name) const {
        kin::connection c = db.engine().connect();
        for (const kin::inspected_column& found : db.engine().inspect(c)->columns(table)) {
            if (found.name == name) return found.type;
        }
        return {};
    }
    [[nodiscard]] std::optional<kin::inspected_type> find_type(std::string_view name) const {
        kin::connection c = db.engine().connect();
        return db.engine().inspect(c)->find_type(name);
    }
    void run(std::string_view sql) const { db.engine().connect().execute(sql); }

    kin::database db{kin::testing::fresh_url()};
};

} // namespace wardrobe
