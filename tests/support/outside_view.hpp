// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kin/engine/connection.hpp"
#include "kin/engine/engine.hpp"
#include "kin/schema/metadata.hpp"
#include "support/raw_database.hpp"
#include "unit/engine/database_help.hpp"

namespace kin::testing {

/// An empty database of the running test that several engines may open: a file on SQLite, elsewhere as fresh_url().
class shared_database {
public:
    shared_database();
    [[nodiscard]] std::string url(std::string_view options = {}) const;

private:
    temporary_directory directory_;
    std::string url_;
};

/// Looks into a test's database from outside of every session: a file through SQLite's C library alone, a server through a connection of its
/// own. Every call throws: std::runtime_error with the database's words.
class outside_view {
public:
    explicit outside_view(const shared_database& database);

    /// What is committed in every table. Values as SQL literals; the tables are those that were there when this was first called.
    [[nodiscard]] raw_database::content read();
    /// Leaves these rows in the tables and no others, whatever foreign keys say meanwhile.
    void refill(const raw_database::content& rows);
    void clear() { refill({}); }
    /// Keys that the database makes from now on are above 1000: those below are free for rows that a test writes. SQLite takes the highest
    /// key and needs none of this.
    void leave_keys_free(const metadata& tables);
    /// Throws when a transaction of somebody else keeps others from writing.
    void require_unlocked();

private:
    [[nodiscard]] const std::vector<std::string>& tables();
    [[nodiscard]] std::string quoted(std::string_view name) const;

    std::optional<raw_database> file_; // SQLite
    std::optional<engine> server_;
    std::optional<connection> connection_;
    std::vector<std::string> tables_;
    unsigned refills_ = 0;
};

} // namespace kin::testing
