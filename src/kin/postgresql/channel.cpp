// SPDX-License-Identifier: MIT
#include "kin/postgresql/channel.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "kin/base/error.hpp"
#include "kin/engine/connect_in_turn.hpp"
#include "kin/engine/own_thread.hpp"
#include "kin/engine/peer.hpp"
#include "kin/postgresql/errors.hpp"

namespace kin::postgresql {

namespace {

constexpr std::chrono::milliseconds cancel_time{
    2000}; // for the server to take a request to cancel, and to obey

bool is_error(const PGresult& r) {
    switch (library().PQresultStatus(&r)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: return false;
    default: return true;
    }
}

} // namespace

bool channel::is_open() const noexcept {
    return connection_ != nullptr && library().PQstatus(handle()) == CONNECTION_OK;
}

PGTransactionStatusType channel::transaction_status() const noexcept {
    return connection_ == nullptr ? PQTRANS_UNKNOWN : library().PQtransactionStatus(handle());
}

void channel::require_open() const {
    if (connection_ == nullptr) fail_lost("the connection was given up");
}

void channel::require_peer() {
    require_open();
    if (!peer_has_closed(library().PQsocket(handle()))) return;
    connection_.reset();
    fail_lost("the server has closed the connection");
}

/// False when the deadline comes first.
bool channel::wait(short events, clock::time_point deadline) const {
    pollfd watched{.fd = library().PQsocket(handle()), .events = events, .revents = 0};
    if (watched.fd < 0) return true; // libpq says why
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
        if (left <= 0) return false;
        constexpr decltype(left) longest = 1'000'000;
        const int ready = poll(&watched, 1, static_cast<int>(left < longest ? left : longest));
        if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    }
}

/// Sends what is still here, and reads meanwhile: the server may not take more before its answers are read.
bool channel::flush(clock::time_point deadline) {
    for (;;) {
        const int left = library().PQflush(handle());
        if (left < 0) fail_here();
        if (left == 0) return true;
        if (!wait(POLLIN | POLLOUT, deadline)) return false;
        if (library().PQconsumeInput(handle()) == 0) fail_here();
    }
}

/// Waits until libpq has the next result; sends meanwhile what is still here. False when the deadline comes first.
bool channel::await_result(clock::time_point deadline) {
    while (library().PQisBusy(handle()) != 0) {
        if (!exchange_some(deadline)) return false;
    }
    return true;
}

/// Waits for the socket, and reads what has come: that may be the last words of a server, so they are looked at before more is read.
bool channel::exchange_some(clock::time_point deadline) {
    const int left = library().PQflush(handle());
    if (left < 0) fail_here();
    if (!wait(left == 0 ? POLLIN : POLLIN | POLLOUT, deadline)) return false;
    if (library().PQconsumeInput(handle()) == 0) fail_here();
    return true;
}

channel::patience channel::new_patience() const noexcept {
    return {.until = deadline_in(statement_timeout_ms_)};
}

/// The next result, null after the last.
result_handle channel::next_result(patience& p) {
    while (!await_result(p.until)) {
        if (p.spent || !cancel()) give_up();
        p = {.until = clock::now() + cancel_time, .spent = true};
    }
    return result_handle(library().PQgetResult(handle()));
}

/// The answer to one command: its last result, or its error.
result_handle channel::receive_answer(patience& p) {
    result_handle last;
    while (result_handle next = next_result(p)) {
        const ExecStatusType status = library().PQresultStatus(next.get());
        if (last == nullptr || !is_error(*last)) last = std::move(next);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            close(); // nothing else ends a COPY that nobody serves
            throw statement_error({.code = "copy_not_served",
                                   .message =
                                       "COPY from or to the client does not go through a statement; the "
                                       "connection was closed",
                                   .sql = {}});
        }
    }
    if (last == nullptr) fail_here();
    return last;
}

result_handle channel::receive() {
    patience p = new_patience();
    result_handle r = receive_answer(p);
    cancelled_ = p.spent;
    return r;
}

