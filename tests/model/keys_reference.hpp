// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What should happen, as plain values: no code of kin. A thing knows its parent by its place in the list, so its key is always derived.
namespace keyed {

enum class kind : std::uint8_t { depot, shelf, box, sticker };
enum class life : std::uint8_t {
    pending,
    persistent,
    removing, // has a row until the next flush
    gone      // has none and never gets one again
};
inline constexpr std::size_t nobody = static_cast<std::size_t>(-1);
inline constexpr std::size_t kinds = 4;

struct thing {
    kind of = kind::depot;
    life state = life::pending;
    bool left = false;      // removing, and no longer in its parent's collection
    std::string code;       // of a depot
    int number = 0;         // of a shelf, the side of a sticker
    int slot = 0;           // of a shelf
    std::optional<int> tag; // of a depot
    std::string note;
    std::size_t parent = nobody;
    bool by_hand = false; // a box came to the shelf by its foreign key: places are then as they come
    [[nodiscard]] bool operator==(const thing&) const = default;
};

/// Rows of each kind, as literals: the mark first, then what identifies the row and what it says.
using table_rows = std::array<std::set<std::vector<std::string>>, kinds>;

class reference {
public:
    std::vector<thing> things;

    [[nodiscard]] bool is_alive(std::size_t i) const;
    [[nodiscard]] bool has_row(std::size_t i) const;
    /// Who shows in its collection, in the order of marks.
    [[nodiscard]] std::vector<std::size_t> children_of(std::size_t parent) const;
    /// Those that go with it when it is removed.
    [[nodiscard]] std::vector<std::size_t> owned_by(std::size_t parent) const;
    [[nodiscard]] bool owns_pending(std::size_t parent) const;
    /// Marks it, and what it owns, for deletion.
    void remove(std::size_t i);

    /// The values of its primary key, as literals.
    [[nodiscard]] std::vector<std::string> key_of(std::size_t i) const;
    /// What cannot be written: two rows with one key or one unique value. Empty: everything can.
    [[nodiscard]] std::string conflict() const;
    /// Everything is written.
    void flush();
    /// Things that had no row in `before` are gone, the others as they were.
    void restore(const std::vector<thing>& before);
    /// The rows after the last flush.
    [[nodiscard]] table_rows rows() const;
    [[nodiscard]] std::vector<std::string> row_of(std::size_t i) const;

    /// "shelf 4".
    [[nodiscard]] std::string name(std::size_t i) const;
};

[[nodiscard]] std::string text_literal(const std::string& text);

} // namespace keyed
