// SPDX-License-Identifier: MIT
#include "kin/sql/expression.hpp"

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::sql_operator;

TEST(expression, a_chain_of_ands_is_one_operator_with_many_terms) {
    const kin::testing::blog b;
    const kin::predicate p = b.user_id == 1 && b.user_id == 2 && (b.user_id == 3 && b.user_id == 4);
    EXPECT_EQ(p.items().back().op, sql_operator::logical_and);
    EXPECT_EQ(p.items().back().arity, 4u);
    EXPECT_EQ(p.items().size(), 4u * 3u + 1u);
}

TEST(expression, an_or_inside_an_and_stays_a_term_of_its_own) {
    const kin::testing::blog b;
    const kin::predicate p = (b.user_id == 1 || b.user_id == 2) && b.user_id == 3;
    EXPECT_EQ(p.items().back().op, sql_operator::logical_and);
    EXPECT_EQ(p.items().back().arity, 2u);
}

TEST(expression, an_empty_predicate_is_no_condition) {
    const kin::testing::blog b;
    kin::predicate p;
    EXPECT_TRUE((!p).empty());
    p = std::move(p) || b.user_id == 1;
    EXPECT_EQ(p.items().size(), 3u);
    p = std::move(p) && kin::predicate();
    EXPECT_EQ(p.items().size(), 3u);
}

TEST(expression, a_long_chain_is_built_and_copied_without_recursion) {
    const kin::testing::blog b;
    kin::predicate p;
    for (int i = 0; i < 100'000; ++i) p = std::move(p) && b.user_id != i;
    const kin::predicate copy = p;
    EXPECT_EQ(copy.items().back().arity, 100'000u);
}

TEST(expression, functions_come_from_a_closed_list) {
    try {
        (void)kin::expression::call("load_extension", {});
        FAIL();
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "unknown_function");
    }
}

} // namespace
