// SPDX-License-Identifier: MIT
#include "support/tcp_proxy.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace {

using kin::testing::proxy_fault;
using kin::testing::proxy_way;
using kin::testing::tcp_proxy;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

/// Sends back what it gets, one connection after the other, and remembers it.
class echo_server {
public:
    echo_server() {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in here = loopback(0);
        socklen_t size = sizeof here;
        EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&here), size), 0);
        EXPECT_EQ(listen(listener_, 8), 0);
        EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size), 0);
        port = ntohs(here.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    echo_server(const echo_server&) = delete;
    echo_server& operator=(const echo_server&) = delete;
    ~echo_server() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    /// What came in, once the connections are over.
    std::string heard() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        thread_ = std::thread([] {});
        return heard_;
    }
    std::uint16_t port = 0;

private:
    void run() {
        for (;;) {
            const int client = accept(listener_, nullptr, nullptr);
            if (client < 0) return;
            std::array<char, 4096> buffer;
            for (ssize_t got = 0; (got = recv(client, buffer.data(), buffer.size(), 0)) > 0;) {
                heard_.append(buffer.data(), static_cast<std::size_t>(got));
                if (send(client, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) < 0) break;
            }
            close(client);
        }
    }
    int listener_ = -1;
    std::string heard_;
    std::thread thread_;
};

class client {
public:
    explicit client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        const sockaddr_in there = loopback(port);
        connected = connect(fd_, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
    }
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client() { close(fd_); }
    void say(std::string_view text) const { (void)send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
    /// The next `size` bytes; what came before the connection broke, with "|reset" or "|end"; or with "|silence" when nothing
    /// came for `patience_ms`.
    [[nodiscard]] std::string hear(std::size_t size, int patience_ms = 20'000) const {
        std::string out;
        while (out.size() < size) {
            pollfd waiting{fd_, POLLIN, 0};
            if (poll(&waiting, 1, patience_ms) == 0) return out + "|silence";
            std::array<char, 4096> buffer;
            const ssize_t got = recv(fd_, buffer.data(), std::min(buffer.size(), size - out.size()), 0);
            if (got == 0) return out + "|end";
            if (got < 0) return out + (errno == ECONNRESET ? "|reset" : "|fault");
            ++pieces;
            out.append(buffer.data(), static_cast<std::size_t>(got));
        }
        return out;
    }
    bool connected = false;
    mutable int pieces = 0;

private:
    int fd_;
};

class proxied : public testing::Test {
protected:
    echo_server server;
    tcp_proxy proxy{server.port};
};

TEST_F(proxied, bytes_go_through_both_ways_and_are_counted) {
    const client c(proxy.port());
    c.say("hello");
    EXPECT_EQ(c.hear(5), "hello");
    EXPECT_EQ(proxy.bytes(proxy_way::to_server), 5U);
    EXPECT_EQ(proxy.bytes(proxy_way::to_client), 5U);
    EXPECT_EQ(proxy.accepted(), 1U);
}

TEST_F(proxied, a_megabyte_goes_through_unchanged) {
    const std::string large(1'000'000, 'x');
    const client c(proxy.port());
    std::thread sender([&] { c.say(large); });
    EXPECT_EQ(c.hear(large.size()), large);
    sender.join();
}

TEST_F(proxied, a_cut_lets_exactly_so_many_bytes_through) {
    const client c(proxy.port());
    c.say("one");
    EXPECT_EQ(c.hear(3), "one");
    proxy.arm({.way = proxy_way::to_server, .after_bytes = 4, .what = proxy_fault::cut});
    c.say("abcdefgh");
    (void)c.hear(8);
    EXPECT_TRUE(proxy.fired());
    EXPECT_EQ(server.heard(), "oneabcd");
}

TEST_F(proxied, a_cut_at_a_text_comes_before_it_or_after_it) {
    for (const bool goes_through : {false, true}) {
        echo_server listener;
        tcp_proxy cutting(listener.port);
        cutting.arm({.at_text = "COMMIT", .text_goes_through = goes_through});
        const client c(cutting.port());
        c.say("BEGIN;");
        EXPECT_EQ(c.hear(6), "BEGIN;");
        c.say("COMMIT;");
        (void)c.hear(7);
        EXPECT_TRUE(cutting.fired());
        EXPECT_EQ(listener.heard(), goes_through ? "BEGIN;COMMIT;" : "BEGIN;");
    }
}

TEST_F(proxied, an_answer_can_be_cut_in_its_middle) {
    proxy.arm({.way = proxy_way::to_client, .after_bytes = 3, .what = proxy_fault::cut});
    const client c(proxy.port());
    c.say("abcdefgh");
    const std::string heard = c.hear(8);
    EXPECT_TRUE(heard == "abc|reset" || heard == "|reset")
        << heard; // a reset may overtake what was not read yet
}

TEST_F(proxied, a_stalled_connection_lives_and_says_nothing_until_it_is_healed) {
    const client c(proxy.port());
    proxy.arm({.after_bytes = 0, .what = proxy_fault::stall});
    c.say("x");
    EXPECT_EQ(c.hear(1, 30), "|silence");
    EXPECT_TRUE(proxy.fired());
    c.say("later");
    EXPECT_EQ(c.hear(1, 30), "|silence");
    proxy.heal();
    EXPECT_EQ(c.hear(6), "xlater");
}

TEST_F(proxied, a_swallowing_proxy_takes_everything_and_answers_nothing) {
    const client c(proxy.port());
    proxy.arm({.after_bytes = 0, .what = proxy_fault::swallow});
    c.say("x");
    EXPECT_EQ(c.hear(1, 30), "|silence");
    c.say("y");
    EXPECT_EQ(c.hear(1, 30), "|silence");
    const client other(proxy.port());
    EXPECT_TRUE(other.connected);
}

TEST_F(proxied, a_dripping_answer_comes_byte_by_byte_and_whole) {
    const client c(proxy.port());
    proxy.arm({.way = proxy_way::to_client, .after_bytes = 0, .what = proxy_fault::drip, .drip_pause_ms = 2});
    c.say("0123456789");
    EXPECT_EQ(c.hear(10), "0123456789");
    EXPECT_GE(c.pieces, 4);
}

TEST_F(proxied, all_connections_can_be_cut_and_new_ones_refused) {
    const client c(proxy.port());
    c.say("x");
    EXPECT_EQ(c.hear(1), "x");
    proxy.cut_all();
    EXPECT_EQ(c.hear(1), "|reset");
    proxy.refuse(true);
    const client refused(proxy.port());
    EXPECT_EQ(refused.hear(1), "|reset");
    proxy.refuse(false);
    const client again(proxy.port());
    again.say("y");
    EXPECT_EQ(again.hear(1), "y");
}

} // namespace
