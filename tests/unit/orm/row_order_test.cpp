// SPDX-License-Identifier: MIT
#include "kin/orm/row_order.hpp"

#include <limits>

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

namespace {

using kin::cell;
using kin::detail::compare;

TEST(compare_cells, puts_null_first_and_orders_numbers_and_bytes) {
    EXPECT_LT(compare(cell(), cell::of_integer(std::numeric_limits<std::int64_t>::min())), 0);
    EXPECT_EQ(compare(cell(), cell()), 0);
    EXPECT_LT(compare(cell::of_integer(-2), cell::of_integer(1)), 0);
    EXPECT_GT(compare(cell::of_integer(10), cell::of_integer(9)), 0);
    EXPECT_LT(compare(cell::of_real(-0.5), cell::of_real(0.25)), 0);
    EXPECT_LT(compare(cell::of_text("a"), cell::of_text("ab")), 0);
    EXPECT_GT(compare(cell::of_text("\xc3\xa4"), cell::of_text("z")), 0) << "bytes, not letters";
    EXPECT_EQ(compare(cell::of_text("a"), cell::of_text("a")), 0);
}

struct Entry {
    kin::primary_key<std::string> day;
    kin::primary_key<int> number;
};

TEST(sort_by_key, goes_by_the_key_of_the_row_not_of_the_member) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Entry>();
    kin::session session = db.session();
    std::vector<kin::ref<Entry>> entries;
    for (const auto& [day, number] : {std::pair("b", 1), std::pair("a", 10), std::pair("a", 9)})
        entries.push_back(session.add(Entry{.day = day, .number = number}));
    session.commit();
    entries[2]->day = "z";
    std::vector<kin::detail::node*> nodes;
    for (const auto& e : entries) nodes.push_back(e.raw());
    kin::detail::sort_by_key(nodes);
    EXPECT_EQ(nodes, (std::vector{entries[2].raw(), entries[1].raw(), entries[0].raw()}));
    kin::detail::sort_by_key(nodes);
    EXPECT_EQ(nodes.front(), entries[2].raw()) << "and stays so";
    kin::detail::sort_by_key({});
}

} // namespace
