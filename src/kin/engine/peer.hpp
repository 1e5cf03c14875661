// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace kin {

/// Whether the other end of a connected socket has closed it, as far as this end knows by now. Does not wait, and takes nothing of what
/// has come in away.
[[nodiscard]] bool peer_has_closed(int socket) noexcept;

/// The address and port of the other end, "127.0.0.1:3306" or "::1:3306"; empty for a socket of this machine, and for one that is not connected.
[[nodiscard]] std::string peer_address(int socket);

} // namespace kin
