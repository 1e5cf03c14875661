// SPDX-License-Identifier: MIT
#include "kin/mariadb/options.hpp"

#include <gtest/gtest.h>

#include "kin/engine/url.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::mariadb::open_options;
using kin::mariadb::read_options;
using kin::mariadb::ssl_mode;
using kin::testing::caught;

open_options options_of(const char* url) { return read_options(kin::url::parse(url)); }

TEST(mariadb_options, a_url_says_where_the_server_is_and_who_asks) {
    const open_options o = options_of("mariadb://john:se%40cret@db.example.com:3307/blog?ssl_mode=required");
    EXPECT_EQ(o.host, "db.example.com");
    EXPECT_EQ(o.port, 3307);
    EXPECT_EQ(o.user, "john");
    EXPECT_EQ(o.password, "se@cret");
    EXPECT_EQ(o.database, "blog");
    EXPECT_EQ(o.ssl, ssl_mode::required);
}

TEST(mariadb_options, what_is_left_out_means_this_machine) {
    const open_options o = options_of("mysql://john@/blog");
    EXPECT_EQ(o.host, "127.0.0.1");
    EXPECT_EQ(o.port, 3306);
    EXPECT_EQ(o.ssl, ssl_mode::disabled);
    EXPECT_EQ(o.lock_timeout_ms, 0);
}

TEST(mariadb_options, localhost_is_an_address_and_no_hidden_socket) {
    EXPECT_EQ(options_of("mariadb://john@localhost/blog").host, "127.0.0.1");
    EXPECT_EQ(options_of("mariadb://john@localhost/blog?unix_socket=/run/x.sock").unix_socket, "/run/x.sock");
}

TEST(mariadb_options, another_machine_must_prove_who_it_is_unless_the_url_says_otherwise) {
    EXPECT_EQ(options_of("mariadb://john@db.example.com/blog").ssl, ssl_mode::verify_full);
    EXPECT_EQ(options_of("mariadb://john@db.example.com/blog?ssl_mode=disabled").ssl, ssl_mode::disabled);
    EXPECT_EQ(options_of("mariadb://john@127.0.0.1/blog?ssl_mode=verify_full").ssl, ssl_mode::verify_full);
}

TEST(mariadb_options, faults_of_a_url_are_named_and_never_repeat_the_password) {
    for (const char* url :
         {"mariadb://john:secret@host", "mariadb://john:secret@host/blog?ssl_mode=perhaps",
          "mariadb://john:secret@host/blog?lock_timeout_ms=-1",
          "mariadb://john:secret@host/blog?lock_timeout_ms=soon", "mariadb+other://john:secret@host/blog",
          "mariadb://john:secret@host/blog?colour=red",
          "mariadb://john:secret@host/blog?unix_socket=/run/x.sock",
          "mariadb://john:secret@host/blog?ssl_ca="}) {
        const auto failure = caught<kin::usage_error>([&] { options_of(url); });
        EXPECT_EQ(failure.code(), "bad_url") << url;
        EXPECT_EQ(failure.message().find("secret"), std::string_view::npos) << url;
    }
}

TEST(mariadb_options, a_place_is_what_an_operator_looks_for) {
    EXPECT_EQ(options_of("mariadb://john:secret@h:1234/blog").place(), "h:1234/blog");
    EXPECT_EQ(options_of("mariadb://john:secret@[::1]:1234/blog").place(), "[::1]:1234/blog");
    EXPECT_EQ(options_of("mariadb://john@/blog?unix_socket=/run/x.sock").place(),
              "the socket /run/x.sock, database blog");
}

} // namespace
