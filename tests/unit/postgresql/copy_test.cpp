// SPDX-License-Identifier: MIT
// Many rows at once, by COPY: the same rows and the same errors as by INSERT.
#include "kin/postgresql/copy_rows.hpp"

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "kin/postgresql/numeric.hpp"
#include "unit/orm/blog.hpp"

namespace copy_models {

/// Its text is written with SQL around it.
struct Shouted {
    std::string text;
    bool operator==(const Shouted&) const = default;
};

} // namespace copy_models

template <> struct kin::codec<copy_models::Shouted> {
    static constexpr kin::column_type type = {.kind = kin::type_kind::text, .sql_write = "upper(?)"};
    static bool encode(const copy_models::Shouted& in, kin::encoder to) { return to.text(in.text); }
    static bool decode(copy_models::Shouted& out, const kin::cell& from) {
        out.text = from.bytes();
        return from.kind == kin::cell_kind::text;
    }
};

namespace {

using blog::caught;
using blog::code_of;
using blog::User;

constexpr std::size_t many = 1'200;

enum class Color : std::uint8_t { red, green };

/// One column of each type.
struct Every {
    kin::primary_key<std::string> name;
    bool flag = false;
    std::int16_t small = 0;
    std::int32_t middle = 0;
    std::int64_t large = 0;
    float narrow = 0;
    double wide = 0;
    std::string text;
    kin::varchar<20> short_text;
    std::vector<std::byte> bytes;
    std::chrono::sys_days day;
    std::chrono::sys_time<std::chrono::microseconds> moment;
    kin::time_of_day time;
    kin::uuid id;
    kin::decimal exact;
    kin::field<kin::decimal, kin::precision{10, 2}> price;
    kin::json settings;
    Color color = Color::red;
    std::optional<int> nothing;
    std::optional<std::string> perhaps;
};

struct Child {
    kin::primary_key<std::string> name;
    kin::field<std::int64_t, kin::unique> number = 0;
    std::optional<kin::foreign_key<&User::id>> user_id;
};

struct Tagged {
    kin::primary_key<std::string> name;
    std::vector<std::string> tags;
};

struct Loud {
    kin::primary_key<std::string> name;
    copy_models::Shouted word;
};

class postgresql_copy : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        db.emplace(kin::testing::fresh_url());
        db->create_all<User, blog::Post, blog::Comment, Child, Every, Loud, Tagged>();
        session.emplace(db->session());
        counter.emplace(*db);
    }
    void TearDown() override {
        counter.reset();
        session.reset();
        db.reset();
    }
    static std::vector<Child> children(std::size_t n) {
        std::vector<Child> made;
        for (std::size_t i = 0; i < n; ++i)
            made.push_back({.name = "child " + std::to_string(i), .number = static_cast<std::int64_t>(i)});
        return made;
    }
    [[nodiscard]] bool copied() const {
        const std::vector<std::string> sent = counter->statements();
        return sent.size() == 1 && sent.front().starts_with("COPY \"");
    }

    std::optional<kin::database> db;
    std::optional<kin::session> session;
    std::optional<kin::testing::sql_counter> counter;
};

std::vector<Every> every_value() {
    using namespace std::chrono;
    using std::chrono::January;
    std::vector<Every> rows;
    for (std::size_t i = 0; i < many; ++i) {
        const auto n = static_cast<std::int64_t>(i);
        const bool odd = i % 2 == 1;
        Every one{.name = "row " + std::to_string(i)};
        one.flag = odd;
        one.small = odd ? std::numeric_limits<std::int16_t>::min() : std::numeric_limits<std::int16_t>::max();
        one.middle =
            odd ? std::numeric_limits<std::int32_t>::min() : std::numeric_limits<std::int32_t>::max();
        one.large = odd ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
        one.narrow = odd ? 1.5F : -0.25F;
        one.wide = odd ? 1e308 : -5e-324;
        one.text = odd ? "tab\t back\\slash \\N \xF0\x9F\x98\x80" : "";
        one.short_text = odd ? "twenty characters..." : "x";
        if (odd) one.bytes = {std::byte{0}, std::byte{255}, std::byte{'\\'}};
        one.day = sys_days(year(odd ? -100 : 2026) / January / 31);
        one.moment = sys_days(year(odd ? 1 : 9999) / January / 1) + microseconds(n);
        one.time = kin::time_of_day(hours(23) + microseconds(n));
        one.id = kin::uuid::v7();
        one.exact = kin::decimal(odd ? "-12345678901234567890.000012345" : "0.5");
        one.price = kin::decimal(odd ? "-99999999.99" : "10000");
        one.settings = kin::json(odd ? R"({"a":[1,2.5,null]})" : "[]");
        one.color = odd ? Color::green : Color::red;
        if (odd) one.nothing = 1;
        if (!odd) one.perhaps = "";
        rows.push_back(std::move(one));
    }
    return rows;
}

TEST_F(postgresql_copy, brings_the_same_values_as_insert_does) {
    const std::vector<Every> rows = every_value();
    EXPECT_EQ(session->execute(kin::insert(rows)), static_cast<std::int64_t>(many));
    EXPECT_TRUE(copied());
    session->execute("CREATE TEMPORARY TABLE copied AS SELECT * FROM every");
    session->execute("DELETE FROM every");
    for (std::size_t first = 0; first < rows.size(); first += 100) {
        const auto from = rows.begin() + static_cast<std::ptrdiff_t>(first);
        session->execute(kin::insert(std::vector<Every>(from, from + 100))); // too few for COPY
    }
    const auto [differing] =
        session
            ->sql<std::int64_t>("SELECT count(*) FROM ((TABLE copied EXCEPT TABLE every) UNION ALL (TABLE "
                                "every EXCEPT TABLE copied)) AS d")
            .one();
    EXPECT_EQ(differing, 0);
    EXPECT_EQ(session->query<Every>().count(), static_cast<std::int64_t>(many));
    EXPECT_EQ(session->get_one<Every>("row 7")->exact, rows[7].exact);
}

