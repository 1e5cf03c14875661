// SPDX-License-Identifier: MIT
#include "support/tcp_proxy.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kin::testing {

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in loopback(std::uint16_t port) noexcept {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

void prepare(int fd) noexcept {
    fcntl(fd, F_SETFL, O_NONBLOCK);
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Closes with a reset instead of a goodbye.
void reset_socket(int fd) noexcept {
    if (fd < 0) return;
    const linger at_once{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

} // namespace

tcp_proxy::tcp_proxy(std::uint16_t server_port) : server_port_(server_port) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0 || pipe2(wake_, O_NONBLOCK | O_CLOEXEC) != 0) fail("proxy");
    sockaddr_in here = loopback(0);
    socklen_t size = sizeof here;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&here), size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
        fail("proxy");
    }
    fcntl(listener_, F_SETFL, O_NONBLOCK);
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] { run(); });
}

tcp_proxy::~tcp_proxy() {
    ends_ = true;
    wake();
    thread_.join();
    for (line& l : lines_) reset(l);
    close(listener_);
    close(wake_[0]);
    close(wake_[1]);
}

void tcp_proxy::wake() noexcept {
    const char byte = 0;
    static_cast<void>(write(wake_[1], &byte, 1) == 1); // a full pipe wakes as well
}

void tcp_proxy::arm(proxy_plan plan) {
    const std::lock_guard guard(mutex_);
    plan_ = std::move(plan);
    since_armed_ = 0;
    fired_ = false;
}

void tcp_proxy::watch(std::function<void(proxy_way, std::string_view)> tap) {
    const std::lock_guard guard(mutex_);
    tap_ = std::move(tap);
}

void tcp_proxy::disarm() {
    const std::lock_guard guard(mutex_);
    plan_.reset();
}

std::size_t tcp_proxy::open_connections() {
    const std::lock_guard guard(mutex_);
    return static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), [](const line& l) {
        return !l.dead && !l.ways[0].ended && !l.ways[1].ended;
    }));
}

void tcp_proxy::cut_all() {
    const std::lock_guard guard(mutex_);
    for (line& l : lines_) reset(l);
    wake();
}

void tcp_proxy::heal() {
    const std::lock_guard guard(mutex_);
    for (line& l : lines_) l.fault.reset();
    wake();
}

void tcp_proxy::run() {
    std::vector<pollfd> polled;
    while (!ends_) {
        int timeout_ms = -1;
        polled.assign({{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}});
        {
            const std::lock_guard guard(mutex_);
            lines_.remove_if([](const line& l) { return l.dead; });
            for (line& l : lines_) {
                const bool stands_still = l.fault == proxy_fault::stall;
                const bool drips = l.fault == proxy_fault::drip && !l.ways[1].waiting.empty();
                if (drips) timeout_ms = l.drip_pause_ms;
                for (stream& s : l.ways) {
                    const bool reads = !stands_still && !s.ended && s.waiting.size() < 65'536;
                    const bool writes = !stands_still && !s.waiting.empty() && !(drips && &s == &l.ways[1]);
                    polled.push_back({s.from, static_cast<short>(reads ? POLLIN : 0), 0});
                    polled.push_back({s.to, static_cast<short>(writes ? POLLOUT : 0), 0});
                    if (!reads) polled[polled.size() - 2].fd = -1;
                    if (!writes) polled.back().fd = -1;
                }
            }
        }
        if (poll(polled.data(), polled.size(), timeout_ms) < 0 && errno != EINTR) return;
        char ignored[64];
        while (read(wake_[0], ignored, sizeof ignored) > 0) {}
        const std::lock_guard guard(mutex_);
        if ((polled[0].revents & POLLIN) != 0) accept_one();
        for (line& l : lines_) {
            for (const proxy_way way : {proxy_way::to_server, proxy_way::to_client}) {
                if (!l.dead && l.fault != proxy_fault::stall) read_some(l, way);
                if (!l.dead && l.fault != proxy_fault::stall)
                    write_some(l, l.ways[static_cast<std::size_t>(way)]);
            }
        }
    }
}

void tcp_proxy::accept_one() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    ++accepted_;
    const int server = refuses_ ? -1 : socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in there = loopback(server_port_);
    if (server < 0 || connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
        reset_socket(client);
        reset_socket(server);
        return;
    }
    prepare(client);
    prepare(server);
    line& l = lines_.emplace_back();
    l.ways[0].from = l.ways[1].to = client;
    l.ways[0].to = l.ways[1].from = server;
}

void tcp_proxy::read_some(line& l, proxy_way way) {
    stream& s = l.ways[static_cast<std::size_t>(way)];
    if (s.ended || s.waiting.size() >= 65'536) return;
    char buffer[16'384];
    const ssize_t got = recv(s.from, buffer, sizeof buffer, 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR) reset(l);
        return;
    }
    if (got == 0) {
        s.ended = true;
        if (s.waiting.empty()) shutdown(s.to, SHUT_WR);
        if (l.ways[0].ended && l.ways[1].ended) reset(l);
        return;
    }
    bytes_[static_cast<std::size_t>(way)] += static_cast<std::size_t>(got);
    if (tap_) tap_(way, {buffer, static_cast<std::size_t>(got)});
    if (l.fault == proxy_fault::swallow) return;
    s.waiting.append(take_until_fault(l, way, std::string(buffer, static_cast<std::size_t>(got))));
}

/// Does what was armed, if this piece is the moment. What is left of the piece.
std::string tcp_proxy::take_until_fault(line& l, proxy_way way, std::string piece) {
    if (!plan_ || plan_->way != way) return piece;
    std::size_t through = plan_->text_goes_through ? piece.size() : 0;
    if (plan_->after_bytes) {
        since_armed_ += piece.size();
        if (since_armed_ < *plan_->after_bytes) return piece;
        through = piece.size() - (since_armed_ - *plan_->after_bytes);
    } else if (piece.find(plan_->at_text) == std::string::npos) {
        return piece;
    }
    // What goes through is sent before anything breaks.
    stream& s = l.ways[static_cast<std::size_t>(way)];
    s.waiting.append(piece, 0, through);
    write_some(l, s);
    if (!l.dead) strike(l);
    const bool is_held = l.fault == proxy_fault::stall || l.fault == proxy_fault::drip;
    return is_held ? piece.substr(through) : std::string();
}

void tcp_proxy::strike(line& l) {
    l.fault = plan_->what;
    l.drip_pause_ms = plan_->drip_pause_ms;
    plan_.reset();
    fired_ = true; // before anybody can see that it did
    if (l.fault == proxy_fault::cut) {
        l.dead = true;
        close(l.ways[0].to); // a reset would take away what went through and was not read yet
        reset_socket(l.ways[0].from);
    }
}

void tcp_proxy::write_some(line& l, stream& s) {
    if (s.waiting.empty()) return;
    const bool drips = l.fault == proxy_fault::drip && &s == &l.ways[1];
    const ssize_t sent = send(s.to, s.waiting.data(), drips ? 1 : s.waiting.size(), MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR) reset(l);
        return;
    }
    s.waiting.erase(0, static_cast<std::size_t>(sent));
    if (s.ended && s.waiting.empty()) shutdown(s.to, SHUT_WR);
}

void tcp_proxy::reset(line& l) noexcept {
    if (std::exchange(l.dead, true)) return;
    reset_socket(l.ways[0].from);
    reset_socket(l.ways[0].to);
}

} // namespace kin::testing
