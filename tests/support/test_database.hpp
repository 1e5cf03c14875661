// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kin/sql/dialect.hpp" // what the database can do
#include "kin/testing/statement_counter.hpp"

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

/// A query of one text that never comes to its end by itself.
[[nodiscard]] std::string_view endless_query();

/// A statement as SQLite writes it: `?` for `$1`, double quotes for backticks, a JSON array for other lists. What tests expect holds on every database then.
[[nodiscard]] std::string as_on_sqlite(std::string_view sql);

/// A statement_counter whose texts are as on SQLite.
class sql_counter : public statement_counter {
public:
    using statement_counter::statement_counter;
    [[nodiscard]] std::vector<std::string> statements() const;
};

} // namespace kin::testing
