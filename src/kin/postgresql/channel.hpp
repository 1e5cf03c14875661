// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kin/postgresql/libpq.hpp"

namespace kin::postgresql {

struct connect_options;

/// A connection of libpq, and the waiting for it. libpq itself would wait for ever, so it is only asked for what is there already, and kin waits with
/// a deadline of its own. For one thread at a time.
class channel {
public:
    /// Connects. Throws: connection_error (cannot_connect).
    explicit channel(const connect_options& o);

    [[nodiscard]] PGconn* handle() const noexcept { return connection_.get(); }
    /// False once the connection is lost or was given up.
    [[nodiscard]] bool is_open() const noexcept;
    [[nodiscard]] PGTransactionStatusType transaction_status() const noexcept;

    /// Runs `send`, one of libpq's functions PQsend..., and waits for the answer to its end. Returns the last result, or the error if there is one.
    /// Throws: connection_error (connection_lost); statement_error (statement_timeout) when the server had to cancel the statement;
    /// connection_error (no_answer) when it did not even do that: then the connection is given up.
    template <class Send> [[nodiscard]] result_handle exchange(Send&& send) {
        require_open();
        if (send(handle()) == 0) fail_here();
        return receive();
    }
    /// ... and throws what the server refuses.
    template <class Send> result_handle run(Send&& send) {
        result_handle r = exchange(send);
        check(*r);
        return r;
    }
    result_handle run(const char* sql) {
        return run([&](PGconn* c) { return library().PQsendQuery(c, sql); });
    }
    /// Before something is sent of which it must be known whether it was. Throws: connection_error (connection_lost) when the server is known to
    /// have ended the connection.
    void require_peer();
    /// Throws the error of a result that is one.
    void check(const PGresult& r);
    /// How long an exchange may take from now on; 0: without bound.
    void set_timeout(std::int64_t timeout_ms) noexcept { statement_timeout_ms_ = timeout_ms; }
    /// From any thread: what runs is cancelled. Waits until the server has taken the request, for a bounded time.
    void request_cancel() const noexcept;
    /// In a child process: gives up its copy of the socket without a word to the server, which goes on with the parent.
    void abandon() noexcept;
    /// Whether the server answers within `timeout`.
    [[nodiscard]] bool answers(std::chrono::milliseconds timeout) noexcept;

private:
    using clock = std::chrono::steady_clock;
    struct closer {
        void operator()(PGconn* c) const noexcept { library().PQfinish(c); }
    };
    void require_open() const;
    void connect(const connect_options& o);
    [[nodiscard]] result_handle receive();
    [[nodiscard]] bool next_result(clock::time_point deadline, result_handle& out);
    [[nodiscard]] bool wait(short events, clock::time_point deadline) const;
    [[nodiscard]] bool flush(clock::time_point deadline);
    [[nodiscard]] bool cancel() const noexcept;
    [[noreturn]] void fail_here();
    [[noreturn]] void give_up();

    std::unique_ptr<PGconn, closer> connection_;
    std::shared_ptr<PGcancel> cancel_request_; // says who is to be cancelled; threads may share it
    std::string place_;
    std::int64_t statement_timeout_ms_;
    bool cancelled_ = false;
};

} // namespace kin::postgresql
