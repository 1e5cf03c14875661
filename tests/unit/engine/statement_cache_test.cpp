// SPDX-License-Identifier: MIT
#include "kin/engine/statement_cache.hpp"

#include <gtest/gtest.h>

#include "unit/engine/fake_driver.hpp"

namespace {

using kin::cached_statement;
using kin::statement_cache;

class cache : public testing::Test {
protected:
    /// As a cursor does: takes a statement and gives it back.
    void use(statement_cache& statements, std::string_view sql) {
        statements.give_back(statements.take(sql));
    }

    kin::testing::fake_server server;
    kin::testing::fake_connection connection{server};
};

TEST_F(cache, prepares_a_statement_once) {
    statement_cache statements(connection);
    for (int i = 0; i < 3; ++i) use(statements, "SELECT ?");
    EXPECT_EQ(server.prepared, 1);
    EXPECT_EQ(statements.size(), 1U);
}

TEST_F(cache, knows_a_statement_by_its_text_not_by_its_address) {
    statement_cache statements(connection);
    std::string text = "SELECT 1";
    use(statements, text);
    text[7] = '2';
    use(statements, text);
    use(statements, "SELECT 1");
    EXPECT_EQ(server.prepared, 2);
}

TEST_F(cache, does_not_hand_out_a_statement_in_use_a_second_time) {
    statement_cache statements(connection);
    cached_statement& outer = statements.take("SELECT 1");
    cached_statement& inner = statements.take("SELECT 1");
    EXPECT_NE(outer.statement, inner.statement);
    statements.give_back(inner);
    statements.give_back(outer);
    EXPECT_EQ(statements.size(), 1U);
    EXPECT_EQ(&statements.take("SELECT 1"), &outer);
    EXPECT_EQ(server.prepared, 2);
}

TEST_F(cache, forgets_the_statement_that_was_not_used_for_longest) {
    statement_cache statements(connection, 2);
    use(statements, "SELECT 1");
    use(statements, "SELECT 2");
    use(statements, "SELECT 1");
    use(statements, "SELECT 3"); // 2 goes
    EXPECT_EQ(statements.size(), 2U);
    use(statements, "SELECT 1");
    EXPECT_EQ(server.prepared, 3);
    use(statements, "SELECT 2");
    EXPECT_EQ(server.prepared, 4);
}

TEST_F(cache, keeps_a_statement_in_use_even_when_it_is_the_oldest) {
    statement_cache statements(connection, 1);
    cached_statement& running = statements.take("SELECT 1");
    use(statements, "SELECT 2");
    use(statements, "SELECT 3");
    EXPECT_EQ(running.sql, "SELECT 1");
    statements.give_back(running);
    EXPECT_EQ(&statements.take("SELECT 1"), &running);
}

TEST_F(cache, counts_placeholders_once) {
    statement_cache statements(connection);
    EXPECT_EQ(statements.take("SELECT ?, ?").parameter_count, 2U);
}

} // namespace
