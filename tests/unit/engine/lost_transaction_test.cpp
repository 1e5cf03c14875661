// SPDX-License-Identifier: MIT
// A transaction that goes with its connection while nobody looks: between two statements.
#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::transaction_access;
using kin::testing::code_of;
using kin::testing::fake_engine;
using kin::testing::fake_server;

TEST(lost_transaction, is_a_lost_connection_to_who_wants_to_write_in_it) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.begin(transaction_access::read);
        server.breaks_connections = true;
        EXPECT_EQ(code_of([&] { c.require_write(); }), "connection_lost");
        EXPECT_TRUE(c.transaction_lost());
        EXPECT_EQ(code_of([&] { c.require_write(); }), "pending_rollback");
        c.rollback();
        EXPECT_EQ(code_of([&] { c.require_write(); }), "no_transaction");
    }
    EXPECT_EQ(server.closed, 1);
}

TEST(lost_transaction, is_certainly_not_committed) {
    fake_server server;
    const engine e = fake_engine(server);
    {
        connection c = e.connect();
        c.begin(transaction_access::write);
        server.breaks_connections = true;
        EXPECT_EQ(code_of([&] { c.commit(); }), "connection_lost");
        EXPECT_TRUE(c.transaction_lost());
    }
    EXPECT_EQ(server.closed, 1);
}

} // namespace
