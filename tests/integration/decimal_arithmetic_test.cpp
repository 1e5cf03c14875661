// SPDX-License-Identifier: MIT
// Decimals in the calculations of SQL: exact on every database, as kin::decimal itself is.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::col;
using kin::decimal;
using kin::testing::code_of;

struct Line {
    kin::primary_key<int> id;
    std::string article;
    decimal price;
    decimal factor;
    std::optional<decimal> discount;
    std::int64_t quantity = 1;
};

const auto& price = col<&Line::price>;
const auto& factor = col<&Line::factor>;
const auto& discount = col<&Line::discount>;
const auto& quantity = col<&Line::quantity>;

class decimal_arithmetic : public testing::Test {
protected:
    decimal_arithmetic() { db.create_all<Line>(); }

    void add(std::string article, std::string_view of_price, std::int64_t of_quantity,
             std::optional<decimal> of_discount = {}) {
        session.add(Line{.article = std::move(article),
                         .price = decimal(of_price),
                         .factor = decimal("1.1"),
                         .discount = of_discount,
                         .quantity = of_quantity});
        session.flush();
    }
    /// The articles that fulfil `condition`, by name.
    std::string articles(kin::predicate condition) {
        std::string all;
        for (const auto& [name] :
             session.select(col<&Line::article>).where(std::move(condition)).order_by(col<&Line::article>))
            all += (all.empty() ? "" : " ") + name;
        return all;
    }
    std::string in_order(kin::order_term term) {
        std::string all;
        for (const auto& [name] : session.select(col<&Line::article>).order_by(std::move(term)))
            all += (all.empty() ? "" : " ") + name;
        return all;
    }

    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

/// Of up to 19 digits, up to 13 of them before the point, so that products have 26 there: MariaDB's limit is 27.
class random_numbers {
public:
    decimal next() {
        const int digits = pick(1, 19);
        const int scale = pick(std::max(0, digits - 13), digits);
        std::int64_t units = 0;
        for (int n = 0; n < digits; ++n) {
            const int digit = pick(0, 9);
            if (units > (std::numeric_limits<std::int64_t>::max() - digit) / 10) break;
            units = units * 10 + digit;
        }
        return decimal::from_units(pick(0, 1) == 0 ? units : -units, scale);
    }
    int pick(int least, int most) { return std::uniform_int_distribution<int>(least, most)(engine_); }

private:
    std::mt19937 engine_{20260719};
};

TEST_F(decimal_arithmetic, random_values_are_calculated_as_kin_decimal_calculates) {
    random_numbers numbers;
    std::vector<Line> lines;
    for (int n = 1; n <= 200; ++n) {
        lines.push_back(
            Line{.price = numbers.next(), .factor = numbers.next(), .quantity = numbers.pick(-1000, 1000)});
        session.add(lines.back());
    }
    session.flush();
    const auto rows = session
                          .select(price + factor, price - factor, price * factor, -price, kin::abs(price),
                                  kin::round(price * factor, 3), price * quantity, quantity - price)
                          .order_by(col<&Line::id>)
                          .all();
    ASSERT_EQ(rows.size(), lines.size());
    for (std::size_t n = 0; n < rows.size(); ++n) {
        const decimal a = lines[n].price;
        const decimal b = lines[n].factor;
        const auto& [sum, difference, product, negative, magnitude, rounded, times, less] = rows[n];
        EXPECT_EQ(sum, a + b) << a << ' ' << b;
        EXPECT_EQ(difference, a - b) << a << ' ' << b;
        EXPECT_EQ(product, a * b) << a << ' ' << b;
        EXPECT_EQ(negative, -a);
        EXPECT_EQ(magnitude, a.is_negative() ? -a : a);
        EXPECT_EQ(rounded, (a * b).rounded(3)) << a << ' ' << b;
        EXPECT_EQ(times, a * decimal(lines[n].quantity));
        EXPECT_EQ(less, decimal(lines[n].quantity) - a);
    }
}

/// A value that went as a double or as a text would lose digits, and one prepared statement must take numbers of all lengths.
TEST_F(decimal_arithmetic, values_of_the_program_are_exact_operands) {
    add("pen", "1234567.8901234567891", 7);
    const decimal stored("1234567.8901234567891");
    random_numbers numbers;
    for (int n = 0; n < 50; ++n) {
        const decimal value = numbers.next();
        const auto row =
            session.select(price + value, value - price, price * value, quantity * value, price * 3).one();
        EXPECT_EQ(std::get<0>(row), stored + value) << value;
        EXPECT_EQ(std::get<1>(row), value - stored) << value;
        EXPECT_EQ(std::get<2>(row), stored * value) << value;
        EXPECT_EQ(std::get<3>(row), decimal(7) * value) << value;
        EXPECT_EQ(std::get<4>(row), stored * decimal(3));
    }
}

TEST_F(decimal_arithmetic, results_compare_exactly) {
    add("a", "12345678901.00000000001", 1);
    add("b", "12345678901.00000000002", 1);
    const decimal twice("24691357802.00000000002"); // as doubles these numbers are one
    EXPECT_EQ(articles(price * 2 == twice), "a");
    EXPECT_EQ(articles(price * 2 != twice), "b");
    EXPECT_EQ(articles(price * 2 > twice), "b");
    EXPECT_EQ(articles(price + price <= twice), "a");
    EXPECT_EQ(articles(twice < price * 2), "b");
    EXPECT_EQ(articles((price * 2).between(twice, twice)), "a");
    EXPECT_EQ(articles((price * 2).in({twice, decimal(5)})), "a");
    EXPECT_EQ(articles(-price > decimal("-12345678901.00000000002")), "a");
    EXPECT_EQ(articles(price * quantity == price), "a b");
}

TEST_F(decimal_arithmetic, results_are_sorted_as_numbers) {
    add("ink", "10", 1);
    add("pen", "1.5", 60);
    add("book", "9.99", 2);
    EXPECT_EQ(in_order((price * quantity).asc()), "ink book pen");
    EXPECT_EQ(in_order((price * quantity).desc()), "pen book ink");
    EXPECT_EQ(in_order(-price), "ink book pen");
    EXPECT_EQ(in_order(kin::abs(price - 9)), "book ink pen");
    EXPECT_EQ(articles(price * quantity > 9), "book ink pen");
    EXPECT_EQ(articles(price * quantity < 20), "book ink");
    const auto [least, most, sum] =
        session.select(kin::min(price * quantity), kin::max(price * quantity), kin::sum(price * quantity))
            .one();
    EXPECT_EQ(least, decimal(10));
    EXPECT_EQ(most, decimal(90));
    EXPECT_EQ(sum, decimal("119.98"));
}

TEST_F(decimal_arithmetic, groups_have_sums_of_products) {
    add("pen", "0.1", 3);
    add("pen", "0.2", 1);
    add("ink", "10.01", 2);
    const auto rows = session.select(col<&Line::article>, kin::sum(price * quantity))
                          .group_by(col<&Line::article>)
                          .having(kin::sum(price * quantity) > decimal("0.49"))
                          .order_by(kin::sum(price * quantity).desc())
                          .all();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0], std::make_tuple(std::string("ink"), std::optional(decimal("20.02"))));
    EXPECT_EQ(rows[1], std::make_tuple(std::string("pen"), std::optional(decimal("0.5"))));
    add("nib", "0.3", 1);
    add("cap", "0.1", 3);
    const auto by_amount = session.select(price * quantity, kin::count())
                               .group_by(price * quantity)
                               .order_by((price * quantity).asc())
                               .all();
    ASSERT_EQ(by_amount.size(), 3U);
    EXPECT_EQ(by_amount[1], std::make_tuple(decimal("0.3"), std::int64_t(3)));
}

