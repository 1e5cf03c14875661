// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

struct row_image;

/// Frees the block of a row_copy, unless it is part of a row_image.
struct row_block_deleter {
    bool owns = true;
    void operator()(char* block) const noexcept {
        if (owns) ::operator delete(block);
    }
};

/// The cells of one row with their text, in one block: its own, or room behind a row_image.
class row_copy {
public:
    row_copy() noexcept = default;
    /// Throws: data_error (value_out_of_range) naming the member; std::bad_alloc.
    static row_copy of(const node& n);
    static row_copy of(std::span<const cell> cells);
    /// This row, with `values` in `columns` (positions).
    [[nodiscard]] row_copy with(std::span<const std::uint32_t> columns, std::span<const cell> values) const;

    [[nodiscard]] bool empty() const noexcept { return !block_; }
    [[nodiscard]] std::span<const cell> cells() const noexcept {
        return {reinterpret_cast<const cell*>(block_.get()), count_};
    }
    /// Writes the row back into the object.
    void restore(node& n) const;

private:
    friend struct row_image;
    row_copy(char* block, bool owns, std::span<const cell> cells) noexcept;

    std::unique_ptr<char, row_block_deleter> block_;
    std::size_t count_ = 0;
};

/// What is remembered of an object with a row once somebody may change it: to find the changes, and to undo them.
struct row_image {
    row_copy current; // as the last flush, or the load, left the row
    row_copy
        committed; // as it was before the open transaction's first flush changed it; empty: same as `current`
    /// The columns in which the object differed when the open flush was planned, as bits; 0: to be found out.
    std::uint64_t differing = 0;

    /// The image of an object that is as its row, with that row in the same piece of memory. To be deleted. Throws: as row_copy::of().
    [[nodiscard]] static row_image* of(const node& n);
    static void operator delete(void* image) noexcept { ::operator delete(image); }
};

/// Encodes the object's row. `out` has one cell per property. Throws: data_error (value_out_of_range).
void encode_row(const node& n, cell* out, scratch& memory);

} // namespace kin::detail
