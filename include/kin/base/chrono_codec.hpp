// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "kin/base/encoder.hpp"
#include "kin/base/field_traits.hpp"

// Points in time, dates and durations without <chrono>, which costs 0.3 s in every file that includes it: the types are recognised
// by their members, and a model that uses them has included <chrono> itself.

namespace kin {

namespace detail {

inline constexpr std::int64_t microseconds_per_day = 86'400'000'000;

/// std::chrono::sys_time<Duration>: points on the system clock, which alone has a meaning outside the process.
template <class Clock, class Duration>
concept system_time = requires {
    Clock::to_time_t(Clock::now());
    requires !Clock::is_steady;
    { Duration::period::num } -> std::convertible_to<std::int64_t>;
    { Duration::period::den } -> std::convertible_to<std::int64_t>;
    requires std::integral<typename Duration::rep>;
};

/// A type made from a template with type parameters. The question "has T a member year()" would instantiate it, and
/// that is an error for such as std::optional<Incomplete>.
template <class T> inline constexpr bool is_made_from_template = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool is_made_from_template<Template<Arguments...>> = true;

/// std::chrono::year_month_day.
template <class T>
concept civil_date =
    std::is_class_v<T> && !is_made_from_template<T> && !field_wrapper<T> && requires(const T& t) {
        { t.ok() } -> std::same_as<bool>;
        static_cast<int>(t.year());
        static_cast<unsigned>(t.month());
        static_cast<unsigned>(t.day());
        T(t.year(), t.month(), t.day());
    };

/// Days since 1970-01-01 of a date of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept {
    const std::int64_t y = month <= 2 ? year - 1 : year; // years begin in March: the leap day is the last one
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t day_of_year =
        (153 * (std::int64_t{month} + (month > 2 ? -3 : 9)) + 2) / 5 + std::int64_t{day} - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

struct civil {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

/// The inverse of `days_from_civil`, for |days| below 2^62.
constexpr civil civil_from_days(std::int64_t days) noexcept {
    const std::int64_t z = days + 719'468;
    const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
    const std::int64_t day_of_era = z - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    const auto civil_month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9);
    return {year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0), civil_month,
            static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1)};
}

/// Microseconds of a date or timestamp cell. False for another kind, and where a date is out of range.
inline bool microseconds_of(const cell& from, std::int64_t& microseconds) noexcept {
    if (from.kind == cell_kind::timestamp) {
        microseconds = from.integer;
        return true;
    }
    return from.kind == cell_kind::date &&
           !__builtin_mul_overflow(from.integer, microseconds_per_day, &microseconds);
}

/// Days of a date cell, or of a timestamp that is a midnight.
inline bool days_of(const cell& from, std::int64_t& days) noexcept {
    if (from.kind == cell_kind::date) {
        days = from.integer;
        return true;
    }
    if (from.kind != cell_kind::timestamp || from.integer % microseconds_per_day != 0) return false;
    days = from.integer / microseconds_per_day;
    return true;
}

constexpr std::int64_t greatest_common_divisor(std::int64_t a, std::int64_t b) noexcept {
    return b == 0 ? a : greatest_common_divisor(b, a % b);
}

/// A tick of Duration is `multiplier / divisor` microseconds.
template <class Duration> struct ticks {
    static constexpr std::int64_t common_ =
        greatest_common_divisor(Duration::period::num * std::int64_t{1'000'000}, Duration::period::den);
    static constexpr std::int64_t multiplier = Duration::period::num * std::int64_t{1'000'000} / common_;
    static constexpr std::int64_t divisor = Duration::period::den / common_;
    static constexpr bool is_day = Duration::period::num == 86'400 && Duration::period::den == 1;
};

/// A tick is 1, 2, 3 ... microseconds.
template <class Period> inline constexpr bool is_whole_microseconds = false;
template <class Period>
    requires requires {
        requires Period::num > 0 && Period::den > 0;
        requires Period::num <= std::int64_t{1'000'000'000'000} &&
                         Period::num* std::int64_t{1'000'000} % Period::den == 0;
    }
inline constexpr bool is_whole_microseconds<Period> = true;

/// std::chrono::duration of integers and of a unit that is no smaller than a microsecond.
template <class T> inline constexpr bool is_whole_duration = false;
template <template <class, class> class Duration, class Rep, class Period>
    requires(std::integral<Rep> && is_whole_microseconds<Period> &&
             requires(const Duration<Rep, Period>& d) {
                 { d.count() } -> std::same_as<Rep>;
                 { Duration<Rep, Period>::zero() } -> std::same_as<Duration<Rep, Period>>;
             })
inline constexpr bool is_whole_duration<Duration<Rep, Period>> = true;
template <class T>
concept whole_duration = is_whole_duration<T>;