TEST_F(decimal_arithmetic, an_update_calculates_with_the_rows_own_values) {
    add("pen", "1.50", 1);
    add("ink", "10.05", 2);
    add("cap", "-0.05", 3);
    session.execute(kin::update<Line>().set(price, kin::round(price * decimal("1.1"), 2)));
    session.execute(kin::update<Line>().set(discount, price * quantity - 1).where(price > 2));
    const auto rows = session.select(price, discount).order_by(col<&Line::id>).all();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0], std::make_tuple(decimal("1.65"), std::optional<decimal>()));
    EXPECT_EQ(rows[1], std::make_tuple(decimal("11.06"), std::optional(decimal("21.12")))); // 11.055
    EXPECT_EQ(rows[2], std::make_tuple(decimal("-0.06"), std::optional<decimal>()));        // -0.055
    EXPECT_EQ(articles(price == decimal("11.06")), "ink"); // stored as kin itself stores it
}

TEST_F(decimal_arithmetic, null_gives_null) {
    add("pen", "1.50", 1);
    add("ink", "10", 2, decimal("0.5"));
    const auto rows = session
                          .select(price - discount, discount * price, -discount, kin::abs(discount),
                                  kin::round(discount, 1))
                          .order_by(col<&Line::id>)
                          .all();
    const std::optional<decimal> none;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0], std::make_tuple(none, none, none, none, none));
    EXPECT_EQ(rows[1], std::make_tuple(std::optional(decimal("9.5")), std::optional(decimal(5)),
                                       std::optional(decimal("-0.5")), std::optional(decimal("0.5")),
                                       std::optional(decimal("0.5"))));
    EXPECT_EQ(articles((price - discount).is_null()), "pen");
    const auto [missing] = session.select(price * std::optional<decimal>()).where(quantity == 1).one();
    EXPECT_EQ(missing, none);
    const auto [sum] = session.select(kin::sum(price - kin::coalesce(discount, decimal(0)))).one();
    EXPECT_EQ(sum, decimal("11"));
}

