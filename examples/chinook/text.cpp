// SPDX-License-Identifier: MIT
#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace chinook {

namespace {

std::string spaces(std::string_view text, std::size_t width) {
    const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const auto shown = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
    return std::string(shown < width ? width - shown : 0, ' ');
}

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

} // namespace

std::string left(std::string_view text, std::size_t width) { return std::string(text) + spaces(text, width); }
std::string right(std::string_view text, std::size_t width) {
    return spaces(text, width) + std::string(text);
}

std::string day(std::chrono::sys_seconds time) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
    return std::to_string(static_cast<int>(date.year())) + '-' +
           two_digits(static_cast<unsigned>(date.month())) + '-' +
           two_digits(static_cast<unsigned>(date.day()));
}

std::int64_t cents(std::string_view amount) {
    const std::size_t point = std::min(amount.find('.'), amount.size());
    std::string digits(amount.substr(0, point));
    std::string fraction(amount.substr(std::min(point + 1, amount.size())));
    fraction.resize(2, '0'); // SQLite writes 9.9 for 9.90
    digits += fraction;
    std::int64_t result = 0;
    const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (fault != std::errc() || stop != digits.data() + digits.size()) {
        throw std::runtime_error("'" + std::string(amount) + "' is no amount of money");
    }
    return result;
}

std::string amount(std::int64_t cents) {
    const std::int64_t size = cents < 0 ? -cents : cents;
    return (cents < 0 ? "-" : "") + std::to_string(size / 100) + '.' + two_digits(size % 100);
}

} // namespace chinook
