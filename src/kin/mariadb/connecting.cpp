// SPDX-License-Identifier: MIT
// How a channel begins, is made as new, and ends.
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/mariadb/channel.hpp"
#include "kin/mariadb/options.hpp"

namespace kin::mariadb {

namespace {

constexpr unsigned unknown_variable = 1193;

// Strict: what does not fit is an error, never cut or replaced. ANSI_QUOTES: a misspelt "column" is an error, not a string.
// NO_BACKSLASH_ESCAPES and PIPES_AS_CONCAT: literals and || as in standard SQL, which raw SQL for several databases is written in.
// NO_AUTO_VALUE_ON_ZERO: a key of 0 is stored as 0.
constexpr std::string_view sql_mode =
    "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO";

[[noreturn]] void fail_late(std::int64_t timeout_ms) {
    throw connection_error({.code = "cannot_connect",
                            .message = "no answer within " + std::to_string(timeout_ms) +
                                       " ms (connect_timeout_ms); check host and port, and whether it runs",
                            .sql = {}});
}

} // namespace

channel::channel(const open_options& options, std::int64_t connect_timeout_ms, const resolver& ask)
    : client_(load_client()),
      options_(options),
      handle_(nullptr, handle_closer{&client_}) {
    begin(connect_timeout_ms, [&](steady_time deadline) {
        if (!options_.unix_socket.empty()) return std::optional(std::vector<connect_target>(1));
        return connect_targets({options_.host}, deadline, ask);
    });
}

channel::channel(const channel& same_server, std::int64_t connect_timeout_ms)
    : client_(same_server.client_),
      options_(same_server.options_),
      handle_(nullptr, handle_closer{&client_}) {
    begin(connect_timeout_ms, [&](steady_time) { return std::optional(std::vector{same_server.target_}); });
    // A name that libmariadb looks up itself, or a proxy, can lead to another server: the numbers of sessions are that one's own.
    if (server_ == same_server.server_) return;
    throw connection_error({.code = "cannot_connect",
                            .message = "the host " + options_.host + " is another server now",
                            .sql = {}});
}

channel::~channel() = default;

template <class Targets> void channel::begin(std::int64_t timeout_ms, Targets&& find_targets) {
    const steady_time deadline = deadline_in(timeout_ms);
    std::string tried;
    try {
        try {
            const auto targets = find_targets(deadline);
            if (!targets) fail_late(timeout_ms);
            connect(*targets, deadline, tried);
            timeout_ms_ = ms_until(deadline);
            set_up_session();
            learn_server();
            timeout_ms_ = timeout_ms;
            is_set_up_ = true;
        } catch (const statement_timeout&) {
            fail_late(timeout_ms);
        }
    } catch (const connection_error& e) {
        error_details details = e.details();
        details.message.insert(0, "the server at " + options_.place() + ": ");
        if (!tried.empty()) details.message.append("; tried ").append(tried);
        throw connection_error(std::move(details));
    }
}

/// `tried`: why which addresses could not be reached, when there is more to say than the error.
void channel::connect(const std::vector<connect_target>& targets, steady_time deadline, std::string& tried) {
    // libmariadb checks the certificate with the name that it is given, and has no other way to learn it.
    const bool by_name = options_.ssl == ssl_mode::verify_full && !targets.front().address.empty();
    const auto attempt = [&](const connect_target& target, steady_time until) -> attempt_end {
        login made = by_name ? log_in(client_, options_, target.host, targets.size(), until)
                             : log_in(client_, options_, target.place(), 1, until);
        unanswered_ = made.end == login_end::unanswered;
        handle_ = std::move(made.handle);
        target_ = target;
        if (made.end == login_end::done) return {.is_connected = true};
        if (unanswered_) return {};
        if (comes_from_server(client_.error_number(handle()))) fail();
        return {.is_connected = false, .reason = client_.error_text(handle())};
    };
    const std::vector<connect_target> all = by_name ? std::vector{targets.front()} : targets;
    std::string reasons = connect_in_turn(all, deadline, attempt);
    if (!reasons.empty()) {
        if (!targets.front().address.empty()) tried = std::move(reasons);
        if (unanswered_) throw statement_timeout({.code = "statement_timeout", .message = {}, .sql = {}});
        fail();
    }
    id_ = client_.thread_id(handle());
    facts_.version = client_.server_version(handle());
    facts_.is_mariadb =
        std::string_view(client_.server_info(handle())).find("MariaDB") != std::string_view::npos;
}

void channel::set_up_session() {
    std::string sql = "SET sql_mode = '" + std::string(sql_mode);
    if (facts_.is_mariadb) sql += ",SIMULTANEOUS_ASSIGNMENT"; // UPDATE t SET a = b, b = a swaps
    sql += "', time_zone = '+00:00', div_precision_increment = 16, collation_connection = ";
    sql += facts_.is_mariadb ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
    // Recursive queries go on to their end: after 1,000 levels MariaDB cuts the result with a mere warning, and MySQL fails.
    sql += facts_.is_mariadb ? ", max_recursive_iterations = " : ", cte_max_recursion_depth = ";
    sql += "4294967295";
    sql += ", lc_messages = 'en_US'"; // the names of constraints and columns are found in the messages
    if (options_.lock_timeout_ms != 0) {
        const std::string seconds = std::to_string((options_.lock_timeout_ms + 999) / 1000);
        sql += ", innodb_lock_wait_timeout = " + seconds +
               ", lock_wait_timeout = " + seconds; // of rows, of tables
    }
    facts_.refuses_changed_rows = false;
    if (!facts_.is_mariadb) return query(sql);
    try {
        // A row that somebody else has changed since the transaction began to read is error 1020, not a lost update.
        query(sql + ", innodb_snapshot_isolation = ON");
        facts_.refuses_changed_rows = true;
    } catch (const database_error& e) {
        if (e.vendor_code() != unknown_variable) throw;
        query(sql);
    }
}

void channel::learn_server() {
    const std::string told =
        ask("SELECT CONCAT_WS(' ', @@max_allowed_packet, @@hostname, @@port, @@server_id, @@datadir)");
    char* rest = nullptr;
    largest_packet_ = std::strtoull(told.c_str(), &rest, 10);
    server_ = rest;
}

void channel::reset() {
    make_free();
    patience p = new_patience();
    int failed = 0;
    run(
        p, overdue_rule::give_up, [&] { return client_.reset_start(&failed, handle()); },
        [&](int events) { return client_.reset_cont(&failed, handle(), events); });
    if (failed != 0) fail();
    std::string sql = "USE `";
    for (const char c : options_.database) sql += c == '`' ? std::string("``") : std::string(1, c);
    query(sql + "`");
    set_up_session();
}

} // namespace kin::mariadb
