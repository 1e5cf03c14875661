// SPDX-License-Identifier: MIT
#include "kin/base/chrono_codec.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

using kin::cell;
using kin::cell_kind;
using kin::codec;
using namespace std::chrono;

namespace {

template <class T> std::optional<T> decoded(const cell& from) {
    T out{};
    if (!codec<T>::decode(out, from)) return std::nullopt;
    return out;
}
template <class T> std::optional<cell> encoded(const T& in) {
    cell out;
    kin::scratch memory;
    if (!codec<T>::encode(in, kin::encoder{out, memory})) return std::nullopt;
    return out;
}
cell timestamp(std::int64_t microseconds) { return cell::of_integer(microseconds, cell_kind::timestamp); }
cell date(std::int64_t days) { return cell::of_integer(days, cell_kind::date); }

} // namespace

static_assert(kin::storable<system_clock::time_point> && kin::storable<sys_seconds> &&
              kin::storable<sys_days>);
static_assert(kin::storable<sys_time<nanoseconds>> && kin::storable<sys_time<hours>> &&
              kin::storable<year_month_day>);
static_assert(!kin::storable<steady_clock::time_point> && !kin::storable<local_seconds>);
static_assert(!kin::storable<sys_time<duration<double>>>);
static_assert(kin::storable<seconds> && kin::storable<microseconds> && kin::storable<years>);
static_assert(
    kin::storable<duration<std::int16_t, std::ratio<1, 25>>>); // a picture of a film: 40,000 microseconds
// these would lose digits
static_assert(!kin::storable<nanoseconds> && !kin::storable<duration<double>> &&
              !kin::storable<duration<int, std::ratio<1, 3>>>);
