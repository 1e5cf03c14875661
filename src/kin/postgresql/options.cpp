// SPDX-License-Identifier: MIT
#include "kin/postgresql/options.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "kin/base/error.hpp"
#include "kin/engine/url.hpp"

namespace kin::postgresql {

namespace {

[[noreturn]] void fail(std::string message) {
    throw usage_error({.code = "bad_url", .message = "database URL, " + std::move(message), .sql = {}});
}

void read_milliseconds(const url& where, std::string_view name, std::int64_t& out) {
    const std::string* given = where.find_option(name);
    if (given == nullptr) return;
    const char* end = given->data() + given->size();
    std::int32_t number = 0;
    const auto [stop, fault] = std::from_chars(given->data(), end, number);
    if (fault != std::errc() || stop != end || number < 0) {
        fail("options: " + std::string(name) + " must be a number of milliseconds, 0 to 2147483647");
    }
    out = number;
}

/// The word of an option; null when it was not given.
const std::string* read_word(const url& where, std::string_view name,
                             std::initializer_list<std::string_view> words) {
    const std::string* given = where.find_option(name);
    if (given == nullptr) return nullptr;
    std::string fault = "options: " + std::string(name) + " must be one of";
    for (const std::string_view word : words) {
        if (word == *given) return given;
        fault.append(" ").append(word);
    }
    fail(std::move(fault));
}

/// A value of `-c name=value` in libpq's word `options`, where a space ends it.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

bool is_local(std::string_view host) {
    return host.empty() || host.front() == '/' || host == "localhost" || host == "::1" ||
           host.starts_with("127.");
}

/// What the system trusts, for a program that has no file of its own.
std::string system_certificates() {
    constexpr std::array files = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                  "/etc/ssl/cert.pem"};
    std::error_code ignored;
    for (const char* file : files) {
        if (std::filesystem::exists(file, ignored)) return file;
    }
    return {};
}

/// The certificate of a server elsewhere is checked unless the URL says otherwise.
void read_encryption(const url& where, std::string_view host, connect_options& o) {
    const std::string* mode =
        read_word(where, "sslmode", {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"});
    const std::string chosen = mode != nullptr ? *mode : is_local(host) ? "prefer" : "verify-full";
    o.parameters.emplace_back("sslmode", chosen);
    for (const char* name : {"sslcert", "sslkey"}) {
        if (const std::string* file = where.find_option(name)) o.parameters.emplace_back(name, *file);
    }
    if (const std::string* file = where.find_option("sslrootcert")) {
        o.parameters.emplace_back("sslrootcert", *file);
    } else if (chosen.starts_with("verify")) {
        if (std::string trusted = system_certificates(); !trusted.empty())
            o.parameters.emplace_back("sslrootcert", std::move(trusted));
    }
}

/// What kin relies on, how values are written as text and in which zone, and what the URL asks for. A pooler in transaction mode refuses settings of
/// a session, because they would reach other clients: there only what the URL names is sent.
std::string server_settings(const url& where, bool has_session) {
    std::string settings;
    if (has_session)
        settings = " -c datestyle=ISO -c timezone=UTC -c intervalstyle=iso_8601 -c bytea_output=hex -c "
                   "extra_float_digits=1";
    if (const std::string* path = where.find_option("search_path"))
        settings += " -c search_path=" + escaped(*path);
    std::int64_t lock_timeout_ms = 0;
    read_milliseconds(where, "lock_timeout_ms", lock_timeout_ms);
    if (lock_timeout_ms != 0) settings += " -c lock_timeout=" + std::to_string(lock_timeout_ms);
    return settings;
}

} // namespace

connect_options read_options(const url& where) {
    if (!where.driver.empty() && where.driver != "libpq")
        fail("driver: PostgreSQL has one only; write postgresql://...");
    where.require_known_options({"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "search_path",
                                 "application_name", "lock_timeout_ms", "prepare"});
    connect_options o;
    const std::string* socket = where.find_option("host");
    if (socket != nullptr && !where.host.empty()) fail("options: host is given twice; leave one out");
    const std::string& host = socket != nullptr ? *socket : where.host;
    if (!host.empty()) o.parameters.emplace_back("host", host);
    if (where.port != 0) o.parameters.emplace_back("port", std::to_string(where.port));
    if (!where.user.empty()) o.parameters.emplace_back("user", where.user);
    if (!where.password.empty()) o.parameters.emplace_back("password", where.password);
    if (!where.database.empty()) o.parameters.emplace_back("dbname", where.database);
    o.place = (host.empty() ? "the local socket" : host) +
              (where.port != 0 ? ":" + std::to_string(where.port) : "") +
              (where.database.empty() ? "" : "/" + where.database);
    const std::string* name = where.find_option("application_name");
    o.parameters.emplace_back("application_name", name != nullptr ? *name : "kin");
    o.parameters.emplace_back("client_encoding", "UTF8");
    o.parameters.emplace_back("tcp_user_timeout", "30000"); // data that nobody acknowledges
    o.parameters.emplace_back("keepalives_idle", "60");
    read_encryption(where, host, o);
    if (const std::string* prepare = read_word(where, "prepare", {"on", "off"}))
        o.prepares = *prepare == "on";
    if (std::string settings = server_settings(where, o.prepares); !settings.empty())
        o.parameters.emplace_back("options", std::move(settings));
    return o;
}

} // namespace kin::postgresql
