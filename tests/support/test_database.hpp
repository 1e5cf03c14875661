// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace kin::testing {

/// The database that the tests run on: KIN_TEST_URL; else SQLite.
[[nodiscard]] const std::string& test_url();
/// "sqlite", "postgresql" ...
[[nodiscard]] std::string_view test_dialect();
[[nodiscard]] inline bool on_sqlite() { return test_dialect() == "sqlite"; }
[[nodiscard]] inline bool on_mariadb() { return test_dialect() == "mariadb"; }

/// The URL of an empty database of the running test alone: in memory on SQLite, a database on MariaDB, elsewhere a schema; dropped when the test has ended. `options`: more for the
/// URL, "a=b&c=d".
[[nodiscard]] std::string fresh_url(std::string_view options = {});

} // namespace kin::testing
