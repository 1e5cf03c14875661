// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

// Rows of one class that refer to each other in a ring: no row of it can go before the others.

namespace trains {

struct Wagon {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Wagon, int>> next_id;
    std::optional<kin::forward_key<Wagon, int>> spare_id;
    kin::belongs_to<Wagon, &Wagon::next_id> next;
    kin::belongs_to<Wagon, &Wagon::spare_id> spare;
};

} // namespace trains

namespace {

using trains::Wagon;

class delete_together : public testing::Test {
protected:
    delete_together() { db.create_all<Wagon>(); }
    std::vector<kin::ref<Wagon>> stored_ring(std::size_t length) {
        std::vector<kin::ref<Wagon>> ring;
        for (std::size_t i = 0; i < length; ++i) ring.push_back(session.add(Wagon{}));
        session.flush();
        for (std::size_t i = 0; i < length; ++i) ring[i]->next = ring[(i + 1) % length];
        session.commit();
        return ring;
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(delete_together, a_ring_of_more_rows_than_a_statement_usually_has) {
    for (const auto& wagon : stored_ring(1100)) session.remove(wagon);
    counter.reset();
    session.commit();
    const std::vector<std::string> sent = counter.statements();
    const auto deletes = std::count_if(sent.begin(), sent.end(),
                                       [](const std::string& sql) { return sql.starts_with("DELETE"); });

    EXPECT_EQ(session.query<Wagon>().count(), 0);
    if (db.engine().dialect().supports(kin::feature::foreign_keys_at_end)) {
        EXPECT_EQ(deletes, 1);
    }
}

TEST_F(delete_together, two_rows_that_refer_to_each_other_among_many) {
    std::vector<kin::ref<Wagon>> all = stored_ring(2);
    for (int i = 0; i < 498; ++i) all.push_back(session.add(Wagon{}));
    auto last = session.add(Wagon{.next = all[0]}); // in another statement, were there no ring
    session.flush();
    all[0]->spare = last;
    session.commit();
    session.remove(last);
    for (const auto& wagon : all) session.remove(wagon);
    session.commit();

    EXPECT_EQ(session.query<Wagon>().count(), 0);
}

TEST_F(delete_together, a_ring_with_the_row_that_one_of_it_refers_to) {
    auto ring = stored_ring(2);
    const auto spare = session.add(Wagon{});
    ring[0]->spare = spare;
    session.commit();
    for (const auto& wagon : {spare, ring[0], ring[1]}) session.remove(wagon);
    session.commit();

    EXPECT_EQ(session.query<Wagon>().count(), 0);
}

TEST_F(delete_together, a_ring_that_refers_to_another_one) {
    auto first = stored_ring(3);
    auto second = stored_ring(3);
    first[1]->spare = second[0];
    session.commit();
    for (const auto& ring : {first, second})
        for (const auto& wagon : ring) session.remove(wagon);
    session.commit();

    EXPECT_EQ(session.query<Wagon>().count(), 0);
}

TEST_F(delete_together, a_ring_of_many_rows_beside_other_changes_that_are_ordered_row_by_row) {
    auto ring = stored_ring(700);
    auto outside = session.add(Wagon{});
    outside->spare = ring[300];
    session.commit();
    outside->spare = ring[301]; // not written: its row still refers to another one
    session.remove(outside);
    for (const auto& wagon : ring) session.remove(wagon);
    session.commit();

    EXPECT_EQ(session.query<Wagon>().count(), 0);
}

} // namespace
