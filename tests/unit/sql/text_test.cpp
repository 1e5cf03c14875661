// SPDX-License-Identifier: MIT
#include "kin/sql/text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

const kin::testing::standard_dialect dialect;

TEST(text, names_become_placeholders_in_order_and_may_repeat) {
    const kin::compiled_statement c = kin::compile_text(
        dialect, "SELECT * FROM t WHERE a = :x AND b LIKE :p OR c = :x", {{"p", "J%"}, {"x", 5}});
    EXPECT_EQ(c.sql, "SELECT * FROM t WHERE a = ? AND b LIKE ? OR c = ?");
    EXPECT_EQ(c.parameters, (std::vector<kin::value>{5, "J%", 5}));
}

TEST(text, quoted_text_identifiers_comments_and_casts_are_left_alone) {
    const std::string sql =
        "SELECT ':a', 'it''s :a', \":a\"\":a\", `:a`, [:a], x::int, 12:30 -- :a\n, /* :a */ 1 : 2";
    EXPECT_EQ(kin::compile_text(dialect, sql, {}).sql, sql);
    EXPECT_EQ(kin::compile_text(dialect,
                                "SELECT ':a'"
                                " :a -- :a",
                                {{"a", 1}})
                  .sql,
              "SELECT ':a' ? -- :a");
    EXPECT_EQ(kin::compile_text(dialect, "SELECT :a::text", {{"a", 1}}).sql, "SELECT ?::text");
}

TEST(text, an_end_that_is_missing_is_left_to_the_database) {
    for (const char* sql :
         {"SELECT ':a", "SELECT /* :a", "SELECT [:a", "SELECT \":a\"\"", ":", "::", "-- :a"}) {
        EXPECT_EQ(kin::compile_text(dialect, sql, {}).sql, sql);
    }
}

TEST(text, a_name_without_value_and_a_value_without_name_are_errors) {
    const auto code_of = [](auto call) -> std::string {
        try {
            call();
        } catch (const kin::compile_error& e) {
            return std::string(e.code()) + " " + std::string(e.message());
        }
        return {};
    };
    const std::string missing = code_of([] { (void)kin::compile_text(dialect, "SELECT :who", {}); });
    EXPECT_EQ(missing.rfind("missing_bind", 0), 0u);
    EXPECT_NE(missing.find(":who"), std::string::npos);
    const std::string unknown =
        code_of([] { (void)kin::compile_text(dialect, "SELECT ':who'", {{"who", 1}}); });
    EXPECT_EQ(unknown.rfind("unknown_bind", 0), 0u);
    EXPECT_NE(unknown.find("who"), std::string::npos);
}

} // namespace
