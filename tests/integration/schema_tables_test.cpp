// SPDX-License-Identifier: MIT
// Tables in schemas (row 166 of the inventory): what create_all and drop_all make of them, and what the inspector finds.
#include <algorithm>
#include <string>
#include <vector>

#include "integration/schema_models.hpp"
#include "support/inspected.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using namespace shop;
using kin::testing::code_of;
using kin::testing::inspected;
using names = std::vector<std::string>;

TEST_F(schemas, row_166_tables_are_made_where_their_class_says) {
    db.create_all<Customer, Tag, Order, OldOrder, Draft>();
    inspected i{db.engine()};
    EXPECT_EQ(i->table_names(sales()), (names{"customers", "orders", "orders_tag", "tag"}));
    EXPECT_EQ(i->table_names(archive()), names{"orders"});
    EXPECT_EQ(i->table_names(), names{"orders"});
    EXPECT_EQ(i->table_names("not_there"), names{});
    EXPECT_TRUE(i->has_table({"customers", sales()}));
    EXPECT_FALSE(i->has_table("customers"));
    EXPECT_FALSE(i->has_table({"customers", archive()}));
}

TEST_F(schemas, a_table_of_the_same_name_elsewhere_is_not_taken_for_it) {
    db.create_all<Draft>();
    db.create_all<OldOrder>();
    db.create_all<Customer, Tag, Order>();
    db.create_all<Customer, Tag, Order, OldOrder, Draft>(); // all are there
    inspected i{db.engine()};
    EXPECT_EQ(i->columns("orders").size(), 2u);
    EXPECT_EQ(i->columns({"orders", archive()}).size(), 2u);
    EXPECT_EQ(i->columns({"orders", sales()}).size(), 4u);
    db.drop_all<OldOrder>();
    EXPECT_FALSE(i->has_table({"orders", archive()}));
    EXPECT_TRUE(i->has_table({"orders", sales()}));
    EXPECT_TRUE(i->has_table("orders"));
    db.drop_all<Customer, Tag, Order>();
    EXPECT_EQ(i->table_names(sales()), names{});
    EXPECT_TRUE(i->has_table("orders"));
}

TEST_F(schemas, the_inspector_describes_a_table_of_a_schema) {
    db.create_all<Customer, Tag, Order, Draft>();
    inspected i{db.engine()};
    const auto columns = i->columns({"orders", sales()});
    ASSERT_EQ(columns.size(), 4u);
    EXPECT_EQ(columns.front().name, "id");
    EXPECT_EQ(columns.front().key_position, 1u);
    const auto indexes = i->indexes({"orders", sales()});
    ASSERT_EQ(indexes.size(), 1u);
    EXPECT_EQ(indexes.front().name, "ix_orders_customer_id");
    EXPECT_EQ(indexes.front().columns, names{"customer_id"});
    EXPECT_EQ(i->indexes("orders").size(), 0u);
    const auto uniques = i->uniques({"customers", sales()});
    ASSERT_EQ(uniques.size(), 1u);
    EXPECT_EQ(uniques.front().columns, names{"name"});
    const auto refers = i->foreign_keys({"orders", sales()});
    ASSERT_EQ(refers.size(), 1u);
    EXPECT_EQ(refers.front().target_table, "customers");
    EXPECT_EQ(refers.front().target_schema, sales());
    EXPECT_EQ(refers.front().target_columns, names{"id"});
    EXPECT_EQ(i->foreign_keys("orders").size(), 0u);
}

TEST_F(schemas, the_table_of_a_many_to_many_lies_in_the_schema_of_its_owner) {
    kin::mapper_of<Order>().configure();
    const auto& between = *kin::mapper_of<Order>().find_relationship("tags")->through->table;
    EXPECT_EQ(between.schema(), sales());
    for (const kin::foreign_key_constraint& refers : between.foreign_keys)
        EXPECT_EQ(refers.target_schema, sales());
}

