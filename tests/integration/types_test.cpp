// SPDX-License-Identifier: MIT
// The types in models and queries: what is refused, what is noticed, what SQL makes of it. Values on their way: support/value_trips.hpp; inside of JSON: json_query_test.cpp.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace types_models {

struct Point {
    int x = 0;
    int y = 0;
    bool operator==(const Point&) const = default;
};

} // namespace types_models

/// Written as "x,y", kept by the database as "[x,y]": as a spatial type would be, SQL stands around it in both directions.
template <> struct kin::codec<types_models::Point> {
    using Point = types_models::Point;
    static constexpr kin::column_type type = {.kind = kin::type_kind::text,
                                              .sql_read = "replace(replace(?, '[', ''), ']', '')",
                                              .sql_write = "('[' || ? || ']')"};
    static bool encode(const Point& in, kin::encoder to) {
        return to.copied_text(std::to_string(in.x) + "," + std::to_string(in.y));
    }
    static bool decode(Point& out, const kin::cell& from) {
        const std::string text(from.bytes());
        const std::size_t comma = text.find(',');
        if (from.kind != kin::cell_kind::text || comma == std::string::npos || text.front() == '[')
            return false;
        out = {std::stoi(text), std::stoi(text.substr(comma + 1))};
        return true;
    }
};

