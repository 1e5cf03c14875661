// SPDX-License-Identifier: MIT
// Long chains and deep trees, on a thread with a small stack.
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <string>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "support/sanitized.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::testing::blog;
using kin::testing::standard_dialect;

/// Sanitizers need more stack than the code under test.
#ifdef KIN_TEST_SANITIZED
constexpr std::size_t small_stack = 1024 * 1024;
#else
constexpr std::size_t small_stack = 64 * 1024;
#endif

template <class Function> void on_a_small_stack(Function function) {
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_attr_init(&attributes), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, small_stack), 0);
    pthread_t thread;
    const auto run = [](void* f) -> void* {
        (*static_cast<Function*>(f))();
        return nullptr;
    };
    ASSERT_EQ(pthread_create(&thread, &attributes, run, &function), 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}

int nesting(const std::string& sql) {
    int depth = 0;
    int deepest = 0;
    for (const char c : sql) {
        if (c == '(') deepest = std::max(deepest, ++depth);
        if (c == ')') --depth;
    }
    return deepest;
}

TEST(T58, ten_thousand_ands_are_a_shallow_tree) {
    const blog b;
    kin::predicate p;
    for (int i = 0; i < 10'000; ++i) p = std::move(p) && b.user_id != i;
    const kin::compiled_statement c =
        kin::compile(standard_dialect({.parameters = 20'000, .expression_depth = 20}),
                     {.columns = {}, .from = &b.user, .where = p});
    EXPECT_EQ(c.parameters.size(), 10'000u);
    EXPECT_EQ(c.parameters.back(), kin::value(9'999));
    EXPECT_LE(nesting(c.sql), 20);
}

TEST(T52, ten_thousand_negations_are_refused_before_anything_is_sent) {
    const blog b;
    std::string code;
    std::string message;
    on_a_small_stack([&] {
        kin::predicate p = b.user_id == 1;
        for (int i = 0; i < 10'000; ++i) p = !std::move(p);
        try {
            (void)kin::compile(standard_dialect(), {.columns = {}, .from = &b.user, .where = p});
        } catch (const kin::compile_error& e) {
            code = e.code();
            message = e.message();
        }
    });
    EXPECT_EQ(code, "query_too_deep");
    EXPECT_NE(message.find("10002 deep"), std::string::npos) << message;
    EXPECT_NE(message.find("takes 1000"), std::string::npos) << message;
}

TEST(T52, a_deep_query_compiles_on_a_small_stack_where_the_database_takes_it) {
    const blog b;
    std::size_t size = 0;
    on_a_small_stack([&] {
        kin::predicate p = b.user_id == 1;
        for (int i = 0; i < 10'000; ++i) {
            p = i % 2 == 0 ? std::move(p) && b.user_id == i : std::move(p) || b.user_id == i;
        }
        size = kin::compile(standard_dialect({.expression_depth = 20'000}),
                            {.columns = {}, .from = &b.user, .where = p})
                   .sql.size();
    });
    EXPECT_GT(size, 10'000u);
}

TEST(T52, nested_subqueries_add_to_the_depth) {
    const blog b;
    kin::predicate p = b.user_id == 1;
    for (int i = 0; i < 100; ++i) {
        p = kin::predicate(kin::expression::exists(std::make_shared<kin::select_statement>(
            kin::select_statement{.columns = {}, .from = &b.user, .where = p})));
    }
    EXPECT_THROW((void)kin::compile(standard_dialect({.expression_depth = 100}),
                                    {.columns = {}, .from = &b.user, .where = p}),
                 kin::compile_error);
    EXPECT_NO_THROW((void)kin::compile(standard_dialect(), {.columns = {}, .from = &b.user, .where = p}));
}

} // namespace
