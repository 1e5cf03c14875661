// SPDX-License-Identifier: MIT
#include "kin/engine/pooled_connection.hpp"

#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/error_completion.hpp"
#include "kin/engine/isolation.hpp"
#include "kin/engine/pool.hpp"

namespace kin {

/// Runs BEGIN, COMMIT or ROLLBACK and tells the observers.
template <class Work> void pooled_connection::control(std::string_view text, Work&& work) {
    physical->set_timeout(timeout_ms);
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

void pooled_connection::begin(const transaction_options& options) {
    require_usable();
    if (in_transaction()) {
        throw state_error(
            {.code = "transaction_open",
             .message = "a transaction is open already; commit it or roll it back before the next begin()",
             .sql = {}});
    }
    require_level(*driver, options.isolation);
    open_with = options;
    if (options.isolation == isolation_level::unspecified) open_with.isolation = isolation;
    if (options.read_only) open_with.access = transaction_access::read;
    if (sharing == nullptr) {
        send_begin(open_with);
    } else if (open_with.access == transaction_access::write ||
               open_with.isolation != isolation_level::unspecified) {
        begin_writing(); // who asks for isolation must not see what others have not committed
    } else {
        reading = true;
    }
    refuses_writes = options.read_only && !physical->driver->enforces_read_only();
}

void pooled_connection::require_write() {
    require_usable();
    if (!in_transaction())
        fail_without_transaction("there is no transaction to write in; call begin() first");
    if (open_with.read_only) fail_read_only();
    open_with.access = transaction_access::write;
    if (sharing != nullptr) {
        if (!sharing->is_writing(this)) begin_writing();
        return;
    }
    if (!physical->driver->must_restart_to_write()) return;
    control("COMMIT", [&] { physical->driver->commit(); });
    began = false;
    try {
        send_begin(open_with);
    } catch (...) {
        lost = true; // the reading transaction is over and no writing one began
        throw;
    }
}

/// The write transaction of a shared connection; ends a reading one, which is only a flag.
void pooled_connection::begin_writing() {
    sharing->claim_writing(this, lock_timeout_ms);
    const bool was_reading = reading;
    try {
        send_begin(open_with);
        reading = false;
    } catch (...) {
        rollback(); // it may have begun nevertheless
        lost = was_reading;
        throw;
    }
}

void pooled_connection::send_begin(const transaction_options& options) {
    const statement_lock lock(sharing);
    control(physical->driver->begin_text(options), [&] { physical->driver->begin(options); });
    began = true;
}

void pooled_connection::commit() {
    require_usable();
    if (!sent.empty()) sent.settle(*this);
    if (reading) {
        reading = false;
        end();
        return;
    }
    if (!in_transaction()) fail_without_transaction("there is no transaction to commit; call begin() first");
    try {
        const statement_lock lock(sharing);
        control("COMMIT", [&] { send_commit(); });
    } catch (...) {
        rollback();
        throw;
    }
    end();
}

/// Throws: commit_outcome_unknown when the connection was lost at a moment at which the database may have committed.
void pooled_connection::send_commit() {
    try {
        physical->driver->commit();
    } catch (const error& e) {
        const bool is_lost =
            dynamic_cast<const connection_error*>(&e) != nullptr || physical->driver->is_broken();
        if (!is_lost || !physical->driver->may_have_committed()) throw;
        error_details details = e.details();
        details.code = "commit_outcome_unknown";
        details.message = "the connection was lost while COMMIT was under way: the transaction is there as a "
                          "whole, or not at all; look before you run it again (";
        details.message.append(e.message()).append(")");
        throw commit_outcome_unknown(std::move(details));
    }
}

/// The transaction has ended; a shared connection is free for other writers.
void pooled_connection::end() noexcept {
    began = false;
    lost = false;
    refuses_writes = false;
    if (sharing != nullptr) sharing->release_writing(this);
}

void pooled_connection::rollback() noexcept {
    if (is_forked()) return;
    lost = false;
    reading = false;
    refuses_writes = false;
    if (!sent.empty()) sent.drop(*this);
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
    end();
}

bool pooled_connection::in_transaction() const {
    if (is_forked()) return false;
    if (reading) return true;
    if (sharing != nullptr && !sharing->is_writing(this)) return false;
    const statement_lock lock(sharing);
    return physical->driver->in_transaction();
}

void pooled_connection::notify(const statement_event& event) const noexcept {
    if (!observers->empty()) observers->each([&](statement_observer& o) { o.executed(event); });
    if (observer != nullptr) observer->executed(event);
}

void pooled_connection::note_failure() noexcept {
    if (!began || physical->driver->in_transaction()) return;
    began = false;
    lost = true;
}

void pooled_connection::note_failure(const error& e) noexcept {
    note_failure();
    if (broken) return;
    const bool is_lost = dynamic_cast<const connection_error*>(&e) != nullptr ||
                         dynamic_cast<const commit_outcome_unknown*>(&e) != nullptr;
    broken = is_lost || physical->driver->is_broken();
    if (is_lost) home->invalidate(); // the others most likely lead to the same server
}

void pooled_connection::fail(const error& e, const statement_event& event, std::int64_t started_ns) {
    note_failure(e);
    if (started_ns != 0) {
        statement_event failed = event;
        failed.duration_ns = now_ns() - started_ns;
        failed.failure = &e;
        notify(failed);
    }
    if (open_with.read_only && e.code() == "read_only") fail_read_only();
    rethrow_completed(e, event.sql, event.parameters);
}

void pooled_connection::fail_without_transaction(const char* message) {
    if (!began) throw state_error({.code = "no_transaction", .message = message, .sql = {}});
    if (!physical->driver->is_broken()) {
        began = false;
        throw state_error(
            {.code = "no_transaction",
             .message =
                 "a statement has ended the transaction (COMMIT, ROLLBACK, a procedure that does): what "
                 "it did until then is there or not as that statement says; end transactions by "
                 "commit() and rollback() only",
             .sql = {}});
    }
    // No statement has ended it, and none has failed: it went with the connection between two of them.
    const connection_error gone(
        {.code = "connection_lost",
         .message =
             "the connection with the server is lost, and the open transaction with it; what it did is "
             "undone; roll back and run it again",
         .sql = {}});
    note_failure(gone);
    throw connection_error(gone);
}

void pooled_connection::fail_unusable() const {
    if (is_forked()) {
        throw state_error({.code = "forked_connection",
                           .message =
                               "this process is the child of the one that borrowed the connection, which "
                               "goes on with it; let the session go and make a new one",
                           .sql = {}});
    }
    throw pending_rollback(
        {.code = "pending_rollback",
         .message =
             "an error made the database give up the transaction; nothing is sent until rollback() is called",
         .sql = {}});
}

void pooled_connection::fail_read_only() {
    throw state_error({.code = "read_only_transaction",
                       .message = "the transaction was begun with read_only, and this would write; begin it "
                                  "without, or leave the change out",
                       .sql = {}});
}

std::int64_t now_ns() noexcept {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

} // namespace kin
