// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "kin/mariadb/dialect.hpp"
#include "kin/schema/table.hpp"
#include "kin/sql/ddl_compiler.hpp"

namespace {

TEST(mariadb_foreign_targets, without_a_schema_stay_in_the_database_of_the_url) {
    kin::table guest{"guest", "sales"};
    guest.add_column({.name = "visit_id", .type = {kin::type_kind::integer, 32}});
    guest.foreign_keys.push_back(
        {.columns = {0}, .target_table = "visit", .target_columns = {"id"}, .target_schema = {}});
    const kin::mariadb::mariadb_dialect d(kin::name_style::snake_case, "OurShop");
    const std::string away = kin::compile_create_table(d, guest);
    EXPECT_NE(away.find("REFERENCES `OurShop`.`visit` (`id`)"), std::string::npos) << away;
    guest.set_schema({});
    const std::string at_home = kin::compile_create_table(d, guest);
    EXPECT_NE(at_home.find("REFERENCES `visit` (`id`)"), std::string::npos) << at_home;
}

} // namespace
