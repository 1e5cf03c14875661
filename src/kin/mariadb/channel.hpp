// SPDX-License-Identifier: MIT
#pragma once

#include <atomic> // cancel() comes from another thread
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kin/engine/connect_in_turn.hpp"
#include "kin/mariadb/client.hpp"
#include "kin/mariadb/errors.hpp"
#include "kin/mariadb/login.hpp"
#include "kin/mariadb/patience.hpp"

namespace kin::mariadb {

struct open_options;

/// Whose rows are still on their way over a channel. While they are, the server takes no other command.
class row_stream {
public:
    /// Reads the rest into memory. Throws: database_error.
    virtual void keep_rows() = 0;

protected:
    ~row_stream() = default;
};

/// What may be done about a call whose patience is over.
enum class overdue_rule : std::uint8_t {
    stop_it, // have the server stop the statement, then wait for its answer for a moment
    give_up, // close the connection: COMMIT, or a call for which there is no statement to stop
};

/// What the server can do, known once it was connected to.
struct server_facts {
    bool is_mariadb = true;
    unsigned long version = 101100;   // 101119: 10.11.19
    bool refuses_changed_rows = true; // innodb_snapshot_isolation: see feature::writes_newest_rows
    bool operator==(const server_facts&) const = default;
};

/// The connection with one server: the calls of libmariadb that wait, each with patience. For one thread at a time, except cancel().
class channel {
public:
    /// Connects, logs in and sets the session up. Throws: connection_error, also when the time is over (0: without bound).
    channel(const open_options& options, std::int64_t connect_timeout_ms,
            const resolver& ask = system_addresses);
    /// Another session, of the same server. Throws: as above.
    channel(const channel& same_server, std::int64_t connect_timeout_ms);
    channel& operator=(const channel&) = delete;
    ~channel();

    [[nodiscard]] const client& api() const noexcept { return client_; }
    [[nodiscard]] MYSQL* handle() const noexcept { return handle_.get(); }
    [[nodiscard]] server_facts facts() const noexcept { return facts_; }
    /// The most bytes that one command may have.
    [[nodiscard]] std::uint64_t largest_packet() const noexcept { return largest_packet_; }

    void set_timeout(std::int64_t timeout_ms) noexcept { timeout_ms_ = timeout_ms; }
    /// For a new call.
    [[nodiscard]] patience new_patience() noexcept {
        stopped_ = false;
        return patience(timeout_ms_);
    }

    /// Runs a pair of functions of libmariadb to the end: `start(handle)`, then `cont(events)` as often as it has to wait.
    template <class Start, class Cont>
    void run(patience& p, overdue_rule rule, Start&& start, Cont&& cont) noexcept {
        int wanted = start();
        while (wanted != 0) wanted = cont(wait(p, rule, wanted));
    }
    /// To be called after a success. When the statement was to be stopped and was faster, the "stop" is met here, not by the next one.
    void succeed() noexcept {
        if (stopped_) [[unlikely]]
            meet_stop();
    }
    /// Runs a statement that returns no rows, by the text protocol. Throws: database_error.
    void query(std::string_view sql, overdue_rule rule = overdue_rule::stop_it);
    /// Runs a query and returns the first value of its first row; empty for NULL or no row. Throws: database_error.
    [[nodiscard]] std::string ask(std::string_view sql);
    [[nodiscard]] bool ping() noexcept;
    /// Before something is sent of which it must be known whether it was. Throws: connection_error (connection_lost) when the server is known to
    /// have ended the connection.
    void require_peer();
    /// Gives the session back the state that it had when it was new. Throws: database_error.
    void reset();

    /// Frees the channel for a command: the rows that are on their way are kept in memory. Throws: database_error.
    void make_free();
    /// Whether the statement that comes may begin a transaction, and then fail: a procedure.
    void expect_begin(bool may_begin) noexcept { may_begin_ = may_begin; }
    void begin_stream(row_stream& stream) noexcept { stream_ = &stream; }
    void end_stream(const row_stream& stream) noexcept {
        if (stream_ == &stream) stream_ = nullptr;
    }
    [[nodiscard]] bool is_streaming(const row_stream& stream) const noexcept { return stream_ == &stream; }
    /// Throws away what comes behind the rows of a statement: a procedure has several results, and an end that may be an error. Until then the
    /// server takes no other command. Throws: database_error.
    void skip_results(MYSQL_STMT* statement, patience& p) {
        if (has_more_results()) [[unlikely]]
            read_results_away(statement, p);
    }
    /// Throws the rest of a statement's rows away; a query is stopped when there are many.
    void discard_rows(MYSQL_STMT* statement, bool may_stop) noexcept;
    /// Has the server forget the rows of a cursor that are left.
    void close_cursor(MYSQL_STMT* statement) noexcept;
    void close(MYSQL_STMT* statement) noexcept;

    /// Throws what the last call on the channel, or on `statement`, has failed with. The transaction is as the error's class says
    /// afterwards: one that is lost in part is rolled back.
    [[noreturn]] void fail();
    [[noreturn]] void fail(MYSQL_STMT* statement);

    [[nodiscard]] bool in_transaction() const noexcept;
    [[nodiscard]] bool is_broken() const noexcept { return broken_; }
    /// Whether the last error came from the server, or from a send that failed: what was sent last has certainly not been done.
    [[nodiscard]] bool is_refused() const noexcept { return refused_; }
    /// From another thread: has the server stop what runs.
    void cancel() noexcept;
    /// After fork(): closes the child's copy of the socket without a word to the server.
    void abandon() noexcept;

private:
    template <class Targets> void begin(std::int64_t timeout_ms, Targets&& find_targets);
    void connect(const std::vector<connect_target>& targets, steady_time deadline, std::string& tried);
    void set_up_session();
    void learn_server();
    [[nodiscard]] int socket() const noexcept { return static_cast<int>(client_.socket(handle())); }
    [[nodiscard]] int wait(patience& p, overdue_rule rule, int wanted) noexcept;
    [[nodiscard]] unsigned server_status() const noexcept;
    [[nodiscard]] bool has_more_results() const noexcept {
        return (server_status() & (SERVER_MORE_RESULTS_EXIST | SERVER_PS_OUT_PARAMS)) != 0;
    }
    void read_results_away(MYSQL_STMT* statement, patience& p);
    [[nodiscard]] bool stop_statement() const noexcept;
    void meet_stop() noexcept;
    [[nodiscard]] int send(patience& p, overdue_rule rule, std::string_view sql) noexcept;
    [[noreturn]] void fail(const server_error& e);
    void settle(aftermath left) noexcept;

    const client& client_;
    const open_options& options_;
    owned_handle handle_;
    connect_target target_;  // where it is connected to, as are
    unsigned long id_ = 0;   // of the session, at the server
    bool is_set_up_ = false; // the session is, so the connection is made
    std::string server_;     // which one that is: its host, port, number and place of data
    server_facts facts_;
    std::uint64_t largest_packet_ = 0;
    std::int64_t timeout_ms_ = 0;
    row_stream* stream_ = nullptr;
    std::atomic<bool> cancelled_ = false;
    bool stopped_ =
        false; // the server was asked to stop the call that runs, or has ended last, for it is overdue
    bool unanswered_ = false; // ... and did not answer
    bool may_begin_ = false;  // what runs may begin a transaction
    bool broken_ = false;
    bool refused_ = false;
};

} // namespace kin::mariadb
