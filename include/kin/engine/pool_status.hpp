// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace kin {

/// Who has borrowed a connection.
struct connection_holder {
    std::string place;       // the session's label, else the line of the program: "shop.cpp:42"
    std::int64_t age_ms = 0; // since it was borrowed
};

/// A pool at one moment. A value.
struct pool_status {
    std::size_t idle = 0;                   // open, and lent to nobody
    std::size_t opening = 0;                // being opened
    std::size_t waiting = 0;                // callers that wait for one
    std::vector<connection_holder> holders; // those that are lent, the oldest first
};

} // namespace kin
