// SPDX-License-Identifier: MIT
#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// What is unique below a parent is freed and taken in the flush that changes the parent's key.

namespace theatre {

struct Seat;
struct Ticket;

struct Hall {
    kin::primary_key<std::string> code;
    kin::has_many<Seat> seats;
};
struct Seat {
    kin::foreign_key<&Hall::code, kin::key> hall_code;
    kin::primary_key<int> number;
    int price_rank = 0;
    kin::belongs_to<Hall> hall;
    kin::has_many<Ticket> tickets;
    static constexpr auto kin_options =
        kin::options(kin::unique_together<&Seat::hall_code, &Seat::price_rank>);
};
struct Ticket {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Seat::hall_code>> seat_hall;
    std::optional<kin::foreign_key<&Seat::number>> seat_number;
    kin::belongs_to<Seat> seat;
};

} // namespace theatre

namespace {

using namespace theatre;

class renamed_parent : public testing::Test {
protected:
    renamed_parent() {
        db.create_all<Hall, Seat, Ticket>();
        north = session.add(Hall{.code = "n"});
        south = session.add(Hall{.code = "s"});
        first = session.add(Seat{.number = 1, .price_rank = 1, .hall = north});
        other = session.add(Seat{.number = 7, .price_rank = 7, .hall = south});
        session.commit();
    }
    std::int64_t stored(const std::string& condition) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<std::int64_t>("SELECT count(*) FROM seat WHERE " + condition).one());
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::ref<Hall> north, south;
    kin::ref<Seat> first, other;
};

TEST_F(renamed_parent, a_new_child_takes_the_unique_value_of_a_removed_one) {
    north->code = "x";
    session.remove(first);
    const auto seat = session.add(Seat{.number = 2, .price_rank = 1, .hall = north});
    session.commit();
    EXPECT_EQ(seat->hall_code, "x");
    EXPECT_EQ(stored("hall_code = 'x'"), 1);
    EXPECT_EQ(stored("hall_code = 'x' AND number = 2 AND price_rank = 1"), 1);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(renamed_parent, a_new_child_takes_the_key_of_a_removed_one) {
    north->code = "x";
    session.remove(first);
    const auto seat = session.add(Seat{.number = 1, .price_rank = 1, .hall = north});
    session.commit();
    EXPECT_EQ(session.get<Seat>("x", 1), seat);
    EXPECT_EQ(kin::state_of(first), kin::object_state::detached);
    EXPECT_EQ(stored("hall_code = 'x'"), 1);
}

TEST_F(renamed_parent, a_new_parent_takes_the_key_of_a_removed_one_after_it_got_its_children) {
    session.execute("DELETE FROM seat");
    session.expunge_all();
    const auto hall = session.get_one<Hall>("n");
    const auto seat = session.add(Seat{.number = 1, .price_rank = 1, .hall = hall});
    session.commit();
    session.remove(seat);
    session.remove(hall);
    auto next = session.add(Hall{.code = "a"});
    const auto taken = session.add(Seat{.number = 1, .price_rank = 3, .hall = next});
    next->code = "n";
    session.commit();
    EXPECT_EQ(session.get<Hall>("n"), next);
    EXPECT_EQ(session.get<Seat>("n", 1), taken);
    EXPECT_EQ(stored("hall_code = 'n' AND price_rank = 3"), 1);
}

TEST_F(renamed_parent, children_of_two_change_places) {
    south->code = "x";
    first->hall = south;
    other->hall = north;
    first->number = first->price_rank = 7;
    other->number = other->price_rank = 1;
    session.commit();
    EXPECT_EQ(session.get<Seat>("x", 7), first);
    EXPECT_EQ(session.get<Seat>("n", 1), other);
    EXPECT_EQ(stored("hall_code = 'x' AND number = 7 AND price_rank = 7"), 1);
    EXPECT_EQ(stored("hall_code = 'n' AND number = 1 AND price_rank = 1"), 1);
}

TEST_F(renamed_parent, whoever_refers_by_hand_to_a_new_row_is_written_after_it_also_when_others_swap_keys) {
    const auto east = session.add(Hall{.code = "e"});
    session.commit();
    north->code = "s";
    south->code = "n";
    const auto ticket = session.add(Ticket{.seat_hall = "e", .seat_number = 3});
    const auto seat = session.add(Seat{.number = 3, .hall = east});
    session.commit();
    EXPECT_EQ(ticket->seat, seat);
    EXPECT_EQ(seat->tickets.size(), 1U);
    EXPECT_EQ(first->hall_code, "s");
    EXPECT_EQ(other->hall_code, "n");
}

} // namespace
