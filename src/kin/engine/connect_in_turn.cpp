// SPDX-License-Identifier: MIT
#include "kin/engine/connect_in_turn.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/longest_timeout.hpp"

namespace kin {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Not the last moment there is: who waits for it may add to it.
constexpr steady_time never = steady_time::max() - std::chrono::hours(1);

} // namespace

steady_time deadline_in(std::int64_t timeout_ms) {
    return timeout_ms == 0 ? never : clock::now() + milliseconds(bounded_timeout(timeout_ms));
}

std::int64_t ms_until(steady_time deadline) {
    if (deadline == never) return 0;
    return std::max<std::int64_t>(1, std::chrono::ceil<milliseconds>(deadline - clock::now()).count());
}

steady_time fair_share(steady_time deadline, std::size_t attempts) {
    if (deadline == never || attempts < 2) return deadline;
    const steady_time now = clock::now();
    return now + (deadline - now) / static_cast<std::int64_t>(attempts);
}

std::optional<std::vector<connect_target>> connect_targets(const std::vector<std::string>& hosts,
                                                           steady_time deadline, const resolver& ask) {
    std::vector<connect_target> targets;
    std::exception_ptr fault;
    bool is_late = false;
    for (std::size_t n = 0; n < hosts.size(); ++n) {
        const std::string& host = hosts[n];
        if (!needs_lookup(host)) {
            targets.push_back({.host = host, .address = {}});
            continue;
        }
        try {
            const auto addresses = look_up(host, fair_share(deadline, hosts.size() - n), ask);
            is_late = is_late || !addresses;
            if (!addresses) continue;
            for (const std::string& address : *addresses)
                targets.push_back({.host = host, .address = address});
        } catch (const connection_error&) {
            fault = std::current_exception();
        }
    }
    if (!targets.empty()) return targets;
    if (fault != nullptr && !is_late) std::rethrow_exception(fault);
    return std::nullopt;
}

std::string connect_in_turn(const std::vector<connect_target>& targets, steady_time deadline,
                            const connect_attempt& attempt) {
    std::string reasons;
    for (std::size_t n = 0; n < targets.size(); ++n) {
        const steady_time until = fair_share(deadline, targets.size() - n);
        const std::int64_t allowed_ms = ms_until(until);
        attempt_end end = attempt(targets[n], until);
        if (end.is_connected) return {};
        if (end.reason.empty()) end.reason = "no answer within " + std::to_string(allowed_ms) + " ms";
        if (!reasons.empty()) reasons += "; ";
        const std::string& place = targets[n].place();
        if (end.reason.find(place) == std::string::npos) reasons.append(place).append(": ");
        reasons += end.reason;
    }
    return reasons;
}

} // namespace kin
