// SPDX-License-Identifier: MIT
#include "kin/orm/own_followers.hpp"

#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Rows that refer to a row of their own class, when its key changes: the database's ON UPDATE does it, or kin where that does not reach the
// table itself. What is in the rows afterwards is the same.

namespace {

struct Drawer {
    kin::primary_key<std::string> name;
    std::optional<kin::foreign_key<&Drawer::name>> parent_name;
    kin::belongs_to<Drawer> parent;
    kin::field<int, kin::version> version;
};

/// Lets go when the key of the other one changes.
struct Alias {
    kin::primary_key<std::string> name;
    std::optional<kin::foreign_key<&Alias::name, kin::on_update::set_null>> of_name;
    kin::belongs_to<Alias> of;
};

class own_followers : public testing::Test {
protected:
    own_followers() { db.create_all<Drawer, Alias>(); }
    void stored_tree() {
        db.transaction([](kin::session& s) {
            auto root = s.add(Drawer{.name = "root"});
            s.add(kin::make(Drawer{.name = "a", .parent = root}));
            s.add(kin::make(Drawer{.name = "b", .parent = root}));
        });
    }
    std::vector<std::string> parents() {
        std::vector<std::string> all;
        kin::session reader = db.session();
        for (const auto& f : reader.query<Drawer>().order_by(kin::col<&Drawer::name>))
            all.push_back(std::string(f->name) + " in " +
                          (f->parent_name ? std::string(*f->parent_name) : "-"));
        return all;
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(own_followers, that_are_not_in_memory_follow_too) {
    stored_tree();
    auto root = session.get_one<Drawer>("root");
    root->name = "top";
    session.commit();
    EXPECT_EQ(parents(), (std::vector<std::string>{"a in top", "b in top", "top in -"}));
}

TEST_F(own_followers, cost_nothing_where_the_database_does_it_and_one_statement_where_there_are_none) {
    auto alone = session.add(Drawer{.name = "alone"});
    session.commit();
    counter.reset();
    alone->name = "still alone";
    session.commit();
    const bool by_database = db.engine().dialect().supports(kin::feature::on_update_in_table);
    EXPECT_EQ(counter.count(), by_database ? 1U : 2U);
}

TEST_F(own_followers, of_a_row_that_moves_and_is_renamed_at_once_stay_below_it) {
    stored_tree();
    auto a = session.get_one<Drawer>("a");
    auto b = session.get_one<Drawer>("b");
    session.add(kin::make(Drawer{.name = "c", .parent = a}));
    session.commit();
    a->name = "z";
    a->parent = b;
    session.commit();
    EXPECT_EQ(parents(), (std::vector<std::string>{"b in root", "c in z", "root in -", "z in b"}));
}

TEST_F(own_followers, include_the_row_itself_unless_it_turns_away) {
    auto loop = session.add(Drawer{.name = "loop"});
    session.flush();
    loop->parent = loop;
    session.commit();
    loop->name = "ring";
    session.commit();
    EXPECT_EQ(parents(), (std::vector<std::string>{"ring in ring"}));
    loop->name = "line";
    loop->parent = nullptr;
    session.commit();
    EXPECT_EQ(parents(), (std::vector<std::string>{"line in -"}));
    EXPECT_FALSE(session.has_changes());
}

TEST_F(own_followers, with_set_null_let_go) {
    auto name = session.add(Alias{.name = "name"});
    auto alias = session.add(kin::make(Alias{.name = "alias", .of = name}));
    session.commit();
    name->name = "new name";
    session.commit();
    EXPECT_EQ(alias->of_name, std::nullopt);
    EXPECT_EQ(alias->of, nullptr);
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Alias>("alias")->of_name, std::nullopt);
}

TEST_F(own_followers, come_back_with_a_rollback) {
    stored_tree();
    auto root = session.get_one<Drawer>("root");
    const auto a = session.get_one<Drawer>("a");
    root->name = "top";
    session.flush();
    EXPECT_EQ(a->parent_name, "top");
    session.rollback();
    EXPECT_EQ(a->parent_name, "root");
    EXPECT_EQ(parents(), (std::vector<std::string>{"a in root", "b in root", "root in -"}));
}

} // namespace
