// SPDX-License-Identifier: MIT
#include "kin/base/topological_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <utility>
#include <vector>

using kin::topological_sort;
using edges = std::vector<std::pair<std::size_t, std::size_t>>;
using items = std::vector<std::size_t>;

TEST(topological_sort, without_edges_keeps_the_order_of_the_input) {
    EXPECT_EQ(topological_sort(4, {}), (items{0, 1, 2, 3}));
    EXPECT_EQ(topological_sort(0, {}), items{});
}

TEST(topological_sort, puts_what_is_needed_first) {
    EXPECT_EQ(topological_sort(3, edges{{2, 0}}), (items{1, 2, 0}));
    EXPECT_EQ(topological_sort(3, edges{{2, 1}, {1, 0}}), (items{2, 1, 0}));
}

TEST(topological_sort, does_not_mind_the_same_edge_twice_or_an_edge_to_oneself) {
    items cycle{99};
    EXPECT_EQ(topological_sort(2, edges{{1, 0}, {1, 0}, {1, 1}}, &cycle), (items{1, 0}));
    EXPECT_TRUE(cycle.empty());
}

TEST(topological_sort, names_the_members_of_rings_and_not_what_depends_on_them) {
    items cycle;
    // 1 and 3 form a ring, 4 comes after it, 5 and 6 form another one behind 4.
    const edges ring{{1, 3}, {3, 1}, {3, 4}, {4, 5}, {5, 6}, {6, 5}};
    EXPECT_EQ(topological_sort(7, ring, &cycle), (items{0, 1, 3, 2, 4, 5, 6}));
    EXPECT_EQ(cycle, (items{1, 3, 5, 6}));
}

TEST(topological_sort, puts_what_needs_a_member_of_a_ring_after_the_whole_ring) {
    EXPECT_EQ(topological_sort(4, edges{{2, 3}, {3, 2}, {2, 0}, {1, 3}}), (items{1, 2, 3, 0}));
    // Two rings, and 0 between them.
    EXPECT_EQ(topological_sort(5, edges{{3, 4}, {4, 3}, {3, 0}, {0, 1}, {1, 2}, {2, 1}}),
              (items{3, 4, 0, 1, 2}));
}

TEST(topological_sort, a_long_chain_needs_no_deep_stack) {
    const std::size_t n = 200'000;
    edges chain;
    for (std::size_t i = 1; i < n; ++i) chain.emplace_back(i - 1, i);
    chain.emplace_back(n - 1, 0);
    items cycle;
    EXPECT_EQ(topological_sort(n, chain, &cycle).size(), n);
    EXPECT_EQ(cycle.size(), n);
}

TEST(topological_sort, respects_every_edge_of_any_graph_without_rings) {
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        const std::size_t n = 1 + random() % 20;
        items shuffled(n);
        for (std::size_t i = 0; i < n; ++i) shuffled[i] = i;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        edges some;
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i + 1; j < n; ++j)
                if (random() % 4 == 0) some.emplace_back(shuffled[i], shuffled[j]);
        items cycle;
        const items order = topological_sort(n, some, &cycle);
        ASSERT_TRUE(cycle.empty());
        ASSERT_EQ(order.size(), n);
        const auto at = [&](std::size_t item) { return std::find(order.begin(), order.end(), item); };
        for (const auto& [before, after] : some) ASSERT_LT(at(before), at(after));
    }
}
