// SPDX-License-Identifier: MIT
#include "kin/schema/table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

kin::table& with_columns(kin::table& t) {
    t.add_column({.name = "id", .primary_key = true});
    t.add_column({.name = "user_id"});
    return t;
}

TEST(table, a_column_knows_its_table_and_position) {
    kin::table t{"post"};
    with_columns(t);
    const kin::column* found = t.find_column("user_id");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->index, 1u);
    EXPECT_EQ(found->owner, &t);
    EXPECT_EQ(t.find_column("title"), nullptr);
    ASSERT_EQ(t.primary_key().size(), 1u);
    EXPECT_EQ(t.primary_key()[0]->name, "id");
}

TEST(table, names_follow_the_convention_unless_given) {
    kin::table t{"post"};
    with_columns(t);
    EXPECT_EQ(t.name_of(kin::foreign_key_constraint{.columns = {1}}), "fk_post_user_id");
    EXPECT_EQ(t.name_of(kin::unique_constraint{.columns = {0, 1}}), "uq_post_id_user_id");
    EXPECT_EQ(t.name_of(kin::index_definition{.columns = {1}}), "ix_post_user_id");
    EXPECT_EQ(t.name_of(kin::index_definition{.name = "mine", .columns = {1}}), "mine");
    t.checks.push_back({.name = {}, .expression = "id > 0"});
    t.checks.push_back({.name = {}, .expression = "id < 9"});
    EXPECT_EQ(t.name_of(t.checks[1]), "ck_post_2");
}

TEST(table, a_long_conventional_name_is_cut_and_stays_the_same_in_every_release) {
    kin::table t{std::string(80, 'x')};
    with_columns(t);
    const std::string name = t.name_of(kin::index_definition{.columns = {1}});
    EXPECT_EQ(name, "ix_" + std::string(51, 'x') + "_797ced6b");
    EXPECT_NE(name, t.name_of(kin::index_definition{.columns = {0}}));
}

TEST(table, a_long_name_is_not_cut_inside_a_character) {
    std::string name;
    for (int i = 0; i < 40; ++i) name += "\u00e9";
    kin::table t{name};
    with_columns(t);
    const std::string cut = t.name_of(kin::index_definition{.columns = {1}});
    EXPECT_LE(cut.size(), 63u);
    EXPECT_EQ(cut.substr(0, 53), "ix_" + name.substr(0, 50));
}

} // namespace
