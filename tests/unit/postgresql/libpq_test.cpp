// SPDX-License-Identifier: MIT
#include "kin/postgresql/libpq.hpp"

#include <gtest/gtest.h>

#include "kin/postgresql/postgresql.hpp"
#include "unit/engine/database_help.hpp"

namespace {

TEST(postgresql_libpq, a_missing_library_is_an_error_that_names_the_package) {
    const char* const names[] = {"libnowhere.so.5"};
    const auto e = kin::testing::caught<kin::connection_error>(
        [&] { static_cast<void>(kin::postgresql::load_library(names)); });
    EXPECT_EQ(e.code(), "client_library_missing");
    EXPECT_NE(e.message().find("libnowhere.so.5"), std::string_view::npos);
    EXPECT_NE(e.message().find("libpq5"), std::string_view::npos);
}

TEST(postgresql_libpq, a_library_without_the_functions_is_refused) {
    const char* const names[] = {"libm.so.6"};
    const auto e = kin::testing::caught<kin::connection_error>(
        [&] { static_cast<void>(kin::postgresql::load_library(names)); });
    EXPECT_EQ(e.code(), "client_library_missing");
    EXPECT_NE(e.message().find("PQ"), std::string_view::npos);
}

TEST(postgresql_libpq, is_loaded_when_it_is_asked_for) {
    EXPECT_TRUE(kin::postgresql::is_built());
    EXPECT_GE(kin::postgresql::client_version(), 140'000);
}

} // namespace
