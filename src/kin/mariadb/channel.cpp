// SPDX-License-Identifier: MIT
#include "kin/mariadb/channel.hpp"

#include <unistd.h>

#include <memory>
#include <new>
#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/peer.hpp"
#include "kin/mariadb/options.hpp"

namespace kin::mariadb {

namespace {

constexpr std::int64_t grace_ms = 1000;    // for an answer to "stop"
constexpr std::int64_t farewell_ms = 200;  // for the words that end a statement
constexpr std::int64_t discarding_ms = 20; // for rows that nobody wants, until their query is stopped
constexpr std::size_t discarded_rows = 1000;

constexpr unsigned gone_away = 2006; // the command could not be sent
constexpr unsigned interrupted = 1317;

/// The session, or the server, was told to end. A COMMIT that hears of it may be through already.
bool comes_with_an_end(unsigned number) noexcept { return number == 1927 || number == 1053; }

} // namespace

int channel::wait(patience& p, overdue_rule rule, int wanted) noexcept {
    const unsigned library_ms = client_.timeout_ms(handle());
    if (const int ready = p.wait(socket(), wanted, library_ms); ready != 0) return ready;
    if (rule == overdue_rule::stop_it && !stopped_) {
        stopped_ = true;
        p = patience(grace_ms);
        if (stop_statement()) {
            if (const int ready = p.wait(socket(), wanted, library_ms); ready != 0) return ready;
        }
    }
    unanswered_ = true;
    broken_ = true;
    return patience::give_up(socket());
}

void channel::meet_stop() noexcept {
    patience p(grace_ms);
    static_cast<void>(send(p, overdue_rule::give_up, "DO 0"));
}

bool channel::stop_statement() const noexcept {
    try {
        channel other(*this, grace_ms);
        other.set_timeout(grace_ms);
        other.query("KILL QUERY " + std::to_string(id_), overdue_rule::give_up);
        return true;
    } catch (...) {
        return false;
    }
}

void channel::cancel() noexcept {
    cancelled_ = true;
    static_cast<void>(stop_statement());
}

int channel::send(patience& p, overdue_rule rule, std::string_view sql) noexcept {
    int failed = 0;
    run(
        p, rule, [&] { return client_.query_start(&failed, handle(), sql.data(), sql.size()); },
        [&](int events) { return client_.query_cont(&failed, handle(), events); });
    return failed;
}

void channel::query(std::string_view sql, overdue_rule rule) {
    make_free();
    patience p = new_patience();
    if (send(p, rule, sql) != 0) fail();
    succeed();
}

std::string channel::ask(std::string_view sql) {
    make_free();
    patience p = new_patience();
    if (send(p, overdue_rule::stop_it, sql) != 0) fail();
    MYSQL_RES* stored = nullptr;
    run(
        p, overdue_rule::stop_it, [&] { return client_.store_start(&stored, handle()); },
        [&](int events) { return client_.store_cont(&stored, handle(), events); });
    if (stored == nullptr) fail();
    succeed();
    const std::unique_ptr<MYSQL_RES, decltype(&::mysql_free_result)> result(stored, client_.free_result);
    const MYSQL_ROW row = client_.fetch_row(stored);
    if (row == nullptr || row[0] == nullptr) return {};
    return std::string(row[0], client_.fetch_lengths(stored)[0]);
}

bool channel::ping() noexcept {
    try {
        make_free();
    } catch (...) {
        return false;
    }
    patience p = new_patience();
    int failed = 0;
    run(
        p, overdue_rule::give_up, [&] { return client_.ping_start(&failed, handle()); },
        [&](int events) { return client_.ping_cont(&failed, handle(), events); });
    if (failed != 0) broken_ = true;
    return failed == 0;
}

void channel::require_peer() {
    if (peer_has_closed(socket())) fail({gone_away, "08S01", "the server has closed the connection"});
}

void channel::make_free() {
    if (stream_ != nullptr) stream_->keep_rows();
}

/// By a statement of their own, so that the rows which are kept of the first result stay.
void channel::read_results_away(MYSQL_STMT* statement, patience& p) {
    const auto end = [this](MYSQL_STMT* s) {
        s->state = MYSQL_STMT_INITTED; // the server does not know it
        close(s);
    };
    const std::unique_ptr<MYSQL_STMT, decltype(end)> reader(client_.statement_init(handle()), end);
    if (reader == nullptr) {
        broken_ = true;
        throw std::bad_alloc();
    }
    reader->state = MYSQL_STMT_FETCH_DONE; // only behind one result libmariadb asks for the next
    reader->default_rset_handler = statement->default_rset_handler;
    int failed = 0;
    while (failed == 0 && has_more_results()) {
        run(
            p, overdue_rule::stop_it, [&] { return client_.next_result_start(&failed, reader.get()); },
            [&](int events) { return client_.next_result_cont(&failed, reader.get(), events); });
        if (failed != 0 || client_.field_count(reader.get()) == 0) continue;
        int result = 0;
        while (result == 0) {
            run(
                p, overdue_rule::stop_it, [&] { return client_.fetch_start(&result, reader.get()); },
                [&](int events) { return client_.fetch_cont(&result, reader.get(), events); });
        }
        if (result != MYSQL_NO_DATA) failed = result;
    }
    if (failed != 0) fail(reader.get());
}

void channel::discard_rows(MYSQL_STMT* statement, bool may_stop) noexcept {
    stream_ = nullptr;
    stopped_ = false;
    const overdue_rule rule = may_stop ? overdue_rule::stop_it : overdue_rule::give_up;
    patience p = may_stop ? patience(discarding_ms) : new_patience();
    int result = 0;
    for (std::size_t n = 0; result == 0; ++n) {
        if (may_stop && n == discarded_rows) {
            static_cast<void>(stop_statement());
            p = patience(grace_ms);
        }
        run(
            p, rule, [&] { return client_.fetch_start(&result, statement); },
            [&](int events) { return client_.fetch_cont(&result, statement, events); });
    }
    if (result == MYSQL_NO_DATA) {
        try {
            skip_results(statement, p);
        } catch (...) {
            return; // settled; nobody wants to know
        }
        return;
    }
    const unsigned number = client_.error_number(handle());
    if (number != interrupted) settle(aftermath_of({number, client_.error_state(handle()), {}}));
}

void channel::close_cursor(MYSQL_STMT* statement) noexcept {
    try {
        make_free();
    } catch (...) {
        broken_ = true;
    }
    if (broken_) return;
    patience p = new_patience();
    my_bool failed = 0;
    run(
        p, overdue_rule::give_up, [&] { return client_.reset_statement_start(&failed, statement); },
        [&](int events) { return client_.reset_statement_cont(&failed, statement, events); });
    if (failed != 0)
        broken_ = true; // the server has it still, and would take the next execution for a mistake
}

void channel::close(MYSQL_STMT* statement) noexcept {
    try {
        make_free();
    } catch (...) {
        broken_ = true;
    }
    patience p(farewell_ms);
    my_bool failed = 0;
    run(
        p, overdue_rule::give_up, [&] { return client_.close_statement_start(&failed, statement); },
        [&](int events) { return client_.close_statement_cont(&failed, statement, events); });
}

void channel::fail() {
    fail({client_.error_number(handle()), client_.error_state(handle()), client_.error_text(handle())});
}

void channel::fail(MYSQL_STMT* statement) {
    // What happens while rows are read is noted on the connection only.
    if (client_.statement_error_number(statement) == 0) fail();
    fail({client_.statement_error_number(statement), client_.statement_error_state(statement),
          client_.statement_error_text(statement)});
}

void channel::fail(const server_error& e) {
    const std::string state(e.sqlstate);
    const std::string message(e.message); // settling sends commands, which write over it
    const server_error kept{e.number, state, message, !is_set_up_};
    const bool was_overdue = stopped_;
    const bool was_unanswered = std::exchange(unanswered_, false);
    const bool was_cancelled = e.number == interrupted && cancelled_.exchange(false);
    refused_ = (comes_from_server(e.number) && !comes_with_an_end(e.number)) || e.number == gone_away;
    stream_ = nullptr;
    settle(aftermath_of(kept));
    if (was_unanswered) {
        throw statement_timeout(
            {.code = "statement_timeout",
             .message = "the server at " + options_.place() +
                        " gave no answer within the time allowed, nor to the request to stop; the "
                        "connection is closed",
             .sql = {},
             .vendor_code = e.number});
    }
    if (was_overdue && e.number == interrupted) {
        throw statement_timeout(
            {.code = "statement_timeout",
             .message = "the statement took longer than it may and was stopped; make it faster, or "
                        "allow it more time",
             .sql = {},
             .sqlstate = state,
             .vendor_code = e.number});
    }
    if (was_cancelled) {
        throw statement_cancelled({.code = "statement_cancelled",
                                   .message = "another thread cancelled the statement",
                                   .sql = {},
                                   .sqlstate = state,
                                   .vendor_code = e.number});
    }
    mariadb::fail(kept);
}

/// Brings what kin believes about the transaction in line with the server: an error's packet does not tell.
void channel::settle(aftermath left) noexcept {
    if (left == aftermath::connection_gone) broken_ = true;
    if (broken_ || !(in_transaction() || may_begin_)) return;
    patience p(grace_ms);
    // 1205 undoes the statement only, and a COMMIT would keep the first half of the transaction. Of the answer to a ping libmariadb does not take
    // the state of the transaction.
    const char* const sql = left == aftermath::transaction_undone ? "ROLLBACK" : "DO 0";
    if (send(p, overdue_rule::give_up, sql) != 0) broken_ = true;
}

unsigned channel::server_status() const noexcept {
    unsigned status = 0;
    client_.get_info(handle(), MARIADB_CONNECTION_SERVER_STATUS, &status);
    return status;
}

bool channel::in_transaction() const noexcept {
    return !broken_ && (server_status() & SERVER_STATUS_IN_TRANS) != 0;
}

void channel::abandon() noexcept { ::close(socket()); }

} // namespace kin::mariadb