TEST_F(schemas, foreign_keys_lead_into_other_schemas_where_the_database_can) {
    if (!has(kin::feature::foreign_keys_across_schemas)) {
        EXPECT_EQ(code_of([&] { db.create_all<Guest, Visit>(); }), "unsupported_feature");
        EXPECT_FALSE(inspected { db.engine() } -> has_table({"guest", sales()}));
        return;
    }
    db.create_all<Guest, Visit>(); // they refer to each other
    {
        inspected i{db.engine()};
        ASSERT_EQ(i->foreign_keys("visit").size(), 1u);
        EXPECT_EQ(i->foreign_keys("visit").front().target_schema, sales());
        ASSERT_EQ(i->foreign_keys({"guest", sales()}).size(), 1u);
        EXPECT_EQ(i->foreign_keys({"guest", sales()}).front().target_table, "visit");
        EXPECT_EQ(i->foreign_keys({"guest", sales()}).front().target_schema, "");
    }
    kin::session session = db.session();
    auto visit = session.add(Visit{});
    visit->guest = session.add(Guest{});
    session.commit();
    visit->guest->last_visit_id = visit->id.get();
    session.commit();
    EXPECT_EQ(ask("SELECT last_visit_id FROM " + sales() + ".guest"), visit->id.get());
    const auto guest = visit->guest.get();
    try {
        session.remove(guest);
        session.commit();
        ADD_FAILURE() << "a row still refers to it";
    } catch (const kin::foreign_key_violation& e) {
        EXPECT_EQ(e.table(), "visit");
        EXPECT_EQ(e.constraint(), "fk_visit_guest_id");
    }
    session.rollback();
    session.close();
    db.drop_all<Guest, Visit>();
    inspected i{db.engine()};
    EXPECT_FALSE(i->has_table("visit"));
    EXPECT_FALSE(i->has_table({"guest", sales()}));
}

TEST_F(schemas, classes_of_two_schemas_are_linked_where_the_database_can) {
    if (!has(kin::feature::foreign_keys_across_schemas)) {
        EXPECT_EQ(code_of([&] { db.create_all<Guild, Badge>(); }), "unsupported_feature");
        return;
    }
    db.create_all<Guild, Badge>();
    EXPECT_EQ(inspected { db.engine() } -> table_names(sales()), (names{"badge", "badge_guild"}));
    kin::session session = db.session();
    auto guild = session.add(Guild{});
    guild->badges.push_back(kin::make(Badge{}));
    session.commit();
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".badge_guild"), 1);
    EXPECT_EQ(db.session().query<Badge>().one()->guilds.size(), 1u);
    guild->badges.clear();
    session.commit();
    EXPECT_EQ(ask("SELECT count(*) FROM " + sales() + ".badge_guild"), 0);
    session.close();
    db.drop_all<Guild, Badge>();
    EXPECT_EQ(inspected { db.engine() } -> table_names(sales()), names{});
}

TEST_F(schemas, native_types_of_enumerations_lie_in_none) {
    if (!has(kin::feature::enum_types)) GTEST_SKIP() << "no feature::enum_types: types have no names here";
    db.create_all<Customer, Tag, Order>();
    EXPECT_TRUE(inspected { db.engine() } -> find_type("status"));
    EXPECT_EQ(ask("SELECT count(*) FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE "
                  "t.typname = 'status' AND n.nspname = '" +
                  sales() + "'"),
              0);
    db.drop_all<Customer, Tag, Order>();
    EXPECT_FALSE(inspected { db.engine() } -> find_type("status"));
}

struct Lost {
    kin::primary_key<int> id;
};
void describe(kin::mapping<Lost>& m) { m.schema("kin_not_there"); }

TEST_F(schemas, are_not_made_by_create_all) {
    try {
        db.create_all<Lost>();
        ADD_FAILURE() << "there is no such schema";
    } catch (const kin::database_error& e) {
        EXPECT_NE(std::string(e.what()).find("kin_not_there"), std::string::npos) << e.what();
    }
}

/// The same by a static member.
struct Stand {
    kin::primary_key<int> id;
    static constexpr auto kin_options = kin::options(kin::table_schema{"fair"}, kin::table_name{"stands"});
};
struct Seat {
    kin::primary_key<int> id;
    kin::many_to_many<Stand> stands;
};
void describe(kin::mapping<Seat>& m) { m.relationship<&Seat::stands>().table("placed").schema("hall"); }

TEST(schema_options, say_where_tables_lie) {
    EXPECT_EQ(kin::mapper_of<Stand>().table().schema(), "fair");
    EXPECT_EQ(kin::mapper_of<Stand>().table().full_name(), "fair.stands");
    kin::mapper_of<Seat>().configure();
    const kin::table& placed = *kin::mapper_of<Seat>().relationships().front().through->table;
    EXPECT_EQ(placed.full_name(), "hall.placed");
    EXPECT_EQ(placed.foreign_keys.at(0).target_schema, "");
    EXPECT_EQ(placed.foreign_keys.at(1).target_schema, "fair");
}

} // namespace
