// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kin/base/chrono_codec.hpp"
#include "kin/base/encoder.hpp"

namespace kin {

/// A point in time together with the offset from UTC of the clock that showed it: 14:00 at +02:00 is the instant 12:00 UTC, and
/// remembered as 14:00. Two are equal when both are. Microseconds; offsets of less than a day, in minutes. A value.
class offset_time {
public:
    /// 1970-01-01T00:00:00+00:00.
    constexpr offset_time() noexcept = default;
    /// The instant, a time point of the system clock with no digits below a microsecond, and the offset: 120 is +02:00.
    /// Throws: data_error (invalid_time) for an offset of a day and more, and when the instant is out of range.
    template <class TimePoint>
        requires requires(const TimePoint& t) {
            { detail::utc_microseconds(t) } -> std::same_as<std::optional<std::int64_t>>;
        }
    constexpr offset_time(const TimePoint& instant, int offset_minutes) {
        const std::optional<std::int64_t> count = detail::utc_microseconds(instant);
        if (!count) fail();
        *this = from_microseconds(*count, offset_minutes);
    }
    /// Microseconds since 1970-01-01T00:00:00Z, and the offset. Throws: data_error (invalid_time).
    [[nodiscard]] static constexpr offset_time from_microseconds(std::int64_t utc, int offset_minutes) {
        if (offset_minutes <= -minutes_per_day || offset_minutes >= minutes_per_day) fail();
        offset_time made;
        made.utc_ = utc;
        made.offset_minutes_ = static_cast<std::int16_t>(offset_minutes);
        return made;
    }
    /// Reads "2026-11-29T14:00:00.123456+02:00" (ISO 8601; also a space for T, Z for +00:00, without fraction or seconds).
    /// Nothing for any other text.
    [[nodiscard]] static std::optional<offset_time> parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr std::int64_t utc_microseconds() const noexcept { return utc_; }
    [[nodiscard]] constexpr int offset_minutes() const noexcept { return offset_minutes_; }
    /// The instant, rounded down to the unit: `t.instant<std::chrono::sys_seconds>()`.
    template <class TimePoint> [[nodiscard]] constexpr TimePoint instant() const {
        using duration = typename TimePoint::duration;
        using ticks = detail::ticks<duration>;
        const std::int64_t scaled = utc_ * ticks::divisor;
        const std::int64_t rounded_to_zero = scaled / ticks::multiplier;
        return TimePoint(duration(static_cast<typename duration::rep>(
            scaled % ticks::multiplier < 0 ? rounded_to_zero - 1 : rounded_to_zero)));
    }
    /// What the clock showed, as "2026-11-29T14:00:00+02:00"; six digits of a fraction where there is one. The years 0 to 9999;
    /// others give an empty text.
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] friend constexpr bool operator==(const offset_time&, const offset_time&) noexcept = default;
    /// By the instant; of two at the same instant, those of +00:00 and east of it come first, then those west of it, each by their
    /// distance from UTC. It is the order of what is stored.
    [[nodiscard]] friend constexpr std::strong_ordering operator<=>(const offset_time& a,
                                                                    const offset_time& b) noexcept {
        if (a.utc_ != b.utc_) return a.utc_ <=> b.utc_;
        return a.place() <=> b.place();
    }

    /// For any stream the user has included: kin does not include <ostream>.
    template <class Stream>
        requires requires { typename Stream::char_type; }
    friend Stream& operator<<(Stream& stream, const offset_time& time) {
        stream << time.to_string();
        return stream;
    }

private:
    static constexpr int minutes_per_day = 1440;
    [[noreturn]] static void fail();
    [[nodiscard]] constexpr int place() const noexcept {
        return offset_minutes_ >= 0 ? offset_minutes_ : minutes_per_day - offset_minutes_;
    }

    std::int64_t utc_ = 0;
    std::int16_t offset_minutes_ = 0;
};

/// Stored as text on every database, because none keeps the offset of a timestamp: the instant in UTC, and behind it the offset:
/// "2026-11-29 12:00:00.000000Z+02:00". So texts compare as instants do. The years 0 to 9999.
template <> struct codec<offset_time> {
    static constexpr column_type type = {.kind = type_kind::text, .length = 33};
    static bool encode(const offset_time& in, encoder to);
    /// Also takes what offset_time::parse() reads.
    static bool decode(offset_time& out, const cell& from) noexcept;
};

} // namespace kin
