// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/database_rows.hpp"
#include "model/world.hpp"
#include "support/faulty_driver.hpp"
#include "support/outside_view.hpp"
#include "support/test_database.hpp"

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

/// A database for many sequences, one after the other.
class stage {
public:
    stage() {
        model_world::create_all(db);
        view_.emplace(database_);
        checks_keys_at_end_ = deletes_a_ring();
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
    [[nodiscard]] kin::testing::raw_database::content raw() { return view_->read(); }
    void clear() { view_->clear(); }
    /// Whether the database looks at foreign keys when a statement ends, and not row by row: then rows of one class may go, and change their
    /// keys, whoever of them refers to whom.
    [[nodiscard]] bool checks_keys_at_end() const noexcept { return checks_keys_at_end_; }

private:
    [[nodiscard]] bool deletes_a_ring() {
        kin::connection c = db.engine().connect();
        c.execute("INSERT INTO step (code, mark, label, next_code) VALUES ('a', 0, '', 'a')");
        c.execute("INSERT INTO step (code, mark, label, next_code) VALUES ('b', 1, '', 'a')");
        c.execute("UPDATE step SET next_code = 'b' WHERE code = 'a'");
        try {
            c.execute("DELETE FROM step WHERE code IN ('a', 'b')");
            return true;
        } catch (const kin::foreign_key_violation&) {
            clear();
            return false;
        }
    }
    [[nodiscard]] std::string url() const {
        return database_.url(kin::testing::on_sqlite() ? "synchronous=off&busy_timeout_ms=0" : "");
    }
    kin::testing::shared_database database_;

public:
    statement_tally counter;
    kin::testing::fault_plan plan;
    kin::database db{kin::testing::faulty_engine(url(), plan)};

private:
    kin::engine quiet_ = kin::create_engine(database_.url());
    kin::connection reader_ = quiet_.connect();
    std::optional<kin::testing::outside_view> view_;
    bool checks_keys_at_end_ = true;
};

} // namespace model
