// SPDX-License-Identifier: MIT
// Objects whose tables lie in schemas (row 166 of the inventory): all that a session sends about them.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "integration/schema_models.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using namespace shop;
using kin::col;
using kin::testing::caught;
using testing::ElementsAre;
using testing::HasSubstr;

class schema_rows : public schemas {
protected:
    schema_rows() { db.create_all<Customer, Tag, Order, OldOrder, Draft, Folder>(); }
    /// Ann with orders 1, 2 and 3, of which an older 2 is in the archive; a draft 1.
    void stored_orders() {
        db.transaction([](kin::session& s) {
            auto ann = s.add(Customer{.name = "Ann"});
            auto red = kin::make(Tag{.word = "red"});
            for (int n = 1; n <= 3; ++n) {
                auto order = kin::make(Order{.number = n});
                order->tags.push_back(red);
                ann->orders.push_back(order);
            }
            s.add(OldOrder{.number = 2});
            s.add(Draft{.number = 1});
        });
    }
    [[nodiscard]] std::string quoted(const std::string& schema, const std::string& table) const {
        std::string out;
        db.engine().dialect().quote_table(out, {table, schema});
        return out;
    }
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(schema_rows, row_166_objects_are_written_to_their_schemas_and_read_from_them) {
    stored_orders();
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".orders"), 3);
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".orders_tag"), 3);
    EXPECT_EQ(ask("SELECT count(*) FROM " + archive() + ".orders"), 1);
    EXPECT_EQ(ask("SELECT count(*) FROM orders"), 1);
    auto ann = session.query<Customer>().one();
    EXPECT_EQ(ann->orders.size(), 3u); // loaded when it is looked at
    EXPECT_EQ(ann->orders[0]->tags.size(), 1u);
    EXPECT_EQ(ann->orders[1]->earlier.size(), 1u);
    ann->orders[0]->status = Status::paid;
    session.remove(ann->orders[2]);
    session.commit();
    EXPECT_EQ(session.query<Order>().where(col<&Order::status> == Status::paid).count(), 1);
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".orders"), 2);
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".orders_tag"), 2);
    EXPECT_EQ(session.query<Draft>().one()->number, 1);
}

TEST_F(schema_rows, statements_name_the_schema_once_and_go_by_the_table) {
    stored_orders();
    counter.reset();
    (void)session.query<Customer>().where(col<&Customer::name> == "Ann").one();
    const std::string customers = kin::testing::as_on_sqlite(quoted(sales(), "customers"));
    EXPECT_THAT(counter.statements(),
                ElementsAre("SELECT \"customers\".\"id\", \"customers\".\"name\" FROM " + customers +
                            " WHERE \"customers\".\"name\" = ? LIMIT ?"));
    counter.reset();
    (void)session.query<Draft>().one();
    EXPECT_THAT(counter.statements().at(0), HasSubstr(" FROM \"orders\" "));
}

TEST_F(schema_rows, tables_of_one_name_stand_in_one_statement) {
    stored_orders();
    const auto again = session.query<Order>().where(col<&Order::earlier>.any()).all();
    ASSERT_EQ(again.size(), 1u);
    EXPECT_EQ(again[0]->number, 2);
    session.expunge_all();
    const auto joined =
        session.query<Order>().with(kin::joined<&Order::earlier>).order_by(col<&Order::number>).all();
    ASSERT_EQ(joined.size(), 3u);
    EXPECT_EQ(joined[0]->earlier.size(), 0u);
    EXPECT_EQ(joined[1]->earlier.size(), 1u);
    const auto pairs = session.select(col<&Order::number>, col<&OldOrder::id>).join<&Order::earlier>().all();
    ASSERT_EQ(pairs.size(), 1u);
    EXPECT_EQ(std::get<0>(pairs[0]), 2);
}

TEST_F(schema_rows, every_loading_strategy_finds_them) {
    stored_orders();
    for (const bool at_once : {false, true}) {
        kin::session reader = db.session();
        auto query = at_once ? reader.query<Customer>().with(kin::joined<&Customer::orders, &Order::tags>)
                             : reader.query<Customer>().with(kin::selectin<&Customer::orders, &Order::tags>);
        const auto ann = std::move(query).one();
        counter.reset();
        EXPECT_EQ(ann->orders.size(), 3u);
        EXPECT_EQ(ann->orders[2]->tags.size(), 1u);
        EXPECT_EQ(counter.count(), 0u);
    }
    EXPECT_EQ(session.query<Tag>().where(col<&Tag::orders>.any(col<&Order::number> == 3)).count(), 1);
    EXPECT_EQ(session.query<Order>().where(col<&Order::customer>.has(col<&Customer::name> == "Ann")).count(),
              3);
}