TEST_F(postgresql_copy, takes_objects_of_a_flush_whose_keys_the_program_makes) {
    for (const Child& one : children(many)) session->add(one);
    session->flush();
    EXPECT_TRUE(copied());
    auto one = session->get_one<Child>("child 5");
    EXPECT_EQ(counter->count(), 1U); // known already
    one->number = -5;
    session->commit();
    EXPECT_EQ(std::get<0>(db->session().sql<std::int64_t>("SELECT min(number) FROM child").one()), -5);
}

TEST_F(postgresql_copy, is_undone_by_a_rollback) {
    std::vector<kin::ref<Child>> made;
    for (const Child& one : children(many)) made.push_back(session->add(one));
    session->flush();
    session->rollback();
    EXPECT_EQ(session->query<Child>().count(), 0);
    EXPECT_FALSE(session->contains(made.front()));
    session->add(made.front());
    session->commit();
    EXPECT_EQ(session->query<Child>().count(), 1);
}

TEST_F(postgresql_copy, is_not_worth_its_while_for_few_rows_nor_where_something_is_read_back) {
    session->execute(kin::insert(children(100)));
    EXPECT_FALSE(copied());
    counter->reset();
    for (std::size_t i = 0; i < many; ++i) session->add(blog::user("user"));
    session->flush();
    EXPECT_FALSE(copied());
}

TEST_F(postgresql_copy, names_the_constraint_that_a_row_violates) {
    std::vector<Child> rows = children(many);
    rows[700].number = 3;
    const auto unique = caught<kin::unique_violation>([&] { session->execute(kin::insert(rows)); });
    EXPECT_EQ(unique.table(), "child");
    EXPECT_EQ(unique.column(), "number");
    EXPECT_TRUE(std::string_view(unique.sql()).starts_with("COPY \"child\"")) << unique.sql();
    session->rollback();
    rows[700].number = 700;
    rows[10].user_id = 77;
    for (const Child& one : rows) session->add(one);
    const auto foreign = caught<kin::foreign_key_violation>([&] { session->commit(); });
    EXPECT_EQ(foreign.table(), "child");
    EXPECT_EQ(foreign.column(), "user_id");
    EXPECT_NE(std::string_view(foreign.what()).find("child.user_id -> user.id"), std::string_view::npos)
        << foreign.what();
    session->rollback();
    EXPECT_EQ(session->query<Child>().count(), 0);
    std::vector<Every> wrong(many);
    for (std::size_t i = 0; i < many; ++i) wrong[i].name = std::to_string(i);
    wrong[9].text = std::string("a\0b", 3);
    EXPECT_EQ(code_of([&] { session->execute(kin::insert(wrong)); }), "nul_in_text");
}

TEST_F(postgresql_copy, leaves_tables_to_INSERT_where_COPY_would_do_something_else) {
    const auto inserts = [&] {
        counter->reset();
        EXPECT_EQ(session->execute(kin::insert(children(many))), static_cast<std::int64_t>(many));
        const bool copied_them = copied();
        session->execute("DELETE FROM child");
        session->commit();
        return !copied_them;
    };
    EXPECT_FALSE(inserts());
    session->execute("CREATE RULE also AS ON INSERT TO child DO ALSO NOTIFY nobody");
    session->commit();
    EXPECT_TRUE(inserts());
    session->execute("DROP RULE also ON child");
    session->execute("ALTER TABLE child ENABLE ROW LEVEL SECURITY");
    session->commit();
    EXPECT_TRUE(inserts());
    session->execute("ALTER TABLE child DISABLE ROW LEVEL SECURITY");
    session->execute("ALTER TABLE child RENAME TO children");
    session->execute("CREATE VIEW child AS SELECT * FROM children");
    session->commit();
    EXPECT_TRUE(inserts());
    std::vector<Tagged> tagged;
    for (std::size_t i = 0; i < many; ++i)
        tagged.push_back({.name = std::to_string(i), .tags = {"a", "b,c"}});
    counter->reset();
    session->execute(kin::insert(tagged));
    EXPECT_FALSE(copied()) << "arrays have no binary form here";
    EXPECT_EQ(session->get_one<Tagged>("1")->tags, (std::vector<std::string>{"a", "b,c"}));
    std::vector<Loud> loud;
    for (std::size_t i = 0; i < many; ++i) loud.push_back({.name = std::to_string(i), .word = {"quiet"}});
    session->execute(kin::insert(loud));
    EXPECT_EQ(session->get_one<Loud>("1")->word.text, "QUIET");
}

TEST(postgresql_numeric, text_becomes_what_is_read_again) {
    using kin::postgresql::numeric_of_text;
    using kin::postgresql::text_of_numeric;
    for (const char* text : {"0", "7", "-12.5", "0.0015", "0.00000001", "10002", "300000000", "-0.1",
                             "12345678901234567890.000012345", "99999999999999999999999999999999999999"})
        EXPECT_EQ(text_of_numeric(numeric_of_text(text)), text);
    for (const char* text : {"", "-", ".", "NaN", "1e5", "1.2.3", " 1", "0x1"})
        EXPECT_EQ(numeric_of_text(text), "") << text;
}

} // namespace
