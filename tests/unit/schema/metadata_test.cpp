// SPDX-License-Identifier: MIT
#include "kin/schema/metadata.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "kin/base/error.hpp"

namespace {

std::vector<std::string> names(const std::vector<const kin::table*>& tables) {
    std::vector<std::string> result;
    for (const kin::table* t : tables) result.push_back(t->name());
    return result;
}

void refer(kin::table& from, const std::string& to) {
    from.foreign_keys.push_back({.name = {}, .columns = {}, .target_table = to});
}

TEST(metadata, referenced_tables_come_before_referencing_ones) {
    kin::table comment{"comment"}, post{"post"}, user{"user"}, tag{"tag"};
    refer(comment, "post");
    refer(post, "user");
    refer(user, "user");
    kin::metadata m;
    for (const kin::table* t : {&comment, &post, &user, &tag}) m.add(*t);
    const std::vector<std::string> got = names(m.in_dependency_order());
    EXPECT_LT(std::find(got.begin(), got.end(), "user"), std::find(got.begin(), got.end(), "post"));
    EXPECT_LT(std::find(got.begin(), got.end(), "post"), std::find(got.begin(), got.end(), "comment"));
    EXPECT_EQ(got.size(), 4u);
}

TEST(metadata, independent_tables_keep_their_order) {
    kin::table c{"c"}, a{"a"}, b{"b"};
    kin::metadata m;
    for (const kin::table* t : {&c, &a, &b}) m.add(*t);
    EXPECT_EQ(names(m.in_dependency_order()), (std::vector<std::string>{"c", "a", "b"}));
}

TEST(metadata, a_ring_keeps_the_order_in_which_its_tables_were_added) {
    kin::table team{"team"}, player{"player"};
    refer(team, "player");
    refer(player, "team");
    kin::metadata m;
    m.add(team);
    m.add(player);
    EXPECT_EQ(names(m.in_dependency_order()), (std::vector<std::string>{"team", "player"}));
}

TEST(metadata, the_same_table_twice_is_once_and_another_of_its_name_is_refused) {
    kin::table user{"user"}, impostor{"user"};
    kin::metadata m;
    m.add(user);
    m.add(user);
    EXPECT_EQ(m.tables().size(), 1u);
    try {
        m.add(impostor);
        FAIL();
    } catch (const kin::mapping_error& e) {
        EXPECT_EQ(e.code(), "duplicate_table");
        EXPECT_EQ(e.table(), "user");
    }
}

TEST(metadata, tables_of_one_name_in_two_schemas_are_two) {
    kin::table own{"orders"}, sales{"orders", "sales"}, again{"orders", "sales"}, items{"items"};
    items.foreign_keys.push_back(
        {.columns = {}, .target_table = "orders", .target_columns = {}, .target_schema = "sales"});
    kin::metadata m;
    for (const kin::table* t : {&own, &items, &sales}) m.add(*t);
    EXPECT_EQ(m.in_dependency_order(), (std::vector<const kin::table*>{&own, &sales, &items}));
    try {
        m.add(again);
        FAIL();
    } catch (const kin::mapping_error& e) {
        EXPECT_EQ(e.code(), "duplicate_table");
        EXPECT_EQ(e.table(), "orders");
        EXPECT_NE(std::string(e.what()).find("sales.orders"), std::string::npos) << e.what();
    }
}

} // namespace
