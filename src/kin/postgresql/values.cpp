// SPDX-License-Identifier: MIT
#include "kin/postgresql/values.hpp"

#include <bit>
#include <charconv>
#include <optional>
#include <string>

#include "kin/base/uuid.hpp"
#include "kin/postgresql/arrays.hpp"
#include "kin/postgresql/network_order.hpp"
#include "kin/postgresql/numeric.hpp"
#include "kin/postgresql/temporal.hpp"
#include "kin/postgresql/types.hpp"

namespace kin::postgresql {

namespace {

std::optional<std::int64_t> integer_of(std::uint32_t type, std::string_view bytes) {
    switch (type) {
    case int4_type:
        if (bytes.size() == 4) return read_integer<std::int32_t>(bytes.data());
        break;
    case int8_type:
        if (bytes.size() == 8) return read_integer<std::int64_t>(bytes.data());
        break;
    case int2_type:
        if (bytes.size() == 2) return read_integer<std::int16_t>(bytes.data());
        break;
    case oid_type:
        if (bytes.size() == 4) return read_integer<std::uint32_t>(bytes.data());
        break;
    case boolean_type:
        if (bytes.size() == 1) return bytes.front() != 0;
        break;
    default: break;
    }
    return {};
}

std::optional<double> real_of(std::uint32_t type, std::string_view bytes) {
    if (type == float8_type && bytes.size() == 8)
        return std::bit_cast<double>(read_integer<std::uint64_t>(bytes.data()));
    if (type == float4_type && bytes.size() == 4)
        return std::bit_cast<float>(read_integer<std::uint32_t>(bytes.data()));
    return {};
}

/// Days for a date, else microseconds.
std::optional<std::int64_t> time_of(std::uint32_t type, std::string_view bytes) {
    if (type == date_type && bytes.size() == 4) {
        const std::int64_t days = read_integer<std::int32_t>(bytes.data()) + epoch_days;
        if (has_date(days)) return days; // not "infinity"
    } else if ((type == timestamp_type || type == timestamptz_type) && bytes.size() == 8) {
        std::int64_t time = 0;
        if (!__builtin_add_overflow(read_integer<std::int64_t>(bytes.data()),
                                    epoch_days * microseconds_per_day, &time) &&
            has_timestamp(time))
            return time;
    } else if (type == time_type && bytes.size() == 8) {
        return read_integer<std::int64_t>(bytes.data());
    }
    return {};
}

bool give_text(std::string_view text, scratch& memory, cell_kind kind, cell& out) {
    out = cell::of_bytes(memory.copy(text), kind);
    return true;
}

template <class Number> bool number_from(std::string_view text, Number& out) {
    const char* end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, out);
    return fault == std::errc() && stop == end;
}

bool give_integer(std::string_view decimal, cell& out) {
    std::int64_t number = 0;
    if (!number_from(decimal, number)) return false;
    out = cell::of_integer(number);
    return true;
}

template <class Real = double> bool give_real(std::string_view decimal, cell& out) {
    Real number = 0;
    if (!number_from(decimal, number)) return false;
    out = cell::of_real(double{number});
    return true;
}

/// A number, a time or a UUID for a member that is text, as one would write it.
bool read_as_text(std::uint32_t type, std::string_view bytes, scratch& memory, cell& out) {
    char buffer[temporal_size];
    std::size_t size = 0;
    if (type == uuid_type)
        return bytes.size() == uuid::size &&
               give_text(uuid::from_bytes(bytes.data()).to_string(), memory, cell_kind::text, out);
    if (type == numeric_type) return give_text(text_of_numeric(bytes), memory, cell_kind::text, out);
    if (const auto number = integer_of(type, bytes)) {
        size = static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, *number).ptr - buffer);
    } else if (type == float4_type && bytes.size() == 4) {
        const auto real = std::bit_cast<float>(read_integer<std::uint32_t>(bytes.data()));
        size = static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, real).ptr - buffer);
    } else if (const auto real = real_of(type, bytes)) {
        size = static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, *real).ptr - buffer);
    } else if (const auto time = time_of(type, bytes)) {
        size = type == date_type   ? format_date(*time, buffer)
               : type == time_type ? format_time(*time, buffer)
                                   : format_timestamp(*time, buffer);
    } else {
        return false;
    }
    return give_text({buffer, size}, memory, cell_kind::text, out);
}

