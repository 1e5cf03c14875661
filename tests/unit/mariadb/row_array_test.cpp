// SPDX-License-Identifier: MIT
// Many rows at once, by array binding: the same rows and the same errors as by VALUES.
#include "kin/mariadb/row_array.hpp"

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "unit/orm/blog.hpp"

namespace {

using blog::caught;
using blog::User;

constexpr std::size_t many = 1'200;

struct Every {
    kin::primary_key<kin::varchar<40>> name;
    bool flag = false;
    std::int64_t large = 0;
    double wide = 0;
    std::string text;
    std::vector<std::byte> bytes;
    std::chrono::sys_days day;
    std::chrono::sys_time<std::chrono::microseconds> moment;
    kin::time_of_day time;
    kin::uuid id;
    kin::field<kin::decimal, kin::precision{20, 4}> exact;
    kin::json settings;
    std::optional<int> nothing;
    std::optional<int> never;
    std::optional<std::string> perhaps;
    std::optional<std::chrono::sys_days> some_day;
};

struct Child {
    kin::primary_key<kin::varchar<40>> name;
    kin::field<std::int64_t, kin::unique> number = 0;
    std::optional<kin::foreign_key<&User::id>> user_id;
};

class mariadb_row_array : public testing::Test {
protected:
    void SetUp() override {
        if (!kin::testing::on_mariadb()) GTEST_SKIP() << "KIN_TEST_URL is not that of a MariaDB server";
        db.emplace(kin::testing::fresh_url());
        db->create_all<User, blog::Post, blog::Comment, Child, Every>();
        session.emplace(db->session());
        counter.emplace(*db);
    }
    void TearDown() override {
        counter.reset();
        session.reset();
        db.reset();
    }
    static std::vector<Child> children() {
        std::vector<Child> made;
        for (std::size_t i = 0; i < many; ++i)
            made.push_back({.name = "child " + std::to_string(i), .number = static_cast<std::int64_t>(i)});
        return made;
    }
    std::optional<kin::database> db;
    std::optional<kin::session> session;
    std::optional<kin::testing::sql_counter> counter;
};

TEST_F(mariadb_row_array, brings_the_same_values_as_VALUES_does) {
    using namespace std::chrono;
    using std::chrono::January;
    std::vector<Every> rows;
    for (std::size_t i = 0; i < many; ++i) {
        const bool odd = i % 2 == 1;
        Every one{.name = "row " + std::to_string(i)};
        one.flag = odd;
        one.large = odd ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
        one.wide = odd ? 1e300 : -0.25;
        one.text = odd ? std::string("a\0b 'c' \xF0\x9F\x98\x80", 13) : "";
        if (odd) one.bytes = {std::byte{0}, std::byte{255}, std::byte{'\\'}};
        one.day = sys_days(year(odd ? 1 : 2026) / January / 31);
        one.moment = sys_days(year(odd ? 1 : 9999) / January / 1) + microseconds(i);
        one.time = kin::time_of_day(hours(23) + microseconds(i));
        one.id = kin::uuid::v7();
        one.exact = kin::decimal(odd ? "-1234567890123.5" : "0.5");
        one.settings = kin::json(odd ? R"({"a":[1,2.5,null]})" : "[]");
        if (odd) one.nothing = 1;
        if (!odd) one.perhaps = "";
        if (odd) one.some_day = sys_days(year(2000) / January / 1);
        rows.push_back(std::move(one));
    }
    EXPECT_EQ(session->execute(kin::insert(rows)), static_cast<std::int64_t>(many));
    EXPECT_EQ(counter->count(), 1U); // VALUES are a thousand rows a statement
    session->commit();
    db->engine().connect().execute("CREATE TABLE by_array AS SELECT * FROM every"); // it commits
    session->execute("DELETE FROM every");
    for (std::size_t first = 0; first < rows.size(); first += 100) {
        const auto from = rows.begin() + static_cast<std::ptrdiff_t>(first);
        session->execute(kin::insert(std::vector<Every>(from, from + 100)));
    }
    const auto [differing] =
        session
            ->sql<std::int64_t>("SELECT count(*) FROM ((SELECT * FROM by_array EXCEPT SELECT * FROM every) "
                                "UNION ALL (SELECT * FROM every EXCEPT SELECT * FROM by_array)) AS d")
            .one();
    EXPECT_EQ(differing, 0);
    EXPECT_EQ(session->query<Every>().count(), static_cast<std::int64_t>(many));
}

TEST_F(mariadb_row_array, takes_objects_of_a_flush_whose_keys_the_program_makes) {
    for (const Child& one : children()) session->add(one);
    session->flush();
    EXPECT_EQ(counter->count(), 1U);
    session->rollback();
    EXPECT_EQ(session->query<Child>().count(), 0);
}

TEST_F(mariadb_row_array, names_the_constraint_that_a_row_violates_and_writes_none) {
    std::vector<Child> rows = children();
    rows[700].number = 3;
    const auto unique = caught<kin::unique_violation>([&] { session->execute(kin::insert(rows)); });
    EXPECT_EQ(unique.constraint(), "uq_child_number"); // the server says no more
    EXPECT_EQ(session->query<Child>().count(), 0);     // the transaction goes on
    rows[700].number = 700;
    rows[10].user_id = 77;
    const auto foreign = caught<kin::foreign_key_violation>([&] { session->execute(kin::insert(rows)); });
    EXPECT_EQ(foreign.table(), "child");
    EXPECT_EQ(foreign.column(), "user_id");
    rows[10].user_id = {};
    EXPECT_EQ(session->execute(kin::insert(rows)), static_cast<std::int64_t>(many));
    session->commit();
}

TEST_F(mariadb_row_array, names_the_table_in_a_flush_as_well) {
    std::vector<Child> rows = children();
    rows[700].number = 3;
    for (const Child& one : rows) session->add(one);
    const auto unique = caught<kin::unique_violation>([&] { session->flush(); });
    EXPECT_EQ(unique.constraint(), "uq_child_number");
    EXPECT_EQ(unique.table(), "child");
}

} // namespace
