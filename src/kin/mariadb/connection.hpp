// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "kin/engine/driver.hpp"
#include "kin/mariadb/channel.hpp"
#include "kin/mariadb/statement.hpp"

namespace kin::mariadb {

/// One session with a server. For one thread at a time, except cancel().
class mariadb_connection final : public driver_connection {
public:
    /// `options` and `d` must outlive it. Throws: connection_error (cannot_connect, login_refused, no_such_database ...).
    mariadb_connection(const open_options& options, std::int64_t connect_timeout_ms, const dialect& d,
                       const resolver& ask = system_addresses)
        : dialect_(d),
          channel_(options, connect_timeout_ms, ask) {}

    void set_timeout(std::int64_t timeout_ms) noexcept override { channel_.set_timeout(timeout_ms); }
    void cancel() noexcept override { channel_.cancel(); }
    [[nodiscard]] std::unique_ptr<driver_statement> prepare(std::string_view sql) override;
    void begin(const transaction_options& options) override;
    [[nodiscard]] std::string begin_text(const transaction_options& options) const override;
    [[nodiscard]] bool must_restart_to_write() const noexcept override { return false; }
    void commit() override;
    [[nodiscard]] bool may_have_committed() const noexcept override { return !channel_.is_refused(); }
    void rollback() override { channel_.query("ROLLBACK", overdue_rule::give_up); }
    [[nodiscard]] bool in_transaction() const noexcept override { return channel_.in_transaction(); }
    [[nodiscard]] std::int64_t affected_rows() const noexcept override { return record_.affected_rows; }
    [[nodiscard]] bool ping() noexcept override { return channel_.ping(); }
    [[nodiscard]] bool is_broken() const noexcept override { return channel_.is_broken(); }
    [[nodiscard]] bool reset() override;
    [[nodiscard]] reset_need needed_reset() const noexcept override {
        return record_.changed_session ? reset_need::reset : reset_need::nothing;
    }
    void keep_settings() noexcept override { record_.changed_session = false; }
    void abandon() noexcept override { channel_.abandon(); }
    /// Array binding, which MySQL does not have.
    [[nodiscard]] std::optional<std::int64_t> copy_in(const table& t, std::span<const column* const> columns,
                                                      std::span<const cell> values) override;
    [[nodiscard]] std::string copy_text(const table& t,
                                        std::span<const column* const> columns) const override;
    /// For MySQL, which has no RETURNING: LAST_INSERT_ID.
    [[nodiscard]] std::int64_t first_key(const qualified_name& table, std::string_view key_column,
                                         std::int64_t rows) override;

    [[nodiscard]] server_facts facts() const noexcept { return channel_.facts(); }

private:
    const dialect& dialect_; // how the models' names are written here
    channel channel_;
    statement_record record_;
};

} // namespace kin::mariadb
