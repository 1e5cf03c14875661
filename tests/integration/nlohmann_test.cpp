// SPDX-License-Identifier: MIT
#include "kin/json/nlohmann.hpp"

#include <gtest/gtest.h>

#include "kin/kin.hpp"

#if __has_include(<nlohmann/json.hpp>)

namespace {

struct Setting {
    kin::primary_key<int> id;
    nlohmann::json content;
};

TEST(nlohmann_json, T17_is_a_member_that_is_queried_and_watched) {
    kin::database db{"sqlite://"};
    db.create_all<Setting>();
    kin::session session = db.session();
    auto setting = session.add(Setting{.content = {{"theme", "dark"}, {"sizes", {1, 2.5}}}});
    session.commit();
    setting->content["sizes"].push_back(nullptr);
    session.commit();

    kin::session other = db.session();
    const auto found = other.query<Setting>()
                           .where(kin::col<&Setting::content>.at("theme").as<std::string>() == "dark")
                           .one();
    EXPECT_EQ(found->content, nlohmann::json::parse(R"({"theme":"dark","sizes":[1,2.5,null]})"));
}

TEST(nlohmann_json, refuses_text_that_is_not_utf_8_and_what_is_no_json) {
    kin::cell c;
    kin::scratch memory;
    EXPECT_FALSE(kin::codec<nlohmann::json>::encode("\xff", kin::encoder{c, memory}));
    nlohmann::json out = 1;
    EXPECT_FALSE(kin::codec<nlohmann::json>::decode(out, kin::cell::of_text("{")));
    EXPECT_FALSE(kin::codec<nlohmann::json>::decode(out, kin::cell()));
    EXPECT_EQ(out, 1);
}

} // namespace

#endif
