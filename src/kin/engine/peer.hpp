// SPDX-License-Identifier: MIT
#pragma once

namespace kin {

/// Whether the other end of a connected socket has closed it, as far as this end knows by now. Does not wait, and takes nothing of what
/// has come in away.
[[nodiscard]] bool peer_has_closed(int socket) noexcept;

} // namespace kin
