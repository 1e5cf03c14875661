// SPDX-License-Identifier: MIT
#include "kin/engine/peer.hpp"

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

} // namespace kin
