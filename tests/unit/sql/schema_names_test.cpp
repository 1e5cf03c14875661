// SPDX-License-Identifier: MIT
// Statements about tables that lie in a schema.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/ddl_compiler.hpp"
#include "kin/sql/delete_from.hpp"
#include "kin/sql/enum_types.hpp"
#include "kin/sql/update.hpp"
#include "kin/sqlite/dialect.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::testing::plain_dialect;
using kin::testing::standard_dialect;
using kin::testing::test_column;

/// A database that has schemas and nothing else.
class plain_with_schemas final : public kin::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "plain"; }
    [[nodiscard]] bool supports(kin::feature f) const noexcept override { return f == kin::feature::schemas; }
};

/// Two tables of one name, in two schemas, and one that refers across.
struct shop {
    shop() {
        items.foreign_keys.push_back(
            {.columns = {1}, .target_table = "orders", .target_columns = {"id"}, .target_schema = "sales"});
        orders.indexes.push_back({.name = {}, .columns = {1}});
    }
    kin::table orders{"orders", "sales"};
    kin::table old_orders{"orders", "archive"};
    kin::table items{"items"};
    test_column<int> id{orders.add_column(
        {.name = "id", .type = {kin::type_kind::integer, 32}, .primary_key = true, .generated = true})};
    test_column<int> number{orders.add_column({.name = "number", .type = {kin::type_kind::integer, 32}})};
    test_column<int> old_id{
        old_orders.add_column({.name = "id", .type = {kin::type_kind::integer, 32}, .primary_key = true})};
    test_column<int> item_id{
        items.add_column({.name = "id", .type = {kin::type_kind::integer, 32}, .primary_key = true})};
    test_column<int> order_id{items.add_column({.name = "order_id", .type = {kin::type_kind::integer, 32}})};
};

TEST(schema_names, stand_before_the_table_in_ddl) {
    const shop s;
    const standard_dialect d;
    EXPECT_TRUE(kin::compile_create_table(d, s.orders).starts_with("CREATE TABLE \"sales\".\"orders\" (\n"));
    const std::string items = kin::compile_create_table(d, s.items);
    EXPECT_TRUE(items.starts_with("CREATE TABLE \"items\" (\n")) << items;
    EXPECT_NE(items.find("CONSTRAINT \"fk_items_order_id\" FOREIGN KEY (\"order_id\") REFERENCES "
                         "\"sales\".\"orders\" (\"id\")\n"),
              std::string::npos)
        << items;
    EXPECT_EQ(kin::compile_create_indexes(d, s.orders).at(0),
              R"(CREATE INDEX "ix_orders_number" ON "sales"."orders" ("number"))");
    const std::vector<const kin::table*> both = {&s.items, &s.orders};
    EXPECT_EQ(kin::compile_drop_tables(d, both).at(0), R"(DROP TABLE "items", "sales"."orders")");
    EXPECT_EQ(kin::compile_drop_foreign_key(d, s.orders, "fk"),
              R"(ALTER TABLE "sales"."orders" DROP CONSTRAINT "fk")");
    EXPECT_TRUE(kin::compile_add_foreign_key(d, s.items, s.items.foreign_keys.front())
                    .starts_with(R"(ALTER TABLE "items" ADD CONSTRAINT "fk_items_order_id")"));
}

TEST(schema_names, have_dots_and_quotes_of_their_own) {
    const kin::table dotted{"a.b", R"(c."d)"};
    std::string out;
    standard_dialect().quote_table(out, dotted.qualified());
    EXPECT_EQ(out, R"("c.""d"."a.b")");
}

TEST(schema_names, are_in_the_style_of_the_url) {
    const kin::table lines{"OrderLine", "OurShop"};
    std::string out;
    kin::sqlite::sqlite_dialect(false, kin::name_style::snake_case).quote_table(out, lines.qualified());
    EXPECT_EQ(out, R"("our_shop"."order_line")");
}

TEST(schema_names, stand_before_the_table_in_statements_about_rows) {
    const shop s;
    const standard_dialect d;
    const std::vector<const kin::column*> number = {&s.orders.columns()[1]};
    const std::vector<const kin::column*> key_columns = {&s.orders.columns()[0]};
    EXPECT_EQ(kin::compile_insert(d, s.orders, number, 1, key_columns),
              R"(INSERT INTO "sales"."orders" ("number") VALUES (?) RETURNING "id")");
    EXPECT_EQ(kin::compile_update(d, s.orders, number, key_columns),
              R"(UPDATE "sales"."orders" SET "number" = ? WHERE "id" = ?)");
    EXPECT_EQ(kin::compile_delete(d, s.orders, key_columns, 1, {}),
              R"(DELETE FROM "sales"."orders" WHERE "id" = ?)");
    EXPECT_EQ(
        kin::compile_update_each(d, s.orders, number, key_columns, 1, key_columns),
        R"(UPDATE "sales"."orders" SET "number" = "kin_rows".column2 FROM (VALUES (?, ?)) AS "kin_rows" )"
        R"(WHERE "orders"."id" = "kin_rows".column1 RETURNING "orders"."id")");
    EXPECT_EQ(kin::compile_update_each(plain_with_schemas(), s.orders, number, key_columns, 1, {}),
              R"(UPDATE "sales"."orders" JOIN (SELECT ? AS column1, ? AS column2) AS "kin_rows" ON )"
              R"("orders"."id" = "kin_rows".column1 SET "orders"."number" = "kin_rows".column2)");
}

