// SPDX-License-Identifier: MIT
#include "kin/postgresql/parameters.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/base/utf8.hpp"
#include "kin/postgresql/arrays.hpp"
#include "kin/postgresql/network_order.hpp"
#include "kin/postgresql/temporal.hpp"
#include "kin/postgresql/types.hpp"

namespace kin::postgresql {

namespace {

[[noreturn]] void refuse(std::string_view code, std::size_t position, std::string_view fault) {
    throw data_error({.code = std::string(code),
                      .message = "parameter " + std::to_string(position + 1) + " " + std::string(fault),
                      .sql = {}});
}

[[noreturn]] void refuse_size(std::size_t position) {
    refuse("value_too_big", position, "has more than 2147483647 bytes, which is more than PostgreSQL takes");
}

/// Whether a JSON text has the character NUL in one of its strings, which it writes with an escape.
bool has_escaped_nul(std::string_view json) noexcept {
    if (json.find("\\u0000") == std::string_view::npos) return false;
    for (std::size_t at = json.find('\\'); at < json.size(); at = json.find('\\', at + 2)) {
        if (json.substr(at).starts_with("\\u0000")) return true;
    }
    return false;
}

constexpr int text_form = 0;
constexpr int binary_form = 1;

template <class Integer> bool fits(std::int64_t v) noexcept { return std::in_range<Integer>(v); }

} // namespace

std::uint32_t declared_type(const cell& c) noexcept {
    switch (c.kind) {
    case cell_kind::integer: return int8_type;
    case cell_kind::real: return float8_type;
    case cell_kind::boolean: return boolean_type;
    case cell_kind::date: return date_type;
    case cell_kind::timestamp: return timestamptz_type;
    case cell_kind::time: return time_type;
    case cell_kind::blob: return bytea_type;
    case cell_kind::uuid: return uuid_type;
    case cell_kind::decimal: return numeric_type;
    case cell_kind::null:
    case cell_kind::text:
    case cell_kind::json:
    case cell_kind::array: break;
    }
    return any_type;
}

void check_values(std::span<const cell> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const cell& c = cells[i];
        switch (c.kind) {
        case cell_kind::json:
        case cell_kind::array:
            if (has_escaped_nul(c.bytes()))
                refuse("nul_in_text", i,
                       "has the character NUL in a text inside of it, which no text of PostgreSQL can hold; "
                       "leave it out");
            [[fallthrough]];
        case cell_kind::text:
            if (c.bytes().find('\0') != std::string_view::npos)
                refuse("nul_in_text", i,
                       "has the character NUL, which no text of PostgreSQL can hold; store bytes instead");
            if (!is_valid_utf8(c.bytes())) refuse("invalid_utf8", i, "is not UTF-8; store UTF-8, or bytes");
            break;
        case cell_kind::date:
            if (!has_date(c.integer))
                refuse("value_out_of_range", i,
                       "is a date outside of those that PostgreSQL has, 4713 BC to 5874897; store another");
            break;
        case cell_kind::timestamp:
            if (!has_timestamp(c.integer))
                refuse("value_out_of_range", i,
                       "is a time before 4713 BC, which PostgreSQL does not have; store another");
            break;
        default: break;
        }
    }
}

std::size_t parameters::encode(std::span<const cell> cells, std::span<const std::uint32_t> types) {
    if (values_.size() != cells.size()) resize(cells.size());
    memory_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (encode(i, cells[i], types[i])) continue;
        resize(i); // what stood behind it belongs to an execution that is over
        return i;
    }
    return cells.size();
}

/// values_ comes last: when it has the size, the others have it too.
void parameters::resize(std::size_t count) {
    lengths_.resize(count);
    formats_.resize(count);
    numbers_.resize(count);
    values_.resize(count);
}

bool parameters::encode(std::size_t at, const cell& c, std::uint32_t type) {
    switch (c.kind) {
    case cell_kind::null: return set(at, nullptr, 0, text_form);
    case cell_kind::integer: return integer(at, c.integer, type);
    case cell_kind::boolean:
        return type == boolean_type && number(at, static_cast<std::int8_t>(c.integer != 0 ? 1 : 0));
    case cell_kind::real: return real(at, c.real, type);
    case cell_kind::date: return date(at, c.integer, type);
    case cell_kind::timestamp: return timestamp(at, c.integer, type);
    case cell_kind::time: return type == time_type && number(at, c.integer);
    case cell_kind::blob: return type == bytea_type && bytes(at, c);
    case cell_kind::uuid: return type == uuid_type && bytes(at, c);
    case cell_kind::decimal: return type == numeric_type && text(at, c.bytes());
    case cell_kind::text: return is_text(type) || type == json_type ? bytes(at, c) : text(at, c.bytes());
    case cell_kind::json:
    case cell_kind::array: break;
    }
    return structured(at, c, type);
}

