// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kin {

/// Where a database is, in SQLAlchemy's grammar: dialect[+driver]://user:password@host:port/database?option=value.
/// A value. The members hold decoded text; what is left out is empty (port: 0).
class url {
public:
    std::string dialect;  // "sqlite"
    std::string driver;   // after a +
    std::string user;     // decoded, as all of these
    std::string password; // never in to_string(), nor in an error
    std::string host;     // an IPv6 address without its brackets
    std::uint16_t port = 0;
    std::string database; // SQLite: the path of the file; empty or ":memory:": in memory
    std::vector<std::pair<std::string, std::string>> options; // in the order of the text

    /// Throws: usage_error (bad_url) that names the faulty part, says what to write and never repeats the text: a password could be
    /// in it.
    [[nodiscard]] static url parse(std::string_view text);

    /// The URL with *** in the password's place: safe to log.
    [[nodiscard]] std::string to_string() const;
    /// The URL as it can be parsed again. Contains the password: do not log it.
    [[nodiscard]] std::string to_string_with_password() const;

    /// The value of an option; null when it was not given. Lifetime: this url, unchanged.
    [[nodiscard]] const std::string* find_option(std::string_view name) const noexcept;
    /// Throws: usage_error (bad_url) listing `allowed` and the engine's own options (engine_options, under the same names) when an option is
    /// not among them, or is given twice.
    void require_known_options(std::initializer_list<std::string_view> allowed) const;

    [[nodiscard]] bool operator==(const url&) const = default;
};

} // namespace kin
