// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/engine/connection.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace kin::testing {

/// A test that speaks to a PostgreSQL server, in an empty schema. Skipped unless KIN_TEST_URL is that of one: `scripts/servers.sh with postgresql ...`.
class server_test : public ::testing::Test {
protected:
    void SetUp() override {
        if (test_dialect() != "postgresql") GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        e_.emplace(create_engine(fresh_url(options_)));
    }
    explicit server_test(std::string_view options = {}) : options_(options) {}

    [[nodiscard]] engine& e() { return *e_; }
    [[nodiscard]] connection connect() { return e_->connect(); }

private:
    std::string options_;
    std::optional<engine> e_;
};

} // namespace kin::testing
