// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "kin/testing/dialect_suite.hpp"

namespace kin::testing {

/// What the check of the compliance suite gives on the database of the tests; run once in this process.
[[nodiscard]] const check_result& suite_result(const std::string& name);

/// Of an empty database for the running test: as fresh_url(), but on SQLite a file, since sessions in memory share one connection.
[[nodiscard]] std::string suite_url();

} // namespace kin::testing
