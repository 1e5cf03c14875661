// SPDX-License-Identifier: MIT
#include "kin/engine/connection.hpp"

#include <algorithm>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/cancel_target.hpp"
#include "kin/engine/pool.hpp"
#include "kin/engine/pooled_connection.hpp"
#include "kin/schema/column.hpp"
#include "kin/sql/dialect.hpp"

namespace kin {

connection::connection(connection&& other) noexcept : lease_(std::exchange(other.lease_, nullptr)) {}

connection& connection::operator=(connection&& other) noexcept {
    if (this != &other) {
        end_lease();
        lease_ = std::exchange(other.lease_, nullptr);
    }
    return *this;
}

connection::~connection() { end_lease(); }

void connection::end_lease() noexcept {
    if (lease_ == nullptr) return;
    std::unique_ptr<pooled_connection> lease(std::exchange(lease_, nullptr));
    if (lease->cancelled_by) lease->cancelled_by->let_go();
    lease->rollback();
    // The pool must outlive give_back, and this may be the last that keeps it alive.
    const std::shared_ptr<const void> keeps_alive = std::move(lease->keeps_alive);
    pool& home = *lease->home;
    home.give_back(std::move(lease));
}

cursor connection::open(std::string_view sql, std::span<const cell> parameters,
                        const execution_options& options) {
    lease_->require_usable();
    return cursor(*lease_, sql, parameters, options);
}

std::int64_t connection::execute(std::string_view sql, std::span<const cell> parameters,
                                 const execution_options& options) {
    cursor running = open(sql, parameters, options);
    while (running.next()) {}
    return running.affected_rows();
}

void connection::send(std::string_view sql, std::shared_ptr<const sent_values> values,
                      std::function<void(const pending_answer&)> then) {
    lease_->require_usable();
    sent_statement one{
        .sql = std::string(sql), .values = std::move(values), .then = std::move(then), .step = {}};
    if (lease_->sent.allowed && lease_->physical->driver->can_send_ahead())
        return lease_->sent.send(*lease_, std::move(one));
    one.then(pending_answer(*lease_, one, false));
}

void connection::after_sent(std::function<void()> step) {
    if (lease_->sent.empty()) return step();
    lease_->sent.add_step(std::move(step));
}

void connection::settle() { lease_->sent.settle(*lease_); }

bool connection::is_settled() const noexcept { return lease_->sent.empty(); }

void connection::send_ahead(bool allowed) noexcept { lease_->sent.allowed = allowed; }

std::optional<std::int64_t> connection::copy_in(const table& t, std::span<const column* const> columns,
                                                std::span<const cell> values) {
    lease_->require_usable();
    settle();
    if (lease_->refuses_writes) return std::nullopt; // the INSERT says why not
    // SQL that a codec puts around its values has no place there.
    const auto is_wrapped = [](const column* c) { return !c->type.sql_write.empty(); };
    if (std::any_of(columns.begin(), columns.end(), is_wrapped)) return std::nullopt;
    const statement_lock lock(lease_->sharing);
    driver_connection& driver = *lease_->physical->driver;
    const std::int64_t started_ns = lease_->is_observed() ? now_ns() : 0;
    lease_->physical->set_timeout(lease_->timeout_ms);
    try {
        const std::optional<std::int64_t> rows = driver.copy_in(t, columns, values);
        if (rows && started_ns != 0) {
            lease_->notify({.sql = driver.copy_text(t, columns),
                            .parameters = values,
                            .duration_ns = now_ns() - started_ns,
                            .rows = *rows});
        }
        return rows;
    } catch (const error& e) {
        lease_->fail(e, {.sql = driver.copy_text(t, columns), .parameters = values}, started_ns);
    } catch (...) {
        lease_->note_failure();
        throw;
    }
}

bool connection::is_read_only(std::string_view sql) {
    lease_->require_usable();
    settle();
    const statement_lock lock(lease_->sharing);
    try {
        cached_statement& s = lease_->physical->statements.take(sql);
        const bool answer = s.read_only;
        lease_->physical->statements.give_back(s);
        return answer;
    } catch (const error& e) {
        lease_->fail(e, {.sql = sql, .parameters = {}}, 0);
    }
}

bool connection::numbers_rows(const qualified_name& table, std::string_view key_column) {
    lease_->require_usable();
    const statement_lock lock(lease_->sharing);
    try {
        const dialect& d = get_dialect();
        const std::string name = d.name_in_database(table.name), schema = d.name_in_database(table.schema);
        return lease_->in_transaction() &&
               lease_->physical->driver->numbers_rows({name, schema}, d.name_in_database(key_column));
    } catch (const error& e) {
        lease_->note_failure(e);
        throw;
    }
}

std::int64_t connection::first_key(const qualified_name& table, std::string_view key_column,
                                   std::int64_t rows) {
    lease_->require_usable();
    const statement_lock lock(lease_->sharing);
    try {
        const dialect& d = get_dialect();
        const std::string name = d.name_in_database(table.name), schema = d.name_in_database(table.schema);
        return lease_->physical->driver->first_key({name, schema}, d.name_in_database(key_column), rows);
    } catch (const error& e) {
        lease_->note_failure(e);
        throw;
    }
}

void connection::begin(const transaction_options& options) { lease_->begin(options); }

void connection::require_write() { lease_->require_write(); }

void connection::commit() { lease_->commit(); }

void connection::rollback() noexcept { lease_->rollback(); }

bool connection::in_transaction() const noexcept { return lease_->in_transaction(); }

bool connection::transaction_lost() const noexcept { return lease_->lost; }

void connection::set_statement_timeout(std::int64_t timeout_ms) noexcept { lease_->timeout_ms = timeout_ms; }

cancel_handle connection::cancel_handle() {
    if (!lease_->cancelled_by) obey(kin::cancel_handle::make());
    return kin::cancel_handle(lease_->cancelled_by);
}

void connection::obey(const kin::cancel_handle& handle) {
    if (lease_->cancelled_by) lease_->cancelled_by->let_go();
    lease_->cancelled_by = handle.target();
    if (lease_->cancelled_by) lease_->cancelled_by->take(*lease_);
}

void connection::set_observer(statement_observer* observer) noexcept { lease_->observer = observer; }

const dialect& connection::get_dialect() const noexcept { return lease_->driver->get_dialect(); }

} // namespace kin
