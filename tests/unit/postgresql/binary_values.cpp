// SPDX-License-Identifier: MIT
#include "unit/postgresql/binary_values.hpp"

#include <bit>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "kin/kin.hpp"
#include "support/value_trips.hpp"

namespace kin::testing {

namespace {

constexpr std::int64_t day_us = 86'400'000'000;
const std::int64_t first_day =
    std::chrono::sys_days(std::chrono::year(2000) / 1 / 1).time_since_epoch().count(); // of the binary forms

/// The most significant byte first.
std::int64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t number = (bytes.at(at) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < size; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return static_cast<std::int64_t>(number);
}

std::string bytes_of_number(std::int64_t number, std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[size - 1 - i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
    return out;
}

/// Digits in groups of four, with a weight in front of the first group and the number of digits after the point.
std::string text_of_numeric(std::string_view bytes) {
    const std::int64_t groups = number_at(bytes, 0, 2);
    const std::int64_t weight = number_at(bytes, 2, 2);
    const std::int64_t scale = number_at(bytes, 6, 2);
    const auto group = [&](std::int64_t place) {
        const bool is_there = place >= 0 && place < groups;
        std::string four =
            std::to_string(is_there ? number_at(bytes, static_cast<std::size_t>(8 + 2 * place), 2) : 0);
        four.insert(0, 4 - four.size(), '0');
        return four;
    };
    std::string digits = number_at(bytes, 4, 2) == 0x4000 ? "-" : "";
    if (weight < 0) digits += "0";
    for (std::int64_t i = 0; i <= weight; ++i) digits += group(i);
    digits += ".";
    std::string fraction;
    for (std::int64_t i = weight + 1; static_cast<std::int64_t>(fraction.size()) < scale; ++i)
        fraction += group(i);
    digits += fraction.substr(0, static_cast<std::size_t>(scale)) + "0";
    return decimal(digits).trimmed().to_string();
}

std::string numeric_of_text(std::string text) {
    const bool negative = text.starts_with('-');
    if (negative) text.erase(0, 1);
    std::string fraction = text.find('.') != std::string::npos ? text.substr(text.find('.') + 1) : "";
    std::string whole = text.substr(0, text.find('.'));
    const std::size_t scale = fraction.size();
    whole.insert(0, (4 - whole.size() % 4) % 4, '0');
    fraction.append((4 - fraction.size() % 4) % 4, '0');
    const std::string digits = whole + fraction;
    std::string out = bytes_of_number(static_cast<std::int64_t>(digits.size() / 4), 2) +
                      bytes_of_number(static_cast<std::int64_t>(whole.size() / 4) - 1, 2) +
                      bytes_of_number(negative ? 0x4000 : 0, 2) +
                      bytes_of_number(static_cast<std::int64_t>(scale), 2);
    for (std::size_t i = 0; i < digits.size(); i += 4)
        out += bytes_of_number(std::stoll(digits.substr(i, 4)), 2);
    return out;
}

std::string time_text(std::int64_t number, cell_kind kind) {
    return text_around_kin(cell::of_integer(number, kind)).value();
}

std::int64_t days_of(const std::string& date) {
    const std::chrono::year_month_day day(
        std::chrono::year(std::stoi(date.substr(0, 4))),
        std::chrono::month(static_cast<unsigned>(std::stoi(date.substr(5, 2)))),
        std::chrono::day(static_cast<unsigned>(std::stoi(date.substr(8, 2)))));
    return std::chrono::sys_days(day).time_since_epoch().count() - first_day;
}

std::int64_t clock_of(const std::string& time) {
    return (std::stoll(time.substr(0, 2)) * 3600 + std::stoll(time.substr(3, 2)) * 60 +
            std::stoll(time.substr(6, 2))) *
               1'000'000 +
           std::stoll(time.substr(9, 6));
}

enum number_of_type : unsigned {
    boolean = 16,
    bytea = 17,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    text = 25,
    float4 = 700,
    float8 = 701,
    character = 1042,
    varying = 1043,
    date = 1082,
    time_of_the_day = 1083,
    timestamptz = 1184,
    numeric = 1700,
    uuid_number = 2950,
    jsonb = 3802,
};

} // namespace

std::string text_of_binary(unsigned postgresql_type, std::string_view bytes, type_kind kind) {
    switch (postgresql_type) {
    case boolean: return bytes.at(0) != 0 ? "true" : "false";
    case int2:
    case int4:
    case int8: return std::to_string(number_at(bytes, 0, bytes.size()));
    case float4: {
        const auto real = std::bit_cast<float>(static_cast<std::uint32_t>(number_at(bytes, 0, 4)));
        return text_around_kin(cell::of_real(static_cast<double>(real))).value();
    }
    case float8: return text_around_kin(cell::of_real(std::bit_cast<double>(number_at(bytes, 0, 8)))).value();
    case text:
    case varying:
    case character: return std::string(bytes);
    case bytea: return text_around_kin(cell::of_bytes(bytes)).value();
    case date: return time_text(number_at(bytes, 0, 4) + first_day, cell_kind::date);
    case time_of_the_day: return time_text(number_at(bytes, 0, 8), cell_kind::time);
    case timestamptz: return time_text(number_at(bytes, 0, 8) + first_day * day_us, cell_kind::timestamp);
    case numeric: return text_of_numeric(bytes);
    case uuid_number: return text_around_kin(cell::of_bytes(bytes, cell_kind::uuid)).value();
    case jsonb: {
        if (bytes.at(0) != 1) throw std::runtime_error("another version of jsonb");
        const std::string document(bytes.substr(1));
        return kind == type_kind::json || kind == type_kind::array ? json(document).text() : document;
    }
    default: throw std::runtime_error("type " + std::to_string(postgresql_type) + " in binary form");
    }
}

std::string binary_of_text(unsigned postgresql_type, const std::string& value) {
    switch (postgresql_type) {
    case boolean: return std::string(1, value == "true" ? '\1' : '\0');
    case int2: return bytes_of_number(std::stoll(value), 2);
    case int4: return bytes_of_number(std::stoll(value), 4);
    case int8: return bytes_of_number(std::stoll(value), 8);
    case float4:
        return bytes_of_number(
            std::bit_cast<std::int32_t>(static_cast<float>(std::strtod(value.c_str(), nullptr))), 4);
    case float8: return bytes_of_number(std::bit_cast<std::int64_t>(std::strtod(value.c_str(), nullptr)), 8);
    case bytea: return bytes_of(value);
    case date: return bytes_of_number(days_of(value), 4);
    case time_of_the_day: return bytes_of_number(clock_of(value), 8);
    case timestamptz: return bytes_of_number(days_of(value) * day_us + clock_of(value.substr(11)), 8);
    case numeric: return numeric_of_text(value);
    case uuid_number: return {reinterpret_cast<const char*>(uuid(value).bytes()), uuid::size};
    case jsonb: return "\1" + value;
    default: return value;
    }
}

unsigned postgresql_type_of(const column_type& type) {
    switch (type.kind) {
    case type_kind::boolean: return boolean;
    case type_kind::integer: return type.bits > 32 ? int8 : type.bits > 16 ? int4 : int2;
    case type_kind::duration: return int8;
    case type_kind::real: return type.bits > 32 ? float8 : float4;
    case type_kind::blob: return bytea;
    case type_kind::date: return date;
    case type_kind::time: return time_of_the_day;
    case type_kind::timestamp: return timestamptz;
    case type_kind::decimal: return numeric;
    case type_kind::uuid: return uuid_number;
    case type_kind::json:
    case type_kind::array: return jsonb;
    case type_kind::enumeration: return varying;
    case type_kind::text: break;
    }
    return type.length == 0 ? text : type.fixed_length ? character : varying;
}

} // namespace kin::testing
