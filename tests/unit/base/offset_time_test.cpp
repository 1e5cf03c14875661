// SPDX-License-Identifier: MIT
#include "kin/base/offset_time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "kin/base/error.hpp"

using kin::offset_time;
using namespace std::chrono_literals;

namespace {

std::string stored(const offset_time& time) {
    kin::cell c;
    kin::scratch memory;
    EXPECT_TRUE(kin::codec<offset_time>::encode(time, kin::encoder{c, memory}));
    return std::string(c.bytes());
}

const std::chrono::sys_seconds noon = std::chrono::sys_days(2026y / 11 / 29) + 12h;

TEST(offset_time, remembers_the_instant_and_the_offset) {
    const offset_time t(noon, 120);
    EXPECT_EQ(t.to_string(), "2026-11-29T14:00:00+02:00");
    EXPECT_EQ(t.instant<std::chrono::sys_seconds>(), noon);
    EXPECT_EQ(t.offset_minutes(), 120);
    EXPECT_EQ(offset_time(noon, -330).to_string(), "2026-11-29T06:30:00-05:30");
    EXPECT_EQ(offset_time(noon + 1500us, 0).to_string(), "2026-11-29T12:00:00.001500+00:00");
    EXPECT_EQ(offset_time(noon + 1500us, 0).instant<std::chrono::sys_seconds>(), noon);
    EXPECT_EQ(offset_time(std::chrono::sys_time<std::chrono::nanoseconds>(-1ns), 0).utc_microseconds(), -1);
}

TEST(offset_time, is_read_from_iso_8601) {
    EXPECT_EQ(offset_time::parse("2026-11-29T14:00:00+02:00"), offset_time(noon, 120));
    EXPECT_EQ(offset_time::parse("2026-11-29 12:00Z"), offset_time(noon, 0));
    EXPECT_EQ(offset_time::parse("2026-11-29T06:30:00.000001-05:30"), offset_time(noon + 1us, -330));
    for (const char* wrong :
         {"", "2026-11-29T14:00:00", "2026-11-29+02:00", "2026-11-29T14:00:00+24:00",
          "2026-11-29T14:00:00+2:00", "2026-02-30T14:00:00Z", "2026-11-29T14:00:00Z+02:00", "Z"})
        EXPECT_FALSE(offset_time::parse(wrong)) << wrong;
}

TEST(offset_time, an_offset_is_less_than_a_day) {
    EXPECT_THROW(offset_time(noon, 1440), kin::data_error);
    EXPECT_THROW(offset_time(noon, -1440), kin::data_error);
    EXPECT_THROW(offset_time(std::chrono::sys_time<std::chrono::hours>(std::chrono::hours::max()), 0),
                 kin::data_error);
    EXPECT_EQ(offset_time(noon, -1439).offset_minutes(), -1439);
}

TEST(offset_time, compares_by_the_instant_as_its_stored_text_does) {
    const std::vector<offset_time> ascending = {offset_time(noon - 1us, -600), offset_time(noon, 0),
                                                offset_time(noon, 60),         offset_time(noon, 120),
                                                offset_time(noon, -60),        offset_time(noon, -120),
                                                offset_time(noon + 1us, 600),  offset_time(noon + 1s, 0)};
    for (std::size_t i = 1; i < ascending.size(); ++i) {
        EXPECT_LT(ascending[i - 1], ascending[i]);
        EXPECT_LT(stored(ascending[i - 1]), stored(ascending[i]));
    }
    EXPECT_NE(offset_time(noon, 0), offset_time(noon, 60));
}

TEST(offset_time, travels_as_text_in_utc_with_the_offset_behind) {
    const offset_time t(noon, 120);
    EXPECT_EQ(stored(t), "2026-11-29 12:00:00.000000Z+02:00");
    offset_time out;
    using codec = kin::codec<offset_time>;
    EXPECT_TRUE(codec::decode(out, kin::cell::of_text(stored(t))));
    EXPECT_EQ(out, t);
    EXPECT_TRUE(codec::decode(out, kin::cell::of_text("2026-11-29T06:30:00-05:30")));
    EXPECT_EQ(out, offset_time(noon, -330));
    EXPECT_FALSE(codec::decode(out, kin::cell::of_text("2026-11-29 12:00:00")));
    EXPECT_FALSE(codec::decode(out, kin::cell::of_integer(0)));
    kin::cell c;
    kin::scratch memory;
    EXPECT_FALSE(
        codec::encode(offset_time(std::chrono::sys_days(10000y / 1 / 1), 0), kin::encoder{c, memory}));
}

} // namespace
