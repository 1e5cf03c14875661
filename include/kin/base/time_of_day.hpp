// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "kin/base/chrono_codec.hpp"
#include "kin/base/encoder.hpp"

namespace kin {

/// A time of the day without a date or a zone, with microseconds: 00:00:00 to 23:59:59.999999. Default-made it is midnight.
/// A value.
class time_of_day {
public:
    constexpr time_of_day() noexcept = default;
    /// Throws: data_error (invalid_time) when there is no such time: hours 0 to 23, minutes and seconds 0 to 59.
    constexpr time_of_day(int hours, int minutes, int seconds = 0, int microseconds = 0)
        : since_midnight_(checked(hours, minutes, seconds, microseconds)) {}
    /// From a duration since midnight (std::chrono::hours ...) that has no digits below a microsecond.
    /// Throws: data_error (invalid_time) when it is negative, or 24 hours and more.
    template <detail::whole_duration Duration>
    explicit constexpr time_of_day(const Duration& since_midnight) {
        std::int64_t count = 0;
        if (!detail::to_microseconds(since_midnight, count)) fail();
        *this = from_microseconds(count);
    }
    /// Throws: data_error (invalid_time).
    [[nodiscard]] static constexpr time_of_day from_microseconds(std::int64_t since_midnight) {
        if (since_midnight < 0 || since_midnight >= detail::microseconds_per_day) fail();
        time_of_day made;
        made.since_midnight_ = since_midnight;
        return made;
    }
    /// Reads HH:MM, HH:MM:SS and HH:MM:SS.f with one to six f. Nothing for any other text.
    [[nodiscard]] static std::optional<time_of_day> parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr int hours() const noexcept { return part(3'600'000'000, 24); }
    [[nodiscard]] constexpr int minutes() const noexcept { return part(60'000'000, 60); }
    [[nodiscard]] constexpr int seconds() const noexcept { return part(1'000'000, 60); }
    [[nodiscard]] constexpr int microseconds() const noexcept { return part(1, 1'000'000); }
    [[nodiscard]] constexpr std::int64_t microseconds_since_midnight() const noexcept {
        return since_midnight_;
    }
    /// As a duration, rounded down to its unit: `t.since_midnight<std::chrono::seconds>()`.
    template <detail::whole_duration Duration> [[nodiscard]] constexpr Duration since_midnight() const {
        using ticks = detail::ticks<Duration>;
        return Duration(
            static_cast<typename Duration::rep>(since_midnight_ * ticks::divisor / ticks::multiplier));
    }
    /// HH:MM:SS, and six digits after a point where it is no whole second.
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] friend constexpr auto operator<=>(const time_of_day&,
                                                    const time_of_day&) noexcept = default;

    /// For any stream the user has included: kin does not include <ostream>.
    template <class Stream>
        requires requires { typename Stream::char_type; }
    friend Stream& operator<<(Stream& stream, const time_of_day& time) {
        stream << time.to_string();
        return stream;
    }

private:
    [[noreturn]] static void fail();
    [[nodiscard]] static constexpr std::int64_t checked(int h, int m, int s, int us) {
        if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 || us < 0 || us > 999'999) fail();
        return ((std::int64_t{h} * 60 + m) * 60 + s) * 1'000'000 + us;
    }
    [[nodiscard]] constexpr int part(std::int64_t unit, std::int64_t count) const noexcept {
        return static_cast<int>(since_midnight_ / unit % count);
    }

    std::int64_t since_midnight_ = 0;
};

/// Stored as TIME.
template <> struct codec<time_of_day> {
    static constexpr column_type type = {.kind = type_kind::time};
    static bool encode(const time_of_day& in, encoder to) noexcept {
        return to.time(in.microseconds_since_midnight());
    }
    static bool decode(time_of_day& out, const cell& from) noexcept {
        if (from.kind != cell_kind::time || from.integer < 0 || from.integer >= detail::microseconds_per_day)
            return false;
        out = time_of_day::from_microseconds(from.integer);
        return true;
    }
};

} // namespace kin
