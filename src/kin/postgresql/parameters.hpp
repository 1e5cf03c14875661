// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"

namespace kin::postgresql {

/// The type that a parameter is declared with when all that is known of it is its cell. Text, JSON, arrays and NULL are left to the server, which takes
/// the type of the column or function beside them.
[[nodiscard]] std::uint32_t declared_type(const cell& c) noexcept;

/// Throws: data_error when no PostgreSQL database can hold one of them: text with NUL or that is no UTF-8, a date or time that it does not have.
void check_values(std::span<const cell> cells);

/// The parameters of one execution, as libpq takes them. Text and bytes are not copied where their binary form is what they are. For one thread.
class parameters {
public:
    /// Writes each cell in the type that the server has for it. Returns how many could be written without loss: cells.size(), or the
    /// position of the one that could not. The cells must have passed check_values() and stay alive as long as they are sent.
    std::size_t encode(std::span<const cell> cells, std::span<const std::uint32_t> types);

    [[nodiscard]] int size() const noexcept { return static_cast<int>(values_.size()); }
    [[nodiscard]] const char* const* values() const noexcept { return values_.data(); }
    [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
    [[nodiscard]] const int* formats() const noexcept { return formats_.data(); }

private:
    void resize(std::size_t count);
    // Each writes parameter number `at`.
    [[nodiscard]] bool encode(std::size_t at, const cell& c, std::uint32_t type);
    [[nodiscard]] bool integer(std::size_t at, std::int64_t v, std::uint32_t type);
    [[nodiscard]] bool real(std::size_t at, double v, std::uint32_t type);
    [[nodiscard]] bool date(std::size_t at, std::int64_t days, std::uint32_t type);
    [[nodiscard]] bool timestamp(std::size_t at, std::int64_t microseconds, std::uint32_t type);
    [[nodiscard]] bool structured(std::size_t at, const cell& c, std::uint32_t type);
    bool bytes(std::size_t at, const cell& c);
    bool text(std::size_t at, std::string_view copied);
    template <class Integer> bool number(std::size_t at, Integer v);
    bool set(std::size_t at, const char* value, int length, int form) noexcept;

    // What libpq takes, parameter by parameter.
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::uint64_t> numbers_; // in the server's order of bytes: what values_ of numbers point to
    scratch memory_;
};

} // namespace kin::postgresql
