// SPDX-License-Identifier: MIT
#include "unit/orm/world.hpp"

// Handlers that make and unmake links in the middle of a change.

namespace boxes {

struct Thing;

struct Box {
    kin::primary_key<int> id;
    kin::has_many<Thing> things;
};

struct Thing {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::foreign_key<&Box::id>> box_id;
    kin::belongs_to<Box> box;
};

inline void describe(kin::mapping<Box>& m) {
    m.relationship<&Box::things>().on_unlink([](kin::ref<Box> box, kin::ref<Thing> thing) {
        if (thing->name != "lid") return;
        while (box->things.size() > 1) box->things.erase(box->things[0]); // all fall out
    });
}

} // namespace boxes

namespace {

using blog::caught;
using boxes::Box;
using boxes::Thing;
using testing::HasSubstr;
using world::Article;

class handlers_that_link : public world::test {};

TEST_F(handlers_that_link, a_new_object_that_a_single_objects_handler_links_has_no_row_in_time) {
    session.events().before_insert<Article>(
        [](kin::session&, Article& article) { article.author = world::author("Ann"); });
    session.add(world::article("First"));

    const auto e = caught<kin::state_error>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "unsaved_target");
    EXPECT_THAT(std::string(e.message()), HasSubstr("before_flush"));
    session.rollback();
}

TEST_F(handlers_that_link, a_handler_may_empty_a_collection_that_is_being_emptied) {
    db.create_all<Box, Thing>();
    auto box = session.add(Box{});
    for (const char* name : {"a", "b", "c", "lid"}) box->things.push_back(kin::make(Thing{.name = name}));
    session.commit();

    box->things.clear();

    EXPECT_TRUE(box->things.empty());
    session.commit();
    for (const auto& thing : session.query<Thing>().all()) EXPECT_EQ(thing->box, nullptr);
}

} // namespace
