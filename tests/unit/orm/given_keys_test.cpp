// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// Foreign keys set by hand to keys that the program gives, before there is a row that has them.

namespace ports {

struct Ship;

struct Harbour {
    kin::primary_key<std::string> code;
    kin::has_many<Ship> ships;
};

struct Ship {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Harbour::code>> harbour_code;
    kin::belongs_to<Harbour> harbour;
};

} // namespace ports

namespace {

using ports::Harbour;
using ports::Ship;

class given_keys : public testing::Test {
protected:
    given_keys() { db.create_all<Harbour, Ship>(); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(given_keys, link_a_new_object_that_came_before_the_one_that_has_the_key) {
    auto ship = session.add(Ship{.harbour_code = "hh"});
    auto harbour = session.add(Harbour{.code = "hh"});
    session.commit();

    EXPECT_EQ(harbour->ships.size(), 1U);
    EXPECT_EQ(ship->harbour, harbour);
}

TEST_F(given_keys, link_also_when_somebody_has_looked_before) {
    auto ship = session.add(Ship{});
    session.commit();
    auto harbour = session.add(Harbour{.code = "hh"});
    ship->harbour_code = "hh";
    EXPECT_EQ(ship->harbour, nullptr); // no row has this key yet
    session.commit();

    EXPECT_EQ(ship->harbour, harbour);
    EXPECT_EQ(harbour->ships.size(), 1U);
    session.remove(harbour);
    session.commit();
    EXPECT_EQ(ship->harbour_code, std::nullopt);
}

TEST_F(given_keys, link_to_an_object_that_changes_its_key_to_this_one) {
    auto ship = session.add(Ship{});
    auto harbour = session.add(Harbour{.code = "sn"});
    session.commit();
    ship->harbour_code = "hh";
    EXPECT_EQ(std::as_const(*ship).harbour, nullptr);
    harbour->code = "hh";
    session.flush();
    EXPECT_EQ(ship->harbour, harbour);
    EXPECT_EQ(harbour->ships.size(), 1U);

    session.rollback();
    EXPECT_EQ(ship->harbour, nullptr);
    EXPECT_TRUE(harbour->ships.empty());
}

TEST_F(given_keys, are_undone_with_the_row_that_had_them) {
    auto ship = session.add(Ship{});
    session.commit();
    auto harbour = session.add(Harbour{.code = "hh"});
    ship->harbour_code = "hh";
    session.flush();
    EXPECT_EQ(harbour->ships.size(), 1U);
    session.rollback();

    EXPECT_EQ(ship->harbour_code, std::nullopt);
    EXPECT_EQ(ship->harbour, nullptr);
    EXPECT_TRUE(harbour->ships.empty());
}

} // namespace
