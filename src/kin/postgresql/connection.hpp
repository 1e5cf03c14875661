// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/engine/driver.hpp"
#include "kin/postgresql/channel.hpp"
#include "kin/postgresql/prepared.hpp"

namespace kin::postgresql {

struct connect_options;

/// One session with a server. For one thread at a time.
class postgresql_connection final : public driver_connection {
public:
    /// `d` must outlive it. Throws: connection_error (cannot_connect, client_library_missing).
    postgresql_connection(const connect_options& o, const dialect& d);

    [[nodiscard]] std::unique_ptr<driver_statement> prepare(std::string_view sql) override;
    void set_timeout(std::int64_t timeout_ms) noexcept override { channel_.set_timeout(timeout_ms); }
    void cancel() noexcept override { channel_.request_cancel(); }
    void begin(const transaction_options& options) override;
    [[nodiscard]] std::string begin_text(const transaction_options& options) const override;
    [[nodiscard]] bool must_restart_to_write() const noexcept override { return false; }
    void commit() override;
    [[nodiscard]] bool may_have_committed() const noexcept override { return commit_sent_; }
    void rollback() override;
    [[nodiscard]] bool in_transaction() const noexcept override;
    [[nodiscard]] std::int64_t affected_rows() const noexcept override { return affected_rows_; }
    [[nodiscard]] bool ping() noexcept override;
    [[nodiscard]] bool reset() override;
    [[nodiscard]] reset_need needed_reset() const noexcept override {
        if (!touched_ || !has_session_) return reset_need::nothing;
        // What was prepared has gone: by DISCARD ALL as SQL, or behind a pooler, where RESET would reach somebody else.
        return prepares_ ? reset_need::reset : reset_need::closing;
    }
    void keep_settings() noexcept override { touched_ = false; }
    [[nodiscard]] bool is_broken() const noexcept override { return !channel_.is_open(); }
    void abandon() noexcept override { channel_.abandon(); }
    [[nodiscard]] bool can_send_ahead() const noexcept override { return in_transaction(); }
    void drop_sent() noexcept override { channel_.drop_answers(); }
    [[nodiscard]] std::optional<std::int64_t> copy_in(const table& t, std::span<const column* const> columns,
                                                      std::span<const cell> values) override;
    [[nodiscard]] std::string copy_text(const table& t,
                                        std::span<const column* const> columns) const override;

    // For its statements.
    [[nodiscard]] channel& wire() noexcept { return channel_; }
    [[nodiscard]] prepared_statements& statements() noexcept { return statements_; }
    /// False behind a pooler that gives each transaction another server.
    [[nodiscard]] bool prepares() const noexcept { return prepares_; }
    void stop_preparing() noexcept { prepares_ = false; }
    /// A statement was sent that may leave something in the session: reset() has work to do.
    void note_session_touched() noexcept { touched_ = true; }
    void note_affected(const PGresult& r, bool read_only) noexcept;
    /// The name of a new cursor.
    [[nodiscard]] std::string next_cursor_name();
    /// Counts statements after which cursors may be gone.
    [[nodiscard]] std::uint64_t cursor_ends() const noexcept { return cursor_ends_; }
    void note_cursors_end() noexcept { ++cursor_ends_; }

private:
    [[nodiscard]] std::vector<std::uint32_t> types_to_copy(const table& t,
                                                           std::span<const column* const> columns);

    [[nodiscard]] std::string quoted_name(std::string_view name) const;

    const dialect& dialect_; // how the models' names are written here
    channel channel_;
    prepared_statements statements_;
    std::int64_t affected_rows_ = 0;
    std::uint64_t cursors_ = 0; // declared so far
    std::uint64_t cursor_ends_ = 0;
    const bool has_session_; // false behind a pooler, as the URL says: the session is not ours
    bool prepares_;
    bool touched_ = false;
    bool commit_sent_ = false;
};

} // namespace kin::postgresql
