// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "model/database_rows.hpp"
#include "model/world.hpp"
#include "support/faulty_driver.hpp"
#include "support/raw_database.hpp"
#include "unit/engine/database_help.hpp"

namespace model {

/// Counts the statements of an engine. Takes no memory, so that there may be none.
class statement_tally final : public kin::statement_observer {
public:
    void executed(const kin::statement_event& event) noexcept override {
        if (event.transaction_control) return;
        ++all_;
        reading_ += event.sql.starts_with("SELECT") ? 1 : 0;
    }
    [[nodiscard]] std::size_t count() const noexcept { return all_; }
    [[nodiscard]] std::size_t writing() const noexcept { return all_ - reading_; }
    void reset() noexcept { all_ = reading_ = 0; }

private:
    std::size_t all_ = 0;
    std::size_t reading_ = 0;
};

/// A database file for many sequences, one after the other.
class stage {
public:
    stage() {
        model_world::create_all(db);
        db.engine().add_observer(counter);
    }
    ~stage() { db.engine().remove_observer(counter); }
    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;

    /// A new engine, that knows nothing of what came before.
    void renew() {
        db.engine().remove_observer(counter);
        db = kin::database(kin::testing::faulty_engine(url(), plan));
        db.engine().add_observer(counter);
    }
    /// What is committed.
    [[nodiscard]] database committed() { return read_rows(reader_); }
    [[nodiscard]] kin::testing::raw_database::content raw() { return raw_.read(); }
    void clear() { clear_rows(reader_); }

private:
    [[nodiscard]] std::string url() const { return directory_.url() + "?synchronous=off&busy_timeout_ms=0"; }
    kin::testing::temporary_directory directory_;

public:
    statement_tally counter;
    kin::testing::fault_plan plan;
    kin::database db{kin::testing::faulty_engine(url(), plan)};

private:
    kin::engine quiet_ = kin::create_engine(directory_.url() + "?synchronous=off");
    kin::connection reader_ = quiet_.connect();
    kin::testing::raw_database raw_{directory_.file("test.db")};
};

} // namespace model
