// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "kin/testing/statement_counter.hpp"
#include "model/database_rows.hpp"
#include "model/world.hpp"
#include "support/faulty_driver.hpp"
#include "support/raw_database.hpp"
#include "unit/engine/database_help.hpp"

namespace model {

/// A database file for many sequences, one after the other.
class stage {
public:
    stage() { model_world::create_all(db); }

    /// What is committed.
    [[nodiscard]] database committed() { return read_rows(reader_); }
    [[nodiscard]] kin::testing::raw_database::content raw() { return raw_.read(); }
    void clear() { clear_rows(reader_); }

private:
    kin::testing::temporary_directory directory_;

public:
    kin::testing::fault_plan plan;
    kin::database db{
        kin::testing::faulty_engine(directory_.url() + "?synchronous=off&busy_timeout_ms=0", plan)};
    kin::testing::statement_counter counter{db};

private:
    kin::engine quiet_ = kin::create_engine(directory_.url() + "?synchronous=off");
    kin::connection reader_ = quiet_.connect();
    kin::testing::raw_database raw_{directory_.file("test.db")};
};

} // namespace model
