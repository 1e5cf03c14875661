// SPDX-License-Identifier: MIT
#include "kin/postgresql/connection.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/postgresql/options.hpp"
#include "kin/postgresql/statement.hpp"

namespace kin::postgresql {

namespace {

constexpr std::chrono::milliseconds ping_time{2000};

} // namespace

postgresql_connection::postgresql_connection(const connect_options& o, const dialect& d)
    : dialect_(d),
      channel_(o),
      statements_(channel_),
      has_session_(o.prepares),
      prepares_(o.prepares) {}

std::unique_ptr<driver_statement> postgresql_connection::prepare(std::string_view sql) {
    return std::make_unique<postgresql_statement>(*this, sql);
}

std::string postgresql_connection::begin_text(const transaction_options& options) const {
    std::string text = "BEGIN";
    if (options.isolation != isolation_level::unspecified)
        text.append(" ISOLATION LEVEL ").append(isolation_level_text(options.isolation));
    if (options.read_only) text += " READ ONLY";
    if (options.deferrable) text += " DEFERRABLE";
    return text;
}

/// Goes with the first statement: the transaction sees what is there at its first statement anyway.
void postgresql_connection::begin(const transaction_options& options) {
    channel_.begin_with_next(begin_text(options));
}

/// COMMIT of a transaction that has failed is no error to PostgreSQL: it rolls back and says so in its tag only.
void postgresql_connection::commit() {
    note_cursors_end();
    channel_.drop_clean_up();
    if (channel_.has_begin_to_send()) return channel_.drop_begin(); // it has done nothing
    commit_sent_ = false;
    channel_.require_peer();
    commit_sent_ = true;
    const result_handle r = channel_.run("COMMIT");
    const std::string_view tag = library().PQcmdStatus(r.get());
    if (tag == "COMMIT") return;
    throw statement_error(
        {.code = "not_committed",
         .message = "COMMIT did not commit: a statement of the transaction had failed, so PostgreSQL "
                    "rolled it back (its answer was " +
                    std::string(tag) + "); roll back and run the transaction again",
         .sql = {}});
}

void postgresql_connection::rollback() {
    note_cursors_end();
    channel_.drop_clean_up();
    if (channel_.has_begin_to_send()) return channel_.drop_begin();
    channel_.drop_answers();
    channel_.run("ROLLBACK");
}

bool postgresql_connection::in_transaction() const noexcept {
    if (channel_.has_begin_to_send()) return true;
    const PGTransactionStatusType status = channel_.transaction_status();
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

std::string postgresql_connection::next_cursor_name() { return "kin_rows_" + std::to_string(++cursors_); }

bool postgresql_connection::ping() noexcept { return channel_.answers(ping_time); }

/// What DISCARD ALL does, without the prepared statements, in one round trip.
bool postgresql_connection::reset() {
    channel_.drop_clean_up();
    channel_.run("CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT "
                 "pg_advisory_unlock_all(); "
                 "DISCARD TEMP; DISCARD SEQUENCES");
    return true;
}

void postgresql_connection::note_affected(const PGresult& r, bool read_only) noexcept {
    if (read_only) return;
    // "INSERT 0 2"; empty for statements that change no rows.
    const std::string_view count = library().PQcmdTuples(const_cast<PGresult*>(&r));
    affected_rows_ = 0;
    std::from_chars(count.data(), count.data() + count.size(), affected_rows_);
}

} // namespace kin::postgresql
