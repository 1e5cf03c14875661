// SPDX-License-Identifier: MIT
#include "kin/base/iso_time.hpp"

#include <chrono>

namespace kin::detail {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::int64_t first_day =
    std::chrono::sys_days(std::chrono::year(0) / 1 / 1).time_since_epoch().count();
constexpr std::int64_t last_day =
    std::chrono::sys_days(std::chrono::year(9999) / 12 / 31).time_since_epoch().count();

void put(char*& out, std::int64_t number, int digits) noexcept {
    for (int i = digits - 1; i >= 0; --i, number /= 10) out[i] = static_cast<char>('0' + number % 10);
    out += digits;
}

/// Takes exactly `digits` digits from the front of `text`; -1 when they are not there.
int take_digits(std::string_view& text, std::size_t digits) noexcept {
    if (text.size() < digits) return -1;
    int number = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return -1;
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return number;
}

bool take_char(std::string_view& text, char c) noexcept {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) noexcept {
    const int year = take_digits(text, 4);
    if (year < 0 || !take_char(text, '-')) return {};
    const int month = take_digits(text, 2);
    if (month < 0 || !take_char(text, '-')) return {};
    const int day_of_month = take_digits(text, 2);
    if (day_of_month < 0) return {};
    const std::chrono::year_month_day date(std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day_of_month)));
    if (!date.ok()) return {};
    return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<std::int64_t> take_fraction(std::string_view& text) noexcept {
    std::int64_t fraction = 0;
    std::int64_t unit = second;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (unit == 1) return {};
        unit /= 10;
        fraction += (text.front() - '0') * unit;
        text.remove_prefix(1);
    }
    if (unit == second) return {};
    return fraction;
}

std::optional<std::int64_t> take_time(std::string_view& text) noexcept {
    const int hours = take_digits(text, 2);
    if (hours < 0 || hours > 23 || !take_char(text, ':')) return {};
    const int minutes = take_digits(text, 2);
    if (minutes < 0 || minutes > 59) return {};
    std::int64_t time = (hours * 60 + minutes) * 60 * second;
    if (!take_char(text, ':')) return time;
    const int seconds = take_digits(text, 2);
    if (seconds < 0 || seconds > 59) return {};
    time += seconds * second;
    if (!take_char(text, '.')) return time;
    const auto fraction = take_fraction(text);
    if (!fraction) return {};
    return time + *fraction;
}

} // namespace

std::size_t format_date(std::int64_t days, char* out) noexcept {
    if (days < first_day || days > last_day) return 0;
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
    char* end = out;
    put(end, int{date.year()}, 4);
    *end++ = '-';
    put(end, unsigned{date.month()}, 2);
    *end++ = '-';
    put(end, unsigned{date.day()}, 2);
    return static_cast<std::size_t>(end - out);
}

std::size_t format_timestamp(std::int64_t microseconds, char* out) noexcept {
    std::int64_t days = microseconds / day;
    std::int64_t time = microseconds % day;
    if (time < 0) {
        time += day;
        --days;
    }
    const std::size_t date_size = format_date(days, out);
    if (date_size == 0) return 0;
    out[date_size] = ' ';
    return date_size + 1 + format_time(time, out + date_size + 1);
}

std::size_t format_time(std::int64_t microseconds, char* out) noexcept {
    if (microseconds < 0 || microseconds >= day) return 0;
    char* end = out;
    put(end, microseconds / (3600 * second), 2);
    *end++ = ':';
    put(end, microseconds / (60 * second) % 60, 2);
    *end++ = ':';
    put(end, microseconds / second % 60, 2);
    if (microseconds % second !=
        0) { // whole seconds as CURRENT_TIMESTAMP writes them, so that texts compare as times do
        *end++ = '.';
        put(end, microseconds % second, 6);
    }
    return static_cast<std::size_t>(end - out);
}

std::optional<std::int64_t> parse_date(std::string_view text) noexcept {
    const auto days = take_date(text);
    if (!text.empty()) return {};
    return days;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept {
    const auto days = take_date(text);
    if (!days) return {};
    if (text.empty()) return *days * day;
    if (!take_char(text, ' ') && !take_char(text, 'T')) return {};
    const auto time = take_time(text);
    if (!time) return {};
    take_char(text, 'Z');
    if (!text.empty()) return {};
    return *days * day + *time;
}

std::optional<std::int64_t> parse_time(std::string_view text) noexcept {
    const auto time = take_time(text);
    if (!text.empty()) return {};
    return time;
}

} // namespace kin::detail
