// SPDX-License-Identifier: MIT
#include "kin/postgresql/numeric.hpp"

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

} // namespace kin::postgresql
