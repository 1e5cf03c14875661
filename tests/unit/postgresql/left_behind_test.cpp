// SPDX-License-Identifier: MIT
// What a borrower leaves behind in a connection, and the next one must not find.
#include <string>
#include <vector>

#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;
using kin::connection;
using kin::testing::code_of;
using kin::testing::value_of;

class postgresql_left_behind : public kin::testing::server_test {};

TEST_F(postgresql_left_behind, T27_settings_made_after_the_program_threw_away_what_is_prepared) {
    const std::string path = [&] {
        connection c = connect();
        return value_of(c, "SHOW search_path");
    }();
    for (const char* sql : {"DISCARD ALL", "DEALLOCATE ALL"}) {
        {
            connection c = connect();
            c.execute("SELECT 1");
            c.execute(sql);
            c.execute("SELECT 1"); // which is not there any more, as it is not behind a pooler
            c.execute("SET search_path = pg_catalog");
        }
        connection c = connect();
        EXPECT_EQ(value_of(c, "SHOW search_path"), path) << sql;
    }
}

TEST_F(postgresql_left_behind, T27_a_lock_taken_by_a_quoted_name) {
    connect().execute("SELECT \"pg_advisory_lock\"(77)");
    connection c = connect();
    EXPECT_EQ(value_of(c,
                       "SELECT CAST(count(*) AS TEXT) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' "
                       "AND objid = 77"),
              "0");
}

TEST_F(postgresql_left_behind, T65_a_statement_with_too_many_placeholders_closes_nothing) {
    std::string sql = "SELECT 1 WHERE 1 IN ($1";
    for (int i = 2; i <= 65'536; ++i) sql.append(", $").append(std::to_string(i));
    sql += ')';
    const std::vector<cell> values(65'536, cell::of_integer(1));
    connection c = connect();
    c.begin(kin::transaction_access::write);
    c.execute("CREATE TABLE t (a INTEGER)");
    EXPECT_EQ(code_of([&] { c.execute(sql, values); }), "parameter_count");
    EXPECT_TRUE(c.in_transaction());
    EXPECT_EQ(value_of(c, "SELECT CAST(count(*) AS TEXT) FROM t"), "0");
}

} // namespace
