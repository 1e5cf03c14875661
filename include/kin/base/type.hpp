// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "kin/base/cell.hpp"

namespace kin {

/// The portable column types. A dialect turns them into its own words (`dialect::type_name`).
enum class type_kind : std::uint8_t {
    boolean,
    integer, // signed, `bits` wide: 8, 16, 32 or 64; unsigned members take the next wider
    real,    // `bits` 32 or 64
    text,    // VARCHAR(length) when length != 0, else unlimited
    blob,
    date,
    timestamp,   // UTC, microseconds
    enumeration, // text, one of `names`
};

/// A column's type as the mapping states it. A value; `names` points to static storage.
struct column_type {
    type_kind kind = type_kind::text;
    std::uint8_t bits = 64;
    std::uint32_t length = 0;                // characters; 0 = no limit
    const std::string_view* names = nullptr; // enumeration: the allowed words
    std::uint32_t name_count = 0;

    /// The kind of cell in which a driver is asked to hand out a column of this type.
    [[nodiscard]] constexpr cell_kind cell() const noexcept {
        switch (kind) {
        case type_kind::boolean: return cell_kind::boolean;
        case type_kind::integer: return cell_kind::integer;
        case type_kind::real: return cell_kind::real;
        case type_kind::blob: return cell_kind::blob;
        case type_kind::date: return cell_kind::date;
        case type_kind::timestamp: return cell_kind::timestamp;
        case type_kind::text:
        case type_kind::enumeration: break;
        }
        return cell_kind::text;
    }
    [[nodiscard]] constexpr bool operator==(const column_type& other) const noexcept {
        return kind == other.kind && bits == other.bits && length == other.length && names == other.names;
    }
};

} // namespace kin
