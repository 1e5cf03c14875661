// SPDX-License-Identifier: MIT
#include "kin/engine/peer.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace kin {

bool peer_has_closed(int socket) noexcept {
    if (socket < 0) return true;
#ifdef POLLRDHUP
    // Also behind last words that nobody has read yet.
    pollfd watched{.fd = socket, .events = POLLRDHUP, .revents = 0};
    return poll(&watched, 1, 0) > 0;
#else
    char next = 0;
    return recv(socket, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
#endif
}

std::string peer_address(int socket) {
    sockaddr_storage other{};
    socklen_t bytes = sizeof other;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    auto* const address = reinterpret_cast<sockaddr*>(&other);
    if (getpeername(socket, address, &bytes) != 0 || other.ss_family == AF_UNIX) return {};
    if (getnameinfo(address, bytes, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) !=
        0)
        return {};
    return std::string(host).append(":").append(port);
}

} // namespace kin
