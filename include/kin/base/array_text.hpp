// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kin/base/cell.hpp"

// Arrays travel as the text of a JSON array: numbers and booleans as such, NULL as null, everything else as a JSON string: text, decimals
// ("12.5"), UUIDs, dates and times (ISO 8601), and "NaN", "Infinity", "-Infinity". Written without spaces.

namespace kin::detail {

/// Writes an array, element by element. Compiled code behind the codec of std::vector<T>.
class array_writer {
public:
    /// False for what an array cannot have: bytes, JSON, another array, a date without ISO 8601 text, text that is not UTF-8.
    [[nodiscard]] bool add(const cell& element);
    /// The text. Lifetime: this writer.
    [[nodiscard]] std::string_view finish();

private:
    std::string text_ = "[";
};

/// Reads an array, element by element.
class array_reader {
public:
    /// `text` must outlive the reader.
    explicit array_reader(std::string_view text) noexcept;
    /// Moves to the next element; false after the last, and at a fault. `out` is NULL or of the kind `as`.
    /// Lifetime: bytes of `out` are valid until the next call.
    [[nodiscard]] bool next(cell_kind as, cell& out);
    /// After next() gave false: whether the text was an array whose elements were all of the kind asked for.
    [[nodiscard]] bool is_whole() const noexcept { return whole_; }

private:
    void skip_space() noexcept;
    bool take(char c) noexcept;
    bool take_word(std::string_view word) noexcept;
    bool take_element(cell_kind as, cell& out);
    bool take_number(cell_kind as, cell& out) noexcept;
    bool of_string(cell_kind as, cell& out);

    std::string_view left_;
    std::string content_; // of the string read last
    std::size_t count_ = 0;
    bool open_ = false;
    bool whole_ = false;
};

} // namespace kin::detail
