// SPDX-License-Identifier: MIT
// libpq takes the description of a statement with more than 7,498 parameters for a broken connection.
#include <string>
#include <vector>

#include "kin/postgresql/dialect.hpp"
#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;

class postgresql_parameter_count : public kin::testing::server_test {};

TEST_F(postgresql_parameter_count, may_be_as_large_as_the_protocol_takes) {
    kin::connection c = connect();
    c.execute("CREATE TABLE numbers (n INTEGER)");
    std::size_t rows = 0;
    for (const std::size_t count : {kin::postgresql::most_described_parameters,
                                    kin::postgresql::most_described_parameters + 1, std::size_t{65'535}}) {
        std::string sql = "INSERT INTO numbers VALUES ($1)";
        for (std::size_t i = 2; i <= count; ++i) sql += ", ($" + std::to_string(i) + ")";
        const std::vector<cell> values(count, cell::of_integer(7));
        EXPECT_EQ(c.execute(sql, values), static_cast<std::int64_t>(count));
        rows += count;
    }
    EXPECT_EQ(kin::testing::value_of(c, "SELECT count(*) FROM numbers WHERE n = 7"), std::to_string(rows));
}

} // namespace
