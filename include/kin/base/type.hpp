// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "kin/base/cell.hpp"
#include "kin/base/enum_storage.hpp"

namespace kin {

/// The portable column types. A dialect turns them into its own words (`dialect::type_name`).
enum class type_kind : std::uint8_t {
    boolean,
    integer, // signed, `bits` wide: 8, 16, 32 or 64; unsigned members take the next wider
    real,    // `bits` 32 or 64
    text,    // VARCHAR(length) when length != 0, CHAR(length) when also fixed_length, else unlimited
    blob,
    date,
    timestamp,   // UTC, microseconds
    enumeration, // text, one of `names`
    time,        // of the day, without a zone: microseconds
    duration,    // a signed number of microseconds, as an integer of 64 bits on every database
    decimal,     // exact: NUMERIC(precision, scale); precision 0: any number of up to 38 digits
    uuid,
    json,
    array, // of `element`, a scalar with `bits`; an array of the database, or JSON text
};

/// A column's type as the mapping states it. A value; `names` and the SQL texts point to static storage.
struct column_type {
    type_kind kind = type_kind::text;
    std::uint8_t bits = 64;
    std::uint8_t precision = 0;              // decimal: digits in all; 0: no limit
    std::uint8_t scale = 0;                  // decimal: of them after the point
    type_kind element = type_kind::text;     // array: what it is made of
    bool fixed_length = false;               // text: exactly `length` characters
    std::uint32_t length = 0;                // characters; 0 = no limit
    const std::string_view* names = nullptr; // enumeration: the allowed words
    std::uint32_t name_count = 0;
    enum_storage storage = enum_storage::checked; // enumeration, or an array of them
    std::string_view native_name = {};            // ... of its native type
    /// SQL around the column when it is read and around the placeholder when it is written, with `?` where that stands:
    /// "ST_AsText(?)", "ST_GeomFromText(?)". Empty: as it is.
    std::string_view sql_read = {};
    std::string_view sql_write = {};

    /// The kind of cell in which a driver is asked to hand out a column of this type.
    [[nodiscard]] constexpr cell_kind cell() const noexcept {
        switch (kind) {
        case type_kind::boolean: return cell_kind::boolean;
        case type_kind::duration:
        case type_kind::integer: return cell_kind::integer;
        case type_kind::real: return cell_kind::real;
        case type_kind::blob: return cell_kind::blob;
        case type_kind::date: return cell_kind::date;
        case type_kind::timestamp: return cell_kind::timestamp;
        case type_kind::time: return cell_kind::time;
        case type_kind::decimal: return cell_kind::decimal;
        case type_kind::uuid: return cell_kind::uuid;
        case type_kind::json: return cell_kind::json;
        case type_kind::array: return cell_kind::array;
        case type_kind::text:
        case type_kind::enumeration: break;
        }
        return cell_kind::text;
    }
    [[nodiscard]] constexpr bool operator==(const column_type& other) const noexcept {
        return kind == other.kind && bits == other.bits && precision == other.precision &&
               scale == other.scale && element == other.element && fixed_length == other.fixed_length &&
               length == other.length && names == other.names && storage == other.storage &&
               native_name == other.native_name && sql_read == other.sql_read && sql_write == other.sql_write;
    }
};

} // namespace kin
