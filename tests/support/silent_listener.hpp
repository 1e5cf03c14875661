// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kin::testing {

/// An address of this machine where connections are made and nothing is ever said.
class silent_listener {
public:
    /// `port` 0: any that is free.
    silent_listener(const std::string& address, std::uint16_t port)
        : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        inet_pton(AF_INET, address.c_str(), &here.sin_addr);
        constexpr int backlog = 16;
        if (bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0 &&
            listen(socket_, backlog) == 0)
            return;
        close(socket_);
        throw std::runtime_error("cannot listen at " + address + ":" + std::to_string(port));
    }
    silent_listener(const silent_listener&) = delete;
    silent_listener& operator=(const silent_listener&) = delete;
    ~silent_listener() { close(socket_); }

    [[nodiscard]] std::uint16_t port() const noexcept {
        sockaddr_in here{};
        socklen_t bytes = sizeof here;
        getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &bytes);
        return ntohs(here.sin_port);
    }

private:
    int socket_;
};

} // namespace kin::testing
