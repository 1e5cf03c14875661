// SPDX-License-Identifier: MIT
#include "support/faulty_driver.hpp"

#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <utility>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/engine/driver.hpp"
#include "kin/engine/engine_state.hpp"
#include "kin/engine/inspector.hpp"
#include "kin/engine/url_options.hpp"
#include "kin/mariadb/driver.hpp"
#include "kin/postgresql/driver.hpp"
#include "kin/sqlite/driver.hpp"
#include "kin/sqlite/errors.hpp"

namespace kin::testing {

void fault_plan::arm(driver_fault what, std::size_t nth) noexcept {
    what_ = what;
    left_ = nth;
    place_.clear();
    committed_ = false;
}

std::optional<driver_fault> fault_plan::next(std::string_view call) {
    if (left_ == 0 || --left_ != 0) return std::nullopt;
    place_ = call;
    return what_;
}

namespace {

[[noreturn]] void fail_lost() {
    throw connection_error({.code = "connection_lost", .message = "the connection is lost", .sql = {}});
}

/// The driver that is made faulty, and the statements that make its server refuse as it would by itself.
struct wing {
    std::string_view dialect;
    std::unique_ptr<const driver> (*make)(const url& where);
    const char* unique_violation = nullptr; // null: SQLite, which runs in this process
    const char* lock_timeout = nullptr;
    const char* disk_full = nullptr;
};
constexpr wing wings[] = {
    {"sqlite", sqlite::make_driver},
    {"postgresql", postgresql::make_driver,
     "DO $$BEGIN RAISE unique_violation USING TABLE = 'user', CONSTRAINT = 'uq_user_name', "
     "DETAIL = 'Key (name)=(x) already exists.'; END$$",
     "DO $$BEGIN RAISE lock_not_available; END$$", "DO $$BEGIN RAISE disk_full; END$$"},
    {"mariadb", mariadb::make_driver,
     "SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062, MESSAGE_TEXT = 'Duplicate entry ''x'' for key "
     "''name'''",
     "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205, MESSAGE_TEXT = 'Lock wait timeout exceeded'",
     "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'Disk full'"},
};

const wing& wing_of(const url& where) {
    for (const wing& w : wings)
        if (w.dialect == where.dialect) return w;
    throw std::invalid_argument("no faults for " + where.dialect);
}

/// `disk_full` has ended the transaction already.
[[noreturn]] void refuse_as_sqlite(driver_fault what) {
    switch (what) {
    case driver_fault::unique_violation:
        sqlite::fail(SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: user.name");
    case driver_fault::lock_timeout: sqlite::fail(SQLITE_BUSY, "database is locked");
    default: sqlite::fail(SQLITE_FULL, "database or disk is full");
    }
}

/// What is left of the transaction is the server's affair and the wing's.
[[noreturn]] void refuse_on_server(const wing& w, driver_fault what, driver_connection& real) {
    const char* sql = w.disk_full;
    if (what == driver_fault::unique_violation) sql = w.unique_violation;
    if (what == driver_fault::lock_timeout) sql = w.lock_timeout;
    const auto statement = real.prepare(sql);
    statement->bind({});
    (void)statement->step();
    throw std::logic_error("the server does not refuse");
}

[[noreturn]] void fail(const wing& w, driver_fault what, driver_connection& real) {
    switch (what) {
    case driver_fault::no_memory: throw std::bad_alloc();
    case driver_fault::late: throw late_fault();
    case driver_fault::connection_lost:
        if (real.in_transaction()) real.rollback();
        fail_lost();
    case driver_fault::unique_violation:
    case driver_fault::lock_timeout:
    case driver_fault::disk_full: break;
    }
    if (w.disk_full) refuse_on_server(w, what, real);
    if (what == driver_fault::disk_full && real.in_transaction()) real.rollback();
    refuse_as_sqlite(what);
}

/// The real connection, and whether it still lives.
class line {
public:
    line(std::unique_ptr<driver_connection> real, const wing& w, fault_plan& plan)
        : real_(std::move(real)),
          wing_(w),
          plan_(plan) {}

    [[nodiscard]] driver_connection& real() const noexcept { return *real_; }
    [[nodiscard]] bool is_dead() const noexcept { return dead_; }
    void note_begin(bool to_write) noexcept { writes_ = to_write; }
    void note_write() noexcept { writes_ = true; }
    void note_commit() noexcept {
        if (std::exchange(writes_, false)) plan_.note_commit();
    }
    void require_alive() const {
        if (dead_) fail_lost();
    }

    /// Does `work`, unless it is this call's turn to go wrong.
    template <class Work> auto call(std::string_view name, Work&& work) {
        require_alive();
        const std::optional<driver_fault> fault = plan_.next(name);
        if (!fault) return work();
        if (*fault == driver_fault::late) (void)work();
        dead_ = *fault == driver_fault::connection_lost;
        fail(wing_, *fault, *real_);
    }

private:
    std::unique_ptr<driver_connection> real_;
    const wing& wing_;
    fault_plan& plan_;
    bool dead_ = false;
    bool writes_ = false; // the transaction may have something to commit
};

class faulty_statement final : public driver_statement {
public:
    faulty_statement(std::unique_ptr<driver_statement> real, line& l, std::string_view sql)
        : real_(std::move(real)),
          line_(l),
          sql_(sql) {}

    void bind(std::span<const cell> parameters) override {
        line_.require_alive();
        real_->bind(parameters);
    }
    bool step() override {
        return line_.call(sql_, [&] {
            const bool found = real_->step();
            if (!real_->is_read_only()) line_.note_write();
            return found;
        });
    }
    std::size_t read(std::size_t first, std::span<const cell_kind> expected, cell* out) override {
        return real_->read(first, expected, out);
    }
    cell read_raw(std::size_t column) override { return real_->read_raw(column); }
    void reset() noexcept override { real_->reset(); }
    [[nodiscard]] std::size_t column_count() const override { return real_->column_count(); }
    [[nodiscard]] std::string_view column_name(std::size_t column) const override {
        return real_->column_name(column);
    }
    [[nodiscard]] std::size_t parameter_count() const override { return real_->parameter_count(); }
    [[nodiscard]] bool is_read_only() const noexcept override { return real_->is_read_only(); }
    void set_fetch_size(std::uint32_t rows) noexcept override { real_->set_fetch_size(rows); }

private:
    std::unique_ptr<driver_statement> real_;
    line& line_;
    std::string sql_;
};

class faulty_connection final : public driver_connection {
public:
    faulty_connection(std::unique_ptr<driver_connection> real, const wing& w, fault_plan& plan)
        : line_(std::move(real), w, plan) {}

    [[nodiscard]] std::unique_ptr<driver_statement> prepare(std::string_view sql) override {
        return line_.call("prepare", [&]() -> std::unique_ptr<driver_statement> {
            return std::make_unique<faulty_statement>(real().prepare(sql), line_, sql);
        });
    }
    void set_timeout(std::int64_t timeout_ms) noexcept override { real().set_timeout(timeout_ms); }
    void cancel() noexcept override { real().cancel(); }
    void begin(const transaction_options& options) override {
        line_.call(begin_text(options), [&] { real().begin(options); });
        line_.note_begin(options.access == transaction_access::write);
    }
    [[nodiscard]] std::string begin_text(const transaction_options& options) const override {
        return real().begin_text(options);
    }
    [[nodiscard]] bool enforces_read_only() const noexcept override { return real().enforces_read_only(); }
    [[nodiscard]] bool must_restart_to_write() const noexcept override {
        return real().must_restart_to_write();
    }
    void commit() override {
        line_.call("COMMIT", [&] {
            real().commit();
            line_.note_commit();
        });
    }
    void rollback() override {
        line_.call("ROLLBACK", [&] { real().rollback(); });
    }
    [[nodiscard]] bool in_transaction() const noexcept override { return real().in_transaction(); }
    [[nodiscard]] std::int64_t affected_rows() const noexcept override { return real().affected_rows(); }
    [[nodiscard]] bool may_have_committed() const noexcept override { return false; } // it was rolled back
    [[nodiscard]] bool ping() noexcept override { return !line_.is_dead() && real().ping(); }
    [[nodiscard]] bool is_broken() const noexcept override { return line_.is_dead() || real().is_broken(); }
    [[nodiscard]] bool reset() override { return real().reset(); }
    void abandon() noexcept override { real().abandon(); }
    [[nodiscard]] bool numbers_rows(const qualified_name& table, std::string_view key_column) override {
        return line_.call("numbers_rows", [&] { return real().numbers_rows(table, key_column); });
    }
    [[nodiscard]] std::int64_t first_key(const qualified_name& table, std::string_view key_column,
                                         std::int64_t rows) override {
        return line_.call("first_key", [&] { return real().first_key(table, key_column, rows); });
    }

private:
    [[nodiscard]] driver_connection& real() const noexcept { return line_.real(); }
    line line_;
};

class faulty_driver final : public driver {
public:
    faulty_driver(std::unique_ptr<const driver> real, const wing& w, fault_plan& plan)
        : real_(std::move(real)),
          wing_(w),
          plan_(plan) {}

    [[nodiscard]] std::unique_ptr<driver_connection> connect(const connect_options& options) const override {
        const auto fault = plan_.next("connect");
        auto made = real_->connect(options);
        if (fault) fail(wing_, *fault, *made);
        return std::make_unique<faulty_connection>(std::move(made), wing_, plan_);
    }
    [[nodiscard]] bool has_isolation_level(isolation_level level) const noexcept override {
        return real_->has_isolation_level(level);
    }
    [[nodiscard]] const dialect& get_dialect() const noexcept override { return real_->get_dialect(); }
    [[nodiscard]] bool has_single_connection() const noexcept override {
        return real_->has_single_connection();
    }
    [[nodiscard]] std::unique_ptr<inspector> inspect(connection& c) const override {
        return real_->inspect(c);
    }
    [[nodiscard]] std::string_view before_drop_all() const noexcept override {
        return real_->before_drop_all();
    }

private:
    std::unique_ptr<const driver> real_;
    const wing& wing_;
    fault_plan& plan_;
};

} // namespace

engine faulty_engine(std::string_view text, fault_plan& plan) {
    url where = url::parse(text);
    const wing& w = wing_of(where);
    auto real = w.make(where);
    engine_options options;
    read_engine_options(where, options);
    return make_engine(std::move(where), options, std::make_unique<faulty_driver>(std::move(real), w, plan));
}

} // namespace kin::testing
