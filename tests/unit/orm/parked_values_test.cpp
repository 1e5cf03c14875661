// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <limits>

#include "support/test_database.hpp"
#include "unit/orm/world.hpp"

// Unique values of every type that has one which nobody has are exchanged in one commit.

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using testing::SizeIs;
using moment = std::chrono::sys_time<std::chrono::microseconds>;

struct Booking;
struct Room {
    kin::primary_key<int> id;
    kin::has_many<Booking> bookings;
};
struct Booking {
    kin::primary_key<int> id;
    kin::foreign_key<&Room::id> room_id;
    kin::belongs_to<Room> room;
    year_month_day first_night;
    static constexpr auto kin_options =
        kin::options(kin::unique_together<&Booking::room_id, &Booking::first_night>);
};

struct Slot {
    kin::primary_key<int> id;
    kin::field<year_month_day, kin::unique> day;
    kin::field<moment, kin::unique> at;
    kin::field<kin::time_of_day, kin::unique> opens;
    kin::field<std::chrono::seconds, kin::unique> lasts;
    kin::field<std::int16_t, kin::unique> number;
};

struct parked_values : testing::Test {
    /// Two rows exchange all their values.
    void swap_of(const Slot& a, const Slot& b) {
        db.create_all<Slot>();
        kin::session session = db.session();
        auto one = session.add(a);
        auto two = session.add(b);
        session.commit();
        std::swap(one->day, two->day);
        std::swap(one->at, two->at);
        std::swap(one->opens, two->opens);
        std::swap(one->lasts, two->lasts);
        std::swap(one->number, two->number);
        session.commit();
        expect_values(one->id, b);
        expect_values(two->id, a);
    }
    void expect_values(int id, const Slot& wanted) {
        kin::session reader = db.session();
        const auto read = reader.get_one<Slot>(id);
        EXPECT_EQ(read->day, wanted.day);
        EXPECT_EQ(read->at, wanted.at);
        EXPECT_EQ(read->opens, wanted.opens);
        EXPECT_EQ(read->lasts, wanted.lasts);
        EXPECT_EQ(read->number, wanted.number);
    }
    kin::database db{kin::testing::fresh_url()};
};

TEST_F(parked_values, days_moments_times_and_numbers_are_exchanged) {
    swap_of({.day = 1815y / 6 / 18,
             .at = sys_days(2024y / 1 / 1) + 1us,
             .opens = {{9, 30}},
             .lasts = 5s,
             .number = -5},
            {.day = 1789y / 7 / 14,
             .at = sys_days(2024y / 1 / 1) + 2us,
             .opens = {{17, 0}},
             .lasts = 7s,
             .number = 5});
}

TEST_F(parked_values, the_largest_value_of_a_type_may_be_taken) {
    swap_of(
        {.day = 2024y / 1 / 1, .at = sys_days(2024y / 1 / 1), .opens = {{9, 30}}, .lasts = 5s, .number = 1},
        {.day = 9999y / 12 / 31,
         .at = sys_days(9999y / 12 / 31) + 24h - 1us,
         .opens = kin::time_of_day(23, 59, 59, 999'999),
         .lasts = 7s,
         .number = std::numeric_limits<std::int16_t>::max()});
}

TEST_F(parked_values, two_bookings_exchange_their_rooms) {
    db.create_all<Room, Booking>();
    kin::session session = db.session();
    auto red = session.add(Room{});
    auto blue = session.add(Room{});
    auto ann = kin::make(Booking{.room = red, .first_night = 2026y / 12 / 1});
    auto bob = kin::make(Booking{.room = blue, .first_night = 2026y / 12 / 1});
    session.commit();
    const kin::testing::sql_counter counter{db};
    ann->room = blue;
    bob->room = red;
    EXPECT_EQ(session.plan(), "UPDATE booking SET first_night to a value that nobody has: id = 1\n"
                              "UPDATE booking SET room_id: id = 2\n"
                              "UPDATE booking SET room_id, first_night: id = 1\n");
    session.commit();
    EXPECT_THAT(counter.statements(), SizeIs(4)) << "a SELECT of the last night, and three UPDATEs";
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Booking>(ann->id)->room_id, blue->id);
    EXPECT_EQ(reader.get_one<Booking>(bob->id)->room_id, red->id);
    EXPECT_EQ(reader.get_one<Booking>(ann->id)->first_night, 2026y / 12 / 1);
}

} // namespace
