// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional> // std::function makes the engines: a program's own code
#include <string>
#include <string_view>
#include <vector>

#include "kin/engine/engine.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::testing {

/// How a check of the suite ended.
enum class check_outcome : std::uint8_t {
    passed,
    failed,        // the database, or its dialect or driver, does not do what kin's programs rely on
    not_supported, // the dialect or the driver says itself that it cannot do this, and refuses it with an error instead of doing something else
};

/// What came out of one check.
struct check_result {
    std::string name; // "transactions.a_rollback_undoes_what_was_written"
    check_outcome outcome = check_outcome::passed;
    /// failed: what was expected and what was found. not_supported: the answer that says so, "feature::json_path". Else empty.
    std::string reason = {};
};

/// What kin expects of a database, as a list of named checks: tables made, inspected and dropped, every type there and back, keys, NULL, order,
/// limits, lists, transactions, savepoints, isolation, errors with their names, cancelling, streaming, and what a database cannot do. kin's own
/// tests run it on SQLite, PostgreSQL and MariaDB; whoever writes a dialect and a driver runs it on theirs, in any test framework.
///
/// Each check gets an engine of its own, makes the tables that it needs (their names begin with suite_) and drops them again, so it leaves the
/// database as it was, also when it fails. The database must be one in which nothing else happens.
///
/// SQL: whatever the dialect writes. A value; not for several threads at a time on one database.
class dialect_suite {
public:
    using engine_factory = std::function<engine()>;

    /// Runs on the engines that `make` gives: `kin::make_engine(url, options, std::make_unique<my_driver>(...))`. All of them on one database, which
    /// must be there until the suite has run.
    explicit dialect_suite(engine_factory make) : make_(std::move(make)) {}
    /// Runs on a database of kin's own wings. Opens nothing yet.
    explicit dialect_suite(std::string url);

    /// The names of all checks, in the order in which run() takes them: "<group>.<what holds>".
    [[nodiscard]] static std::vector<std::string> names();
    /// One check. Whatever the database or the driver throws is a failure and told in `reason`. Throws: usage_error (unknown_check); what the factory
    /// throws.
    [[nodiscard]] check_result run(std::string_view name) const;
    /// All checks whose names begin with `start`; an empty one: all.
    [[nodiscard]] std::vector<check_result> run_all(std::string_view start = {}) const;

private:
    engine_factory make_;
};

/// The result in one line: "failed transactions.a_commit_is_seen_by_others: found 0, expected 1".
[[nodiscard]] std::string to_string(const check_result& result);

/// All features that kin asks dialects for, in the order of the enumeration.
[[nodiscard]] std::vector<feature> all_features();
/// The feature's name in the code: "returning".
[[nodiscard]] std::string_view feature_name(feature f) noexcept;

} // namespace kin::testing
