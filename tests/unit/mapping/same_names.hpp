// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

namespace same_names {

/// Two files each have classes `Box` and `Leaflet` for themselves, with other members at the places of the same members. What names a member
/// must mean the one of its own file. `box`: with a key, where the database makes none.
template <class Box, class Leaflet> void members_are_those_of_this_file(const Box& made) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Box, Leaflet>();
    kin::session session = db.session();
    auto box = session.add(made);
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
    const auto with_first = kin::col<&Box::leaflets>.any(kin::col<&Leaflet::text> == "first");
    EXPECT_EQ(reader.query<Box>().where(with_first).count(), 1);
    const auto rows = reader.select(kin::col<&Leaflet::text>).template join<&Leaflet::box>().all();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(std::get<0>(rows.front()), "first");
}

} // namespace same_names