/// False when there are more microseconds than 64 bits count.
template <whole_duration Duration>
constexpr bool to_microseconds(const Duration& duration, std::int64_t& microseconds) noexcept {
    const auto count = duration.count();
    return std::in_range<std::int64_t>(count) &&
           !__builtin_mul_overflow(static_cast<std::int64_t>(count), ticks<Duration>::multiplier,
                                   &microseconds);
}

/// Microseconds since 1970 of a time point of the system clock, rounded down; nothing beyond 64 bits.
template <template <class, class> class TimePoint, class Clock, class Duration>
    requires system_time<Clock, Duration>
constexpr std::optional<std::int64_t> utc_microseconds(const TimePoint<Clock, Duration>& time) noexcept {
    using unit = ticks<Duration>;
    const auto count = time.time_since_epoch().count();
    std::int64_t scaled = 0;
    if (!std::in_range<std::int64_t>(count) ||
        __builtin_mul_overflow(static_cast<std::int64_t>(count), unit::multiplier, &scaled))
        return {};
    const std::int64_t rounded_to_zero = scaled / unit::divisor;
    return scaled % unit::divisor < 0 ? rounded_to_zero - 1 : rounded_to_zero;
}

} // namespace detail

/// Time points of the system clock are timestamps with microseconds; finer ones are rounded down when they are stored.
/// std::chrono::sys_days is a date.
template <template <class, class> class TimePoint, class Clock, class Duration>
    requires detail::system_time<Clock, Duration>
struct codec<TimePoint<Clock, Duration>> {
    using time_point = TimePoint<Clock, Duration>;
    using ticks = detail::ticks<Duration>;

    static constexpr column_type type = {.kind = ticks::is_day ? type_kind::date : type_kind::timestamp};

    static bool encode(const time_point& in, encoder to) noexcept {
        if constexpr (ticks::is_day) {
            const auto count = in.time_since_epoch().count();
            return std::in_range<std::int64_t>(count) && to.date(static_cast<std::int64_t>(count));
        } else {
            const std::optional<std::int64_t> count = detail::utc_microseconds(in);
            return count && to.timestamp(*count);
        }
    }
    /// False when Duration is too coarse to hold the stored time exactly, or too narrow.
    static bool decode(time_point& out, const cell& from) noexcept {
        std::int64_t count = 0;
        if constexpr (ticks::is_day) {
            if (!detail::days_of(from, count)) return false;
        } else {
            std::int64_t scaled = 0;
            if (!detail::microseconds_of(from, count)) return false;
            if (__builtin_mul_overflow(count, ticks::divisor, &scaled)) return false;
            if (scaled % ticks::multiplier != 0) return false;
            count = scaled / ticks::multiplier;
        }
        using rep = typename Duration::rep;
        if (!std::in_range<rep>(count)) return false;
        out = time_point(Duration(static_cast<rep>(count)));
        return true;
    }
};

/// Durations are microseconds in an integer of 64 bits, so that those of different units compare. One of a smaller unit than a
/// microsecond cannot be a member: it would lose digits; convert it with std::chrono::duration_cast.
template <detail::whole_duration Duration> struct codec<Duration> {
    static constexpr column_type type = {.kind = type_kind::duration};

    static bool encode(const Duration& in, encoder to) noexcept {
        std::int64_t microseconds = 0;
        return detail::to_microseconds(in, microseconds) && to.integer(microseconds);
    }
    /// False when the unit is too coarse to hold the stored duration exactly, or its integer too narrow.
    static bool decode(Duration& out, const cell& from) noexcept {
        using ticks = detail::ticks<Duration>;
        using rep = typename Duration::rep;
        if (from.kind != cell_kind::integer || from.integer % ticks::multiplier != 0) return false;
        const std::int64_t count = from.integer / ticks::multiplier;
        if (!std::in_range<rep>(count)) return false;
        out = Duration(static_cast<rep>(count));
        return true;
    }
};

/// std::chrono::year_month_day is a date.
template <detail::civil_date T> struct codec<T> {
    static constexpr column_type type = {.kind = type_kind::date};

    /// False for a day that does not exist, such as February 30.
    static bool encode(const T& in, encoder to) noexcept {
        return in.ok() &&
               to.date(detail::days_from_civil(static_cast<int>(in.year()), static_cast<unsigned>(in.month()),
                                               static_cast<unsigned>(in.day())));
    }
    static bool decode(T& out, const cell& from) noexcept {
        constexpr std::int64_t first =
            detail::days_from_civil(-32'767, 1, 1); // the range of std::chrono::year
        constexpr std::int64_t last = detail::days_from_civil(32'767, 12, 31);
        std::int64_t days = 0;
        if (!detail::days_of(from, days) || days < first || days > last) return false;
        const detail::civil date = detail::civil_from_days(days);
        using year = std::remove_cvref_t<decltype(out.year())>;
        using month = std::remove_cvref_t<decltype(out.month())>;
        using day = std::remove_cvref_t<decltype(out.day())>;
        out = T(year(static_cast<int>(date.year)), month(date.month), day(date.day));
        return true;
    }
};

} // namespace kin
