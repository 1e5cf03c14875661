// SPDX-License-Identifier: MIT
#include "unit/mapping/same_names.hpp"

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
    same_names::members_are_those_of_this_file<Box, Leaflet>(Box{.id = "a key that needs the heap"});
}

} // namespace
