// SPDX-License-Identifier: MIT
#include "kin/mapping/describe.hpp"

#include "kin/sql/ddl_compiler.hpp"
#include "support/inspected.hpp"
#include "support/test_database.hpp"
#include "unit/mapping/graph.hpp"

namespace {

struct Member {
    int id = 0;
    std::string email;
    std::string city;
    std::string country;
    int points = 0;
};
void describe(kin::mapping<Member>& m) {
    m.table("members");
    m.comment("who may enter");
    m.column<&Member::email>().unique().length(40).comment("login");
    m.column<&Member::country>().name("country_code").server_default("'DE'");
    m.column<&Member::points>().type("BIGINT").index();
    m.index<&Member::city, &Member::country>().name("by_place");
    m.unique<&Member::city, &Member::email>();
    m.check("points >= 0", "no_debts");
}

class described : public testing::Test {
protected:
    described() { db.create_all<Member>(); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(described, tables_columns_indexes_and_checks_become_ddl) {
    const kin::dialect& dialect = db.engine().dialect();
    const kin::table& table = kin::detail::configured_mapper<Member>().table();
    std::string sql = compile_create_table(dialect, table);
    for (const std::string& statement : compile_create_indexes(dialect, table)) sql += "\n" + statement;
    sql = kin::testing::as_on_sqlite(sql);
    for (const char* part : {R"("members")", R"("country_code")", "'DE'", "VARCHAR(40)", "BIGINT", "by_place",
                             "no_debts", "points >= 0"})
        EXPECT_NE(sql.find(part), std::string::npos) << part << " in\n" << sql;

    const kin::testing::inspected found(db.engine());
    EXPECT_EQ(found->columns("members").size(), 5U);
    EXPECT_EQ(found->uniques("members").size(), 2U);
    const auto indexes = found->indexes("members");
    ASSERT_EQ(indexes.size(), 2U);
    EXPECT_EQ(indexes[0].name, "by_place");
    EXPECT_EQ(indexes[0].columns, (std::vector<std::string>{"city", "country_code"}));
    EXPECT_EQ(indexes[1].columns, std::vector<std::string>{"points"});
}

TEST_F(described, a_column_with_another_name_is_written_read_and_asked_for) {
    auto m = session.add(Member{.email = "a@b", .city = "Bonn", .country = "FR"});
    session.commit();
    session.close();
    const auto loaded = session.query<Member>().where(kin::col<&Member::country> == "FR").one();
    EXPECT_EQ(loaded->country, "FR");
}

TEST_F(described, a_default_of_the_server_comes_back_with_the_insert) {
    const auto m = session.add(Member{.email = "a@b"});
    const auto given = session.add(Member{.email = "c@d", .country = "FR"});
    session.commit();
    EXPECT_EQ(m->country, "DE");
    EXPECT_EQ(given->country, "FR");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(described, its_length_and_constraints_hold) {
    session.add(Member{.email = std::string(41, 'x')});
    EXPECT_EQ(graph::code_of([&] { session.commit(); }), "text_too_long");
    session.rollback();
    session.add(Member{.email = "a@b", .points = -1});
    EXPECT_EQ(graph::code_of([&] { session.commit(); }), "check_violation");
    session.rollback();
    session.add(Member{.email = "a@b"});
    session.add(Member{.email = "a@b"});
    EXPECT_EQ(graph::code_of([&] { session.commit(); }), "unique_violation");
    session.rollback();
}

/// No aggregate: mapped by describe alone.
class Sensor {
public:
    Sensor() = default;
    explicit Sensor(std::string place) : place(std::move(place)) {}
    virtual ~Sensor() = default;
    int number = 0;
    std::string place;
    int unmapped = 5;
};
void describe(kin::mapping<Sensor>& m) {
    m.column<&Sensor::number>().primary_key();
    m.column<&Sensor::place>();
}

TEST(described_class, that_is_no_aggregate_is_written_read_changed_and_removed) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Sensor>();
    kin::session session = db.session();
    auto made = session.add(Sensor("roof"));
    made->number = 7;
    session.commit();
    session.close();
    auto loaded = session.get<Sensor>(7);
    EXPECT_EQ(loaded->place, "roof");
    EXPECT_EQ(loaded->unmapped, 5);
    loaded->place = "cellar";
    session.commit();
    EXPECT_EQ(std::get<0>(session.sql<std::string>("SELECT place FROM sensor").one()), "cellar");
    session.remove(loaded);
    session.commit();
    EXPECT_EQ(session.query<Sensor>().count(), 0);
}

} // namespace
