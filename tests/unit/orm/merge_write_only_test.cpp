// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// merge() of objects with collections that are never loaded as a whole.

namespace meters {

struct Reading;
struct Technician;

struct Meter {
    kin::primary_key<int> id;
    std::string place;
    kin::has_many<Reading> readings;
    kin::many_to_many<Technician> technicians;
};

struct Reading {
    kin::primary_key<int> id;
    int value = 0;
    kin::foreign_key<&Meter::id> meter_id;
    kin::belongs_to<Meter> meter;
};

struct Technician {
    kin::primary_key<int> id;
    std::string name;
    kin::many_to_many<Meter> meters;
};

inline void describe(kin::mapping<Meter>& m) {
    m.relationship<&Meter::readings>()
        .lazy(kin::loader_strategy::write_only)
        .on_delete(kin::on_delete::cascade);
    m.relationship<&Meter::technicians>().lazy(kin::loader_strategy::write_only);
}

} // namespace meters

namespace {

using meters::Meter;
using meters::Reading;
using meters::Technician;

TEST(merge_write_only, adds_what_the_source_has_and_loads_and_unlinks_nothing) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Meter, Reading, Technician>();
    kin::session session = db.session();
    auto meter = session.add(Meter{.place = "cellar"});
    for (int value : {1, 2, 3}) meter->readings.push_back(kin::make(Reading{.value = value}));
    meter->technicians.push_back(kin::make(Technician{.name = "Ann"}));
    session.commit();

    auto source = kin::make(Meter{.id = meter->id, .place = "attic"});
    source->readings.push_back(kin::make(Reading{.value = 4}));
    source->technicians.push_back(kin::make(Technician{.name = "Bob"}));
    kin::session other = db.session();
    const auto merged = other.merge(source);
    EXPECT_FALSE(merged->readings.is_loaded());
    other.commit();

    EXPECT_EQ(merged->place, "attic");
    EXPECT_EQ(merged->readings.count(), 4U);
    EXPECT_EQ(merged->technicians.count(), 2U);
}

} // namespace
