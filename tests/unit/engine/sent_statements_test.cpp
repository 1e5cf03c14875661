// SPDX-License-Identifier: MIT
#include "kin/engine/connection.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// Statements that are sent without waiting for their answers, where the database can do that; elsewhere they are answered at once.

namespace {

class sent_statements : public testing::Test {
protected:
    sent_statements() {
        c.execute("CREATE TABLE sent (n INTEGER)");
        c.begin(kin::transaction_access::write);
        c.send_ahead(true);
    }
    /// Its answer adds `n` to `answered`.
    void send(int n) {
        auto values = std::make_shared<kin::sent_values>();
        values->cells.push_back(kin::cell::of_integer(n));
        const std::string text = kin::testing::test_dialect() == "postgresql" ? "INSERT INTO sent VALUES ($1)"
                                                                              : "INSERT INTO sent VALUES (?)";
        c.send(text, std::move(values), [this, n](const kin::pending_answer& answer) {
            kin::cursor rows = answer.take();
            while (rows.next()) {}
            answered.push_back(n);
        });
    }
    std::int64_t stored() {
        kin::cursor rows = c.open("SELECT count(*) FROM sent");
        EXPECT_TRUE(rows.next());
        constexpr kin::cell_kind kinds[] = {kin::cell_kind::integer};
        kin::cell count;
        EXPECT_EQ(rows.read(0, kinds, &count), 1U);
        return count.integer;
    }
    kin::database db{kin::testing::fresh_url()};
    kin::connection c = db.engine().connect();
    std::vector<int> answered;
};

TEST_F(sent_statements, are_answered_in_their_order_before_anything_else_is_asked) {
    send(1);
    send(2);
    c.after_sent([&] { answered.push_back(-1); });
    send(3);
    EXPECT_EQ(stored(), 3);
    EXPECT_EQ(answered, (std::vector{1, 2, -1, 3}));
    EXPECT_TRUE(c.is_settled());
    c.commit();
}

TEST_F(sent_statements, that_nobody_has_waited_for_go_with_a_rollback) {
    send(1);
    const bool waits = !c.is_settled();
    c.rollback();
    EXPECT_TRUE(c.is_settled());
    EXPECT_EQ(answered.empty(), waits);
    answered.clear();
    c.begin(kin::transaction_access::write);
    send(2);
    c.commit();
    EXPECT_EQ(answered, std::vector{2});
    EXPECT_EQ(stored(), 1);
}

TEST_F(sent_statements, behind_one_whose_answer_is_not_liked_are_not_answered) {
    send(1);
    try {
        c.after_sent([] { throw std::runtime_error("not liked"); });
        send(2);
        c.settle();
        FAIL() << "the step has thrown";
    } catch (const std::runtime_error&) {}
    EXPECT_TRUE(c.is_settled());
    EXPECT_EQ(answered, std::vector{1});
    c.rollback();
    EXPECT_EQ(stored(), 0);
}

} // namespace
