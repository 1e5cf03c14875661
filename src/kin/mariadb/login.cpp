// SPDX-License-Identifier: MIT
#include "kin/mariadb/login.hpp"

#include <fcntl.h>

#include <algorithm>
#include <new>
#include <utility>

#include "kin/engine/own_thread.hpp"
#include "kin/mariadb/options.hpp"
#include "kin/mariadb/patience.hpp"

namespace kin::mariadb {

namespace {

constexpr std::size_t stack_bytes = 256 * 1024; // of libmariadb's coroutine: TLS wants more than its default
constexpr std::int64_t farewell_ms = 200;

owned_handle new_handle(const client& api, const open_options& options) {
    owned_handle made(api.init(nullptr), handle_closer{&api});
    if (made == nullptr) throw std::bad_alloc();
    MYSQL* const m = made.get();
    const my_bool yes = 1;
    const unsigned no = 0;
    std::size_t stack = stack_bytes;
    api.options(m, MYSQL_OPT_NONBLOCK, &stack);
    api.options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    api.options(m, MYSQL_OPT_LOCAL_INFILE, &no); // no server may ask for files of this machine
    if (options.ssl == ssl_mode::disabled) return made;
    api.options(m, MYSQL_OPT_SSL_ENFORCE, &yes);
    const my_bool verify = options.ssl == ssl_mode::verify_full ? 1 : 0;
    api.options(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (!options.ssl_ca.empty()) api.options(m, MYSQL_OPT_SSL_CA, options.ssl_ca.c_str());
    if (!options.ssl_cert.empty()) api.options(m, MYSQL_OPT_SSL_CERT, options.ssl_cert.c_str());
    if (!options.ssl_key.empty()) api.options(m, MYSQL_OPT_SSL_KEY, options.ssl_key.c_str());
    return made;
}

login log_in(owned_handle handle, const open_options& options, const std::string& host, steady_time until) {
    const client& api = *handle.get_deleter().api;
    MYSQL* const m = handle.get();
    const bool by_socket = !options.unix_socket.empty();
    MYSQL* connected = nullptr;
    patience p(ms_until(until));
    // FOUND_ROWS: an UPDATE tells how many rows it matched, not how many it changed.
    int wanted = api.connect_start(&connected, m, by_socket ? nullptr : host.c_str(),
                                   options.user.empty() ? nullptr : options.user.c_str(),
                                   options.password.c_str(), options.database.c_str(), options.port,
                                   by_socket ? options.unix_socket.c_str() : nullptr, CLIENT_FOUND_ROWS);
    bool is_late = false;
    while (wanted != 0) {
        const int socket = static_cast<int>(api.socket(m));
        const int ready = p.wait(socket, wanted, api.timeout_ms(m));
        is_late = ready == 0;
        wanted = api.connect_cont(&connected, m, is_late ? patience::give_up(socket) : ready);
    }
    if (connected != nullptr) return {std::move(handle), login_end::done};
    return {std::move(handle), is_late ? login_end::unanswered : login_end::failed};
}

login log_in_with_tls(const client& api, const open_options& options, const std::string& host,
                      std::size_t addresses, steady_time until) {
    owned_handle handle = new_handle(api, options);
    if (const std::int64_t left_ms = ms_until(fair_share(until, addresses)); left_ms > 0) {
        // For each address, and for each time that it waits within the handshake: so the thread does end.
        const auto seconds = static_cast<unsigned>(std::max<std::int64_t>(left_ms / 1000, 1));
        api.options(handle.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    }
    login made = log_in(std::move(handle), options, host, until);
    if (made.end == login_end::done) {
        // libmariadb counts on MSG_DONTWAIT and leaves the socket to wait in reads; TLS reads without that.
        const int socket = static_cast<int>(api.socket(made.handle.get()));
        fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    }
    return made;
}

} // namespace

void handle_closer::operator()(MYSQL* m) const noexcept {
    patience p(farewell_ms);
    int wanted = api->close_start(m);
    while (wanted != 0) {
        const int socket = static_cast<int>(api->socket(m));
        const int ready = p.wait(socket, wanted, api->timeout_ms(m));
        wanted = api->close_cont(m, ready != 0 ? ready : patience::give_up(socket));
    }
}

login log_in(const client& api, const open_options& options, const std::string& host, std::size_t addresses,
             steady_time until) {
    if (options.ssl == ssl_mode::disabled) return log_in(new_handle(api, options), options, host, until);
    auto made = in_own_thread([&api, options, host, addresses,
                               until] { return log_in_with_tls(api, options, host, addresses, until); },
                              until);
    if (made) return std::move(*made);
    return {owned_handle(nullptr, handle_closer{&api}), login_end::unanswered};
}

} // namespace kin::mariadb
