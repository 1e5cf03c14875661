// SPDX-License-Identifier: MIT
#include "kin/engine/pooled_connection.hpp"

#include "kin/base/error.hpp"
#include "kin/engine/error_completion.hpp"

namespace kin {

/// Runs BEGIN, COMMIT or ROLLBACK and tells the observers.
template <class Work> void pooled_connection::control(std::string_view text, Work&& work) {
    const std::int64_t started_ns = is_observed() ? now_ns() : 0;
    statement_event event{.sql = text, .parameters = {}, .transaction_control = true};
    try {
        work();
    } catch (const error& e) {
        fail(e, event, started_ns);
    } catch (...) {
        note_failure();
        throw;
    }
    if (started_ns == 0) return;
    event.duration_ns = now_ns() - started_ns;
    notify(event);
}

void pooled_connection::begin(transaction_access access) {
    require_usable();
    if (in_transaction()) {
        throw state_error(
            {.code = "transaction_open",
             .message = "a transaction is open already; commit it or roll it back before the next begin()",
             .sql = {}});
    }
    if (sharing == nullptr) return send_begin(access);
    if (access == transaction_access::write) return begin_writing();
    reading = true;
}

void pooled_connection::require_write() {
    require_usable();
    if (!in_transaction()) {
        throw state_error({.code = "no_transaction",
                           .message = "there is no transaction to write in; call begin() first",
                           .sql = {}});
    }
    if (sharing != nullptr) {
        if (!sharing->is_writing(this)) begin_writing();
        return;
    }
    if (!physical->driver->must_restart_to_write()) return;
    control("COMMIT", [&] { physical->driver->commit(); });
    began = false;
    try {
        send_begin(transaction_access::write);
    } catch (...) {
        lost = true; // the reading transaction is over and no writing one began
        throw;
    }
}

/// The write transaction of a shared connection; ends a reading one, which is only a flag.
void pooled_connection::begin_writing() {
    sharing->claim_writing(this, lock_timeout_ms);
    reading = false;
    try {
        send_begin(transaction_access::write);
    } catch (...) {
        sharing->release_writing(this);
        throw;
    }
}

void pooled_connection::send_begin(transaction_access access) {
    const statement_lock lock(sharing);
    control(physical->driver->begin_text(access), [&] { physical->driver->begin(access); });
    began = true;
}

void pooled_connection::commit() {
    require_usable();
    if (reading) {
        reading = false;
        return;
    }
    if (!in_transaction()) {
        throw state_error({.code = "no_transaction",
                           .message = "there is no transaction to commit; call begin() first",
                           .sql = {}});
    }
    try {
        const statement_lock lock(sharing);
        control("COMMIT", [&] { physical->driver->commit(); });
    } catch (...) {
        rollback();
        throw;
    }
    began = false;
    if (sharing != nullptr) sharing->release_writing(this);
}

void pooled_connection::rollback() noexcept {
    lost = false;
    reading = false;
    if (sharing != nullptr && !sharing->is_writing(this)) return;
    {
        const statement_lock lock(sharing);
        try {
            if (physical->driver->in_transaction())
                control("ROLLBACK", [&] { physical->driver->rollback(); });
        } catch (...) {
            if (physical->driver->in_transaction()) broken = true;
        }
    }
    began = false;
    lost = false;
    if (sharing != nullptr) sharing->release_writing(this);
}

bool pooled_connection::in_transaction() const {
    if (reading) return true;
    if (sharing != nullptr && !sharing->is_writing(this)) return false;
    const statement_lock lock(sharing);
    return physical->driver->in_transaction();
}

void pooled_connection::notify(const statement_event& event) const noexcept {
    if (!observers->empty()) observers->notify(event);
    if (observer != nullptr) observer->executed(event);
}

void pooled_connection::note_failure() noexcept {
    if (!began || physical->driver->in_transaction()) return;
    began = false;
    lost = true;
}

void pooled_connection::note_failure(const error& e) noexcept {
    note_failure();
    if (dynamic_cast<const connection_error*>(&e) != nullptr) broken = true;
}

void pooled_connection::fail(const error& e, const statement_event& event, std::int64_t started_ns) {
    note_failure(e);
    if (started_ns != 0) {
        statement_event failed = event;
        failed.duration_ns = now_ns() - started_ns;
        failed.failure = &e;
        notify(failed);
    }
    rethrow_completed(e, event.sql, event.parameters);
}

void pooled_connection::fail_lost() {
    throw pending_rollback(
        {.code = "pending_rollback",
         .message =
             "an error made the database give up the transaction; nothing is sent until rollback() is called",
         .sql = {}});
}

std::int64_t now_ns() noexcept {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

} // namespace kin
