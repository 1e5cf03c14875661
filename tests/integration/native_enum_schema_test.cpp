// SPDX-License-Identifier: MIT
// The native types of enumerations: what create_all and drop_all make of them, and what the database refuses.
#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "integration/native_enum_models.hpp"
#include "kin/testing/statement_counter.hpp"

namespace {

using kin::col;
using namespace wardrobe;

TEST_F(native_enums, are_columns_of_an_enumerated_type_where_the_database_has_them) {
    db.create_all<Shirt>();
    if (has(kin::feature::enum_types)) {
        EXPECT_EQ(type_of("shirt", "status"), "status");
        EXPECT_EQ(type_of("shirt", "size"), "\"ShirtSize\"");
        EXPECT_EQ(type_of("shirt", "sizes"), "\"ShirtSize\"[]");
        EXPECT_EQ(find_type("status")->words, (std::vector<std::string>{"draft", "published", "archived"}));
        EXPECT_EQ(find_type("ShirtSize")->words.at(0), "it's small, isn't it");
    } else if (has(kin::feature::native_enums)) {
        EXPECT_EQ(type_of("shirt", "status"), "enum('draft','published','archived')");
    } else {
        EXPECT_EQ(type_of("shirt", "status"), "VARCHAR(9)");
    }
}

TEST_F(native_enums, of_other_kinds_are_texts) {
    db.create_all<Shirt>();
    std::string mood = type_of("shirt", "mood");
    std::transform(mood.begin(), mood.end(), mood.begin(),
                   [](char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(mood.substr(mood.size() - 3), "(4)") << mood;
    run("INSERT INTO shirt (name, status, sizes, mood, season) VALUES ('a', 'draft', " +
        std::string(has(kin::feature::native_arrays) ? "'{}'" : "'[]'") + ", 'odd', 'warm')");
    EXPECT_THROW((void)db.session().query<Shirt>().all(), kin::conversion_error);
    EXPECT_THROW(run("UPDATE shirt SET season = 'late'"), kin::check_violation);
}

TEST_F(native_enums, are_created_once_for_all_tables_before_them) {
    kin::testing::statement_counter counter{db};
    db.create_all<Coat, Shirt>();
    std::vector<std::string> created;
    for (const std::string& sql : counter.statements()) {
        if (sql.starts_with("CREATE T")) created.push_back(sql.substr(0, sql.find('(')));
    }
    if (has(kin::feature::enum_types)) {
        EXPECT_EQ(created, (std::vector<std::string>{R"(CREATE TYPE "status" AS ENUM )",
                                                     R"(CREATE TYPE "ShirtSize" AS ENUM )",
                                                     R"(CREATE TABLE "coat" )", R"(CREATE TABLE "shirt" )"}));
    } else {
        EXPECT_EQ(created.size(), 2u);
    }
    counter.reset();
    db.create_all<Coat, Shirt>();
    for (const std::string& sql : counter.statements()) EXPECT_FALSE(sql.starts_with("CREATE")) << sql;
}

TEST_F(native_enums, have_their_type_as_long_as_a_table_uses_it) {
    if (!has(kin::feature::enum_types)) GTEST_SKIP() << "types have no names here";
    db.create_all<Coat>();
    db.create_all<Shirt>();
    db.drop_all<Shirt>();
    EXPECT_TRUE(find_type("status")->in_use);
    EXPECT_FALSE(find_type("ShirtSize"));
    db.drop_all<Coat>();
    EXPECT_FALSE(find_type("status"));
    // What a program dropped by hand has left behind.
    db.create_all<Coat>();
    run("DROP TABLE coat");
    ASSERT_TRUE(find_type("status"));
    db.drop_all<Coat>();
    EXPECT_FALSE(find_type("status"));
    kin::testing::statement_counter counter{db};
    db.drop_all<Coat>();
    for (const std::string& sql : counter.statements()) EXPECT_TRUE(sql.starts_with("SELECT")) << sql;
}

TEST_F(native_enums, are_known_again_when_their_type_was_made_anew) {
    for (int round = 0; round < 2; ++round) {
        db.create_all<Coat>();
        kin::session s = db.session();
        s.add(Coat{.name = "a", .status = Status::archived});
        s.add(Coat{.name = "b", .status = Status::published});
        s.commit();
        EXPECT_EQ(db.session().query<Coat>().where(col<&Coat::status> == Status::archived).one()->name, "a");
        db.drop_all<Coat>();
    }
}

TEST_F(native_enums, of_other_words_than_the_type_are_an_error_that_names_them) {
    if (!has(kin::feature::enum_types)) GTEST_SKIP() << "types have no names here";
    run("CREATE TYPE status AS ENUM ('published', 'draft', 'lost')");
    const auto create = [&] { db.create_all<Coat>(); };
    try {
        create();
        FAIL() << "nothing was thrown";
    } catch (const kin::statement_error& e) {
        EXPECT_EQ(e.code(), "enumeration_differs");
        EXPECT_EQ(e.column(), "status");
        EXPECT_EQ(e.message(), "the type \"status\" of column coat.status has other words than the "
                               "enumeration: it has not 'archived', and it has "
                               "also 'lost'; add the missing ones by ALTER TYPE ... ADD VALUE; give the "
                               "enumeration the others, or make the type "
                               "anew without them");
    }
    run("ALTER TYPE status ADD VALUE 'archived'");
    EXPECT_THROW(create(), kin::statement_error);
    run("DROP TYPE status");
    run("CREATE TYPE status AS ENUM ('published', 'draft', 'archived')"); // the order is the database's matter
    create();
    // Also when no table is missing: the enumeration has grown.
    run("ALTER TYPE status ADD VALUE 'lost'");
    EXPECT_THROW(create(), kin::statement_error);
}

TEST_F(native_enums, have_a_name_in_the_style_of_the_database) {
    if (!has(kin::feature::enum_types)) GTEST_SKIP() << "types have no names here";
    const kin::database snake{kin::testing::fresh_url("names=snake_case")};
    snake.create_all<Shirt>();
    kin::session s = snake.session();
    s.add(Shirt{.size = Size::large});
    s.commit();
    EXPECT_EQ(std::get<0>(
                  snake.session().sql<std::string>("SELECT CAST(pg_typeof(size) AS TEXT) FROM shirt").one()),
              "shirt_size");
    snake.create_all<Shirt>();
    snake.drop_all<Shirt>();
    kin::connection c = snake.engine().connect();
    EXPECT_FALSE(snake.engine().inspect(c)->find_type("shirt_size"));
}
TEST_F(native_enums, refuse_words_that_they_do_not_have) {
    db.create_all<Coat>();
    run("INSERT INTO coat (name, status) VALUES ('a', 'draft')");
    for (const std::string word : {"lost", "Draft", ""}) {
        try {
            run("UPDATE coat SET status = '" + word + "'");
            ADD_FAILURE() << "the database took \"" << word << '"';
        } catch (const kin::check_violation&) {
            EXPECT_FALSE(has(kin::feature::native_enums)) << word;
        } catch (const kin::data_error& e) {
            EXPECT_TRUE(has(kin::feature::native_enums)) << word;
            EXPECT_EQ(e.code(), "wrong_type") << word;
        }
    }
}

TEST_F(native_enums, refuse_values_without_a_name) {
    db.create_all<Coat>();
    kin::session s = db.session();
    s.add(Coat{.name = "a", .status = static_cast<Status>(77)});
    try {
        s.flush();
        FAIL() << "nothing was thrown";
    } catch (const kin::data_error& e) {
        EXPECT_EQ(e.code(), "value_out_of_range");
    }
}

} // namespace

// Names that are taken.

namespace wardrobe::taken {

enum class Kind { a, b };
enum class Point { left, right };
enum class Other { b, c };
struct kind {
    kin::primary_key<int> id;
    Kind value = Kind::a;
};
struct Place {
    kin::primary_key<int> id;
    Point value = Point::left;
};
struct Left {
    kin::primary_key<int> id;
    Status value = Status::draft;
};
struct Right {
    kin::primary_key<int> id;
    Other value = Other::b;
};

} // namespace wardrobe::taken

template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::taken::Kind> = kin::enum_storage::native;
template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::taken::Point> = kin::enum_storage::native;
template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::taken::Other> = kin::enum_storage::native;
template <> inline constexpr std::string_view kin::enum_type_name<wardrobe::taken::Other> = "status";

namespace {

template <class Error> std::string message_of(auto&& work) {
    try {
        work();
    } catch (const Error& e) {
        return std::string(e.code()) + ": " + std::string(e.message());
    }
    return "nothing was thrown";
}

TEST_F(native_enums, of_fewer_words_than_the_enumeration_are_an_error_too) {
    if (!has(kin::feature::enum_types)) GTEST_SKIP() << "types have no names here";
    run("CREATE TYPE status AS ENUM ('draft', 'published')");
    EXPECT_EQ(message_of<kin::statement_error>([&] { db.create_all<Coat>(); }),
              "enumeration_differs: the type \"status\" of column coat.status has other words than the "
              "enumeration: it has not 'archived'; add the missing ones by ALTER TYPE ... ADD VALUE");
    run("ALTER TYPE status ADD VALUE 'archived'");
    db.create_all<Coat>();
    db.drop_all<Coat>();
}

TEST_F(native_enums, cannot_have_the_name_of_something_else) {
    if (!has(kin::feature::enum_types)) GTEST_SKIP() << "types have no names here";
    namespace taken = wardrobe::taken;
    EXPECT_EQ(message_of<kin::compile_error>([&] { db.create_all<taken::kind>(); }),
              "bad_enumeration: the native type \"kind\" of the enumeration in column kind.value has the "
              "name of the table \"kind\", "
              "whose rows are a type, too; give it another: kin::enum_type_name");
    EXPECT_EQ(message_of<kin::compile_error>([&] { db.create_all<taken::Left, taken::Right>(); }),
              "bad_enumeration: the native type \"status\" of the enumeration in column right.value has the "
              "name of that in column "
              "left.value, which has other words; give it another: kin::enum_type_name");
    EXPECT_EQ(message_of<kin::statement_error>([&] { db.create_all<taken::Place>(); }),
              "enumeration_differs: the type \"point\" of column place.value is there and is no enumeration: "
              "a type of the database's "
              "own, or the rows of a table; give the enumeration's another name: kin::enum_type_name");
    kin::connection c = db.engine().connect();
    EXPECT_TRUE(db.engine().inspect(c)->table_names().empty());
}

} // namespace
