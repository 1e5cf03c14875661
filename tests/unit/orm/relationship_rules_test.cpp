// SPDX-License-Identifier: MIT
#include "kin/mapping/relationship.hpp"

#include "support/inspected.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Statements about relationships that need models of their own: rules of the database, cascades on a many-to-one, relationships that
// only one side has.

namespace {

using testing::IsEmpty;

/// Only the many-to-one is mapped.
struct Shop {
    kin::primary_key<int> id;
    std::string name;
};
struct Sale {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Shop::id, kin::on_delete::set_null>> shop_id;
    kin::belongs_to<Shop> shop;
};

/// Removing a letter removes its envelope.
struct Envelope {
    kin::primary_key<int> id;
};
struct Letter {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Envelope::id>> envelope_id;
    kin::belongs_to<Envelope> envelope;
};
void describe(kin::mapping<Letter>& m) { m.relationship<&Letter::envelope>().cascade(kin::cascade::all); }

/// The database deletes, or forgets, with the parent.
struct Branch;
struct Leaf;
struct Tree {
    kin::primary_key<int> id;
    kin::has_many<Branch> branches;
    kin::has_many<Leaf> leaves;
};
struct Branch {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Tree::id> tree_id;
    kin::belongs_to<Tree> tree;
};
struct Leaf {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Tree::id>> tree_id;
    kin::belongs_to<Tree> tree;
};
void describe(kin::mapping<Tree>& m) {
    m.relationship<&Tree::branches>().on_delete(kin::on_delete::cascade).order_by(kin::col<&Branch::name>);
    m.relationship<&Tree::leaves>().on_delete(kin::on_delete::set_null);
}

class relationship_rules : public testing::Test {
protected:
    relationship_rules() {
        db.create_all<Shop, Sale, Envelope, Letter, Tree, Branch, Leaf>();
        counter.reset();
    }
    template <class T = std::int64_t> T stored(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    void store_tree() {
        kin::session writer = db.session();
        writer.add(
            kin::make(Tree{.branches = {kin::make(Branch{.name = "b"}), kin::make(Branch{.name = "a"})},
                           .leaves = {kin::make(Leaf{})}}));
        writer.commit();
        counter.reset();
    }
    kin::database db{kin::testing::fresh_url(), {.pool_timeout_ms = 50}};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(relationship_rules, C7_a_many_to_one_alone_leaves_the_other_rows_to_the_database) {
    auto shop = session.add(Shop{.name = "x"});
    session.add(kin::make(Sale{.shop = shop}));
    session.commit();
    session.remove(shop);
    counter.reset();
    session.commit();
    EXPECT_THAT(counter.statements(), testing::ElementsAre(R"(DELETE FROM "shop" WHERE "id" = ?)"));
    EXPECT_EQ(stored("SELECT count(*) FROM sale WHERE shop_id IS NULL"), 1);
}

TEST_F(relationship_rules, T4_a_remove_cascade_on_the_many_to_one_removes_the_target) {
    auto letter = session.add(kin::make(Letter{.envelope = kin::make(Envelope{})}));
    session.commit();
    session.remove(letter);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM envelope"), 0);
    EXPECT_EQ(stored("SELECT count(*) FROM letter"), 0);
}

TEST_F(relationship_rules, F2_objects_in_memory_are_deleted_with_their_parent_by_statements_of_their_own) {
    store_tree();
    auto tree = session.get_one<Tree>(1);
    ASSERT_EQ(tree->branches.size(), 2U);
    const auto branch = tree->branches[0];
    session.remove(tree);
    session.flush();
    EXPECT_EQ(kin::state_of(branch), kin::object_state::deleted);
    session.rollback();
    EXPECT_EQ(kin::state_of(branch), kin::object_state::persistent);
    EXPECT_EQ(tree->branches.size(), 2U);
    session.remove(tree);
    session.commit();
    EXPECT_EQ(kin::state_of(branch), kin::object_state::detached);
    EXPECT_EQ(stored("SELECT count(*) FROM branch"), 0);
}

TEST_F(relationship_rules, F3_what_is_not_in_memory_is_left_to_the_database) {
    store_tree();
    const auto tree = session.get_one<Tree>(1);
    counter.reset();
    session.remove(tree);
    session.commit();
    EXPECT_THAT(counter.statements(), testing::ElementsAre(R"(DELETE FROM "tree" WHERE "id" = ?)"));
    EXPECT_EQ(stored("SELECT count(*) FROM branch"), 0);
    EXPECT_EQ(stored("SELECT count(*) FROM leaf WHERE tree_id IS NULL"), 1);
}

TEST_F(relationship_rules, F3_objects_that_the_session_knows_follow_the_rule_without_their_collection) {
    store_tree();
    const auto tree = session.get_one<Tree>(1);
    const auto branch = session.get_one<Branch>(1);
    const auto leaf = session.get_one<Leaf>(1);
    session.remove(tree);
    session.commit();
    EXPECT_EQ(kin::state_of(branch), kin::object_state::detached);
    EXPECT_FALSE(leaf->tree_id.has_value());
    EXPECT_EQ(leaf->tree, nullptr);
    EXPECT_FALSE(session.get<Branch>(1));
}

TEST_F(relationship_rules, H7_order_by_orders_what_is_loaded_and_new_objects_come_last) {
    store_tree();
    auto tree = session.get_one<Tree>(1);
    EXPECT_EQ(tree->branches[0]->name, "a");
    tree->branches.push_back(kin::make(Branch{.name = "0"}));
    EXPECT_EQ(tree->branches[2]->name, "0");
    session.commit();
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Tree>(1)->branches[0]->name, "0");
}

TEST_F(relationship_rules, H8_a_collection_has_no_repetition) {
    auto tree = session.add(Tree{});
    const auto branch = kin::make(Branch{.name = "a"});
    tree->branches.push_back(branch);
    tree->branches.push_back(branch);
    tree->branches.insert(0, branch);
    EXPECT_EQ(tree->branches.size(), 1U);
    tree->branches = {branch, branch};
    EXPECT_EQ(tree->branches.size(), 1U);
    EXPECT_TRUE(tree->branches.erase(branch));
    EXPECT_FALSE(tree->branches.erase(branch));
}

TEST_F(relationship_rules, on_delete_stands_in_the_table) {
    const auto actions = [&](std::string_view table) {
        std::vector<kin::referential_action> out;
        for (const auto& key : kin::testing::inspected(db.engine())->foreign_keys(table))
            out.push_back(key.on_delete);
        return out;
    };
    EXPECT_THAT(actions("branch"), testing::Contains(kin::referential_action::cascade).Times(1));
    EXPECT_THAT(actions("leaf"), testing::Contains(kin::referential_action::set_null).Times(1));
}

} // namespace
