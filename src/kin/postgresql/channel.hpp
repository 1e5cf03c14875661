// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kin/engine/connect_in_turn.hpp"
#include "kin/postgresql/libpq.hpp"
#include "kin/postgresql/listener.hpp"

namespace kin::postgresql {

struct connect_options;

/// A connection of libpq, and the waiting for it. libpq itself would wait for ever, so it is only asked for what is there already, and kin waits with
/// a deadline of its own. For one thread at a time.
///
/// Two ways to speak: exchange() sends one command and waits for its answer; send_ahead() sends commands one behind the other (a pipeline), whose
/// answers next_answer() hands out later. They may be mixed: exchange() first takes the answers that are under way and keeps them.
class channel {
public:
    /// Connects. Throws: connection_error (cannot_connect).
    explicit channel(const connect_options& o, const resolver& ask = system_addresses);

    [[nodiscard]] PGconn* handle() const noexcept { return connection_.get(); }
    /// False once the connection is lost or was given up.
    [[nodiscard]] bool is_open() const noexcept;
    [[nodiscard]] PGTransactionStatusType transaction_status() const noexcept;

    /// Runs `send`, one of libpq's functions PQsend..., and waits for the answer to its end. Returns the last result, or the error if there is one.
    /// Throws: connection_error (connection_lost); statement_error (statement_timeout) when the server had to cancel the statement;
    /// connection_error (no_answer) when it did not even do that: then the connection is given up.
    template <class Send> [[nodiscard]] result_handle exchange(Send&& send) {
        if (goes_alone()) {
            require_open();
            if (send(handle()) == 0) fail_here();
            return receive();
        }
        return std::move(exchange_together(send).front());
    }
    /// ... several in one round trip. When one fails, those behind it are not done; their results say so.
    template <class... Sends>
    [[nodiscard]] std::array<result_handle, sizeof...(Sends)> exchange_together(Sends&&... sends) {
        synchronize(); // an earlier command that fails takes these not along
        (send_ahead(sends), ...);
        std::array<result_handle, sizeof...(Sends)> results;
        drain();
        for (auto result = results.rbegin(); result != results.rend(); ++result) *result = take_newest();
        return results;
    }
    /// ... and throws what the server refuses.
    template <class Send> result_handle run(Send&& send) {
        result_handle r = exchange(send);
        check(*r);
        return r;
    }
    /// Runs a statement without parameters; where nothing is before it, several.
    result_handle run(const char* sql);

    /// Runs COPY ... FROM STDIN with this content, and returns its answer. Throws: as exchange().
    [[nodiscard]] result_handle copy_in(const char* sql, std::string_view content);

    /// Sends a command and does not wait. `send`: as for exchange(), but for PQsendQuery.
    template <class Send> void send_ahead(Send&& send) {
        begin_pipeline();
        if (send(handle()) == 0) fail_here();
        awaited_.push_back(awaited::answer);
        push_out();
    }
    void send_ahead(const char* sql);
    /// The answer to the oldest command that was sent ahead and whose answer nobody has taken. Throws: as exchange().
    [[nodiscard]] result_handle next_answer();
    /// Nobody wants the answers to what was sent ahead.
    void drop_answers() noexcept;

    /// BEGIN, to be sent with the next command.
    void begin_with_next(std::string sql) { begin_ = std::move(sql); }
    [[nodiscard]] bool has_begin_to_send() const noexcept { return !begin_.empty() && is_open(); }
    /// Nothing was sent since begin_with_next(): forgets it.
    void drop_begin() noexcept { begin_.clear(); }
    /// A statement that may be sent with a later command, unless the transaction has failed: it cleans up.
    void clean_up_with_next(std::string sql) { clean_up_.push_back(std::move(sql)); }
    void drop_clean_up() noexcept { clean_up_.clear(); }

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
    /// The next notification; nothing when none comes before the deadline. Throws: connection_error (connection_lost).
    [[nodiscard]] std::optional<notification>
    next_notification(std::chrono::steady_clock::time_point deadline);

private:
    using clock = std::chrono::steady_clock;
    struct closer {
        void operator()(PGconn* c) const noexcept { library().PQfinish(c); }
    };
    /// What comes next from the server.
    enum class awaited : std::uint8_t { preparation, answer, synchronization };
    struct answer {
        result_handle result;
        bool was_cancelled = false;
    };
    /// How long to wait for a command; once it is over, the server is told to cancel.
    struct patience {
        clock::time_point until;
        bool spent = false;
    };

    void require_open() const;
    [[nodiscard]] bool goes_alone() const noexcept {
        return awaited_.empty() && begin_.empty() && clean_up_.empty();
    }
    void connect(const connect_options& o, const resolver& ask);
    [[nodiscard]] attempt_end attempt(const std::vector<std::pair<std::string, std::string>>& parameters,
                                      clock::time_point until);
    void begin_pipeline();
    void send_preparations();
    void push_out();
    void synchronize();
    void drain();
    void receive_awaited();
    [[nodiscard]] result_handle take_newest();
    [[nodiscard]] result_handle receive();
    [[nodiscard]] result_handle receive_answer(patience& p);
    [[nodiscard]] patience new_patience() const noexcept;
    [[nodiscard]] result_handle next_result(patience& p);
    [[nodiscard]] bool await_result(clock::time_point deadline);
    [[nodiscard]] bool exchange_some(clock::time_point deadline);
    template <class Put> void put_copy(patience& p, Put&& put);
    [[nodiscard]] bool wait(short events, clock::time_point deadline) const;
    [[nodiscard]] bool flush(clock::time_point deadline);
    [[nodiscard]] bool cancel() const noexcept;
    [[noreturn]] void fail_here();
    [[noreturn]] void give_up();
    void close() noexcept;

    std::unique_ptr<PGconn, closer> connection_;
    std::shared_ptr<PGcancel> cancel_request_; // says who is to be cancelled; threads may share it
    std::string place_;
    std::int64_t statement_timeout_ms_ = 0;
    bool cancelled_ = false; // the statement of the answer that was handed out last

    std::string begin_; // not sent yet, as are
    std::vector<std::string> clean_up_;
    std::deque<awaited> awaited_; // of a pipeline, in order
    std::deque<answer> answers_;  // that have come, and that nobody has taken
    std::size_t unwanted_ = 0;    // answers under way that nobody will take
    result_handle failed_preparation_;
};

} // namespace kin::postgresql
