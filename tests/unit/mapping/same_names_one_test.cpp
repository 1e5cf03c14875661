// SPDX-License-Identifier: MIT
#include "unit/mapping/same_names.hpp"

namespace {

struct Leaflet;
struct Box {
    kin::primary_key<int> id;
    kin::has_many<Leaflet> leaflets;
};
struct Leaflet {
    kin::primary_key<int> id;
    std::string text;
    std::optional<kin::foreign_key<&Box::id>> box_id;
    kin::belongs_to<Box> box;
};

TEST(same_names, mean_the_classes_of_one_file) {
    same_names::members_are_those_of_this_file<Box, Leaflet>(Box{});
}

} // namespace
