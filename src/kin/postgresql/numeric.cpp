// SPDX-License-Identifier: MIT
#include "kin/postgresql/numeric.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kin/postgresql/network_order.hpp"

namespace kin::postgresql {

namespace {

constexpr std::size_t header =
    8; // count of digits, weight of the first, sign, digits that are shown after the point

void put_digit(std::string& out, std::uint16_t digit) {
    for (unsigned unit = 1000; unit != 0; unit /= 10) out += static_cast<char>('0' + digit / unit % 10);
}

} // namespace

std::string_view shortest_decimal(std::string_view text) noexcept {
    if (text.find('.') != std::string_view::npos) {
        while (text.back() == '0') text.remove_suffix(1);
        if (text.back() == '.') text.remove_suffix(1);
    }
    return text == "-0" ? std::string_view("0") : text;
}

std::string text_of_numeric(std::string_view bytes) {
    if (bytes.size() < header) return {};
    const auto at = [&](std::size_t i) { return read_integer<std::uint16_t>(bytes.data() + 2 * i); };
    const std::size_t count = at(0);
    const auto weight = static_cast<std::int16_t>(at(1)); // of the first digit, in powers of 10,000
    const std::uint16_t sign = at(2);
    if (bytes.size() != header + 2 * count) return {};
    switch (sign) {
    case 0xC000: return "NaN";
    case 0xD000: return "Infinity";
    case 0xF000: return "-Infinity";
    default: break;
    }
    const auto digit = [&](int i) {
        return i < 0 || i >= static_cast<int>(count) ? std::uint16_t{0} : at(4 + static_cast<std::size_t>(i));
    };
    std::string whole;
    for (int i = 0; i <= weight; ++i) put_digit(whole, digit(i));
    whole.erase(0, whole.find_first_not_of('0'));
    std::string fraction;
    for (int i = weight + 1; i < static_cast<int>(count); ++i) put_digit(fraction, digit(i));
    std::string out = sign == 0x4000 ? "-" : "";
    out += whole.empty() ? "0" : whole;
    if (!fraction.empty()) out.append(".").append(fraction);
    return std::string(shortest_decimal(out));
}

std::string numeric_of_text(std::string_view text) {
    constexpr std::size_t most_digits = 1000;
    constexpr std::size_t group = 4; // decimal digits in one of NUMERIC's
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string whole(text.substr(0, point));
    std::string fraction(point == text.size() ? std::string_view() : text.substr(point + 1));
    const std::size_t scale = fraction.size();
    const auto is_number = [](const std::string& digits) {
        return digits.find_first_not_of("0123456789") == std::string::npos;
    };
    if (whole.empty() || !is_number(whole) || !is_number(fraction) || text.size() > most_digits) return {};
    whole.insert(0, (group - whole.size() % group) % group, '0');
    fraction.append((group - fraction.size() % group) % group, '0');
    const std::string all = whole + fraction;
    const std::size_t count = all.size() / group;
    std::string out(header + 2 * count, '\0');
    const auto put = [&](std::size_t i, std::uint16_t v) { write_integer(out.data() + 2 * i, v); };
    put(0, static_cast<std::uint16_t>(count));
    put(1, static_cast<std::uint16_t>(whole.size() / group - 1));
    put(2, negative ? 0x4000 : 0);
    put(3, static_cast<std::uint16_t>(scale));
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t digit = 0;
        for (std::size_t k = 0; k < group; ++k)
            digit = static_cast<std::uint16_t>(digit * 10 + (all[group * i + k] - '0'));
        put(4 + i, digit);
    }
    return out;
}

} // namespace kin::postgresql