result_handle channel::run(const char* sql) {
    const bool alone = goes_alone();
    return run([&](PGconn* c) {
        return alone ? library().PQsendQuery(c, sql)
                     : library().PQsendQueryParams(c, sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
    });
}

/// Repeats `put` until libpq has taken what it gives; has the server cancel what takes too long.
template <class Put> void channel::put_copy(patience& p, Put&& put) {
    for (;;) {
        const int taken = put();
        if (taken < 0) fail_here();
        if (!flush(p.until)) {
            if (p.spent || !cancel()) give_up();
            p = {.until = clock::now() + cancel_time, .spent = true};
        }
        if (taken != 0) return;
    }
}

result_handle channel::copy_in(const char* sql, std::string_view content) {
    constexpr std::size_t piece = 65'536;
    drain();
    require_open();
    if (library().PQsendQuery(handle(), sql) == 0) fail_here();
    patience p = new_patience();
    result_handle r = next_result(p);
    if (r != nullptr && library().PQresultStatus(r.get()) == PGRES_COPY_IN) {
        for (; !content.empty(); content.remove_prefix(std::min(piece, content.size()))) {
            const std::string_view some = content.substr(0, piece);
            put_copy(p, [&] {
                return library().PQputCopyData(handle(), some.data(), static_cast<int>(some.size()));
            });
        }
        put_copy(p, [&] { return library().PQputCopyEnd(handle(), nullptr); });
        r = receive_answer(p);
    } else {
        while (next_result(p) != nullptr) {}
    }
    cancelled_ = p.spent;
    if (r == nullptr) fail_here();
    return r;
}

// --- the pipeline ---------------------------------------------------------------------------------------------------

void channel::begin_pipeline() {
    require_open();
    if (awaited_.empty() && library().PQenterPipelineMode(handle()) == 0) fail_here();
    send_preparations();
}

void channel::send_preparations() {
    const auto send = [&](const std::string& sql) {
        if (library().PQsendQueryParams(handle(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0)
            fail_here();
        awaited_.push_back(awaited::preparation);
    };
    if (!begin_.empty()) send(std::exchange(begin_, {}));
    if (clean_up_.empty() || transaction_status() == PQTRANS_INERROR) return;
    for (const std::string& sql : std::exchange(clean_up_, {})) send(sql);
}

void channel::send_ahead(const char* sql) {
    send_ahead([&](PGconn* c) {
        return library().PQsendQueryParams(c, sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
    });
}

/// Lets the server begin. What the socket does not take now goes while an answer is waited for.
void channel::push_out() {
    if (library().PQflush(handle()) < 0) fail_here();
}

void channel::synchronize() {
    if (awaited_.empty() || awaited_.back() == awaited::synchronization) return;
    require_open();
    if (library().PQpipelineSync(handle()) == 0) fail_here();
    awaited_.push_back(awaited::synchronization);
}

/// Receives what comes next. The error of a preparation is that of the first command behind it, which was not done for it.
void channel::receive_awaited() {
    const awaited what = awaited_.front();
    patience p = new_patience();
    if (what == awaited::synchronization) {
        static_cast<void>(next_result(p));
        failed_preparation_.reset();
        awaited_.pop_front();
        if (awaited_.empty() && library().PQexitPipelineMode(handle()) == 0) fail_here();
        return;
    }
    result_handle r = receive_answer(p);
    awaited_.pop_front();
    if (what == awaited::preparation) {
        if (is_error(*r) && failed_preparation_ == nullptr &&
            library().PQresultStatus(r.get()) != PGRES_PIPELINE_ABORTED)
            failed_preparation_ = std::move(r);
        return;
    }
    if (unwanted_ != 0) {
        --unwanted_;
        return;
    }
    if (failed_preparation_ != nullptr && library().PQresultStatus(r.get()) == PGRES_PIPELINE_ABORTED)
        r = std::move(failed_preparation_);
    answers_.push_back({std::move(r), p.spent});
}

/// Takes all answers that are under way.
void channel::drain() {
    synchronize();
    while (!awaited_.empty()) receive_awaited();
}

result_handle channel::take_newest() {
    answer newest = std::move(answers_.back());
    answers_.pop_back();
    cancelled_ = newest.was_cancelled;
    return std::move(newest.result);
}

result_handle channel::next_answer() {
    while (answers_.empty()) {
        require_open();
        synchronize();
        receive_awaited();
    }
    while (!awaited_.empty() && awaited_.front() == awaited::synchronization) receive_awaited();
    answer oldest = std::move(answers_.front());
    answers_.pop_front();
    cancelled_ = oldest.was_cancelled;
    return std::move(oldest.result);
}

void channel::drop_answers() noexcept {
    answers_.clear();
    unwanted_ = 0;
    for (const awaited what : awaited_) unwanted_ += what == awaited::answer ? 1 : 0;
}

std::optional<notification> channel::next_notification(clock::time_point deadline) {
    if (!goes_alone()) drain();
    require_open();
    for (;;) {
        // What is here already counts, also when there is no time to wait.
        if (library().PQconsumeInput(handle()) == 0) fail_here();
        struct freed {
            void operator()(PGnotify* n) const noexcept { library().PQfreemem(n); }
        };
        if (const std::unique_ptr<PGnotify, freed> n{library().PQnotifies(handle())}; n != nullptr)
            return notification{.channel = n->relname, .payload = n->extra, .sender = n->be_pid};
        if (!wait(POLLIN, deadline)) return std::nullopt;
    }
}

void channel::check(const PGresult& r) {
    if (!is_error(r)) return;
    if (library().PQresultStatus(&r) == PGRES_PIPELINE_ABORTED)
        fail({.sqlstate = "25P02", .message = "not done, because a statement sent before it failed"});
    const server_error e = error_of(&r);
    if (e.sqlstate.empty()) fail_lost(library().PQresultErrorMessage(&r));
    if (cancelled_ && e.sqlstate == "57014") {
        throw statement_timeout({.code = "statement_timeout",
                                 .message = "the statement took longer than statement_timeout_ms (" +
                                            std::to_string(statement_timeout_ms_) +
                                            ") and was cancelled; make it faster, or allow it more time",
                                 .sql = {},
                                 .sqlstate = "57014"});
    }
    fail(e);
}

bool channel::answers(std::chrono::milliseconds timeout) noexcept {
    try {
        if (!is_open()) return false;
        if (!goes_alone()) drain();
        if (library().PQsendQuery(handle(), "") == 0) return false;
        const auto deadline = clock::now() + timeout;
        result_handle r;
        do {
            if (!await_result(deadline)) return false;
            r.reset(library().PQgetResult(handle()));
        } while (r != nullptr);
        return is_open();
    } catch (...) {
        return false;
    }
}

namespace {

/// Asks the server to cancel what runs; whether it has taken the request. It takes a connection of its own, and libpq waits for it without a deadline.
bool send_cancel(const std::shared_ptr<PGcancel>& request) {
    const auto sent = in_own_thread(
        [request] {
            char fault[256];
            return library().PQcancel(request.get(), fault, sizeof fault) == 1;
        },
        std::chrono::steady_clock::now() + cancel_time);
    return sent.value_or(false);
}

} // namespace

bool channel::cancel() const noexcept {
    try {
        return cancel_request_ != nullptr && send_cancel(cancel_request_);
    } catch (...) {
        return false;
    }
}

void channel::request_cancel() const noexcept {
    // It waits until the server has taken it: later it would meet another statement, perhaps that of the next borrower. When no thread is to
    // be had, the statement runs on, until its deadline.
    static_cast<void>(cancel());
}

void channel::abandon() noexcept {
    if (connection_ != nullptr) ::close(library().PQsocket(handle()));
}

void channel::fail_here() {
    if (connection_ == nullptr) fail_lost("no connection");
    const std::string words = library().PQerrorMessage(handle());
    close();
    fail_lost(words);
}

/// What has come is kept for those who will take it.
void channel::close() noexcept {
    connection_.reset();
    awaited_.clear();
    begin_.clear();
    clean_up_.clear();
    unwanted_ = 0;
}

void channel::give_up() {
    close();
    throw connection_error(
        {.code = "no_answer",
         .message = "the server at " + place_ + " did not answer within statement_timeout_ms (" +
                    std::to_string(statement_timeout_ms_) +
                    ") and did not cancel the statement either; the connection was closed, and "
                    "what the statement did is not known",
         .sql = {}});
}

} // namespace kin::postgresql
