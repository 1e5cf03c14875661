// SPDX-License-Identifier: MIT
#include "support/transfer_books.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_database.hpp"

namespace {

using kin::testing::transfer_end;
using kin::testing::transfer_order;
using kin::testing::transfer_style;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class books : public testing::Test {
protected:
    books() { kin::testing::open_accounts(db); }
    void move(const transfer_order& t, transfer_style style = transfer_style::objects) {
        db.transaction([&](kin::session& s) { kin::testing::move_money(s, t, style); });
    }
    kin::database db{kin::testing::fresh_url()};
    kin::testing::transfer_books ledger;
    transfer_order first{.token = 1, .from = 1, .to = 2, .amount = 10};
    transfer_order second{.token = 2, .from = 3, .to = 1, .amount = 20};
};

TEST_F(books, agree_with_a_database_that_did_what_was_told) {
    move(first);
    move(second, transfer_style::statements);
    ledger.note(first, transfer_end::committed);
    ledger.note(second, transfer_end::unknown, "commit_outcome_unknown");
    ledger.note({.token = 3, .from = 1, .to = 2, .amount = 1}, transfer_end::rolled_back, "deadlock");
    ledger.note({.token = 4, .from = 1, .to = 2, .amount = 1}, transfer_end::unknown);
    EXPECT_THAT(ledger.contradictions(db), IsEmpty());
    EXPECT_EQ(ledger.count(transfer_end::unknown), 2U);
    EXPECT_EQ(ledger.count("deadlock"), 1U);
    EXPECT_EQ(
        ledger.summary(),
        "1 transfers committed, 1 rolled back, 2 unknown; ended by commit_outcome_unknown 1, deadlock 1");
}

TEST_F(books, find_what_is_lost_and_what_should_not_be_there) {
    move(first);
    ledger.note(first, transfer_end::rolled_back);
    ledger.note(second, transfer_end::committed);
    EXPECT_THAT(ledger.contradictions(db), ElementsAre("transfer 1 was rolled back and is there",
                                                       "transfer 2 was committed and is lost"));
}

TEST_F(books, find_what_nobody_asked_for_and_what_was_changed) {
    move(first);
    move(second);
    ledger.note({.token = 1, .from = 1, .to = 2, .amount = 11}, transfer_end::committed);
    EXPECT_THAT(ledger.contradictions(db),
                ElementsAre("transfer 1 is not what was asked for", "transfer 2 was never asked for"));
}

TEST_F(books, find_a_transfer_that_was_written_in_part) {
    db.transaction([&](kin::session& s) {
        kin::testing::move_money(s, first, transfer_style::objects);
        s.get_one<kin::testing::Account>(2)->balance -= first.amount;
    });
    ledger.note(first, transfer_end::committed);
    EXPECT_THAT(ledger.contradictions(db),
                ElementsAre(HasSubstr("account 2 has 1000000, by the ledger 1000010"),
                            HasSubstr("the sum is 7999990")));
}

TEST_F(books, find_a_transfer_that_was_done_twice) {
    move(first);
    db.transaction([&](kin::session& s) {
        for (auto& account :
             s.query<kin::testing::Account>().where(kin::col<&kin::testing::Account::id> <= 2).all())
            account->balance += account->id == 1 ? -first.amount : first.amount;
    });
    ledger.note(first, transfer_end::committed);
    EXPECT_THAT(ledger.contradictions(db),
                ElementsAre(HasSubstr("account 1 has 999980"), HasSubstr("account 2 has 1000020")));
}

} // namespace
