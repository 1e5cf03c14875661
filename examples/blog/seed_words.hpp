// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

// What the invented posts are made of. In a sentence {doing}, {tool}, {material} and {result} come from the post's topic;
// {place}, {person}, {time}, {weather}, {virtue} and {animal} are drawn.

namespace blog::words {

struct topic {
    std::string_view doing;
    std::string_view tool;
    std::string_view material;
    std::string_view result;
    std::array<std::string_view, 3> tags;
};

extern const std::array<topic, 32> topics;
extern const std::array<std::string_view, 48> first_names;
extern const std::array<std::string_view, 48> last_names;
extern const std::array<std::string_view, 24> places;
extern const std::array<std::string_view, 16> times;
extern const std::array<std::string_view, 12> weathers;
extern const std::array<std::string_view, 16> virtues;
extern const std::array<std::string_view, 12> animals;
extern const std::array<std::string_view, 20> titles;
extern const std::array<std::string_view, 12> bios;
extern const std::array<std::string_view, 16> openings;
extern const std::array<std::string_view, 32> middles;
extern const std::array<std::string_view, 16> closings;
extern const std::array<std::string_view, 32> comments;
extern const std::array<std::string_view, 32> replies;
extern const std::array<std::string_view, 8> moods; // tags of posts about anything

} // namespace blog::words
