// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kin {

/// How one statement runs. A value.
struct execution_options {
    /// How long it may take, from its start to its last row (statement_timeout); 0: without bound; -1: as the session or engine says.
    std::int64_t timeout_ms = -1;
    /// How many rows of a server are held in memory at once; the others stay with the server until they are read. 0: all of them.
    /// SQLite gives its rows one by one anyway.
    std::uint32_t fetch_size = 0;
};

} // namespace kin
