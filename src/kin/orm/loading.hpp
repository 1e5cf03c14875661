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

/// Turns rows into objects: the key is read first, and a row whose object is known is not decoded, unless the object is expired or the
/// running query overwrites what is known.
class row_loader {
public:
    /// `columns`: for each property the result column that has it; empty: the properties' own order from column 0.
    row_loader(session_core& session, const mapper& m, cursor& rows, std::vector<std::size_t> columns = {});

    /// The caller knows that the rows are of unknown objects: reads them whole at once.
    void expect_new() noexcept { all_likely_new_ = true; }
    /// The object of the current row. Throws: conversion_error naming table, column and row.
    [[nodiscard]] node& take();
    /// Overwrites `n` with the current row.
    void overwrite(node& n);

private:
    void read(std::size_t first, std::size_t count);
    void read_row();
    [[nodiscard]] node& take_by_key();
    [[nodiscard]] node& make();
    void decode_into(node& n);
    [[noreturn]] void fail_conversion(std::size_t position);

    session_core& session_;
    const mapper& type_;
    cursor& rows_;
    entity_map& known_;
    pool::allocator& allocator_;
    std::vector<std::size_t> columns_;
    std::size_t count_; // of properties
    static constexpr std::size_t few =
        16; // most rows need no allocation, and no cell a value before it is read
    alignas(cell) std::byte few_[few * sizeof(cell)];
    std::vector<cell> many_;
    cell* cells_;
    bool key_first_;      // one key column, the first of the row
    bool replaces_;       // rows overwrite the objects that are known
    bool all_likely_new_; // nothing of the class was known: read whole rows at once
};

/// Reads the rows of `rows` until the end or `limit` objects. Each object comes once.
[[nodiscard]] std::vector<node*> load_all(session_core& session, const mapper& m, cursor& rows,
                                          std::uint64_t limit, std::vector<std::size_t> columns = {});

} // namespace kin::detail
