// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kin {

/// Finds the addresses of a host, in the order in which they are to be tried. Throws: connection_error when there are none.
using resolver = std::function<std::vector<std::string>(const std::string& host)>;

/// Asks the system.
[[nodiscard]] std::vector<std::string> system_addresses(const std::string& host);

/// Whether `host` is a name that has to be looked up: no address, and not the path of a socket.
[[nodiscard]] bool needs_lookup(const std::string& host);

/// The addresses of `host`; nothing when the deadline comes first. The system's look-up knows no deadline, so a thread of its own does it, which is left
/// alone then. Throws: connection_error (cannot_connect).
[[nodiscard]] std::optional<std::vector<std::string>> look_up(const std::string& host,
                                                              std::chrono::steady_clock::time_point deadline,
                                                              const resolver& ask = system_addresses);

} // namespace kin
