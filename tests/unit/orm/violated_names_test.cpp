// SPDX-License-Identifier: MIT
#include "support/test_database.hpp"
#include "unit/orm/world.hpp"

// What a violated constraint is called: the same on every database, whatever that says itself.

namespace {

using blog::caught;
using testing::HasSubstr;
using testing::Not;

struct Member {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique, kin::length{40}> email;
    kin::varchar<20> club;
    int number = 0;
    int locker = 0;
    static constexpr auto kin_options = kin::options(kin::unique_together<&Member::club, &Member::number>);
};
void describe(kin::mapping<Member>& m) { m.index<&Member::locker>().unique(); }

struct Parent {
    kin::primary_key<int> id;
};
struct Child { // its parent knows nothing of it
    kin::primary_key<int> id;
    kin::foreign_key<&Parent::id> parent_id;
    kin::belongs_to<Parent> parent;
};

struct violated_names : testing::Test {
    violated_names() {
        db.create_all<Member, Parent, Child>();
        session.add(Member{.email = "ann@example.org", .club = "chess", .number = 1, .locker = 1});
        session.commit();
    }
    kin::unique_violation refused(Member m) {
        session.add(std::move(m));
        const auto e = caught<kin::unique_violation>([&] { session.commit(); });
        session.rollback();
        return e;
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(violated_names, a_unique_column) {
    const auto e = refused({.email = "ann@example.org", .club = "chess", .number = 2, .locker = 2});
    EXPECT_EQ(e.table(), "member");
    EXPECT_EQ(e.column(), "email");
    EXPECT_EQ(e.constraint(), "uq_member_email");
    EXPECT_THAT(std::string(e.message()), HasSubstr("uq_member_email on member.email"));
    EXPECT_THAT(std::string(e.what()), Not(HasSubstr("ann@example.org"))) << "values are not shown";
}

TEST_F(violated_names, columns_that_are_unique_together) {
    const auto e = refused({.email = "bob@example.org", .club = "chess", .number = 1, .locker = 2});
    EXPECT_EQ(e.table(), "member");
    EXPECT_EQ(e.column(), "club, number");
    EXPECT_EQ(e.constraint(), "uq_member_club_number");
}

TEST_F(violated_names, a_unique_index) {
    const auto e = refused({.email = "bob@example.org", .club = "chess", .number = 2, .locker = 1});
    EXPECT_EQ(e.column(), "locker");
    EXPECT_EQ(e.constraint(), "ix_member_locker");
}

TEST_F(violated_names, the_primary_key) {
    const auto e = refused({.id = 1, .email = "bob@example.org", .club = "chess", .number = 2, .locker = 2});
    EXPECT_EQ(e.table(), "member");
    EXPECT_EQ(e.column(), "id");
}

TEST_F(violated_names, an_update) {
    auto bob = session.add(Member{.email = "bob@example.org", .club = "chess", .number = 2, .locker = 2});
    session.commit();
    bob->email = "ann@example.org";
    const auto e = caught<kin::unique_violation>([&] { session.commit(); });
    EXPECT_EQ(e.table(), "member");
    EXPECT_EQ(e.column(), "email");
    EXPECT_EQ(e.constraint(), "uq_member_email");
}

TEST_F(violated_names, plain_rows_of_a_set_based_insert) {
    const auto e = caught<kin::unique_violation>([&] {
        session.execute(kin::insert<Member>({{.email = "ann@example.org", .club = "go", .locker = 2}}));
    });
    EXPECT_EQ(e.column(), "email");
    EXPECT_EQ(e.constraint(), "uq_member_email");
}

TEST_F(violated_names, a_plain_statement_shows_no_value_either) {
    const auto e = caught<kin::unique_violation>([&] {
        session.execute("INSERT INTO member (email, club, number, locker) VALUES (:email, 'go', 7, 7)",
                        {{"email", "ann@example.org"}});
    });
    EXPECT_THAT(std::string(e.what()), Not(HasSubstr("ann@example.org")));
    session.rollback();
}

TEST_F(violated_names, the_key_of_rows_to_which_the_class_has_no_relationship) {
    auto child = session.add(Child{.parent = kin::make(Parent{})});
    session.commit();
    session.remove(child->parent);
    const auto e = caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_EQ(e.table(), "child");
    EXPECT_EQ(e.column(), "parent_id");
    EXPECT_EQ(e.constraint(), "fk_child_parent_id");
    EXPECT_THAT(std::string(e.message()), HasSubstr("cannot delete a row of parent"));
}

} // namespace
