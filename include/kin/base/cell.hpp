// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kin {

/// How a value travels between kin and a driver. What a database stores for it is the driver's business:
/// SQLite keeps a timestamp as ISO-8601 text, PostgreSQL as eight bytes.
enum class cell_kind : std::uint8_t {
    null,
    integer,   // std::int64_t
    real,      // double
    boolean,   // std::int64_t, 0 or 1
    date,      // std::int64_t, days since 1970-01-01
    timestamp, // std::int64_t, microseconds since 1970-01-01T00:00:00Z
    time,      // std::int64_t, microseconds since midnight: 0 to 86,399,999,999

    // From here on: bytes.
    text,    // UTF-8, any content including NUL
    blob,    // bytes
    uuid,    // 16 bytes, in the order in which their hexadecimal digits are written
    decimal, // ASCII, the shortest form of the number: -?(0|[1-9][0-9]*)([.][0-9]*[1-9])? and never "-0"
    json,    // UTF-8, one JSON value
    array,   // UTF-8, a JSON array of scalars and nulls as kin/base/array_text.hpp writes it
};

/// One column of one row on its way to or from a driver: a scalar, or a view of text or bytes.
/// Lifetime: text and bytes belong to somebody else: to the object that was encoded, to a `scratch`, or to the
/// driver's current row; they must outlive the cell.
struct cell {
    union {
        std::int64_t integer;
        double real;
        const char* data;
    };
    std::uint32_t size = 0; // of what is bytes
    cell_kind kind = cell_kind::null;

    constexpr cell() noexcept : integer(0) {}

    [[nodiscard]] static constexpr cell of_integer(std::int64_t v,
                                                   cell_kind k = cell_kind::integer) noexcept {
        cell c;
        c.integer = v;
        c.kind = k;
        return c;
    }
    [[nodiscard]] static constexpr cell of_real(double v) noexcept {
        cell c;
        c.real = v;
        c.kind = cell_kind::real;
        return c;
    }
    /// Throws: nothing; text of 4 GiB or more must be refused before (see `encoder`).
    [[nodiscard]] static constexpr cell of_text(std::string_view v) noexcept {
        return of_bytes(v, cell_kind::text);
    }
    [[nodiscard]] static constexpr cell of_bytes(std::string_view v, cell_kind k = cell_kind::blob) noexcept {
        cell c;
        c.data = v.data();
        c.size = static_cast<std::uint32_t>(v.size());
        c.kind = k;
        return c;
    }

    [[nodiscard]] constexpr bool is_null() const noexcept { return kind == cell_kind::null; }
    [[nodiscard]] constexpr bool is_bytes() const noexcept { return kind >= cell_kind::text; }
    [[nodiscard]] constexpr std::string_view bytes() const noexcept {
        return is_bytes() && size != 0 ? std::string_view(data, size) : std::string_view();
    }

    /// Same kind and same content. Doubles compare by their bits, so NaN equals itself and 0.0 differs from -0.0:
    /// the question is "would the row change", not "are the numbers equal".
    [[nodiscard]] bool same_as(const cell& other) const noexcept {
        if (kind != other.kind) return false;
        if (is_bytes()) return bytes() == other.bytes();
        if (kind == cell_kind::real)
            return std::bit_cast<std::uint64_t>(real) == std::bit_cast<std::uint64_t>(other.real);
        return is_null() || integer == other.integer;
    }
};

} // namespace kin
