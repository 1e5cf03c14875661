// SPDX-License-Identifier: MIT
// What only SQLite's columns can hold: values of another type than theirs.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::caught;
using namespace std::chrono_literals;

struct Product {
    kin::primary_key<int> id;
    kin::field<kin::decimal, kin::precision{8, 2}> price = kin::decimal("1.50");
    kin::json settings;
    std::vector<std::string> tags;
    std::chrono::seconds warranty = 60s;
};

class types_on_sqlite : public testing::Test {
protected:
    types_on_sqlite() {
        db.create_all<Product>();
        kin::session session = db.session();
        session.add(Product{});
        session.commit();
    }
    std::string message_of(std::string_view change) {
        kin::session session = db.session();
        session.execute("UPDATE product SET " + std::string(change));
        const auto e = caught<kin::conversion_error>([&] { (void)session.query<Product>().all(); });
        EXPECT_EQ(e.table(), "product");
        return std::string(e.message());
    }

    kin::testing::temporary_directory folder;
    kin::database db{folder.url()};
};

TEST_F(types_on_sqlite, a_decimal_is_text_in_its_shortest_form) {
    auto connection = db.engine().connect();
    EXPECT_EQ(kin::testing::value_of(connection, "SELECT typeof(price) || ' ' || price FROM product"),
              "text 1.5");
}

TEST_F(types_on_sqlite, what_does_not_fit_names_class_and_column) {
    EXPECT_NE(message_of("price = 'cheap'").find("product.price holds text"), std::string::npos);
    EXPECT_NE(message_of("settings = '{'").find("Product.settings"), std::string::npos);
    EXPECT_NE(message_of("tags = '[1]'").find("Product.tags"), std::string::npos);
    EXPECT_NE(message_of("warranty = 1").find("product.warranty holds an integer"), std::string::npos);
}

} // namespace
