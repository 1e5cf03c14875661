// SPDX-License-Identifier: MIT
// Values that no type of the program can hold: what errors say of them.
#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::testing::caught;

class mariadb_unreadable : public kin::testing::mariadb_server {};

TEST_F(mariadb_unreadable, are_not_called_null) {
    kin::database db{url_with()};
    kin::session session = db.session();
    for (const char* sql : {"SELECT ~0", "SELECT CAST('-01:00:00' AS TIME)",
                            "SELECT CAST('30:00:00' AS TIME)", "SELECT TIMESTAMP('2020-00-00')"}) {
        session.execute("SET sql_mode = ''");
        const auto failure =
            caught<kin::conversion_error>([&] { (void)session.sql<std::int64_t>(sql).all(); });
        EXPECT_EQ(failure.code(), "conversion_error") << sql;
    }
}

TEST_F(mariadb_unreadable, the_largest_integer_is_a_double) {
    kin::database db{url_with()};
    kin::session session = db.session();
    EXPECT_EQ(std::get<0>(session.sql<double>("SELECT ~0").one()), 18446744073709551616.0);
}

} // namespace
