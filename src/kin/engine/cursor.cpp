// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/connection.hpp"
#include "kin/engine/pooled_connection.hpp"

namespace kin {

cursor::cursor(pooled_connection& lease) : lease_(&lease) {
    if (lease.sharing == nullptr) return;
    lease.sharing->lock();
    ++lease.open_cursors;
}

// Delegates, so that the destructor gives everything back when starting fails.
cursor::cursor(pooled_connection& lease, std::string_view sql, std::span<const cell> parameters,
               const execution_options& options)
    : cursor(lease) {
    if (!lease.sent.empty()) lease.sent.settle(lease);
    parameters_ = parameters;
    if (lease.is_observed()) started_ns_ = now_ns();
    try {
        start(sql, options);
    } catch (const error& e) {
        finished_ = true;
        lease.fail(e, {.sql = sql, .parameters = parameters}, started_ns_);
    } catch (...) {
        finished_ = true;
        lease.note_failure();
        throw;
    }
}

/// The answer to a statement that was sent ahead.
cursor::cursor(pooled_connection& lease, const sent_statement& sent) : cursor(lease) {
    parameters_ = sent.values->cells;
    started_ns_ = sent.started_ns;
    try {
        cached_ = &lease.physical->statements.take(sent.sql);
        statement_ = cached_->statement.get();
        statement_->take_sent();
    } catch (const error& e) {
        finished_ = true;
        lease.fail(e, {.sql = sent.sql, .parameters = parameters_}, started_ns_);
    } catch (...) {
        finished_ = true;
        lease.note_failure();
        throw;
    }
}

cursor::cursor(cursor&& other) noexcept
    : lease_(std::exchange(other.lease_, nullptr)),
      cached_(other.cached_),
      statement_(other.statement_),
      parameters_(other.parameters_),
      started_ns_(other.started_ns_),
      rows_(other.rows_),
      finished_(other.finished_),
      claimed_writing_(other.claimed_writing_) {}

cursor::~cursor() {
    if (lease_ == nullptr || lease_->is_forked()) return; // the parent process goes on with it
    if (cached_ != nullptr) {
        if (started_ns_ != 0) finish();
        statement_->reset();
        lease_->physical->statements.give_back(*cached_);
    }
    if (lease_->sharing == nullptr) return;
    // A statement that has begun a transaction (BEGIN, SAVEPOINT) keeps the right to write until the lease ends it.
    const bool ends_writing = claimed_writing_ && !lease_->physical->driver->in_transaction();
    --lease_->open_cursors;
    lease_->sharing->unlock();
    if (ends_writing) lease_->sharing->release_writing(lease_);
}

void cursor::start(std::string_view sql, const execution_options& options) {
    lease_->physical->set_timeout(options.timeout_ms < 0 ? lease_->timeout_ms : options.timeout_ms);
    cached_ = &lease_->physical->statements.take(sql);
    statement_ = cached_->statement.get();
    if (cached_->parameter_count != parameters_.size()) [[unlikely]] {
        throw usage_error({.code = "parameter_count",
                           .message = "the statement has " + std::to_string(cached_->parameter_count) +
                                      " placeholders, but " + std::to_string(parameters_.size()) +
                                      " values were given: " + std::string(sql),
                           .sql = {}});
    }
    if (!cached_->read_only) {
        if (lease_->refuses_writes) pooled_connection::fail_read_only();
        if (lease_->sharing != nullptr && !lease_->sharing->is_writing(lease_)) claim_writing();
    }
    if (options.fetch_size != cached_->fetch_size)
        statement_->set_fetch_size(cached_->fetch_size = options.fetch_size);
    statement_->bind(parameters_);
}

/// A write on a shared connection: makes a reading transaction a writing one; without a transaction claims the right to write until the
/// cursor ends.
void cursor::claim_writing() {
    struct relock {
        shared_access& sharing;
        ~relock() { sharing.lock(); }
    };
    lease_->sharing->unlock(); // the writer may need the statement lock to finish
    const relock at_end{*lease_->sharing};
    if (lease_->reading) {
        lease_->require_write();
    } else {
        lease_->sharing->claim_writing(lease_, lease_->lock_timeout_ms);
        claimed_writing_ = true;
    }
}

bool cursor::next() {
    if (finished_) return false;
    try {
        if (statement_->step()) {
            ++rows_;
            return true;
        }
    } catch (const error& e) {
        finished_ = true;
        lease_->fail(e, {.sql = cached_->sql, .parameters = parameters_, .rows = rows_}, started_ns_);
    } catch (...) {
        finished_ = true;
        lease_->note_failure();
        throw;
    }
    finish();
    return false;
}

std::int64_t cursor::affected_rows() const {
    return cached_->read_only ? rows_ : lease_->physical->driver->affected_rows();
}

/// Tells the observers, once.
void cursor::finish() noexcept {
    if (std::exchange(finished_, true) || started_ns_ == 0) return;
    const std::int64_t rows = statement_->column_count() != 0 ? rows_ : affected_rows();
    lease_->notify({.sql = cached_->sql,
                    .parameters = parameters_,
                    .duration_ns = now_ns() - started_ns_,
                    .rows = rows});
}

} // namespace kin
