// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "kin/engine/driver.hpp"
#include "kin/sqlite/call_limit.hpp"
#include "kin/sqlite/statement.hpp"

namespace kin::sqlite {

struct open_options;

/// One open database. For one thread at a time: it is opened with NOMUTEX.
class sqlite_connection final : public driver_connection {
public:
    /// Throws: connection_error (directory_missing, cannot_open, not_a_database, corrupt_database ...).
    explicit sqlite_connection(const open_options& options);

    void set_timeout(std::int64_t timeout_ms) noexcept override { limit_.set_timeout(timeout_ms); }
    void cancel() noexcept override { limit_.cancel(); }
    [[nodiscard]] std::unique_ptr<driver_statement> prepare(std::string_view sql) override;
    void begin(const transaction_options& options) override;
    [[nodiscard]] std::string begin_text(const transaction_options& options) const override;
    [[nodiscard]] bool enforces_read_only() const noexcept override { return false; }
    [[nodiscard]] bool must_restart_to_write() const noexcept override;
    void commit() override;
    [[nodiscard]] bool may_have_committed() const noexcept override { return false; } // SQLite knows
    void rollback() override;
    [[nodiscard]] bool in_transaction() const noexcept override;
    [[nodiscard]] std::int64_t affected_rows() const noexcept override { return affected_rows_; }
    [[nodiscard]] bool numbers_rows(const qualified_name& table, std::string_view key_column) override;
    [[nodiscard]] std::int64_t first_key(const qualified_name& table, std::string_view key_column,
                                         std::int64_t rows) override;
    [[nodiscard]] reset_need needed_reset() const noexcept override {
        return settings_changed_ ? reset_need::closing : reset_need::nothing;
    }
    void keep_settings() noexcept override { settings_changed_ = false; }
    [[nodiscard]] bool ping() noexcept override { return true; } // a file has no server that could go away

    /// Lifetime: this connection.
    [[nodiscard]] sqlite3* handle() const noexcept { return db_.get(); }

private:
    struct closer {
        void operator()(sqlite3* db) const noexcept;
    };
    void run(statement_handle& kept, std::string_view sql);
    void watch_settings() noexcept;

    bool settings_changed_ = false; // a PRAGMA, a temporary table, an attached file ...
    call_limit limit_;              // before `db_`, which calls it until it is closed
    std::unique_ptr<sqlite3, closer> db_;
    // Prepared when first needed and kept, for they frame every transaction.
    statement_handle begin_;
    statement_handle begin_immediate_;
    statement_handle commit_;
    statement_handle rollback_;
    bool upgrades_in_place_ = false; // the transaction must stay one, see must_restart_to_write()
    std::int64_t affected_rows_ = 0;
    std::int64_t largest_before_insert_ = 0; // see numbers_rows()
};

} // namespace kin::sqlite
