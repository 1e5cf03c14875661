// SPDX-License-Identifier: MIT
#include "kin/engine/peer.hpp"

#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/silent_listener.hpp"

namespace {

TEST(peer_address, tells_the_other_end_of_a_connection) {
    const kin::testing::silent_listener other("127.0.0.1", 0); // keeps what connects
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(other.port());
    const int near = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(kin::peer_address(near), ""); // not yet
    ASSERT_EQ(connect(near, reinterpret_cast<const sockaddr*>(&there), sizeof there), 0);
    EXPECT_EQ(kin::peer_address(near), "127.0.0.1:" + std::to_string(other.port()));
    close(near);
}

TEST(peer_address, is_empty_within_this_machine) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    EXPECT_EQ(kin::peer_address(ends[0]), "");
    close(ends[0]);
    close(ends[1]);
}

} // namespace
