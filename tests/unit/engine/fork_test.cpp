// SPDX-License-Identifier: MIT
// What a child process may do with an engine of its parent: a pool of its own, and nothing with the connections of the parent.
#include <functional>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::testing::code_of;
using kin::testing::fake_engine;
using kin::testing::fake_server;
using kin::testing::temporary_directory;
using kin::testing::value_of;

std::string value_of_count(const engine& e) {
    connection c = e.connect();
    return value_of(c, "SELECT count(*) FROM t");
}

/// Runs `work` in a child process; 0 when it returned true.
int in_child(const std::function<bool()>& work) {
    const pid_t child = fork();
    if (child == 0) _exit(work() ? 0 : 1);
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

TEST(T29, a_child_process_opens_connections_of_its_own) {
    fake_server server;
    const engine e = fake_engine(server);
    { const connection idle = e.connect(); }
    const connection held = e.connect();
    EXPECT_EQ(in_child([&] {
                  const std::size_t holders = e.pool_status().holders.size();
                  connection own = e.connect();
                  return holders == 0 && server.opened == 2 && own.execute("UPDATE t") == 0 &&
                         e.pool_status().holders.size() == 1;
              }),
              0);
    EXPECT_EQ(e.pool_status().holders.size(), 1U);
}

TEST(T29, the_parents_connections_are_given_up_in_the_child_and_never_closed) {
    fake_server server;
    auto e = std::make_unique<engine>(fake_engine(server));
    { const connection idle = e->connect(); }
    auto held = std::make_unique<connection>(e->connect());
    { const connection other = e->connect(); }
    EXPECT_EQ(in_child([&] {
                  held.reset();
                  if (server.abandoned != 1 || server.closed != 0 || server.rollbacks != 0) return false;
                  e.reset();
                  return server.abandoned == 2 && server.closed == 0;
              }),
              0);
    EXPECT_EQ(server.abandoned, 0);
    EXPECT_EQ(held->execute("UPDATE t"), 0);
}

TEST(T29, a_connection_of_the_parent_is_refused_in_the_child) {
    fake_server server;
    const engine e = fake_engine(server);
    connection c = e.connect();
    c.begin({});
    EXPECT_EQ(in_child([&] {
                  return code_of([&] { c.execute("UPDATE t"); }) == "forked_connection" &&
                         code_of([&] { c.commit(); }) == "forked_connection" && !c.in_transaction();
              }),
              0);
    c.commit();
}

TEST(T29, a_child_may_fork_again) {
    fake_server server;
    const engine e = fake_engine(server);
    EXPECT_EQ(in_child([&] {
                  const connection c = e.connect();
                  return in_child([&] {
                             const connection own = e.connect();
                             return server.opened == 2;
                         }) == 0;
              }),
              0);
}

TEST(T29, parent_and_child_write_a_file_of_sqlite_side_by_side) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url());
    e.connect().execute("CREATE TABLE t (a)");
    connection held = e.connect();
    held.begin(kin::transaction_access::write);
    held.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(in_child([&] { return value_of_count(e) == "0"; }), 0);
    held.commit();
    EXPECT_EQ(in_child([&] {
                  e.connect().execute("INSERT INTO t VALUES (2)");
                  return true;
              }),
              0);
    EXPECT_EQ(value_of(held, "SELECT count(*) FROM t"), "2");
    EXPECT_EQ(value_of(held, "PRAGMA integrity_check"), "ok");
}

} // namespace
