// SPDX-License-Identifier: MIT
#include "kin/base/snake_case.hpp"

#include <gtest/gtest.h>

using kin::snake_case;

TEST(snake_case, separates_words_and_keeps_acronyms_together) {
    EXPECT_EQ(snake_case("User"), "user");
    EXPECT_EQ(snake_case("BlogPost"), "blog_post");
    EXPECT_EQ(snake_case("HTTPLayout"), "http_layout");
    EXPECT_EQ(snake_case("LayoutHTML"), "layout_html");
    EXPECT_EQ(snake_case("HTTP2Request"), "http2_request");
    EXPECT_EQ(snake_case("UserST4"), "user_st4");
    EXPECT_EQ(snake_case("ABC"), "abc");
    EXPECT_EQ(snake_case("OAuth2Token"), "o_auth2_token");
    EXPECT_EQ(snake_case("IPAddress"), "ip_address");
    EXPECT_EQ(snake_case("getHTTPresponseCode"), "get_htt_presponse_code");
}

TEST(snake_case, keeps_underscores_but_not_at_the_front) {
    EXPECT_EQ(snake_case("_Private"), "private");
    EXPECT_EQ(snake_case("__x"), "x");
    EXPECT_EQ(snake_case("Snake_case"), "snake_case");
    EXPECT_EQ(snake_case("Snake_Case"), "snake__case"); // as Flask-SQLAlchemy has it
    EXPECT_EQ(snake_case("tail_"), "tail_");
}

TEST(snake_case, of_short_names_is_short) {
    EXPECT_EQ(snake_case(""), "");
    EXPECT_EQ(snake_case("A"), "a");
    EXPECT_EQ(snake_case("Ab"), "ab");
    EXPECT_EQ(snake_case("aB"), "a_b");
}
