// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kin/engine/lookup.hpp"

namespace kin {

using steady_time = std::chrono::steady_clock::time_point;

/// The moment at which what may take `timeout_ms` from now on is late; 0: so late that it never comes.
[[nodiscard]] steady_time deadline_in(std::int64_t timeout_ms);

/// How long it is until then, in whole milliseconds, rounded up. 0: without bound, as in deadline_in(); a moment that has passed is 1.
[[nodiscard]] std::int64_t ms_until(steady_time deadline);

/// Until when the first of `attempts` may take, so that each has an equal part of the time that is left.
[[nodiscard]] steady_time fair_share(steady_time deadline, std::size_t attempts);

/// Where to connect to.
struct connect_target {
    std::string host;    // as the URL has it: a certificate is valid for it
    std::string address; // of the host; empty when it needs no look-up
    bool operator==(const connect_target&) const = default;

    [[nodiscard]] const std::string& place() const noexcept { return address.empty() ? host : address; }
};

/// Looks the hosts up; each name may have several addresses. A name that has none is left out when there are other hosts. Nothing when the deadline comes
/// first. Throws: connection_error (cannot_connect).
[[nodiscard]] std::optional<std::vector<connect_target>>
connect_targets(const std::vector<std::string>& hosts, steady_time deadline, const resolver& ask);

/// How an attempt to connect has ended.
struct attempt_end {
    bool is_connected = false;
    std::string reason = {}; // why the target cannot be reached; empty: it gave no answer in time
};

/// Tries to connect until a moment. Throws what another target would not mend: a server has refused.
using connect_attempt = std::function<attempt_end(const connect_target& target, steady_time until)>;

/// Tries target by target, each with its fair share of the time, until one is connected. Returns why none could be reached; empty when one is.
[[nodiscard]] std::string connect_in_turn(const std::vector<connect_target>& targets, steady_time deadline,
                                          const connect_attempt& attempt);

} // namespace kin
