// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace kin::mariadb {

/// An error as the server, or libmariadb for it, reports it.
struct server_error {
    unsigned number = 0;
    std::string_view sqlstate;
    std::string_view message;
    bool while_connecting = false; // the same numbers refuse a login, and a statement later
};

/// What an error leaves of the transaction that was open.
enum class aftermath : std::uint8_t {
    statement_undone,   // the statement did nothing, the transaction goes on
    transaction_undone, // the transaction must be rolled back: the server has done so already, or only in part
    connection_gone,
};

/// Whether the server has sent an error of this number; else libmariadb has met it by itself.
[[nodiscard]] bool comes_from_server(unsigned number) noexcept;

/// By the error's number; for one that kin's table does not have by its SQLSTATE.
[[nodiscard]] aftermath aftermath_of(const server_error& e) noexcept;

/// Throws the error class for it, with the names that its message gives.
/// Throws: database_error of the class that fits; std::bad_alloc.
[[noreturn]] void fail(const server_error& e);

} // namespace kin::mariadb
