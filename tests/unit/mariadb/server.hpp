// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kin/create_engine.hpp"
#include "kin/engine/engine.hpp"
#include "kin/engine/url.hpp"
#include "kin/mariadb/dialect.hpp"

namespace kin::testing {

/// A test that needs a MariaDB server: KIN_TEST_URL names one. It gets a database of its own, removed at its end.
class mariadb_server : public ::testing::Test {
protected:
    void SetUp() override {
        const char* given = std::getenv("KIN_TEST_URL");
        if (given == nullptr || !std::string_view(given).starts_with("mariadb://")) {
            GTEST_SKIP() << "KIN_TEST_URL names no MariaDB server";
        }
        where_ = url::parse(given);
        const engine all = create_engine(given);
        name_ = "kin_wing_" + std::to_string(getpid());
        connection c = all.connect();
        c.execute("DROP DATABASE IF EXISTS " + name_);
        c.execute("CREATE DATABASE " + name_ + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");
        server_ = std::make_unique<engine>(all);
        where_.database = name_;
    }
    void TearDown() override {
        if (server_ == nullptr) return;
        server_->connect().execute("DROP DATABASE IF EXISTS " + name_);
    }

    /// The URL of the test's database, with more options.
    [[nodiscard]] std::string url_with(std::string_view option = {}, std::string_view text = {}) const {
        kin::url where = where_;
        if (!option.empty()) where.options.emplace_back(option, text);
        return where.to_string_with_password();
    }
    [[nodiscard]] engine open(const engine_options& options = {}) const {
        return create_engine(url_with(), options);
    }
    [[nodiscard]] const kin::url& where() const noexcept { return where_; }

    const mariadb::mariadb_dialect plain_names; // for connections without an engine

private:
    kin::url where_;
    std::string name_;
    std::unique_ptr<engine> server_;
};

} // namespace kin::testing
