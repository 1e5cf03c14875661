// SPDX-License-Identifier: MIT
// How a channel begins, is made as new, and ends.
#include <array>
#include <cstdlib>
#include <string>

#include "kin/base/error.hpp"
#include "kin/mariadb/channel.hpp"
#include "kin/mariadb/options.hpp"

namespace kin::mariadb {

namespace {

constexpr std::size_t stack_bytes =
    256 * 1024; // of libmariadb's coroutine: TLS and name lookup want more than its default
constexpr std::int64_t farewell_ms = 200;
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

void channel::closer::operator()(MYSQL* m) const noexcept {
    patience p(farewell_ms);
    int wanted = api->close_start(m);
    while (wanted != 0) {
        const int ready = p.wait(static_cast<int>(api->socket(m)), wanted, api->timeout_ms(m));
        wanted = api->close_cont(m, ready != 0 ? ready : MYSQL_WAIT_TIMEOUT);
    }
}

channel::channel(const open_options& options, std::int64_t connect_timeout_ms)
    : client_(load_client()),
      options_(options),
      handle_(client_.init(nullptr), closer{&client_}) {
    if (handle_ == nullptr) throw std::bad_alloc();
    timeout_ms_ = connect_timeout_ms;
    set_options();
    try {
        try {
            connect(connect_timeout_ms);
            set_up_session();
            learn_limits();
        } catch (const statement_timeout&) {
            fail_late(connect_timeout_ms);
        }
    } catch (const connection_error& e) {
        error_details details = e.details();
        details.message.insert(0, "the server at " + options_.place() + ": ");
        throw connection_error(std::move(details));
    }
}

channel::~channel() = default;

void channel::set_options() {
    MYSQL* const m = handle();
    const my_bool yes = 1;
    const unsigned no = 0;
    std::size_t stack = stack_bytes;
    client_.options(m, MYSQL_OPT_NONBLOCK, &stack);
    client_.options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    client_.options(m, MYSQL_OPT_LOCAL_INFILE, &no); // no server may ask for files of this machine
    if (options_.ssl == ssl_mode::disabled) return;
    client_.options(m, MYSQL_OPT_SSL_ENFORCE, &yes);
    const my_bool verify = options_.ssl == ssl_mode::verify_full ? 1 : 0;
    client_.options(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (!options_.ssl_ca.empty()) client_.options(m, MYSQL_OPT_SSL_CA, options_.ssl_ca.c_str());
    if (!options_.ssl_cert.empty()) client_.options(m, MYSQL_OPT_SSL_CERT, options_.ssl_cert.c_str());
    if (!options_.ssl_key.empty()) client_.options(m, MYSQL_OPT_SSL_KEY, options_.ssl_key.c_str());
}

void channel::connect(std::int64_t timeout_ms) {
    const bool by_socket = !options_.unix_socket.empty();
    const char* const host = by_socket ? nullptr : options_.host.c_str();
    const char* const socket = by_socket ? options_.unix_socket.c_str() : nullptr;
    const char* const user = options_.user.empty() ? nullptr : options_.user.c_str();
    MYSQL* connected = nullptr;
    patience p(timeout_ms);
    run(
        p, overdue_rule::give_up,
        [&] {
            // FOUND_ROWS: an UPDATE tells how many rows it matched, not how many it changed.
            return client_.connect_start(&connected, handle(), host, user, options_.password.c_str(),
                                         options_.database.c_str(), options_.port, socket, CLIENT_FOUND_ROWS);
        },
        [&](int events) { return client_.connect_cont(&connected, handle(), events); });
    if (connected == nullptr) {
        if (unanswered_) fail_late(timeout_ms);
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

void channel::learn_limits() {
    const std::string bytes = ask("SELECT @@max_allowed_packet");
    largest_packet_ = std::strtoull(bytes.c_str(), nullptr, 10);
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
