// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace kin::postgresql {

/// What the server says about an error. Views into the result.
struct server_error {
    std::string_view sqlstate = {};
    std::string_view message = {};
    std::string_view detail = {};
    std::string_view table = {};
    std::string_view column = {};
    std::string_view constraint = {};
    std::string_view routine = {}; // the function of the server's source that noticed it; in no language
};

/// Lifetime: `r`.
[[nodiscard]] server_error error_of(const PGresult* r);

/// Throws the error class of the SQLSTATE, with the names that the server gives and without any value. Throws: database_error of the class that fits;
/// pending_rollback for a statement in a transaction that has failed before.
[[noreturn]] void fail(const server_error& e);

/// Throws: connection_error (connection_lost) with libpq's words.
[[noreturn]] void fail_lost(std::string_view words);

} // namespace kin::postgresql
