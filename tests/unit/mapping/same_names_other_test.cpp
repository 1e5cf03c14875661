// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// Two files that each have classes of these names for themselves, with other members at the places of the same members. Templates whose
// only argument is a pointer to a member must not be shared between them.

namespace {

struct Leaflet;
struct Box {
    std::string label;
    kin::primary_key<std::string> id;
    kin::has_many<Leaflet> leaflets;
};
struct Leaflet {
    std::int64_t pages = 0;
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Box::id>> box_id;
    std::string text;
    kin::belongs_to<Box> box;
};

TEST(same_names, mean_the_classes_of_the_other_file) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Box, Leaflet>();
    kin::session session = db.session();
    auto box = session.add(Box{.id = "a long enough key for the heap"});
    session.add(Leaflet{.text = "first", .box = box});
    session.add(Leaflet{.text = "second"});
    session.commit();

    kin::session reader = db.session();
    const auto found =
        reader.query<Leaflet>()
            .where(kin::col<&Leaflet::text> == "first" && kin::col<&Leaflet::box>.is_not_null())
            .order_by(kin::col<&Leaflet::text>.desc())
            .with(kin::selectin<&Leaflet::box>)
            .one();
    EXPECT_EQ(found->text, "first");
    EXPECT_EQ(found->box->id, std::as_const(*box).id);
    EXPECT_EQ(found->box_id, std::as_const(*box).id.get());
    EXPECT_EQ(
        reader.query<Box>().where(kin::col<&Box::leaflets>.any(kin::col<&Leaflet::text> == "first")).count(),
        1);
    const auto rows = reader.select(kin::col<&Leaflet::text>).join<&Leaflet::box>().all();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(std::get<0>(rows.front()), "first");
}

} // namespace
