// SPDX-License-Identifier: MIT
#include "kin/sqlite/decimal_functions.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::caught;

class decimal_functions : public testing::Test {
protected:
    std::string result(const std::string& call) { return kin::testing::value_of(c, "SELECT " + call); }
    kin::data_error refused(const std::string& call) {
        return caught<kin::data_error>([&] { (void)result(call); });
    }

    kin::engine e = kin::create_engine("sqlite://");
    kin::connection c = e.connect();
};

TEST_F(decimal_functions, are_exact_and_give_the_shortest_form) {
    EXPECT_EQ(result("kin_decimal_add('0.1', '0.2')"), "0.3");
    EXPECT_EQ(result("kin_decimal_add('0.5', 1)"), "1.5");
    EXPECT_EQ(result("kin_decimal_subtract('1.50', '0.5')"), "1");
    EXPECT_EQ(result("kin_decimal_subtract('1.50', '1.5')"), "0");
    EXPECT_EQ(result("kin_decimal_multiply('9999999999999999999', '0.0000000000000000001')"),
              "0.9999999999999999999");
    EXPECT_EQ(result("kin_decimal_multiply('9999999999999999999', '9999999999999999999')"),
              "99999999999999999980000000000000000001");
    EXPECT_EQ(result("kin_decimal_negate('-0.10')"), "0.1");
    EXPECT_EQ(result("kin_decimal_negate('0')"), "0");
    EXPECT_EQ(result("kin_decimal_abs('-7.50')"), "7.5");
    EXPECT_EQ(result("kin_decimal_round('2.345', 2)"), "2.35");
    EXPECT_EQ(result("kin_decimal_round('-2.5', 0)"), "-3");
    EXPECT_EQ(result("kin_decimal_round('99999999999999999999999999999999999999', 38)"),
              "99999999999999999999999999999999999999");
    EXPECT_EQ(result("typeof(kin_decimal_add(1, 2))"), "text");
}

TEST_F(decimal_functions, give_null_for_null) {
    for (const char* call :
         {"kin_decimal_add(NULL, '1')", "kin_decimal_add('1', NULL)", "kin_decimal_subtract(NULL, NULL)",
          "kin_decimal_multiply('x', NULL)", "kin_decimal_negate(NULL)", "kin_decimal_abs(NULL)",
          "kin_decimal_round(NULL, 2)", "kin_decimal_round('1', NULL)", "kin_decimal_sum(NULL)"}) {
        EXPECT_EQ(result(call), "NULL") << call;
    }
}

TEST_F(decimal_functions, refuse_more_than_38_digits) {
    const std::string most(38, '9');
    for (const std::string& call :
         {"kin_decimal_add('" + most + "', 1)", "kin_decimal_subtract('-" + most + "', 1)",
          "kin_decimal_multiply('" + most + "', '1.5')", "kin_decimal_multiply('" + most + "', 10)",
          std::string("kin_decimal_round('1', -1)")}) {
        EXPECT_EQ(refused(call).code(), "decimal_overflow") << call;
    }
    EXPECT_EQ(refused("kin_decimal_sum(x) FROM (SELECT '" + most + "' AS x UNION ALL SELECT '1')").code(),
              "decimal_overflow");
    EXPECT_EQ(refused("kin_decimal_add('" + most + "', 1)").message(),
              "the result of a calculation with decimals has more than 38 digits; round before, or exclude "
              "such rows "
              "(SQLite: kin_decimal: the result has more than 38 digits)");
}

TEST_F(decimal_functions, refuse_what_is_no_exact_number) {
    for (const char* call :
         {"kin_decimal_add('1', 'one')", "kin_decimal_add('', '1')", "kin_decimal_multiply(0.5, '1')",
          "kin_decimal_negate(x'31')", "kin_decimal_abs('1e3')", "kin_decimal_round('1,5', 1)",
          "kin_decimal_sum(1.5)"}) {
        EXPECT_EQ(refused(call).code(), "invalid_decimal") << call;
    }
}

/// Deterministic functions that are harmless: an index, a generated column and a view may use them.
TEST_F(decimal_functions, may_stand_in_the_schema) {
    c.execute("PRAGMA trusted_schema = OFF");
    c.execute("CREATE TABLE line (price TEXT, quantity INT, "
              "amount TEXT AS (kin_decimal_multiply(price, quantity)))");
    c.execute("CREATE INDEX ix_line ON line (kin_decimal_round(price, 0))");
    c.execute("INSERT INTO line (price, quantity) VALUES ('1.25', 3)");
    EXPECT_EQ(result("amount FROM line"), "3.75");
}

} // namespace
