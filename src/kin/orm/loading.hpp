// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "identity_map.hpp"
#include "kin/engine/connection.hpp"
#include "kin/mapping/pool.hpp"
#include "session_core.hpp"

namespace kin::detail {

class joined_loader;

/// Turns rows into objects: the key is read first, and a row whose object is known is not decoded, unless the object is expired or the
/// running query overwrites what is known.
class row_loader {
public:
    /// `columns`: for each property the result column that has it; empty: the properties' own order from column `base` on.
    row_loader(session_core& session, const mapper& m, cursor& rows, std::vector<std::size_t> columns = {},
               std::size_t base = 0);
    row_loader(const row_loader&) = delete;
    row_loader& operator=(const row_loader&) = delete;

    /// The caller knows that the rows are of unknown objects: reads them whole at once.
    void expect_new() noexcept { all_likely_new_ = true; }
    /// Makes room for the rows that are in memory, of which at most `limit` will be taken. Returns how many that is. Throws: std::bad_alloc.
    std::size_t make_room(std::uint64_t limit);
    /// The object of the current row. Throws: conversion_error naming table, column and row.
    [[nodiscard]] node& take();
    /// ... null when there is none, because an outer join found no partner: the columns of its key are NULL.
    [[nodiscard]] node* take_if_any();
    /// Whether take() has just made the object: it is as its row.
    [[nodiscard]] bool made_it() const noexcept { return made_it_; }

private:
    friend class row_aside;
    [[nodiscard]] node& make_aside();
    void take_back(node& n) noexcept;
    void read(std::size_t first, std::size_t count);
    void read_row();
    [[nodiscard]] node& take_by_integer();
    [[nodiscard]] node& take_by_key();
    [[nodiscard]] node& make();
    void decode_into(node& n);
    [[noreturn]] void fail_conversion(std::size_t position);

    session_core& session_;
    const mapper& type_;
    cursor& rows_;
    entity_map& known_;
    pool& home_;
    pool::allocator& allocator_;
    std::span<const cell_kind> kinds_; // of the properties
    std::vector<std::size_t> columns_;
    std::size_t base_;  // the first result column
    std::size_t count_; // of properties
    static constexpr std::size_t few =
        16; // most rows need no allocation, and no cell a value before it is read
    alignas(cell) std::byte few_[few * sizeof(cell)];
    std::vector<cell> many_;
    cell* cells_;
    bool key_first_; // one key column, the first of the row
    bool replaces_;  // rows overwrite the objects that are known
    bool notes_;     // the session wants to know of each object that it did not know
    bool made_it_ = false;
    bool all_likely_new_; // nothing of the class was known: read whole rows at once
};

/// The current row as an object of its own that nobody knows, for as long as this lives: what does not fit, or finds no memory,
/// leaves no half row behind. Meanwhile the loader makes nothing else.
class row_aside {
public:
    explicit row_aside(row_loader& loader) : loader_(loader), object_(loader.make_aside()) {}
    row_aside(const row_aside&) = delete;
    row_aside& operator=(const row_aside&) = delete;
    ~row_aside() { loader_.take_back(object_); }

    [[nodiscard]] node& object() const noexcept { return object_; }
    /// Overwrites `n` with the row, which is spent then.
    void move_into(node& n) const;

private:
    row_loader& loader_;
    node& object_;
};

/// Reads the rows of `rows` until the end or `limit` objects. Each object comes once.
[[nodiscard]] std::vector<node*> load_all(session_core& session, const mapper& m, cursor& rows,
                                          std::uint64_t limit, std::vector<std::size_t> columns = {});
/// ... of rows that have related objects as well.
[[nodiscard]] std::vector<node*> load_joined(session_core& session, const mapper& m, cursor& rows,
                                             joined_loader& joined, std::uint64_t limit = no_limit);

} // namespace kin::detail
