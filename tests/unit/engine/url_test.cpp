// SPDX-License-Identifier: MIT
#include "kin/engine/url.hpp"

#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"

namespace {

using kin::url;
using kin::testing::caught;

TEST(url, has_all_parts_of_sqlalchemys_grammar) {
    const url u =
        url::parse("postgresql+libpq://jane:secret@db.example.org:5433/shop?sslmode=require&echo=1");
    EXPECT_EQ(u.dialect, "postgresql");
    EXPECT_EQ(u.driver, "libpq");
    EXPECT_EQ(u.user, "jane");
    EXPECT_EQ(u.password, "secret");
    EXPECT_EQ(u.host, "db.example.org");
    EXPECT_EQ(u.port, 5433);
    EXPECT_EQ(u.database, "shop");
    ASSERT_EQ(u.options.size(), 2U);
    EXPECT_EQ(u.options[0], (std::pair<std::string, std::string>("sslmode", "require")));
    EXPECT_EQ(*u.find_option("echo"), "1");
    EXPECT_EQ(u.find_option("nothing"), nullptr);
}

TEST(url, with_three_slashes_is_a_relative_file_and_with_four_an_absolute_one) {
    EXPECT_EQ(url::parse("sqlite:///app.db").database, "app.db");
    EXPECT_EQ(url::parse("sqlite:////var/app.db").database, "/var/app.db");
    EXPECT_EQ(url::parse("sqlite:///:memory:").database, ":memory:");
    EXPECT_EQ(url::parse("sqlite://").database, "");
    EXPECT_EQ(url::parse("sqlite:///users@home/a.db").database, "users@home/a.db");
}

TEST(url, takes_percent_codes_as_the_characters_they_stand_for) {
    const url u = url::parse("mariadb://j%40ne:p%2Fw%3A%25@host/d%20b?init=a%26b");
    EXPECT_EQ(u.user, "j@ne");
    EXPECT_EQ(u.password, "p/w:%");
    EXPECT_EQ(u.database, "d b");
    EXPECT_EQ(*u.find_option("init"), "a&b");
}

TEST(url, takes_an_ipv6_host_in_brackets) {
    const url u = url::parse("postgresql://[::1]:5432/db");
    EXPECT_EQ(u.host, "::1");
    EXPECT_EQ(u.port, 5432);
    EXPECT_EQ(u.to_string(), "postgresql://[::1]:5432/db");
}

TEST(url, is_printed_with_its_password_masked) {
    const url u = url::parse("postgresql://jane:se%40cret@host/db?a=1&b=x%26y");
    EXPECT_EQ(u.to_string(), "postgresql://jane:***@host/db?a=1&b=x%26y");
    EXPECT_EQ(u.to_string_with_password(), "postgresql://jane:se%40cret@host/db?a=1&b=x%26y");
}

TEST(url, is_the_same_after_printing_and_parsing) {
    for (const char* text :
         {"sqlite://", "sqlite:///a.db", "sqlite:////tmp/a b.db?mode=ro", "postgresql://u@h:1/d",
          "postgresql://u:p%3Aq@h/d", "mariadb://:pw@h/d%3Fx", "postgresql://[fe80::1]/d?o=%3D"}) {
        const url u = url::parse(text);
        EXPECT_EQ(url::parse(u.to_string_with_password()), u) << text;
    }
}

struct bad_url {
    const char* text;
    const char* part; // named in the message
};

class a_bad_url : public testing::TestWithParam<bad_url> {};

TEST_P(a_bad_url, is_refused_with_the_name_of_the_faulty_part) {
    const auto e = caught<kin::usage_error>([] { static_cast<void>(url::parse(GetParam().text)); });
    EXPECT_EQ(e.code(), "bad_url");
    EXPECT_NE(e.message().find(GetParam().part), std::string_view::npos) << e.message();
}

INSTANTIATE_TEST_SUITE_P(
    url, a_bad_url,
    testing::Values(bad_url{"app.db", "dialect"}, bad_url{"", "dialect"}, bad_url{"://h/d", "dialect"},
                    bad_url{"SQLite:///a", "dialect"}, bad_url{"pg+://h", "driver"},
                    bad_url{"pg://h:x/d", "port"}, bad_url{"pg://h:0/d", "port"},
                    bad_url{"pg://h:70000/d", "port"}, bad_url{"pg://[::1/d", "host"},
                    bad_url{"pg://[::1]5/d", "host"}, bad_url{"sqlite:///100%.db", "database"},
                    bad_url{"sqlite:///a%00b", "database"}, bad_url{"sqlite:///a%2", "database"},
                    bad_url{"sqlite:///a?mode", "options"}, bad_url{"sqlite:///a?=x", "options"},
                    bad_url{"pg://u%zz@h", "user"}, bad_url{"pg://u:p@x@h/d", "password"},
                    bad_url{"pg://u:p%4@h", "password"}));

TEST(url, that_is_bad_never_shows_its_password) {
    for (const char* text : {"pg://u:hunter2@h:bad/d", "pg://u:hunter2", "pg://u:hunter2%@h",
                             "pg://u:7?hunter2@h/d", "pg://u:7@hunter2@h/d"}) {
        try {
            url::parse(text).require_known_options({"mode"});
            ADD_FAILURE() << text;
        } catch (const kin::usage_error& e) {
            EXPECT_EQ(std::string_view(e.what()).find("hunter2"), std::string_view::npos) << e.what();
        }
    }
}

TEST(url, with_an_unknown_option_is_refused_with_the_list_of_those_there_are) {
    const auto e = caught<kin::usage_error>(
        [] { url::parse("sqlite:///a.db?modus=ro").require_known_options({"mode", "journal"}); });
    EXPECT_TRUE(e.message().starts_with(
        "database URL, options: sqlite has no option modus; there are: mode journal echo pool_size "))
        << e.message();
    EXPECT_EQ(kin::testing::code_of(
                  [] { url::parse("sqlite:///a?mode=ro&mode=rw").require_known_options({"mode"}); }),
              "bad_url");
}

} // namespace
