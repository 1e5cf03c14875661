// SPDX-License-Identifier: MIT
#include "kin/postgresql/channel.hpp"

#include <cerrno>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "kin/base/error.hpp"
#include "kin/engine/peer.hpp"
#include "kin/postgresql/errors.hpp"
#include "kin/postgresql/options.hpp"

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

[[noreturn]] void fail_connect(const std::string& place, std::string words) {
    while (!words.empty() && words.back() == '\n') words.pop_back();
    throw connection_error(
        {.code = "cannot_connect",
         .message = "PostgreSQL at " + place +
                    " cannot be reached; check host, port, database, user and password (libpq: " + words +
                    ")",
         .sql = {}});
}

} // namespace

channel::channel(const connect_options& o) : place_(o.place), statement_timeout_ms_(o.statement_timeout_ms) {
    connect(o);
    if (library().PQsetnonblocking(handle(), 1) != 0) fail_here();
    cancel_request_.reset(library().PQgetCancel(handle()), library().PQfreeCancel);
}

void channel::connect(const connect_options& o) {
    std::vector<const char*> words;
    std::vector<const char*> values;
    for (const auto& [word, text] : o.parameters) {
        words.push_back(word.c_str());
        values.push_back(text.c_str());
    }
    words.push_back(nullptr);
    values.push_back(nullptr);
    const auto deadline = clock::now() + std::chrono::milliseconds(o.connect_timeout_ms);
    connection_.reset(library().PQconnectStartParams(words.data(), values.data(), 0));
    if (connection_ == nullptr) throw std::bad_alloc();
    // Notices, and the last words of a server that ends while it is being connected to, would go to the program's stderr.
    library().PQsetNoticeReceiver(handle(), [](void*, const PGresult*) {}, nullptr);
    auto wanted = PGRES_POLLING_WRITING;
    while (library().PQstatus(handle()) != CONNECTION_BAD) {
        if (wanted == PGRES_POLLING_OK) return;
        if (!wait(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
            fail_connect(place_, "no answer within " + std::to_string(o.connect_timeout_ms) + " ms");
        }
        wanted = library().PQconnectPoll(handle());
    }
    fail_connect(place_, library().PQerrorMessage(handle()));
}

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

/// The next result, null after the last. False when the deadline comes first.
bool channel::next_result(clock::time_point deadline, result_handle& out) {
    if (!flush(deadline)) return false;
    while (library().PQisBusy(handle()) != 0) {
        if (!wait(POLLIN, deadline)) return false;
        if (library().PQconsumeInput(handle()) == 0) fail_here();
    }
    out.reset(library().PQgetResult(handle()));
    return true;
}

result_handle channel::receive() {
    auto deadline = statement_timeout_ms_ == 0
                        ? clock::time_point::max() - std::chrono::hours(1)
                        : clock::now() + std::chrono::milliseconds(statement_timeout_ms_);
    cancelled_ = false;
    result_handle last;
    for (;;) {
        result_handle next;
        if (!next_result(deadline, next)) {
            if (cancelled_ || !cancel()) give_up();
            cancelled_ = true;
            deadline = clock::now() + cancel_time;
            continue;
        }
        if (next == nullptr) break;
        const ExecStatusType status = library().PQresultStatus(next.get());
        if (last == nullptr || !is_error(*last)) last = std::move(next);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            connection_.reset(); // nothing else ends a COPY that nobody serves
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

void channel::check(const PGresult& r) {
    if (!is_error(r)) return;
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
        if (library().PQsendQuery(handle(), "") == 0) return false;
        const auto deadline = clock::now() + timeout;
        result_handle r;
        do {
            if (!next_result(deadline, r)) return false;
        } while (r != nullptr);
        return is_open();
    } catch (...) {
        return false;
    }
}

namespace {

/// Asks the server to cancel what runs. It takes a connection of its own, and libpq waits for it without a deadline; so another thread
/// does, which is left alone when it takes too long.
std::future<bool> send_cancel(const std::shared_ptr<PGcancel>& request) {
    auto done = std::make_shared<std::promise<bool>>();
    std::future<bool> sent = done->get_future();
    std::thread([request, done] {
        char fault[256];
        done->set_value(library().PQcancel(request.get(), fault, sizeof fault) == 1);
    }).detach();
    return sent;
}

} // namespace

bool channel::cancel() const noexcept {
    try {
        if (cancel_request_ == nullptr) return false;
        std::future<bool> sent = send_cancel(cancel_request_);
        return sent.wait_for(cancel_time) == std::future_status::ready && sent.get();
    } catch (...) {
        return false;
    }
}

void channel::request_cancel() const noexcept {
    try {
        // Until the server has taken it: later it would meet another statement, perhaps that of the next borrower.
        if (cancel_request_ != nullptr) static_cast<void>(send_cancel(cancel_request_).wait_for(cancel_time));
    } catch (...) {
        return; // no thread to be had: the statement runs on, until its deadline
    }
}

void channel::abandon() noexcept {
    if (connection_ != nullptr) close(library().PQsocket(handle()));
}

void channel::fail_here() {
    if (connection_ == nullptr) fail_lost("no connection");
    const std::string words = library().PQerrorMessage(handle());
    connection_.reset();
    fail_lost(words);
}

void channel::give_up() {
    connection_.reset();
    throw connection_error(
        {.code = "no_answer",
         .message = "the server at " + place_ + " did not answer within statement_timeout_ms (" +
                    std::to_string(statement_timeout_ms_) +
                    ") and did not cancel the statement either; the connection was closed, and "
                    "what the statement did is not known",
         .sql = {}});
}

} // namespace kin::postgresql
