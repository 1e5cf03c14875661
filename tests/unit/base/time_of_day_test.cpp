// SPDX-License-Identifier: MIT
#include "kin/base/time_of_day.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>

#include "kin/base/error.hpp"

using kin::time_of_day;
using namespace std::chrono_literals;

namespace {

TEST(time_of_day, is_made_of_its_parts) {
    const time_of_day t(13, 5, 7, 250);
    EXPECT_EQ(t.hours(), 13);
    EXPECT_EQ(t.minutes(), 5);
    EXPECT_EQ(t.seconds(), 7);
    EXPECT_EQ(t.microseconds(), 250);
    EXPECT_EQ(t.to_string(), "13:05:07.000250");
    EXPECT_EQ(time_of_day().to_string(), "00:00:00");
    std::ostringstream out;
    out << time_of_day(9, 30);
    EXPECT_EQ(out.str(), "09:30:00");
    static_assert(time_of_day(1, 0) < time_of_day(1, 0, 0, 1));
}

TEST(time_of_day, is_a_duration_since_midnight) {
    EXPECT_EQ(time_of_day(13h + 5min), time_of_day(13, 5));
    EXPECT_EQ(time_of_day(13, 5, 7).since_midnight<std::chrono::minutes>(), 785min);
    EXPECT_EQ(time_of_day(0, 0, 1).since_midnight<std::chrono::milliseconds>(), 1000ms);
}

TEST(time_of_day, is_read_from_iso_8601) {
    EXPECT_EQ(time_of_day::parse("09:30"), time_of_day(9, 30));
    EXPECT_EQ(time_of_day::parse("23:59:59.5"), time_of_day(23, 59, 59, 500'000));
    for (const char* wrong : {"", "9:30", "24:00", "23:60", "23:59:60", "09:30Z", "09:30:00.1234567", "noon"})
        EXPECT_FALSE(time_of_day::parse(wrong)) << wrong;
}

TEST(time_of_day, is_never_outside_of_the_day) {
    EXPECT_THROW(time_of_day(24, 0), kin::data_error);
    EXPECT_THROW(time_of_day(0, 60), kin::data_error);
    EXPECT_THROW(time_of_day(0, 0, -1), kin::data_error);
    EXPECT_THROW(time_of_day(24h), kin::data_error);
    EXPECT_THROW(time_of_day(-1us), kin::data_error);
    try {
        (void)time_of_day::from_microseconds(-1);
        FAIL();
    } catch (const kin::data_error& e) {
        EXPECT_EQ(e.code(), "invalid_time");
    }
}

TEST(time_of_day, travels_as_microseconds_since_midnight) {
    kin::cell c;
    kin::scratch memory;
    ASSERT_TRUE(kin::codec<time_of_day>::encode(time_of_day(0, 0, 1), kin::encoder{c, memory}));
    EXPECT_TRUE(c.same_as(kin::cell::of_integer(1'000'000, kin::cell_kind::time)));
    time_of_day out;
    EXPECT_TRUE(kin::codec<time_of_day>::decode(out, c));
    EXPECT_EQ(out, time_of_day(0, 0, 1));
    EXPECT_FALSE(kin::codec<time_of_day>::decode(out, kin::cell::of_integer(1)));
    EXPECT_FALSE(kin::codec<time_of_day>::decode(out, kin::cell::of_integer(-1, kin::cell_kind::time)));
}

} // namespace