static_assert(codec<hours>::type.kind == kin::type_kind::duration);
static_assert(!kin::storable<year_month_day_last> && !kin::storable<year_month>);
static_assert(codec<sys_seconds>::type.kind == kin::type_kind::timestamp);
static_assert(codec<sys_days>::type.kind == kin::type_kind::date);
static_assert(codec<year_month_day>::type.kind == kin::type_kind::date);
static_assert(kin::detail::days_from_civil(1970, 1, 1) == 0 &&
              kin::detail::days_from_civil(2000, 3, 1) == 11'017);

TEST(chrono_codec, time_points_are_microseconds_since_1970) {
    EXPECT_EQ(encoded(sys_seconds(seconds(2)))->integer, 2'000'000);
    EXPECT_EQ(encoded(sys_time<milliseconds>(milliseconds(-3)))->integer, -3'000);
    EXPECT_EQ(encoded(sys_time<hours>(hours(1)))->integer, 3'600'000'000);
    EXPECT_EQ(encoded(sys_seconds(seconds(2)))->kind, cell_kind::timestamp);
    EXPECT_EQ(decoded<sys_seconds>(timestamp(2'000'000)), sys_seconds(seconds(2)));
}

TEST(chrono_codec, finer_times_are_rounded_down_before_1970_too) {
    EXPECT_EQ(encoded(sys_time<nanoseconds>(nanoseconds(1'999)))->integer, 1);
    EXPECT_EQ(encoded(sys_time<nanoseconds>(nanoseconds(-1)))->integer, -1);
    EXPECT_EQ(encoded(sys_time<nanoseconds>(nanoseconds(-1'000)))->integer, -1);
    EXPECT_EQ(decoded<sys_time<nanoseconds>>(timestamp(-7)), sys_time<nanoseconds>(nanoseconds(-7'000)));
}

TEST(chrono_codec, a_stored_time_that_the_member_cannot_hold_exactly_is_refused) {
    EXPECT_FALSE(decoded<sys_seconds>(timestamp(1'500'000)));
    EXPECT_FALSE(decoded<sys_time<hours>>(timestamp(1'000'000)));
    EXPECT_TRUE(decoded<sys_time<milliseconds>>(timestamp(1'500'000)));
}

TEST(chrono_codec, times_out_of_range_are_refused) {
    EXPECT_FALSE(encoded(sys_seconds::max()));
    EXPECT_FALSE(decoded<sys_time<nanoseconds>>(timestamp(std::numeric_limits<std::int64_t>::max())));
    EXPECT_FALSE((decoded<sys_time<duration<std::int32_t, std::micro>>>(timestamp(3'000'000'000))));
}

TEST(chrono_codec, days_are_dates_and_midnights_are_days) {
    const sys_days leap_day = 2024y / February / 29;
    EXPECT_EQ(encoded(leap_day)->kind, cell_kind::date);
    EXPECT_EQ(encoded(leap_day)->integer, 19'782);
    EXPECT_EQ(decoded<sys_days>(date(19'782)), leap_day);
    EXPECT_EQ(decoded<sys_days>(timestamp(19'782 * kin::detail::microseconds_per_day)), leap_day);
    EXPECT_FALSE(decoded<sys_days>(timestamp(1)));
    EXPECT_EQ(decoded<sys_seconds>(date(1)), sys_seconds(hours(24)));
    EXPECT_FALSE(decoded<sys_seconds>(date(std::numeric_limits<std::int64_t>::max())));
}

TEST(chrono_codec, calendar_dates_agree_with_the_standard_library_for_every_day_of_800_years) {
    for (sys_days day = 1600y / January / 1; day < sys_days(2400y / January / 1); day += days(1)) {
        const year_month_day calendar = day;
        ASSERT_EQ(encoded(calendar)->integer, day.time_since_epoch().count());
        ASSERT_EQ(decoded<year_month_day>(date(day.time_since_epoch().count())), calendar);
    }
}

TEST(chrono_codec, the_first_and_last_year_of_the_calendar_fit_and_nothing_beyond) {
    const year_month_day first = year::min() / January / 1;
    const year_month_day final_day = year::max() / December / 31;
    EXPECT_EQ(decoded<year_month_day>(*encoded(first)), first);
    EXPECT_EQ(decoded<year_month_day>(*encoded(final_day)), final_day);
    EXPECT_FALSE(decoded<year_month_day>(date(encoded(first)->integer - 1)));
    EXPECT_FALSE(decoded<year_month_day>(date(encoded(final_day)->integer + 1)));
}

TEST(chrono_codec, a_date_that_does_not_exist_is_refused) {
    EXPECT_FALSE(encoded(2023y / February / 29));
    EXPECT_FALSE(encoded(year_month_day(2023y, month(13), day(1))));
}

TEST(chrono_codec, null_and_numbers_are_no_times) {
    EXPECT_FALSE(decoded<sys_seconds>(cell()));
    EXPECT_FALSE(decoded<sys_days>(cell::of_integer(5)));
    EXPECT_FALSE(decoded<year_month_day>(cell::of_text("2024-01-01")));
}

TEST(chrono_codec, durations_are_microseconds_whatever_their_unit) {
    EXPECT_EQ(encoded(seconds(-2))->integer, -2'000'000);
    EXPECT_EQ(encoded(hours(1))->integer, 3'600'000'000);
    EXPECT_EQ(encoded(hours(1))->kind, cell_kind::integer);
    EXPECT_EQ(decoded<milliseconds>(cell::of_integer(-5'000)), milliseconds(-5));
    EXPECT_EQ(decoded<microseconds>(cell::of_integer(std::numeric_limits<std::int64_t>::min())),
              microseconds::min());
}

TEST(chrono_codec, a_duration_that_does_not_fit_is_refused) {
    EXPECT_FALSE(encoded(hours::max()));
    EXPECT_FALSE(decoded<seconds>(cell::of_integer(1'500'000)));
    EXPECT_FALSE((decoded<duration<std::int8_t>>(cell::of_integer(128'000'000))));
    EXPECT_FALSE(decoded<seconds>(timestamp(0)));
    EXPECT_FALSE(decoded<seconds>(cell()));
}