bool read_binary_real(std::uint32_t type, std::string_view bytes, cell& out) {
    if (const auto real = real_of(type, bytes)) {
        out = cell::of_real(*real);
        return true;
    }
    if (type == numeric_type) {
        const std::string text = text_of_numeric(bytes);
        return give_real(text, out);
    }
    const auto number = type == boolean_type ? std::nullopt : integer_of(type, bytes);
    if (!number) return false;
    out = cell::of_real(static_cast<double>(*number));
    return true;
}

bool read_binary_time(std::uint32_t type, std::string_view bytes, cell_kind expected, cell& out) {
    const auto time = time_of(type, bytes);
    if (!time) return false;
    const cell_kind kind = kind_of(type);
    const bool day_as_time = kind == cell_kind::date && expected == cell_kind::timestamp;
    if (kind != expected && !day_as_time) return false;
    std::int64_t value = *time;
    if (day_as_time && __builtin_mul_overflow(value, microseconds_per_day, &value)) return false;
    out = cell::of_integer(value, expected);
    return true;
}

bool is_number_of_whole(std::uint32_t type) {
    return type == int8_type || type == int4_type || type == int2_type || type == oid_type;
}

std::string bytes_of_hex(std::string_view digits) {
    const auto value_of = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out += static_cast<char>(value_of(digits[i]) * 16 + value_of(digits[i + 1]));
    return out;
}

} // namespace

bool reads_binary(std::uint32_t type) noexcept { return kind_of(type) != cell_kind::null; }

cell_kind kind_of(std::uint32_t type) noexcept {
    if (is_text(type)) return cell_kind::text;
    if (element_of(type) != any_type) return cell_kind::array;
    switch (type) {
    case int2_type:
    case int4_type:
    case int8_type:
    case oid_type: return cell_kind::integer;
    case boolean_type: return cell_kind::boolean;
    case float4_type:
    case float8_type: return cell_kind::real;
    case bytea_type: return cell_kind::blob;
    case date_type: return cell_kind::date;
    case timestamp_type:
    case timestamptz_type: return cell_kind::timestamp;
    case time_type: return cell_kind::time;
    case numeric_type: return cell_kind::decimal;
    case uuid_type: return cell_kind::uuid;
    case json_type:
    case jsonb_type: return cell_kind::json;
    default: return cell_kind::null;
    }
}

result_column column_of(std::uint32_t type, bool is_binary) noexcept {
    if (!is_binary) return {.type = type};
    const bool is_number = type == int4_type || type == int8_type;
    const bool is_bytes = is_text(type) || type == json_type || type == bytea_type;
    return {.type = type, .plain = is_number || is_bytes ? kind_of(type) : cell_kind::null};
}

namespace {

/// Arrays come as the JSON text that members and raw texts have of them.
bool give_array(const std::optional<std::string>& json, cell_kind expected, scratch& memory, cell& out) {
    const bool is_wanted =
        expected == cell_kind::array || expected == cell_kind::json || expected == cell_kind::text;
    return is_wanted && json && give_text(*json, memory, expected, out);
}

} // namespace

