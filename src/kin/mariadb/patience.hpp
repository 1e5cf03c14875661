// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kin::mariadb {

/// How much longer one call, or all calls for one statement together, may wait for the server. Only time spent waiting counts, so a
/// program that is slow to take rows uses up nothing, and a server that sends a byte now and then does.
class patience {
public:
    /// `ms` 0: for ever.
    explicit patience(std::int64_t ms) noexcept : left_ns_(ms * 1'000'000), endless_(ms == 0) {}

    /// Waits for what libmariadb asks for (MYSQL_WAIT_READ, _WRITE, _EXCEPT, _TIMEOUT; then `library_timeout_ms` is its own time).
    /// Returns what came, as libmariadb wants to be told; 0 when patience ran out first.
    [[nodiscard]] int wait(int socket, int wanted, unsigned library_timeout_ms) noexcept;

    /// What libmariadb is told when patience ran out. It gives up the call, and the connection with it; over TLS it would go on to try for ever, so the socket is shut.
    [[nodiscard]] static int give_up(int socket) noexcept;

private:
    std::int64_t left_ns_;
    bool endless_;
};

} // namespace kin::mariadb
