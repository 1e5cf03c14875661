// SPDX-License-Identifier: MIT
// Behind one address there is another server now: a session of the same number may run somebody else's statement there.
#include <atomic>
#include <string>

#include "kin/mariadb/connection.hpp"
#include "kin/mariadb/options.hpp"
#include "support/private_server.hpp"
#include "support/tcp_proxy.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::mariadb::mariadb_connection;
using kin::testing::caught;

class mariadb_behind_a_proxy : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        proxy.emplace(where().port);
        proxy->watch([&](kin::testing::proxy_way, std::string_view piece) {
            if (piece.find("KILL QUERY") != std::string_view::npos) ++stops;
        });
        through = kin::mariadb::read_options(kin::url::parse(std::getenv("KIN_TEST_URL")));
        through.port = proxy->port();
    }
    /// Runs a statement for longer than it may.
    static void overrun(mariadb_connection& c) {
        c.set_timeout(200);
        const auto statement = c.prepare("SELECT sleep(60)");
        statement->bind({});
        static_cast<void>(statement->step());
    }

    std::optional<kin::testing::tcp_proxy> proxy;
    kin::mariadb::open_options through;
    std::atomic<int> stops = 0;
};

TEST_F(mariadb_behind_a_proxy, a_statement_is_stopped_at_its_own_server) {
    mariadb_connection c(through, 5000, plain_names);
    EXPECT_EQ(caught<kin::statement_timeout>([&] { overrun(c); }).vendor_code(), 1317);
    EXPECT_EQ(stops, 1);
    EXPECT_FALSE(c.is_broken());
}

TEST_F(mariadb_behind_a_proxy, nothing_is_stopped_at_another_server) {
    const kin::testing::private_server other("mariadb");
    mariadb_connection c(through, 5000, plain_names);
    proxy->lead_to(kin::url::parse(other.url()).port);
    const std::size_t accepted = proxy->accepted();
    EXPECT_EQ(caught<kin::statement_timeout>([&] { overrun(c); }).code(), "statement_timeout");
    c.cancel();
    EXPECT_GE(proxy->accepted(), accepted + 2) << "kin has asked who is there";
    EXPECT_EQ(stops, 0);
    EXPECT_TRUE(c.is_broken()) << "its own server runs the statement still";
}

} // namespace
