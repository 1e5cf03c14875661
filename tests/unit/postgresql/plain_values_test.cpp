// SPDX-License-Identifier: MIT
// Values of which nothing has to be made when they are read.
#include <cstdint>
#include <string>
#include <vector>

#include "kin/postgresql/parameters.hpp"
#include "kin/postgresql/values.hpp"
#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::connection;
using kin::cursor;
using namespace kin::postgresql;
using namespace std::string_view_literals;

TEST(postgresql_plain_values, are_those_whose_bytes_are_the_value) {
    EXPECT_EQ(column_of(int4_type, true).plain, cell_kind::integer);
    EXPECT_EQ(column_of(int8_type, true).plain, cell_kind::integer);
    EXPECT_EQ(column_of(varchar_type, true).plain, cell_kind::text);
    EXPECT_EQ(column_of(bytea_type, true).plain, cell_kind::blob);
    EXPECT_EQ(column_of(json_type, true).plain, cell_kind::json);
    EXPECT_EQ(column_of(jsonb_type, true).plain, cell_kind::null) << "its first byte is a version";
    EXPECT_EQ(column_of(date_type, true).plain, cell_kind::null);
    EXPECT_EQ(column_of(int4_type, false).plain, cell_kind::null) << "digits";
}

TEST(postgresql_plain_values, a_number_has_the_size_of_its_type) {
    cell c;
    EXPECT_TRUE(read_plain(column_of(int4_type, true), "\0\0\0\7"sv, c));
    EXPECT_EQ(c.integer, 7);
    EXPECT_TRUE(read_plain(column_of(int8_type, true), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"sv, c));
    EXPECT_EQ(c.integer, -2);
    EXPECT_FALSE(read_plain(column_of(int4_type, true), "\0\0\0\0\0\0\0\7"sv, c));
    EXPECT_FALSE(read_plain(column_of(int8_type, true), "\0\0\0\7"sv, c));
    EXPECT_FALSE(read_plain(column_of(int4_type, true), ""sv, c));
}

TEST(postgresql_plain_values, parameters_that_cannot_be_written_leave_none_of_an_earlier_execution) {
    parameters p;
    const cell numbers[] = {cell::of_integer(1), cell::of_integer(2)};
    const std::uint32_t types[] = {int8_type, int8_type};
    ASSERT_EQ(p.encode(numbers, types), 2U);
    ASSERT_EQ(p.size(), 2);
    const std::uint32_t others[] = {bytea_type, int8_type};
    EXPECT_EQ(p.encode(numbers, others), 0U);
    EXPECT_EQ(p.size(), 0);
    ASSERT_EQ(p.encode(numbers, types), 2U);
    EXPECT_EQ(p.size(), 2);
    EXPECT_EQ(std::string_view(p.values()[1], 8), "\0\0\0\0\0\0\0\2"sv);
}

class postgresql_rows : public kin::testing::server_test {};

TEST_F(postgresql_rows, that_are_in_memory_are_counted) {
    connection c = connect();
    cursor all = c.open("SELECT generate_series(1, 5)");
    EXPECT_EQ(all.rows_at_hand(), 5U);
    ASSERT_TRUE(all.next());
    EXPECT_EQ(all.rows_at_hand(), 4U);
    while (all.next()) {}
    EXPECT_EQ(all.rows_at_hand(), 0U);
    cursor some = c.open("SELECT generate_series(1, 5)", {}, {.fetch_size = 2});
    EXPECT_EQ(some.rows_at_hand(), 2U);
}

TEST_F(postgresql_rows, a_statement_may_give_other_columns_when_it_runs_again) {
    connection c = connect();
    c.execute("CREATE TABLE t (a INTEGER)");
    c.execute("INSERT INTO t VALUES (7)");
    const auto first = [&](cell_kind kind) {
        cursor rows = c.open("SELECT * FROM t");
        cell got;
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.read(0, {&kind, 1}, &got), 1U);
        return kind == cell_kind::text ? std::string(got.bytes()) : std::to_string(got.integer);
    };
    EXPECT_EQ(first(cell_kind::integer), "7");
    c.execute("ALTER TABLE t ALTER a TYPE BIGINT");
    EXPECT_EQ(first(cell_kind::integer), "7");
    c.execute("ALTER TABLE t ALTER a TYPE TEXT");
    EXPECT_EQ(first(cell_kind::text), "7");
}

} // namespace
