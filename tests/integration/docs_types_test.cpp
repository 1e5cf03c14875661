// SPDX-License-Identifier: MIT
// The code of docs/guide/types.md.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"

namespace docs::types_page {

// [model]
struct Product {
    kin::primary_key<kin::uuid> id =
        kin::uuid::v7(); // ascending, so that new rows stand at the end of the index
    kin::field<kin::decimal, kin::precision{12, 2}> price;
    kin::field<std::string, kin::fixed_length{2}> country = "DE";
    kin::time_of_day opens{9, 30};
    std::optional<kin::offset_time> ordered; // the instant, and the offset of the clock that showed it
    std::chrono::seconds warranty{};
    kin::json settings;
    std::vector<std::string> tags;
};
// [/model]

// [wrapped_type]
struct Position {
    double longitude = 0;
    double latitude = 0;
};
// [/wrapped_type]

struct Place {
    kin::primary_key<int> id;
    Position position;
};

} // namespace docs::types_page

// [wrapped]
template <> struct kin::codec<docs::types_page::Position> {
    using Position = docs::types_page::Position;
    static constexpr kin::column_type type = {
        .kind = kin::type_kind::text, .sql_read = "replace(?, 'POINT', '')", .sql_write = "('POINT' || ?)"};
    static bool encode(const Position& in, kin::encoder to) {
        return kin::codec<std::vector<double>>::encode({in.longitude, in.latitude}, to);
    }
    static bool decode(Position& out, const kin::cell& from) {
        std::vector<double> both;
        if (!kin::codec<std::vector<double>>::decode(both, from) || both.size() != 2) return false;
        out = {both[0], both[1]};
        return true;
    }
};
// [/wrapped]

namespace docs::types_page {
namespace {

class docs_types : public testing::Test {
protected:
    docs_types() { db.create_all<Product, Place>(); }
    kin::database db{"sqlite://"};
    kin::session session = db.session();
};

TEST_F(docs_types, decimals) {
    // [decimals]
    const kin::decimal net("19.90"); // from text or integers; a double would be another number
    const kin::decimal gross = (net * kin::decimal("1.19")).rounded(2);
    EXPECT_EQ(gross.to_string(), "23.68");
    EXPECT_EQ(kin::decimal(100).divided_by(3, 2).to_string(), "33.33");

    session.add(Product{.price = gross});
    session.add(Product{.price = net});
    session.flush();
    const auto dear = session.query<Product>().where(kin::col<&Product::price> > 20).one();
    EXPECT_EQ(dear->price, gross);
    const auto [sum] = session.select(kin::sum(kin::col<&Product::price>)).one();
    EXPECT_EQ(sum, kin::decimal("43.58"));
    // [/decimals]

    // [decimal_arithmetic]
    const auto& price = kin::col<&Product::price>;
    session.execute(kin::update<Product>().set(price, kin::round(price * kin::decimal("1.1"), 2)));
    const auto [total] = session.select(kin::sum(price * 3 - 1)).where(price * 2 > 50).one();
    EXPECT_EQ(total, kin::decimal("77.15")); // 26.05 * 3 - 1
    // [/decimal_arithmetic]
}

TEST_F(docs_types, times) {
    // [times]
    using namespace std::chrono_literals;
    const std::chrono::sys_seconds noon = std::chrono::sys_days(2026y / 11 / 29) + 12h;
    auto product =
        session.add(Product{.opens = {8, 0}, .ordered = kin::offset_time(noon, 120), .warranty = 24h});
    session.flush();
    EXPECT_EQ(product->ordered->to_string(), "2026-11-29T14:00:00+02:00");
    EXPECT_EQ(session.query<Product>().where(kin::col<&Product::warranty> >= 60min).count(), 1);
    EXPECT_EQ(session.query<Product>().where(kin::col<&Product::opens> < kin::time_of_day(9, 0)).count(), 1);
    // [/times]
}

TEST_F(docs_types, documents) {
    // [json]
    session.add(Product{.settings = kin::json(R"({"theme": "dark", "fonts": [{"size": 11}]})")});
    session.flush();
    const auto& settings = kin::col<&Product::settings>;
    const auto dark = session.query<Product>()
                          .where(settings.at("theme").as<std::string>() == "dark")
                          .where(settings.at("fonts", 0, "size").as<int>() > 10)
                          .where(!settings.at("language").exists())
                          .all();
    // [/json]
    EXPECT_EQ(dark.size(), 1U);
}

TEST_F(docs_types, arrays) {
    // [arrays]
    auto product = session.add(Product{.tags = {"new"}});
    session.flush();
    product->tags.push_back("cheap"); // noticed: the next flush writes the array
    session.flush();
    EXPECT_EQ(session.query<Product>()
                  .where(kin::col<&Product::tags> == std::vector<std::string>{"new", "cheap"})
                  .count(),
              1);
    // [/arrays]
}

TEST_F(docs_types, wrapped) {
    session.add(Place{.position = {8.5, 47.25}});
    session.commit();
    kin::session other = db.session();
    EXPECT_EQ(other.get_one<Place>(1)->position.latitude, 47.25);
    const auto [stored] = other.sql<std::string>("SELECT position FROM place").one();
    EXPECT_EQ(stored, "POINT[8.5,47.25]");
}

} // namespace
} // namespace docs::types_page