TEST(schema_names, tell_two_tables_of_one_name_apart) {
    const shop s;
    kin::select_statement q;
    q.from = &s.orders;
    q.columns.push_back(s.number.as_expression());
    q.joins.push_back({.target = &s.old_orders, .on = s.old_id == s.id});
    EXPECT_EQ(kin::compile(standard_dialect(), q).sql,
              R"(SELECT "orders"."number" FROM "sales"."orders" JOIN "archive"."orders" AS "orders_1" ON )"
              R"("orders_1"."id" = "orders"."id")");
}

TEST(schema_names, are_written_once_and_columns_go_by_the_table) {
    const shop s;
    kin::select_statement inner;
    inner.from = &s.old_orders;
    inner.where = s.old_id == test_column<int>(s.orders.columns()[0], 1);
    kin::update_statement u;
    u.target = &s.orders;
    u.set.push_back(
        {&s.orders.columns()[1], kin::expression::of_value(kin::value(kin::cell::of_integer(1)))});
    u.where = kin::predicate(kin::expression::exists(std::make_shared<kin::select_statement>(inner)));
    EXPECT_EQ(kin::compile(standard_dialect(), u).sql,
              R"(UPDATE "sales"."orders" SET "number" = ? WHERE EXISTS (SELECT 1 FROM "archive"."orders" AS )"
              R"("orders_1" WHERE "orders_1"."id" = "orders"."id"))");
    kin::delete_statement gone;
    gone.target = &s.old_orders;
    EXPECT_EQ(kin::compile(standard_dialect(), gone).sql, R"(DELETE FROM "archive"."orders")");
}

TEST(schema_names, of_a_database_without_schemas_are_refused) {
    const shop s;
    try {
        (void)kin::compile_create_table(plain_dialect(), s.orders);
        FAIL();
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "unsupported_feature");
        EXPECT_NE(std::string(e.what()).find("orders lies in the schema sales, and plain has no schemas"),
                  std::string::npos)
            << e.what();
    }
}

constexpr std::string_view words[] = {"open", "paid"};

TEST(schema_names, of_a_table_keep_its_rows_from_being_taken_for_a_type) {
    kin::table t{"status", "sales"};
    t.add_column({.name = "s",
                  .type = {.kind = kin::type_kind::enumeration,
                           .names = words,
                           .name_count = 2,
                           .storage = kin::enum_storage::native,
                           .native_name = "status"}});
    const std::vector<const kin::table*> all = {&t};
    EXPECT_EQ(kin::enum_types_of(standard_dialect(), all).size(), 1u);
    t.set_schema({});
    EXPECT_THROW((void)kin::enum_types_of(standard_dialect(), all), kin::compile_error);
}

TEST(schema_names, of_sqlite_stand_before_the_index_and_in_no_foreign_key) {
    shop s;
    const kin::sqlite::sqlite_dialect d;
    EXPECT_EQ(kin::compile_create_indexes(d, s.orders).at(0),
              R"(CREATE INDEX "sales"."ix_orders_number" ON "orders" ("number"))");
    try {
        (void)kin::compile_create_table(d, s.items);
        FAIL();
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "unsupported_feature");
        EXPECT_NE(std::string(e.what()).find("fk_items_order_id of items refers to sales.orders"),
                  std::string::npos)
            << e.what();
    }
    s.items.set_schema("sales");
    EXPECT_NE(kin::compile_create_table(d, s.items).find(R"(REFERENCES "orders" ("id"))"), std::string::npos);
}

TEST(foreign_key_words, say_when_it_is_checked_where_the_database_can_wait) {
    shop s;
    kin::foreign_key_constraint& refers = s.items.foreign_keys.front();
    const auto written = [&](const kin::dialect& d) {
        const std::string all = kin::compile_create_table(d, s.items);
        return all.substr(all.find("(\"id\")", all.find("REFERENCES")) + 6);
    };
    s.items.set_schema("sales");
    EXPECT_EQ(written(standard_dialect()), "\n)");
    refers.on_delete = kin::referential_action::cascade;
    refers.checked = kin::key_check::on_request;
    EXPECT_EQ(written(standard_dialect()), " ON DELETE CASCADE DEFERRABLE\n)");
    refers.checked = kin::key_check::at_commit;
    EXPECT_EQ(written(standard_dialect()), " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED\n)");
    EXPECT_EQ(written(kin::sqlite::sqlite_dialect()), " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED\n)");
    EXPECT_EQ(written(plain_with_schemas()), " ON DELETE CASCADE\n)");
}

} // namespace
