// SPDX-License-Identifier: MIT
#include "kin/mariadb/options.hpp"

#include <charconv>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/url.hpp"

namespace kin::mariadb {

namespace {

[[noreturn]] void fail(std::string message) {
    throw usage_error({.code = "bad_url", .message = "database URL, " + std::move(message), .sql = {}});
}

void read_text(const url& where, std::string_view name, std::string& out) {
    if (const std::string* given = where.find_option(name)) {
        if (given->empty())
            fail("options: " + std::string(name) + " is empty; leave it out or give it a value");
        out = *given;
    }
}

void read_milliseconds(const url& where, std::string_view name, std::int64_t& out) {
    constexpr std::int64_t most = 2'147'483'647;
    const std::string* given = where.find_option(name);
    if (given == nullptr) return;
    const char* end = given->data() + given->size();
    const auto [stop, fault] = std::from_chars(given->data(), end, out);
    if (fault != std::errc() || stop != end || out < 0 || out > most) {
        fail("options: " + std::string(name) + " must be a number of milliseconds, 0 to 2147483647");
    }
}

void read_ssl_mode(const url& where, ssl_mode& out) {
    const std::string* given = where.find_option("ssl_mode");
    if (given == nullptr) return;
    for (const auto& [word, meaning] : {std::pair<std::string_view, ssl_mode>{"disabled", ssl_mode::disabled},
                                        {"required", ssl_mode::required},
                                        {"verify_full", ssl_mode::verify_full}}) {
        if (word != *given) continue;
        out = meaning;
        return;
    }
    fail("options: ssl_mode must be one of disabled required verify_full");
}

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

} // namespace

std::string open_options::place() const {
    if (!unix_socket.empty()) return "the socket " + unix_socket + ", database " + database;
    const std::string address = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return address + ":" + std::to_string(port) + "/" + database;
}

open_options read_options(const url& where) {
    if (!where.driver.empty()) {
        fail("driver: kin speaks to MariaDB through libmariadb only; write mariadb://...");
    }
    where.require_known_options(
        {"unix_socket", "ssl_mode", "ssl_ca", "ssl_cert", "ssl_key", "lock_timeout_ms"});
    if (where.database.empty()) fail("database: there is none; write mariadb://user:password@host/database");
    open_options o;
    // "localhost" would make libmariadb look for a socket in a place of its own choice.
    if (!where.host.empty() && where.host != "localhost") o.host = where.host;
    if (where.port != 0) o.port = where.port;
    o.user = where.user;
    o.password = where.password;
    o.database = where.database;
    read_text(where, "unix_socket", o.unix_socket);
    if (!o.unix_socket.empty() && !where.host.empty() && !is_this_machine(where.host)) {
        fail(
            "options: unix_socket is a file of this machine, and the host is another; leave one of them out");
    }
    // What leaves the machine is encrypted, and goes to whom it is meant for, unless the URL says otherwise.
    o.ssl = is_this_machine(o.host) ? ssl_mode::disabled : ssl_mode::verify_full;
    read_ssl_mode(where, o.ssl);
    read_text(where, "ssl_ca", o.ssl_ca);
    read_text(where, "ssl_cert", o.ssl_cert);
    read_text(where, "ssl_key", o.ssl_key);
    read_milliseconds(where, "lock_timeout_ms", o.lock_timeout_ms);
    return o;
}

} // namespace kin::mariadb
