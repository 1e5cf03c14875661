// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "model/keys_world.hpp"
#include "support/session_audit.hpp"
#include "support/test_database.hpp"

// A foreign key that was set by hand, and what else happens before anybody looks at the relationship.

namespace {

using keyed::Box;
using keyed::Depot;
using keyed::Shelf;

class key_by_hand : public testing::Test {
protected:
    key_by_hand() {
        db.create_all<Depot, Shelf, Box, keyed::Sticker>();
        north = session.add(Depot{.code = "n"});
        south = session.add(Depot{.code = "s"});
        first = session.add(Shelf{.number = 1, .slot = 1, .depot = north});
        second = session.add(Shelf{.number = 2, .slot = 2, .depot = north});
        for (kin::ref<Box>* box : {&box_a, &box_b}) {
            *box = session.add(Box{});
            (*box)->shelf = first;
        }
        session.commit();
    }
    static void move_by_key(kin::ref<Box> box, const char* depot, int number) {
        box->shelf_depot = depot;
        box->shelf_number = number;
    }
    std::string links() { return kin::testing::session_audit(session).links(); }

    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::ref<Depot> north, south;
    kin::ref<Shelf> first, second;
    kin::ref<Box> box_a, box_b;
};

TEST_F(key_by_hand, takes_the_object_out_of_the_list_that_is_loaded_for_another_one) {
    auto box = session.add(Box{});
    box->shelf = first;
    session.flush();
    session.expire_all(); // the new box stays in the list: no committed row tells of it
    move_by_key(box, "n", 2);
    auto other = session.add(Box{});
    other->shelf = first;
    session.commit();

    EXPECT_EQ(first->boxes.size(), 3U);
    EXPECT_FALSE(first->boxes.contains(box));
    ASSERT_EQ(second->boxes.size(), 1U);
    EXPECT_EQ(second->boxes[0], box);
    EXPECT_EQ(links(), "");
}

TEST_F(key_by_hand, is_written_whole_when_the_targets_key_changes_in_the_same_flush) {
    auto other = session.add(Shelf{.number = 7, .slot = 7, .depot = south});
    session.commit();
    session.expire_all();
    session.remove(other);
    move_by_key(box_a, "n", 2);
    second->depot = south;
    session.flush();

    EXPECT_EQ(box_a->shelf, second);
    EXPECT_EQ(box_a->shelf_depot, "s");
    EXPECT_EQ(box_a->shelf_number, 2);
    EXPECT_EQ(links(), "");
}

} // namespace
