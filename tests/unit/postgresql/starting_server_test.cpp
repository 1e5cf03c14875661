// SPDX-License-Identifier: MIT
// One of several servers starts, or stops, and says so.
#include <future>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kin/kin.hpp"
#include "kin/postgresql/channel.hpp"
#include "kin/postgresql/options.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::postgresql::channel;
using kin::testing::caught;

/// A server at 127.0.0.4 that answers each of `times` connections with an error.
class refusing_server {
public:
    refusing_server(std::uint16_t port, std::string_view sqlstate, int times)
        : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        inet_pton(AF_INET, "127.0.0.4", &here.sin_addr);
        const int yes = 1; // the test before has just been there
        setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        const bool listens = bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0 &&
                             listen(socket_, times) == 0;
        EXPECT_TRUE(listens);
        std::string fields("SFATAL\0VFATAL\0C", 15);
        fields.append(sqlstate)
            .append(1, '\0')
            .append("Mnot now")
            .append(1, '\0')
            .append("Ra_function")
            .append(2, '\0');
        const std::uint32_t size = htonl(static_cast<std::uint32_t>(fields.size() + 4));
        const std::string answer = "E" + std::string(reinterpret_cast<const char*>(&size), 4) + fields;
        serves_ = std::async(std::launch::async, [here = socket_, answer, times] {
            for (int n = 0; n < times; ++n) {
                const int client = accept(here, nullptr, nullptr);
                char question[1024];
                EXPECT_GT(read(client, question, sizeof question), 0);
                EXPECT_EQ(write(client, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
                close(client);
            }
        });
    }
    refusing_server(const refusing_server&) = delete;
    refusing_server& operator=(const refusing_server&) = delete;
    ~refusing_server() {
        serves_.wait();
        close(socket_);
    }

private:
    int socket_;
    std::future<void> serves_;
};

class postgresql_starting : public ::testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        where = kin::url::parse(kin::testing::test_url());
        where.options.emplace_back("sslmode", "disable");
    }
    [[nodiscard]] std::string ask(const std::string& hosts) {
        where.host = hosts;
        channel c(kin::postgresql::read_options(where));
        return kin::postgresql::library().PQgetvalue(c.run("SELECT 'here'").get(), 0, 0);
    }

    kin::url where;
};

TEST_F(postgresql_starting, is_passed_over_when_there_is_another_server) {
    const refusing_server first(where.port, "57P03", 1);
    EXPECT_EQ(ask("127.0.0.4,127.0.0.1"), "here");
}

TEST_F(postgresql_starting, is_told_when_it_is_the_only_one) {
    const refusing_server only(where.port, "57P03", 1);
    const auto failure = caught<kin::connection_error>([&] { (void)ask("127.0.0.4"); });
    EXPECT_EQ(failure.code(), "cannot_connect");
    EXPECT_EQ(failure.sqlstate(), "57P03");
    EXPECT_EQ(failure.message().find("LOCATION"), std::string_view::npos);
}

TEST_F(postgresql_starting, any_other_refusal_is_the_end) {
    const refusing_server first(where.port, "28P01", 1);
    EXPECT_EQ(caught<kin::connection_error>([&] { (void)ask("127.0.0.4,127.0.0.1"); }).sqlstate(), "28P01");
}

} // namespace
