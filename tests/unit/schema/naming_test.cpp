// SPDX-License-Identifier: MIT
#include "kin/schema/naming.hpp"

#include <string>

#include <gtest/gtest.h>

namespace {

using kin::fit_name;

constexpr std::size_t limit = 20; // 11 bytes of the name, _ and 8 digits

TEST(fit_name, leaves_a_name_that_fits) {
    EXPECT_EQ(fit_name(std::string(limit, 'a'), limit), std::string(limit, 'a'));
    EXPECT_EQ(fit_name(""), "");
}

TEST(fit_name, ends_a_longer_one_with_what_depends_on_all_of_it) {
    EXPECT_EQ(fit_name("fk_post_user_id_user_1", limit), "fk_post_use_b2d8569f");
    EXPECT_EQ(fit_name("fk_post_user_id_user_2", limit), "fk_post_use_b3d85832");
}

TEST(fit_name, cuts_no_character_in_two) {
    const std::string rest(limit, 'z');
    const auto kept = [](const std::string& name) {
        const std::string cut = fit_name(name, limit);
        return cut.substr(0, cut.rfind('_'));
    };
    EXPECT_EQ(kept("aaaaaaaaaa\xC3\xA4" + rest), "aaaaaaaaaa");
    EXPECT_EQ(kept("aaaaaaaaaaa\xC3\xA4" + rest), "aaaaaaaaaaa");
    EXPECT_EQ(kept("aaaaaaaaa\xC3\xA4" + rest), "aaaaaaaaa\xC3\xA4");
    EXPECT_EQ(kept("aaaaaaaa\xF0\x9F\x98\x80" + rest), "aaaaaaaa");
}

} // namespace
