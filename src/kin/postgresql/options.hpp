// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kin {
class url;
}

namespace kin::postgresql {

/// How a server is reached: a PostgreSQL URL, understood.
struct connect_options {
    /// libpq's words and their values.
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string place;                   // for messages: "localhost:5432/blog", without the password
    std::int64_t connect_timeout_ms = 0; // the engine's; 0: without bound
    bool prepares = true;                // false: behind a pooler that changes the server under us
};

/// Throws: usage_error (bad_url) for an unknown option or an unknown value.
[[nodiscard]] connect_options read_options(const url& where);

} // namespace kin::postgresql
