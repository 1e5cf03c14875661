// SPDX-License-Identifier: MIT
#include "kin/engine/lookup.hpp"

#include <memory>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include "kin/base/error.hpp"
#include "kin/engine/own_thread.hpp"

namespace kin {

std::vector<std::string> system_addresses(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int fault = getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, [](addrinfo* a) {
        if (a != nullptr) freeaddrinfo(a);
    });
    std::vector<std::string> out;
    for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
            out.emplace_back(text);
    }
    if (!out.empty()) return out;
    throw connection_error({.code = "cannot_connect",
                            .message = "the host " + host + " has no address (" +
                                       (fault != 0 ? gai_strerror(fault) : "none was found") +
                                       "); check its name in the URL",
                            .sql = {}});
}

bool needs_lookup(const std::string& host) {
    if (host.empty() || host.front() == '/' || host.front() == '@') return false;
    in6_addr ignored{};
    return inet_pton(AF_INET, host.c_str(), &ignored) != 1 &&
           inet_pton(AF_INET6, host.c_str(), &ignored) != 1;
}

std::optional<std::vector<std::string>>
look_up(const std::string& host, std::chrono::steady_clock::time_point deadline, const resolver& ask) {
    return in_own_thread([host, ask] { return ask(host); }, deadline);
}

} // namespace kin
