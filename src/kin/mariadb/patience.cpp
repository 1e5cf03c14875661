// SPDX-License-Identifier: MIT
#include "kin/mariadb/patience.hpp"

#include <mysql.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>

namespace kin::mariadb {

namespace {

constexpr std::int64_t ms = 1'000'000;

std::int64_t now_ns() noexcept {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

short events_of(int wanted) noexcept {
    int events = 0;
    if ((wanted & MYSQL_WAIT_READ) != 0) events |= POLLIN;
    if ((wanted & MYSQL_WAIT_WRITE) != 0) events |= POLLOUT;
    if ((wanted & MYSQL_WAIT_EXCEPT) != 0) events |= POLLPRI;
    return static_cast<short>(events);
}

/// An error of the socket is reported as what was wanted: the read or write that follows finds it.
int answer_of(short events, int wanted) noexcept {
    int answer = 0;
    if ((events & POLLIN) != 0) answer |= MYSQL_WAIT_READ;
    if ((events & POLLOUT) != 0) answer |= MYSQL_WAIT_WRITE;
    if ((events & POLLPRI) != 0) answer |= MYSQL_WAIT_EXCEPT;
    return answer != 0 ? answer : wanted & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_EXCEPT);
}

} // namespace

int patience::wait(int socket, int wanted, unsigned library_timeout_ms) noexcept {
    constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    const std::int64_t started = now_ns();
    const std::int64_t mine = endless_ ? never : started + std::max<std::int64_t>(left_ns_, 0);
    const bool library_waits = (wanted & MYSQL_WAIT_TIMEOUT) != 0;
    const std::int64_t its = library_waits ? started + std::int64_t{library_timeout_ms} * ms : never;
    const std::int64_t until = std::min(mine, its);
    pollfd watched{.fd = socket, .events = events_of(wanted), .revents = 0};
    for (;;) {
        const std::int64_t now = now_ns();
        int timeout = -1;
        if (until != never) {
            const std::int64_t rest = until > now ? (until - now + ms - 1) / ms : 0;
            timeout = static_cast<int>(std::min<std::int64_t>(rest, std::numeric_limits<int>::max()));
        }
        const int found = poll(&watched, 1, timeout);
        if (found < 0 && errno == EINTR) continue;
        left_ns_ -= now_ns() - started;
        if (found != 0) return answer_of(watched.revents, wanted);
        return its < mine ? MYSQL_WAIT_TIMEOUT : 0;
    }
}

int patience::give_up(int socket) noexcept {
    shutdown(socket, SHUT_RDWR);
    return MYSQL_WAIT_TIMEOUT;
}

} // namespace kin::mariadb