namespace {

using kin::testing::caught;
using types_models::Point;
using namespace std::chrono_literals;

struct Product {
    kin::primary_key<kin::uuid> id = kin::uuid::v7();
    std::string name;
    kin::field<kin::decimal, kin::precision{8, 2}> price;
    kin::field<std::string, kin::fixed_length{2}> country = "DE";
    kin::json settings;
    std::vector<std::string> tags;
    Point place;
    std::chrono::seconds warranty{};
};

struct Keyed {
    kin::primary_key<Point> id;
    int n = 0;
};

class types : public testing::Test {
protected:
    types() {
        db.create_all<Product>();
        session.add(Product{.name = "pen",
                            .price = kin::decimal("1.50"),
                            .settings = kin::json(R"({"ink":{"color":"blue","left":3}})"),
                            .tags = {"blue"},
                            .place = {1, 2},
                            .warranty = 60s});
        session.add(Product{.name = "ink", .price = kin::decimal("10"), .place = {3, 4}});
        session.add(
            Product{.name = "book", .price = kin::decimal("9.99"), .tags = {"a", "b"}, .warranty = 1h});
        session.commit();
    }
    std::string names(kin::predicate condition) {
        std::string all;
        for (const auto& p :
             session.query<Product>().where(std::move(condition)).order_by(kin::col<&Product::name>))
            all += (all.empty() ? "" : " ") + p->name;
        return all;
    }
    std::string stored(std::string_view column) {
        auto connection = db.engine().connect();
        return kin::testing::value_of(connection,
                                      "SELECT " + std::string(column) + " FROM product WHERE name = 'pen'");
    }
    /// As another session reads it.
    template <auto Member> auto read_again() {
        const auto [value] =
            db.session().select(kin::col<Member>).where(kin::col<&Product::name> == "pen").one();
        return value;
    }
    template <class Change> std::string refused(Change&& change) {
        kin::session other = db.session();
        auto pen = other.query<Product>().where(kin::col<&Product::name> == "pen").one();
        change(*pen);
        const auto e = caught<kin::data_error>([&] { other.commit(); });
        return std::string(e.code()) + ": " + std::string(e.message());
    }

    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(types, T9_decimals_compare_and_sort_as_numbers) {
    EXPECT_EQ(names(kin::col<&Product::price> > 9), "book ink");
    EXPECT_EQ(names(kin::col<&Product::price> >= kin::decimal("9.990")), "book ink");
    EXPECT_EQ(names(kin::decimal(9) > kin::col<&Product::price>), "pen");
    EXPECT_EQ(names(kin::col<&Product::price> == kin::decimal("10.00")), "ink");
    EXPECT_EQ(names(kin::col<&Product::price>.in({kin::decimal("1.5"), kin::decimal("9.99")})), "book pen");
    EXPECT_EQ(names(kin::col<&Product::price>.in({10, 9})), "ink");
    EXPECT_EQ(names(kin::col<&Product::price>.between(2, 10)), "book ink");
    std::vector<std::string> order;
    for (const auto& p : session.query<Product>().order_by(kin::col<&Product::price>.desc()))
        order.push_back(p->name);
    EXPECT_EQ(order, (std::vector<std::string>{"ink", "book", "pen"}));
}

TEST_F(types, T9_sums_of_decimals_are_exact) {
    const auto [sum, least, most] =
        session
            .select(kin::sum(kin::col<&Product::price>), kin::min(kin::col<&Product::price>),
                    kin::max(kin::col<&Product::price>))
            .one();
    EXPECT_EQ(sum, kin::decimal("21.49"));
    EXPECT_EQ(least, kin::decimal("1.5"));
    EXPECT_EQ(most, kin::decimal(10));
    const auto [nothing] =
        session.select(kin::sum(kin::col<&Product::price>)).where(kin::col<&Product::price> > 100).one();
    EXPECT_FALSE(nothing);
}

TEST_F(types, T9_a_decimal_is_read_with_its_scale) {
    kin::session other = db.session();
    const auto pen = other.query<Product>().where(kin::col<&Product::name> == "pen").one();
    EXPECT_EQ(pen->price.to_string(), "1.50");
}

TEST_F(types, a_number_that_was_written_with_more_zeros_is_not_a_change) {
    auto pen = session.query<Product>().where(kin::col<&Product::name> == "pen").one();
    pen->price = kin::decimal("1.5000");
    kin::testing::statement_counter counter{db};
    session.flush();
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(types, numbers_and_texts_beyond_their_column_are_refused_before_they_are_sent) {
    EXPECT_EQ(refused([](Product& p) { p.price = kin::decimal("1.234"); }),
              "number_too_long: Product.price: the number has 3 digits after the point, the column takes 2; "
              "round it "
              "(kin::decimal::rounded), or widen the column (column product.price)");
    EXPECT_TRUE(refused([](Product& p) { p.price = kin::decimal(-1234567); })
                    .starts_with("number_too_long: Product.price: the number has 7 digits before the point, "
                                 "the column takes 6"));
    EXPECT_TRUE(refused([](Product& p) {
                    p.country = "D";
                }).starts_with("wrong_length: Product.country: the text has 1 characters"));
    EXPECT_TRUE(refused([](Product& p) { p.country = "DEU"; }).starts_with("text_too_long: Product.country"));
    EXPECT_TRUE(
        refused([](Product& p) { p.tags = {"\xff"}; }).starts_with("value_out_of_range: Product.tags"));
    EXPECT_EQ(read_again<&Product::price>(), kin::decimal("1.5"));
    EXPECT_EQ(stored("country"), "DE");
}

TEST_F(types, T17_a_change_inside_of_json_and_of_an_array_is_noticed) {
    auto pen = session.query<Product>().where(kin::col<&Product::name> == "pen").one();
    pen->tags.push_back("new");
    pen->settings = kin::json(R"({"ink":{"left":2}})");
    kin::testing::statement_counter counter{db};
    session.commit();
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(read_again<&Product::tags>(), (std::vector<std::string>{"blue", "new"}));
    EXPECT_EQ(read_again<&Product::settings>(), kin::json(R"({"ink":{"left":2}})"));
}

TEST_F(types, arrays_compare_as_a_whole) {
    EXPECT_EQ(names(kin::col<&Product::tags> == std::vector<std::string>{"a", "b"}), "book");
    EXPECT_EQ(names(kin::col<&Product::tags> != std::vector<std::string>{}), "book pen");
}

TEST_F(types, durations_of_different_units_compare) {
    EXPECT_EQ(names(kin::col<&Product::warranty> == 1min), "pen");
    EXPECT_EQ(names(kin::col<&Product::warranty> > 59'999ms), "book pen");
    EXPECT_EQ(read_again<&Product::warranty>(), 60s);
}

TEST_F(types, T11_a_type_of_the_users_own_has_sql_around_it_wherever_it_goes) {
    EXPECT_EQ(stored("place"), "[1,2]");
    kin::session other = db.session();
    auto pen = other.query<Product>().where(kin::col<&Product::place> == Point{1, 2}).one();
    EXPECT_EQ(pen->place, (Point{1, 2}));
    pen->place = {7, 8};
    other.commit();
    EXPECT_EQ(stored("place"), "[7,8]");
    const auto [place] =
        other.select(kin::col<&Product::place>).where(kin::col<&Product::name> == "ink").one();
    EXPECT_EQ(place, (Point{3, 4}));
}

TEST_F(types, T11_a_text_that_is_none_of_the_type_is_told_with_class_and_member) {
    kin::session other = db.session();
    other.execute("UPDATE product SET place = 'x'");
    const auto e = caught<kin::conversion_error>([&] { (void)other.query<Product>().all(); });
    EXPECT_EQ(e.table(), "product");
    EXPECT_NE(std::string(e.message()).find("Product.place"), std::string::npos);
}

TEST_F(types, T11_a_key_has_no_sql_around_it) {
    const auto e = caught<kin::mapping_error>([&] { db.create_all<Keyed>(); });
    EXPECT_NE(
        std::string(e.message())
            .find("the primary key member id has a type that is read or written through SQL of its own"),
        std::string::npos);
}

} // namespace
