// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kin/base/error.hpp"
#include "kin/engine/driver.hpp"
#include "kin/engine/engine_state.hpp"
#include "kin/engine/inspector.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace kin::testing {

/// What a test sees of, and tells to, the fake database that its driver speaks to.
struct fake_server {
    std::atomic<int> opened = 0;
    std::atomic<int> closed = 0;
    std::atomic<int> prepared = 0;
    std::atomic<int> rollbacks = 0;
    std::atomic<int> pings = 0;
    std::atomic<int> resets = 0;
    std::atomic<int> cancels = 0;
    std::atomic<int> abandoned = 0;
    std::atomic<std::int64_t> timeout_ms = 0; // told last
    std::atomic<std::int64_t> connect_timeout_ms = 0;
    std::atomic<bool> alive = true;
    std::atomic<bool> breaks_connections = false;
    std::atomic<bool> ends_transactions = false; // without an error
    std::atomic<bool> may_have_committed = true;
    std::atomic<bool> reset_keeps_statements = true;
    std::atomic<bool> needs_reset = true;
    std::atomic<bool> refuses_connections = false;
    std::atomic<int> full_for = 0; // so many more attempts to connect find no room
    std::atomic<bool> refuses_rollback = false;
    /// Called by every step of a statement; may throw.
    std::function<void(std::string_view sql)> on_step = [](std::string_view) {};
    /// Called by COMMIT and by reset(); may throw.
    std::function<void()> on_commit = [] {};
    std::function<void()> on_reset = [] {};
    std::atomic<transaction_options> begun_with = transaction_options(); // the last transaction
};

/// Every statement has one placeholder for each `?` in it, and no rows.
class fake_statement final : public driver_statement {
public:
    fake_statement(fake_server& server, std::string_view sql) : server_(server), sql_(sql) {
        ++server_.prepared;
    }
    void bind(std::span<const cell>) override {}
    bool step() override {
        server_.on_step(sql_);
        return false;
    }
    std::size_t read(std::size_t, std::span<const cell_kind> expected, cell*) override {
        return expected.size();
    }
    cell read_raw(std::size_t) override { return {}; }
    void reset() noexcept override {}
    [[nodiscard]] std::size_t column_count() const override { return 0; }
    [[nodiscard]] std::string_view column_name(std::size_t) const override { return {}; }
    [[nodiscard]] std::size_t parameter_count() const override {
        return static_cast<std::size_t>(std::count(sql_.begin(), sql_.end(), '?'));
    }
    [[nodiscard]] bool is_read_only() const noexcept override { return sql_.starts_with("SELECT"); }

private:
    fake_server& server_;
    std::string sql_;
};

class fake_connection final : public driver_connection {
public:
    explicit fake_connection(fake_server& server) : server_(server) { ++server_.opened; }
    ~fake_connection() override { ++server_.closed; }
    [[nodiscard]] std::unique_ptr<driver_statement> prepare(std::string_view sql) override {
        return std::make_unique<fake_statement>(server_, sql);
    }
    void set_timeout(std::int64_t timeout_ms) noexcept override { server_.timeout_ms = timeout_ms; }
    void cancel() noexcept override { ++server_.cancels; }
    void begin(const transaction_options& options) override {
        server_.begun_with = options;
        open_ = true;
    }
    [[nodiscard]] std::string begin_text(const transaction_options&) const override { return "BEGIN"; }
    [[nodiscard]] bool must_restart_to_write() const noexcept override { return false; }
    void commit() override {
        server_.on_commit();
        open_ = false;
    }
    [[nodiscard]] bool may_have_committed() const noexcept override { return server_.may_have_committed; }
    void rollback() override {
        if (server_.refuses_rollback) {
            throw connection_error({.code = "connection_lost", .message = "the server is gone", .sql = {}});
        }
        ++server_.rollbacks;
        open_ = false;
    }
    [[nodiscard]] bool in_transaction() const noexcept override {
        return open_ && !server_.breaks_connections && !server_.ends_transactions;
    }
    [[nodiscard]] std::int64_t affected_rows() const noexcept override { return 0; }
    [[nodiscard]] bool ping() noexcept override {
        ++server_.pings;
        return server_.alive;
    }
    void abandon() noexcept override { ++server_.abandoned; }
    [[nodiscard]] bool is_broken() const noexcept override { return server_.breaks_connections; }
    [[nodiscard]] reset_need needed_reset() const noexcept override {
        return server_.needs_reset ? reset_need::reset : reset_need::nothing;
    }
    [[nodiscard]] bool reset() override {
        ++server_.resets;
        server_.on_reset();
        return server_.reset_keeps_statements;
    }

private:
    fake_server& server_;
    bool open_ = false;
};

class fake_driver final : public driver {
public:
    explicit fake_driver(fake_server& server) : server_(server) {}
    [[nodiscard]] std::unique_ptr<driver_connection> connect(const connect_options& options) const override {
        server_.connect_timeout_ms = options.timeout_ms;
        if (server_.full_for > 0) {
            --server_.full_for;
            throw connection_error(
                {.code = "too_many_connections", .message = "the server is full", .sql = {}});
        }
        if (server_.refuses_connections) {
            throw connection_error({.code = "cannot_open", .message = "the server refuses", .sql = {}});
        }
        return std::make_unique<fake_connection>(server_);
    }
    [[nodiscard]] bool has_isolation_level(isolation_level level) const noexcept override {
        return level == isolation_level::read_committed || level == isolation_level::serializable;
    }
    [[nodiscard]] const dialect& get_dialect() const noexcept override { return dialect_; }
    [[nodiscard]] bool has_single_connection() const noexcept override { return false; }
    [[nodiscard]] std::unique_ptr<inspector> inspect(connection&) const override { return nullptr; }
    [[nodiscard]] std::string_view before_drop_all() const noexcept override { return {}; }

private:
    fake_server& server_;
    standard_dialect dialect_;
};

inline engine fake_engine(fake_server& server, const engine_options& options = {}) {
    return make_engine(url::parse("sqlite:///fake"), options, std::make_unique<fake_driver>(server));
}

} // namespace kin::testing
