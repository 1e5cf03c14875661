// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace kin {
class url;
}

namespace kin::mariadb {

/// How the connection is protected.
enum class ssl_mode : std::uint8_t {
    disabled,    // in the clear
    required,    // encrypted, the server's certificate is not looked at
    verify_full, // encrypted, and the certificate is valid for the host's name
};

/// How a server is reached: a mariadb:// or mysql:// URL, understood.
struct open_options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 3306;
    std::string unix_socket = {}; // a path: used instead of host and port
    std::string user = {};
    std::string password = {};
    std::string database = {};
    ssl_mode ssl = ssl_mode::disabled;
    std::string ssl_ca = {};   // a file with the certificates to trust; empty: the system's
    std::string ssl_cert = {}; // the client's own certificate and key
    std::string ssl_key = {};
    std::int64_t lock_timeout_ms = 0; // 0: the server's (innodb_lock_wait_timeout, which counts in seconds)

    /// "host:port/database" or "the socket PATH, database NAME", for messages.
    [[nodiscard]] std::string place() const;
};

/// Throws: usage_error (bad_url) for a missing host or database, an unknown option or an unknown value.
[[nodiscard]] open_options read_options(const url& where);

} // namespace kin::mariadb
