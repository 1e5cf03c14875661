// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/types.h>

#include "kin/app/database.hpp"
#include "kin/engine/url.hpp"
#include "unit/engine/database_help.hpp"

namespace kin::testing {

/// A pgbouncer of the running test alone, in transaction mode, with two server processes. Ends with the object.
class pgbouncer_process {
public:
    /// `server`: where it leads to; `folder`: for its configuration, must outlive it; `more`: lines of the configuration.
    pgbouncer_process(const url& server, const std::filesystem::path& folder, std::string_view more);
    pgbouncer_process(const pgbouncer_process&) = delete;
    pgbouncer_process& operator=(const pgbouncer_process&) = delete;
    ~pgbouncer_process();
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    [[nodiscard]] static bool is_installed();

private:
    std::uint16_t port_;
    pid_t pid_ = 0;
};

/// A test that reaches a database of its own through a pgbouncer. Skipped where the tests do not run on PostgreSQL.
class pgbouncer : public ::testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;
    /// Through the pooler, with `prepare` on or off. Waits until it listens.
    [[nodiscard]] database pooled(std::string_view prepare = "off", const engine_options& options = {}) const;
    /// Lines of its configuration; to be set before SetUp().
    std::string more_settings;
    /// Without the pooler.
    [[nodiscard]] const database& straight() const noexcept { return *straight_; }

private:
    std::string name_;
    temporary_directory folder_;
    std::optional<database> admin_;
    std::optional<database> straight_;
    std::optional<pgbouncer_process> bouncer_;
    url where_;
};

} // namespace kin::testing
