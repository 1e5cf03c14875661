// SPDX-License-Identifier: MIT
#include "kin/mariadb/row.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace kin::mariadb {

namespace {

constexpr unsigned binary_charset = 63;
constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_us = 86'400 * second_us;

/// The bytes of a value of variable length.
std::string_view bytes_of(const wire_value& v) noexcept {
    return {reinterpret_cast<const char*>(v.data + prefix_size(*v.data)), v.size};
}

bool has_fixed_size(enum_field_types type) noexcept {
    switch (type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return true;
    default: return false;
    }
}

bool is_unsigned(const wire_value& v) noexcept { return (v.field->flags & UNSIGNED_FLAG) != 0; }

/// A decimal without a fraction (12, 12.0000) as an integer.
std::optional<std::int64_t> integer_of_decimal(std::string_view text) noexcept {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    auto [rest, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc()) return std::nullopt;
    if (rest != end && *rest == '.') {
        do ++rest;
        while (rest != end && *rest == '0');
    }
    if (rest != end) return std::nullopt;
    return number;
}

std::optional<std::int64_t> integer_of(const wire_value& v) noexcept {
    switch (v.field->type) {
    case MYSQL_TYPE_TINY:
        return is_unsigned(v) ? std::int64_t{*v.data} : std::int64_t{static_cast<std::int8_t>(*v.data)};
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
        if (is_unsigned(v)) return number_at<std::uint16_t>(v.data);
        return number_at<std::int16_t>(v.data);
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
        if (is_unsigned(v)) return number_at<std::uint32_t>(v.data);
        return number_at<std::int32_t>(v.data);
    case MYSQL_TYPE_LONGLONG: {
        const auto number = number_at<std::int64_t>(v.data);
        if (is_unsigned(v) && number < 0) return std::nullopt; // 2^63 and more
        return number;
    }
    // SUM of integers and the like.
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL: return integer_of_decimal(bytes_of(v));
    default: return std::nullopt;
    }
}

std::optional<double> real_of(const wire_value& v) noexcept {
    switch (v.field->type) {
    case MYSQL_TYPE_DOUBLE: return number_at<double>(v.data);
    case MYSQL_TYPE_FLOAT: return double{number_at<float>(v.data)};
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL: {
        const std::string_view text = bytes_of(v);
        double number = 0;
        const auto [rest, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (fault != std::errc() || rest != text.data() + text.size()) return std::nullopt;
        return number;
    }
    case MYSQL_TYPE_LONGLONG:
        if (is_unsigned(v)) return static_cast<double>(number_at<std::uint64_t>(v.data));
        [[fallthrough]];
    default:
        if (const auto number = integer_of(v)) return static_cast<double>(*number);
        return std::nullopt;
    }
}

/// Days since 1970-01-01; nothing for the zero date and for others that no calendar has.
std::optional<std::int64_t> days_of(const unsigned char* date, std::size_t size) noexcept {
    if (size < 4) return std::nullopt;
    const std::chrono::year_month_day day(std::chrono::year(number_at<std::uint16_t>(date)),
                                          std::chrono::month(date[2]), std::chrono::day(date[3]));
    if (!day.ok()) return std::nullopt;
    return std::chrono::sys_days(day).time_since_epoch().count();
}

std::optional<std::int64_t> date_of(const wire_value& v) noexcept {
    if (v.field->type != MYSQL_TYPE_DATE && v.field->type != MYSQL_TYPE_NEWDATE) return std::nullopt;
    return days_of(v.data + 1, v.size);
}

std::optional<std::int64_t> timestamp_of(const wire_value& v) noexcept {
    const auto type = v.field->type;
    if (type != MYSQL_TYPE_DATETIME && type != MYSQL_TYPE_TIMESTAMP && type != MYSQL_TYPE_DATE)
        return std::nullopt;
    const unsigned char* const at = v.data + 1;
    const auto days = days_of(at, v.size);
    if (!days) return std::nullopt;
    std::int64_t time = *days * day_us;
    if (v.size >= 7) time += ((at[4] * 60 + at[5]) * 60 + at[6]) * second_us;
    if (v.size >= 11) time += number_at<std::uint32_t>(at + 7);
    return time;
}

/// Microseconds since midnight. MariaDB's TIME is a span: what is negative or beyond a day is none of the day.
std::optional<std::int64_t> time_of(const wire_value& v) noexcept {
    if (v.field->type != MYSQL_TYPE_TIME) return std::nullopt;
    if (v.size == 0) return 0;
    const unsigned char* const at = v.data + 1;
    if (v.size < 8 || at[0] != 0 || number_at<std::uint32_t>(at + 1) != 0) return std::nullopt;
    std::int64_t time = ((at[5] * 60 + at[6]) * 60 + at[7]) * second_us;
    if (v.size >= 12) time += number_at<std::uint32_t>(at + 8);
    return time;
}

enum class byte_kind : std::uint8_t { none, text, blob };

byte_kind byte_kind_of(const MYSQL_FIELD& field) noexcept {
    switch (field.type) {
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
    case MYSQL_TYPE_ENUM:
    case MYSQL_TYPE_SET:
    case MYSQL_TYPE_JSON: return byte_kind::text;
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BLOB: return field.charsetnr == binary_charset ? byte_kind::blob : byte_kind::text;
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY: return byte_kind::blob;
    default: return byte_kind::none;
    }
}

bool set(const std::optional<std::int64_t>& number, cell_kind kind, cell& out) noexcept {
    if (!number) return false;
    out = cell::of_integer(*number, kind);
    return true;
}

} // namespace

plain_column plain_column_of(const MYSQL_FIELD& field) noexcept {
    const bool is_signed = (field.flags & UNSIGNED_FLAG) == 0;
    switch (field.type) {
    case MYSQL_TYPE_LONG: return {.kind = is_signed ? cell_kind::integer : cell_kind::null};
    case MYSQL_TYPE_LONGLONG:
        return {.kind = is_signed ? cell_kind::integer : cell_kind::null, .is_wide = true};
    default: break;
    }
    switch (byte_kind_of(field)) {
    case byte_kind::text: return {.kind = cell_kind::text};
    case byte_kind::blob: return {.kind = cell_kind::blob};
    case byte_kind::none: break;
    }
    return {};
}

std::size_t wire_value::wire_size() const noexcept {
    return has_fixed_size(field->type) ? size : size + prefix_size(*data);
}

bool read_value(const wire_value& v, cell_kind expected, cell& out) noexcept {
    if (v.data == nullptr) {
        out = cell();
        return true;
    }
    switch (expected) {
    case cell_kind::integer: return set(integer_of(v), expected, out);
    case cell_kind::boolean:
        return set(integer_of(v), expected, out) && (out.integer == 0 || out.integer == 1);
    case cell_kind::real: {
        const auto number = real_of(v);
        if (number) out = cell::of_real(*number);
        return number.has_value();
    }
    case cell_kind::date: return set(date_of(v), expected, out);
    case cell_kind::timestamp: return set(timestamp_of(v), expected, out);
    case cell_kind::time: return set(time_of(v), expected, out);
    case cell_kind::text:
    case cell_kind::json:
    case cell_kind::array:
        if (byte_kind_of(*v.field) != byte_kind::text) return false;
        out = cell::of_bytes(bytes_of(v), expected);
        return true;
    case cell_kind::blob:
    case cell_kind::uuid:
        if (byte_kind_of(*v.field) != byte_kind::blob) return false;
        out = cell::of_bytes(bytes_of(v), expected);
        return expected == cell_kind::blob || v.size == 16;
    case cell_kind::decimal:
        if (v.field->type != MYSQL_TYPE_NEWDECIMAL && v.field->type != MYSQL_TYPE_DECIMAL) return false;
        out = cell::of_bytes(bytes_of(v), expected);
        return true;
    case cell_kind::null: break;
    }
    return false;
}

cell read_raw_value(const wire_value& v) noexcept {
    if (v.data == nullptr) return {};
    cell out;
    if (read_value(v, cell_kind::integer, out) && v.field->type != MYSQL_TYPE_NEWDECIMAL) return out;
    for (const cell_kind kind : {cell_kind::text, cell_kind::blob, cell_kind::real, cell_kind::date,
                                 cell_kind::timestamp, cell_kind::time}) {
        if (read_value(v, kind, out)) return out;
    }
    return cell::of_text("a date or time that no calendar has"); // 0000-00-00, a TIME of more than a day
}

} // namespace kin::mariadb