bool read_binary(std::uint32_t type, std::string_view bytes, cell_kind expected, scratch& memory, cell& out) {
    if (kind_of(type) == cell_kind::array)
        return give_array(json_of_binary_array(bytes), expected, memory, out);
    switch (expected) {
    case cell_kind::integer:
        if (type == numeric_type) return give_integer(text_of_numeric(bytes), out);
        if (const auto number = integer_of(type, bytes)) {
            out = cell::of_integer(*number);
            return true;
        }
        return false;
    case cell_kind::boolean: {
        const auto number = integer_of(type, bytes);
        if (!number || *number < 0 || *number > 1) return false;
        out = cell::of_integer(*number, cell_kind::boolean);
        return true;
    }
    case cell_kind::real: return read_binary_real(type, bytes, out);
    case cell_kind::date:
    case cell_kind::timestamp:
    case cell_kind::time: return read_binary_time(type, bytes, expected, out);
    case cell_kind::text:
        if (kind_of(type) == cell_kind::null) break; // an enumeration: its word
        if (!is_text(type) && kind_of(type) != cell_kind::json) return read_as_text(type, bytes, memory, out);
        break;
    case cell_kind::blob:
        if (type != bytea_type) return false;
        break;
    case cell_kind::uuid:
        if (type != uuid_type || bytes.size() != uuid::size) return false;
        break;
    case cell_kind::decimal:
        if (is_number_of_whole(type))
            return read_as_text(type, bytes, memory, out) && (out.kind = expected, true);
        return type == numeric_type && give_text(text_of_numeric(bytes), memory, expected, out);
    case cell_kind::json:
    case cell_kind::array:
        if (!is_text(type) && kind_of(type) != cell_kind::json) return false;
        break;
    case cell_kind::null: return false;
    }
    if (type == jsonb_type) bytes.remove_prefix(1); // the version of the form
    out = cell::of_bytes(bytes, expected);
    return true;
}

bool read_text(std::uint32_t type, std::string_view text, cell_kind expected, scratch& memory, cell& out) {
    const bool is_unknown = kind_of(type) == cell_kind::null; // of the program's own
    if (kind_of(type) == cell_kind::array || (expected == cell_kind::array && is_unknown))
        return give_array(json_of_text_array(type, text), expected, memory, out);
    std::optional<std::int64_t> time;
    switch (expected) {
    case cell_kind::integer:
    case cell_kind::boolean:
        if (type == boolean_type)
            out = cell::of_integer(text == "t");
        else if (is_text(type) || !give_integer(text, out))
            return false;
        out.kind = expected;
        return expected == cell_kind::integer || out.integer == 0 || out.integer == 1;
    case cell_kind::real:
        // The shortest digits of a REAL are those of a float: as a double they may be a number that no float is.
        if (type == float4_type) return give_real<float>(text, out);
        return !is_text(type) && give_real(text, out);
    case cell_kind::date: time = parse_date(text); break;
    case cell_kind::time: time = parse_time(text); break;
    case cell_kind::timestamp:
        time = parse_timestamp(text);
        if (const auto day = parse_date(text)) {
            std::int64_t first_moment = 0;
            if (__builtin_mul_overflow(*day, microseconds_per_day, &first_moment)) return false;
            time = first_moment;
        }
        break;
    case cell_kind::blob:
        return type == bytea_type && text.starts_with("\\x") &&
               give_text(bytes_of_hex(text.substr(2)), memory, expected, out);
    case cell_kind::uuid: {
        const std::optional<uuid> id = uuid::parse(text);
        if (!id) return false;
        return give_text({reinterpret_cast<const char*>(id->bytes()), uuid::size}, memory, expected, out);
    }
    case cell_kind::decimal:
        if (kind_of(type) != cell_kind::decimal && !is_number_of_whole(type)) return false;
        out = cell::of_bytes(shortest_decimal(text), expected);
        return true;
    case cell_kind::text:
    case cell_kind::json:
    case cell_kind::array: out = cell::of_bytes(text, expected); return type != bytea_type;
    case cell_kind::null: return false;
    }
    if (!time) return false;
    out = cell::of_integer(*time, expected);
    return true;
}

} // namespace kin::postgresql
