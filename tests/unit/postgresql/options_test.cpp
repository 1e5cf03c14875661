// SPDX-License-Identifier: MIT
#include "kin/postgresql/options.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "kin/engine/url.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::postgresql::connect_options;
using kin::testing::code_of;

connect_options options_of(std::string_view url) {
    return kin::postgresql::read_options(kin::url::parse(url));
}

std::string value_of(const connect_options& o, std::string_view word) {
    const auto at = std::find_if(o.parameters.begin(), o.parameters.end(),
                                 [&](const auto& p) { return p.first == word; });
    return at == o.parameters.end() ? "nothing" : at->second;
}

TEST(postgresql_options, a_url_becomes_libpqs_words) {
    const connect_options o =
        options_of("postgresql://john:pass%20word@db.example.org:5433/blog?sslmode=require");
    EXPECT_EQ(value_of(o, "host"), "db.example.org");
    EXPECT_EQ(value_of(o, "port"), "5433");
    EXPECT_EQ(value_of(o, "user"), "john");
    EXPECT_EQ(value_of(o, "password"), "pass word");
    EXPECT_EQ(value_of(o, "dbname"), "blog");
    EXPECT_EQ(value_of(o, "sslmode"), "require");
    EXPECT_EQ(value_of(o, "client_encoding"), "UTF8");
    EXPECT_EQ(value_of(o, "application_name"), "kin");
    EXPECT_EQ(o.place, "db.example.org:5433/blog");
}

TEST(postgresql_options, a_server_elsewhere_must_prove_who_it_is_unless_the_url_says_otherwise) {
    EXPECT_EQ(value_of(options_of("postgresql://db.example.org/blog"), "sslmode"), "verify-full");
    EXPECT_EQ(value_of(options_of("postgresql://localhost/blog"), "sslmode"), "prefer");
    EXPECT_EQ(value_of(options_of("postgresql://127.0.0.1/blog"), "sslmode"), "prefer");
    EXPECT_EQ(value_of(options_of("postgresql:///blog?host=/run/postgresql"), "sslmode"), "prefer");
    EXPECT_EQ(value_of(options_of("postgresql://h/blog?sslmode=disable"), "sslmode"), "disable");
}

TEST(postgresql_options, settings_of_the_session_are_escaped) {
    const std::string settings =
        value_of(options_of("postgresql:///d?search_path=a%20b%5Cc,public&lock_timeout_ms=250"), "options");
    EXPECT_NE(settings.find("-c search_path=a\\ b\\\\c,public"), std::string::npos) << settings;
    EXPECT_NE(settings.find("-c lock_timeout=250"), std::string::npos) << settings;
    EXPECT_NE(settings.find("-c timezone=UTC"), std::string::npos) << settings;
}

TEST(postgresql_options, behind_a_pooler_nothing_is_set_for_the_session) {
    const connect_options o = options_of("postgresql:///d?prepare=off");
    EXPECT_FALSE(o.prepares);
    EXPECT_EQ(value_of(o, "options"), "nothing");
}

TEST(postgresql_options, deadlines_and_echo_are_the_engines) {
    const connect_options o =
        options_of("postgresql:///d?connect_timeout_ms=250&statement_timeout_ms=0&echo=true");
    EXPECT_EQ(value_of(o, "connect_timeout_ms"), "nothing");
    EXPECT_EQ(o.connect_timeout_ms, 0);
}

TEST(postgresql_options, what_is_unknown_is_refused) {
    for (const char* url :
         {"postgresql:///d?sslmode=maybe", "postgresql:///d?lock_timeout_ms=soon",
          "postgresql:///d?lock_timeout_ms=-1", "postgresql:///d?service=x", "postgresql:///d?prepare=2",
          "postgresql+other:///d", "postgresql://h/d?host=/tmp"}) {
        EXPECT_EQ(code_of([&] { static_cast<void>(options_of(url)); }), "bad_url") << url;
    }
}

} // namespace