bool parameters::integer(std::size_t at, std::int64_t v, std::uint32_t type) {
    char digits[24];
    switch (type) {
    case int8_type: return number(at, v);
    case int4_type: return fits<std::int32_t>(v) && number(at, static_cast<std::int32_t>(v));
    case int2_type: return fits<std::int16_t>(v) && number(at, static_cast<std::int16_t>(v));
    case oid_type: return fits<std::uint32_t>(v) && number(at, static_cast<std::uint32_t>(v));
    case float8_type: {
        constexpr std::int64_t largest_exact = std::int64_t{1} << 53;
        return v >= -largest_exact && v <= largest_exact && real(at, static_cast<double>(v), type);
    }
    case numeric_type: return text(at, {digits, std::to_chars(digits, digits + sizeof digits, v).ptr});
    default: return false;
    }
}

bool parameters::real(std::size_t at, double v, std::uint32_t type) {
    if (type == float8_type) return number(at, std::bit_cast<std::int64_t>(v));
    if (type != float4_type) return false;
    const auto narrow = static_cast<float>(v);
    const bool exact = std::isnan(v) || static_cast<double>(narrow) == v;
    return exact && number(at, std::bit_cast<std::int32_t>(narrow));
}

bool parameters::date(std::size_t at, std::int64_t days, std::uint32_t type) {
    switch (type) {
    case date_type: return number(at, static_cast<std::int32_t>(days - epoch_days));
    case timestamp_type:
    case timestamptz_type: {
        std::int64_t microseconds = 0;
        return !__builtin_mul_overflow(days, microseconds_per_day, &microseconds) &&
               timestamp(at, microseconds, type);
    }
    default: return false;
    }
}

bool parameters::timestamp(std::size_t at, std::int64_t microseconds, std::uint32_t type) {
    switch (type) {
    case timestamp_type:
    case timestamptz_type:
        return has_timestamp(microseconds) && number(at, microseconds - epoch_days * microseconds_per_day);
    case date_type:
        return microseconds % microseconds_per_day == 0 &&
               date(at, microseconds / microseconds_per_day, type);
    default: return false;
    }
}

/// JSON and arrays. Where the binary form is not the text itself, the server reads the text as it reads a literal.
bool parameters::structured(std::size_t at, const cell& c, std::uint32_t type) {
    // Without a name for its statement (any_type) the server has not said what stands there: it is the array that kin's own tables have.
    // So is a type of the program's own: an array of enumerations.
    if (c.kind == cell_kind::array && !is_text(type) && type != json_type && type != jsonb_type) {
        const std::optional<std::string> literal = literal_of_json(c.bytes());
        return literal && text(at, *literal);
    }
    return is_text(type) || type == json_type ? bytes(at, c) : text(at, c.bytes());
}

bool parameters::bytes(std::size_t at, const cell& c) {
    if (c.size > static_cast<std::uint32_t>(std::numeric_limits<std::int32_t>::max())) [[unlikely]]
        refuse_size(at);
    return set(at, c.size != 0 ? c.data : "", static_cast<int>(c.size), binary_form);
}

bool parameters::text(std::size_t at, std::string_view copied) {
    auto* const memory = static_cast<char*>(memory_.allocate(copied.size() + 1));
    copied.copy(memory, copied.size());
    memory[copied.size()] = '\0';
    return set(at, memory, 0, text_form);
}

template <class Integer> bool parameters::number(std::size_t at, Integer v) {
    static_assert(sizeof v <= sizeof(std::uint64_t));
    auto* const memory = reinterpret_cast<char*>(&numbers_[at]);
    write_integer(memory, v);
    return set(at, memory, sizeof v, binary_form);
}

inline bool parameters::set(std::size_t at, const char* value, int length, int form) noexcept {
    values_[at] = value;
    lengths_[at] = length;
    formats_[at] = form;
    return true;
}

} // namespace kin::postgresql
