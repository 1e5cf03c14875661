// SPDX-License-Identifier: MIT
#include "kin/postgresql/prepared.hpp"

#include <string>

#include "kin/engine/url.hpp"
#include "kin/postgresql/channel.hpp"
#include "kin/postgresql/options.hpp"
#include "unit/postgresql/server_test.hpp"

namespace {

using kin::postgresql::channel;
using kin::postgresql::prepared;
using kin::postgresql::prepared_statements;

class postgresql_prepared : public kin::testing::server_test {
protected:
    void SetUp() override {
        server_test::SetUp();
        if (IsSkipped()) return;
        wire.emplace(kin::postgresql::read_options(kin::url::parse(kin::testing::fresh_url())));
        statements.emplace(*wire);
    }
    [[nodiscard]] bool is_binary(const std::string& sql) {
        prepared& p = statements->take(sql, {});
        const bool binary = p.binary;
        statements->release(p);
        return binary;
    }
    std::optional<channel> wire;
    std::optional<prepared_statements> statements;
};

TEST_F(postgresql_prepared, gives_enumerations_in_binary_form_like_all_that_it_knows) {
    wire->run("CREATE TYPE mood AS ENUM ('calm', 'wild')");
    wire->run("CREATE DOMAIN whole AS INTEGER");
    EXPECT_TRUE(is_binary("SELECT 1, 'a'"));
    EXPECT_TRUE(is_binary("SELECT 1, CAST('calm' AS mood)"));
    EXPECT_TRUE(is_binary("SELECT CAST(1 AS whole), CAST('wild' AS mood), 2"));
    EXPECT_FALSE(is_binary("SELECT 1, CAST('{calm}' AS mood[])"));
    EXPECT_FALSE(is_binary("SELECT CAST('calm' AS mood), CAST('10.0.0.1' AS INET)"));
}

} // namespace
