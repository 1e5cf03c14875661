// SPDX-License-Identifier: MIT
#include "kin/postgresql/temporal.hpp"

#include <charconv>

#include "kin/base/chrono_codec.hpp"

namespace kin::postgresql {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t first_day = detail::days_from_civil(-4713, 11, 24);
constexpr std::int64_t last_day = detail::days_from_civil(5'874'897, 12, 31);

void put(char*& out, std::int64_t number, int digits) noexcept {
    for (int i = digits - 1; i >= 0; --i, number /= 10) out[i] = static_cast<char>('0' + number % 10);
    out += digits;
}

/// Takes `least` to `most` digits from the front of `text`; -1 when they are not there.
std::int64_t take_digits(std::string_view& text, std::size_t least, std::size_t most) noexcept {
    std::int64_t number = 0;
    std::size_t taken = 0;
    while (taken < most && taken < text.size() && text[taken] >= '0' && text[taken] <= '9')
        number = number * 10 + (text[taken++] - '0');
    text.remove_prefix(taken);
    return taken < least ? -1 : number;
}

bool take_char(std::string_view& text, char c) noexcept {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) noexcept {
    const std::int64_t year = take_digits(text, 4, 7);
    if (year < 0 || !take_char(text, '-')) return {};
    const std::int64_t month = take_digits(text, 2, 2);
    if (month < 1 || month > 12 || !take_char(text, '-')) return {};
    const std::int64_t day = take_digits(text, 2, 2);
    if (day < 1 || day > 31) return {};
    return detail::days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

/// Hours, minutes and seconds, as far as they are there, in microseconds.
std::optional<std::int64_t> take_clock(std::string_view& text) noexcept {
    std::int64_t time = 0;
    for (const std::int64_t unit : {3600 * second, 60 * second, second}) {
        const std::int64_t number = take_digits(text, 2, 2);
        if (number < 0) return {};
        time += number * unit;
        if (unit == second || !take_char(text, ':')) break;
    }
    if (!take_char(text, '.')) return time;
    for (std::int64_t unit = second / 10; !text.empty() && text.front() >= '0' && text.front() <= '9';
         unit /= 10) {
        time += (text.front() - '0') * unit;
        text.remove_prefix(1);
    }
    return time;
}

} // namespace

bool has_date(std::int64_t days) noexcept { return days >= first_day && days <= last_day; }

bool has_timestamp(std::int64_t microseconds) noexcept {
    return microseconds >=
           first_day * microseconds_per_day; // it has later ones than 64 bits from 1970 on can say
}

std::size_t format_date(std::int64_t days, char* out) noexcept {
    const detail::civil date = detail::civil_from_days(days);
    char* end = out;
    if (date.year >= 0 && date.year <= 9999)
        put(end, date.year, 4);
    else
        end = std::to_chars(end, end + 10, date.year).ptr;
    *end++ = '-';
    put(end, date.month, 2);
    *end++ = '-';
    put(end, date.day, 2);
    return static_cast<std::size_t>(end - out);
}

std::size_t format_time(std::int64_t microseconds, char* out) noexcept {
    char* end = out;
    put(end, microseconds / (3600 * second), 2);
    *end++ = ':';
    put(end, microseconds / (60 * second) % 60, 2);
    *end++ = ':';
    put(end, microseconds / second % 60, 2);
    if (microseconds % second != 0) {
        *end++ = '.';
        put(end, microseconds % second, 6);
    }
    return static_cast<std::size_t>(end - out);
}

std::size_t format_timestamp(std::int64_t microseconds, char* out) noexcept {
    std::int64_t days = microseconds / microseconds_per_day;
    std::int64_t time = microseconds % microseconds_per_day;
    if (time < 0) {
        time += microseconds_per_day;
        --days;
    }
    const std::size_t size = format_date(days, out);
    out[size] = ' ';
    return size + 1 + format_time(time, out + size + 1);
}

std::optional<std::int64_t> parse_date(std::string_view text) noexcept {
    const auto days = take_date(text);
    if (!text.empty()) return {};
    return days;
}

std::optional<std::int64_t> parse_time(std::string_view text) noexcept {
    const auto time = take_clock(text);
    if (!text.empty()) return {};
    return time;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept {
    const auto days = take_date(text);
    if (!days || !take_char(text, ' ')) return {};
    const auto time = take_clock(text);
    if (!time) return {};
    std::int64_t offset = 0;
    if (text.starts_with('+') || text.starts_with('-')) {
        const bool west = text.front() == '-';
        text.remove_prefix(1);
        const auto ahead = take_clock(text);
        if (!ahead) return {};
        offset = west ? -*ahead : *ahead;
    }
    if (!text.empty()) return {};
    std::int64_t moment = 0; // PostgreSQL has some that 64 bits from 1970 on have not
    if (__builtin_mul_overflow(*days, microseconds_per_day, &moment) ||
        __builtin_add_overflow(moment, *time - offset, &moment))
        return {};
    return moment;
}

} // namespace kin::postgresql
