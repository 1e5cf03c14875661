// SPDX-License-Identifier: MIT
#include "kin/mariadb/client.hpp"

#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::caught;

TEST(mariadb_client, a_missing_library_says_what_to_install) {
    const auto failure = caught<kin::connection_error>(
        [] { static_cast<void>(kin::mariadb::load_client("libmariadb-that-is-not-here.so.3")); });
    EXPECT_EQ(failure.code(), "client_library_missing");
    EXPECT_NE(failure.message().find("apt-get install libmariadb3"), std::string_view::npos);
    EXPECT_NE(failure.message().find("libmariadb-that-is-not-here.so.3"), std::string_view::npos);
}

TEST(mariadb_client, a_library_without_the_functions_is_none) {
    const auto failure =
        caught<kin::connection_error>([] { static_cast<void>(kin::mariadb::load_client("libc.so.6")); });
    EXPECT_EQ(failure.code(), "client_library_missing");
}

TEST(mariadb_client, is_loaded_once) {
    EXPECT_EQ(&kin::mariadb::load_client(), &kin::mariadb::load_client());
}

} // namespace