TEST_F(decimal_arithmetic, operators_nest_as_they_are_written) {
    add("pen", "1.5", 4);
    const auto [a, b, c, d, e] = session
                                     .select((price + 1) * (quantity + 1), price - (price - quantity),
                                             -(-price), price * quantity * factor, -(price + 1) * 2)
                                     .one();
    EXPECT_EQ(a, decimal("12.5"));
    EXPECT_EQ(b, decimal(4));
    EXPECT_EQ(c, decimal("1.5"));
    EXPECT_EQ(d, decimal("6.6"));
    EXPECT_EQ(e, decimal(-5));
    const auto [negative] = session.select(-quantity).one();
    EXPECT_EQ(negative, -4);
}

TEST_F(decimal_arithmetic, halves_are_rounded_away_from_zero) {
    add("up", "2.345", 1);
    add("down", "-2.345", 1);
    const auto rows = session.select(kin::round(price, 2), kin::round(price), kin::round(price, 38))
                          .order_by(col<&Line::id>)
                          .all();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0], std::make_tuple(decimal("2.35"), decimal(2), decimal("2.345")));
    EXPECT_EQ(rows[1], std::make_tuple(decimal("-2.35"), decimal(-2), decimal("-2.345")));
    EXPECT_EQ(code_of([] { (void)kin::round(price, -1); }), "decimal_overflow");
    EXPECT_EQ(code_of([] { (void)kin::round(price, 39); }), "decimal_overflow");
}

struct Account {
    kin::primary_key<int> id;
    kin::field<decimal, kin::precision{38, 0}> units;
    kin::field<decimal, kin::precision{38, 38}> share;
};

/// SQLite's functions refuse such a result; the others have more digits, and it is kin that cannot read them.
TEST_F(decimal_arithmetic, a_result_of_more_than_38_digits_is_an_error) {
    const auto& units = col<&Account::units>;
    const std::string expected = kin::testing::on_sqlite() ? "decimal_overflow" : "conversion_error";
    db.create_all<Account>();
    session.add(
        Account{.units = decimal(std::string(38, '9')), .share = decimal("0." + std::string(38, '1'))});
    session.commit();
    EXPECT_EQ(code_of([&] { (void)db.session().select(units + 1).one(); }), expected);
    EXPECT_EQ(code_of([&] { (void)db.session().select(units * 10).one(); }), expected);
    EXPECT_EQ(code_of([&] { (void)db.session().select(units * units).one(); }), expected);
    EXPECT_EQ(code_of([&] { (void)db.session().select(units + col<&Account::share>).one(); }), expected);
    EXPECT_EQ(code_of([&] { (void)db.session().select(kin::sum(units) + 1).one(); }), expected);
    const auto [least] = session.select(-units).one();
    EXPECT_EQ(least, -decimal(std::string(38, '9')));
}

TEST_F(decimal_arithmetic, an_update_beyond_the_column_is_an_error_and_changes_nothing) {
    const auto& units = col<&Account::units>;
    db.create_all<Account>();
    session.add(Account{.units = decimal(std::string(38, '9'))});
    session.commit();
    kin::session other = db.session();
    EXPECT_EQ(code_of([&] { other.execute(kin::update<Account>().set(units, units + units)); }),
              kin::testing::on_sqlite() ? "decimal_overflow" : "value_out_of_range");
    other.rollback();
    const auto [kept] = db.session().select(units).one();
    EXPECT_EQ(kept, decimal(std::string(38, '9')));
}

} // namespace