TEST_F(schema_rows, many_rows_are_written_at_once_and_get_their_keys) {
    constexpr int many = 600; // more than the rows from which drivers have other ways
    std::vector<kin::ref<OldOrder>> orders;
    for (int n = 1; n <= many; ++n) orders.push_back(session.add(OldOrder{.number = n}));
    session.commit();
    for (auto& order : orders) order->number += 1000;
    session.commit(); // one UPDATE for many rows
    EXPECT_EQ(ask("SELECT count(*) FROM " + archive() + ".orders WHERE number = id + 1000"), many);
    std::vector<OldOrder> plain(many, OldOrder{.number = 1});
    session.execute(kin::insert(std::move(plain)));
    session.commit();
    EXPECT_EQ(ask("SELECT count(*) FROM " + archive() + ".orders"), 2 * many);
    EXPECT_EQ(ask("SELECT count(*) FROM orders"), 0);
    for (const auto& order : orders) session.remove(order);
    session.commit();
    EXPECT_EQ(ask("SELECT count(*) FROM " + archive() + ".orders"), many);
}

TEST_F(schema_rows, statements_about_many_rows_meet_them) {
    stored_orders();
    EXPECT_EQ(session.execute(kin::update<Order>()
                                  .set(col<&Order::number>, col<&Order::number> + 10)
                                  .where(col<&Order::earlier>.any())),
              1);
    EXPECT_EQ(session.query<Order>().where(col<&Order::number> == 12).count(), 1);
    if (has(kin::feature::update_returning)) {
        const auto rows = session.execute(kin::update<Order>()
                                              .set(col<&Order::number>, 99)
                                              .where(col<&Order::number> == 12)
                                              .returning(col<&Order::number>));
        ASSERT_EQ(rows.size(), 1u);
        EXPECT_EQ(std::get<0>(rows[0]), 99);
    }
    EXPECT_EQ(session.execute(kin::remove_from<OldOrder>().where(col<&OldOrder::number> == 2)), 1);
    session.commit();
    EXPECT_EQ(ask("SELECT count(*) FROM " + archive() + ".orders"), 0);
    EXPECT_EQ(session.query<Draft>().count(), 1);
}

TEST_F(schema_rows, trees_are_walked_and_keys_change) {
    auto root = session.add(Folder{.path = "root"});
    session.add(kin::make(Folder{.path = "root/a", .parent = root}));
    session.commit();
    EXPECT_EQ(session.query<Folder>().where(kin::descendant_of<&Folder::parent>(root)).count(), 1);
    root->path = "top";
    session.commit();
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".folder WHERE parent_path = 'top'"), 1);
}

TEST_F(schema_rows, values_that_are_unique_change_hands) {
    auto ann = session.add(Customer{.name = "Ann"});
    auto bob = session.add(Customer{.name = "Bob"});
    session.commit();
    ann->name = "Bob";
    bob->name = "Ann";
    session.commit();
    EXPECT_EQ(session.query<Customer>().where(col<&Customer::name> == "Bob").one()->id, ann->id);
}

TEST_F(schema_rows, errors_name_the_table_without_its_schema) {
    session.add(Customer{.name = "Ann"});
    session.commit();
    session.add(Customer{.name = "Ann"});
    const auto twice = caught<kin::unique_violation>([&] { session.commit(); });
    EXPECT_EQ(twice.table(), "customers");
    EXPECT_EQ(twice.column(), "name");
    EXPECT_EQ(twice.constraint(), "uq_customers_name");
    session.rollback();
    session.add(Order{.number = 1, .customer_id = 99});
    const auto nobody = caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_EQ(nobody.table(), "orders");
    EXPECT_EQ(nobody.column(), "customer_id");
    EXPECT_EQ(nobody.constraint(), "fk_orders_customer_id");
    EXPECT_THAT(std::string(nobody.what()), HasSubstr("orders.customer_id -> customers.id"));
    session.rollback();
}

TEST_F(schema_rows, are_read_in_batches) {
    stored_orders();
    int sum = 0;
    for (const auto& orders : session.query<Order>().order_by(col<&Order::id>).in_batches(2)) {
        for (const auto& order : orders) sum += order->number;
    }
    EXPECT_EQ(sum, 6);
}

} // namespace
