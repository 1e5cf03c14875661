// SPDX-License-Identifier: MIT
#include "support/value_trips.hpp"

#include <charconv>
#include <cmath>

#include "kin/base/iso_time.hpp"

namespace kin::testing {

namespace {

std::string digits_of(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

std::string hexadecimal(std::string_view bytes) {
    static constexpr const char* digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[c & 0x0F];
    }
    return out;
}

} // namespace

std::optional<std::string> text_around_kin(const cell& c) {
    char text[detail::iso_time_size];
    switch (c.kind) {
    case cell_kind::null: return std::nullopt;
    case cell_kind::integer: return std::to_string(c.integer);
    case cell_kind::boolean: return c.integer != 0 ? "true" : "false";
    case cell_kind::real: return digits_of(c.real);
    case cell_kind::date: return std::string(text, detail::format_date(c.integer, text));
    case cell_kind::time: return with_fraction(std::string(text, detail::format_time(c.integer, text)));
    case cell_kind::timestamp:
        return with_fraction(std::string(text, detail::format_timestamp(c.integer, text)));
    case cell_kind::blob: return hexadecimal(c.bytes());
    case cell_kind::uuid: return uuid::from_bytes(c.data).to_string();
    case cell_kind::text:
    case cell_kind::decimal:
    case cell_kind::json:
    case cell_kind::array: break;
    }
    return std::string(c.bytes());
}

std::string with_fraction(std::string time) {
    const std::size_t point = time.find('.');
    if (point == std::string::npos) return time + ".000000";
    time.resize(point + 7, '0');
    return time;
}

std::string bytes_of(std::string_view hexadecimal_digits) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hexadecimal_digits.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hexadecimal_digits.substr(i, 2)), nullptr, 16));
    return out;
}

} // namespace kin::testing
