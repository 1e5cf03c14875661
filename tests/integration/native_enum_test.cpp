// SPDX-License-Identifier: MIT
// Enumerations stored as enumerated types of the database (kin::enum_stored_as), as text with a CHECK, and as text alone: the same models and the
// same results on every database.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/engine/inspector.hpp"
#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "kin/testing/statement_counter.hpp"
#include "support/test_database.hpp"

namespace wardrobe {

enum class Status { draft, published, archived }; // not in the order of the alphabet
enum class Size { small, medium, large };
enum class Mood { calm, wild };   // text
enum class Season { warm, cold }; // checked

} // namespace wardrobe

template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::Status> = kin::enum_storage::native;
template <>
inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::Size> = kin::enum_storage::native;
template <> inline constexpr std::string_view kin::enum_type_name<wardrobe::Size> = "ShirtSize";
template <> struct kin::enum_names<wardrobe::Size> {
    using Size = wardrobe::Size;
    static constexpr kin::enum_entry<Size> entries[] = {{Size::small, "it's small, isn't it"},
                                                        {Size::medium, "\"M\", \\{NULL}"},
                                                        {Size::large, "gr\xC3\xB6\xC3\x9F"
                                                                      "er"}};
};
template <> inline constexpr kin::enum_storage kin::enum_stored_as<wardrobe::Mood> = kin::enum_storage::text;

namespace wardrobe {

struct Shirt {
    kin::primary_key<int> id;
    std::string name;
    Status status = Status::draft;
    std::optional<Size> size;
    std::vector<Size> sizes;
    std::optional<std::vector<std::optional<Status>>> history;
    Mood mood = Mood::calm;
    Season season = Season::warm;
};

/// A native enumeration as a key, and as a foreign one.
struct Rate {
    kin::primary_key<Size> size;
    int cents = 0;
    kin::has_many<struct Order> orders;
};
struct Order {
    kin::primary_key<int> id;
    kin::foreign_key<&Rate::size> rate_size;
    int count = 0;
    kin::belongs_to<Rate, &Order::rate_size> rate;
};

/// A second table with the same type, and a value of the database's own.
struct Coat {
    kin::primary_key<int> id;
    std::string name;
    Status status = Status::draft;
};
void describe(kin::mapping<Coat>& m) { m.column<&Coat::status>().server_default("'published'"); }

constexpr Status all_statuses[] = {Status::draft, Status::published, Status::archived};
constexpr Size all_sizes[] = {Size::small, Size::medium, Size::large};

} // namespace wardrobe

namespace {

using kin::col;
using namespace wardrobe;

class native_enums : public testing::Test {
protected:
    [[nodiscard]] bool has(kin::feature f) const { return db.engine().dialect().supports(f); }
    [[nodiscard]] std::string type_of(std::string_view table, std::string_view name) const {
        kin::connection c = db.engine().connect();
        for (const kin::inspected_column& found : db.engine().inspect(c)->columns(table)) {
            if (found.name == name) return found.type;
        }
        return {};
    }
    [[nodiscard]] std::optional<kin::inspected_type> find_type(std::string_view name) const {
        kin::connection c = db.engine().connect();
        return db.engine().inspect(c)->find_type(name);
    }
    void run(std::string_view sql) const { db.engine().connect().execute(sql); }

    kin::database db{kin::testing::fresh_url()};
};

/// With a row for each status and size.
class native_enum_rows : public native_enums {
protected:
    void SetUp() override {
        db.create_all<Shirt, Rate, Order>();
        for (const Status status : all_statuses) {
            for (const Size size : all_sizes)
                shirts.push_back(session.add(Shirt{.name = std::to_string(shirts.size()),
                                                   .status = status,
                                                   .size = size,
                                                   .sizes = {size, Size::large}}));
        }
        shirts.push_back(session.add(Shirt{.name = "none", .status = Status::published}));
        session.commit();
    }
    [[nodiscard]] std::int64_t count(const kin::predicate& condition) const {
        return db.session().query<Shirt>().where(condition).count();
    }

    kin::session session = db.session();
    std::vector<kin::ref<Shirt>> shirts;
};

// What is created.

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

// Writing and reading.

TEST_F(native_enum_rows, come_back_as_they_went) {
    kin::session reader = db.session();
    for (const kin::ref<Shirt>& shirt : shirts) {
        const auto there = reader.get_one<Shirt>(shirt->id);
        EXPECT_EQ(there->status, shirt->status);
        EXPECT_EQ(there->size, shirt->size);
        EXPECT_EQ(there->sizes, shirt->sizes);
    }
    EXPECT_EQ(reader.select(col<&Shirt::status>, col<&Shirt::size>, col<&Shirt::sizes>)
                  .where(col<&Shirt::id> == shirts.front()->id)
                  .one(),
              (std::tuple(Status::draft, std::optional(Size::small), std::vector{Size::small, Size::large})));
    EXPECT_EQ(std::get<0>(reader.sql<std::string>("SELECT size FROM shirt WHERE name = '1'").one()),
              kin::enum_name(Size::medium));
    EXPECT_EQ(reader.sql<Status>("SELECT DISTINCT status FROM shirt").all().size(), 3u);
}

TEST_F(native_enum_rows, are_found_by_every_condition) {
    EXPECT_EQ(count(col<&Shirt::status> == Status::published), 4);
    EXPECT_EQ(count(col<&Shirt::status> != Status::published), 6);
    EXPECT_EQ(count(col<&Shirt::size> == Size::medium), 3);
    EXPECT_EQ(count(col<&Shirt::size>.is_null()), 1);
    EXPECT_EQ(count(col<&Shirt::size> == std::optional<Size>()), 1);
    EXPECT_EQ(count(col<&Shirt::status>.in({Status::draft, Status::archived})), 6);
    EXPECT_EQ(count(col<&Shirt::status>.not_in({Status::draft})), 7);
    EXPECT_EQ(count(kin::coalesce(col<&Shirt::size>, Size::small) == Size::small), 4);
    EXPECT_EQ(count(col<&Shirt::status> == col<&Shirt::status>), 10);
    EXPECT_EQ(count(col<&Shirt::sizes> == std::vector{Size::medium, Size::large}), 3);
    EXPECT_EQ(count(col<&Shirt::sizes> == std::vector<Size>{}), 1);
}

TEST_F(native_enum_rows, are_found_by_lists_of_any_length) {
    std::vector<Status> many(40, Status::draft);
    EXPECT_EQ(count(col<&Shirt::status>.in(many)), 3);
    EXPECT_EQ(count(col<&Shirt::status>.not_in(many)), 7);
    many.push_back(Status::archived);
    EXPECT_EQ(count(col<&Shirt::status>.in(many)), 6);
    std::vector<std::optional<Size>> sizes(40, Size::medium);
    sizes.push_back(std::nullopt);
    EXPECT_EQ(count(col<&Shirt::size>.in(sizes)), 4);
    EXPECT_EQ(count(kin::coalesce(col<&Shirt::size>, Size::medium).in(std::vector<Size>(40, Size::medium))),
              4);
    // Texts beside them are texts.
    EXPECT_EQ(count(col<&Shirt::name>.in(std::vector<std::string>(40, "none"))), 1);
    EXPECT_EQ(count(kin::upper(col<&Shirt::name>).in(std::vector<std::string>(40, "NONE"))), 1);
    EXPECT_EQ(count(col<&Shirt::mood>.in(std::vector<Mood>(40, Mood::calm))), 10);
}

TEST_F(native_enum_rows, are_ordered_by_declaration_and_else_by_the_word) {
    std::vector<Status> order;
    for (const auto& [status] : session.select(col<&Shirt::status>).order_by(col<&Shirt::status>).all()) {
        if (order.empty() || order.back() != status) order.push_back(status);
    }
    if (has(kin::feature::native_enums))
        EXPECT_EQ(order, std::vector(std::begin(all_statuses), std::end(all_statuses)));
    else
        EXPECT_EQ(order, (std::vector{Status::archived, Status::draft, Status::published}));
}

TEST_F(native_enum_rows, are_grouped) {
    const auto groups = session.select(col<&Shirt::status>, kin::count())
                            .group_by(col<&Shirt::status>)
                            .having(kin::count() > 3)
                            .all();
    ASSERT_EQ(groups.size(), 1u);
    EXPECT_EQ(groups.front(), (std::tuple(Status::published, std::int64_t{4})));
    EXPECT_EQ(std::get<0>(session.select(kin::count_distinct(col<&Shirt::size>)).one()), 3);
}

TEST_F(native_enum_rows, are_updated_alone_and_together) {
    shirts[0]->status = Status::archived;
    shirts[0]->history = {{Status::draft, std::nullopt, Status::archived}};
    session.commit();
    // Each row gets values of its own, in the same columns.
    kin::testing::statement_counter counter{db};
    const auto after = [](auto value) {
        return static_cast<decltype(value)>((static_cast<int>(value) + 1) % 3);
    };
    for (std::size_t i = 0; i < shirts.size(); ++i) {
        shirts[i]->status = after(shirts[i]->status);
        shirts[i]->size =
            i % 4 == 3 ? std::nullopt : std::optional(after(shirts[i]->size.value_or(Size::small)));
        shirts[i]->sizes.assign(3 * (i % 2), all_sizes[i % 3]);
        shirts[i]->history = {{all_statuses[i % 3], std::nullopt}};
        shirts[i]->mood = Mood::wild;
    }
    session.commit();
    const bool together = db.engine().dialect().limits().fewest_rows_per_update <= shirts.size();
    EXPECT_EQ(counter.count(), together ? 1u : shirts.size());
    kin::session reader = db.session();
    for (std::size_t i = 0; i < shirts.size(); ++i) {
        const auto there = reader.get_one<Shirt>(shirts[i]->id);
        EXPECT_EQ(there->status, shirts[i]->status) << i;
        EXPECT_EQ(there->size, shirts[i]->size) << i;
        EXPECT_EQ(there->sizes, shirts[i]->sizes) << i;
        EXPECT_EQ(there->history, shirts[i]->history) << i;
        EXPECT_EQ(there->mood, Mood::wild) << i;
    }
}

TEST_F(native_enum_rows, are_updated_and_removed_by_set) {
    EXPECT_EQ(session.execute(kin::update<Shirt>()
                                  .set(col<&Shirt::status>, Status::archived)
                                  .set(col<&Shirt::size>, Size::small)
                                  .where(col<&Shirt::status> == Status::draft)),
              3);
    EXPECT_EQ(session.execute(kin::update<Shirt>()
                                  .set(col<&Shirt::size>, kin::coalesce(col<&Shirt::size>, Size::large))
                                  .where(col<&Shirt::size>.is_null())),
              1);
    session.commit();
    EXPECT_EQ(count(col<&Shirt::status> == Status::archived), 6);
    EXPECT_EQ(count(col<&Shirt::size>.is_null()), 0);
    EXPECT_EQ(session.execute(kin::remove_from<Shirt>().where(col<&Shirt::status>.in({Status::archived}))),
              6);
    for (const auto& [status] : session.execute(
             kin::insert<Shirt>({{.name = "r", .status = Status::archived}}).returning(col<&Shirt::status>)))
        EXPECT_EQ(status, Status::archived);
}

TEST_F(native_enum_rows, are_inserted_in_great_numbers) {
    std::vector<Shirt> rows;
    for (std::size_t i = 0; i < 1'500; ++i) {
        rows.push_back({.name = "many",
                        .status = all_statuses[i % 3],
                        .size = i % 4 == 3 ? std::nullopt : std::optional(all_sizes[i % 3]),
                        .sizes = {}});
    }
    EXPECT_EQ(session.execute(kin::insert(rows)), 1'500);
    session.commit();
    db.create_all<Coat>();
    std::vector<Coat> coats;
    for (std::size_t i = 0; i < 1'500; ++i) coats.push_back({.name = "c", .status = all_statuses[1 + i % 2]});
    EXPECT_EQ(session.execute(kin::insert(coats)), 1'500);
    session.commit();
    EXPECT_EQ(count(col<&Shirt::name> == "many" && col<&Shirt::status> == Status::archived), 500);
    EXPECT_EQ(count(col<&Shirt::name> == "many" && col<&Shirt::size>.is_null()), 375);
    EXPECT_EQ(db.session().query<Coat>().where(col<&Coat::status> == Status::archived).count(), 750);
}

TEST_F(native_enum_rows, are_keys_and_foreign_keys) {
    for (const Size size : all_sizes) {
        auto rate = session.add(Rate{.size = size, .cents = 100});
        for (int i = 0; i < 3; ++i) rate->orders.push_back(kin::make(Order{.count = i}));
    }
    session.commit();
    kin::session reader = db.session();
    kin::testing::statement_counter counter{db};
    std::vector<kin::ref<Rate>> rates = reader.query<Rate>().all();
    ASSERT_EQ(rates.size(), 3u);
    for (const kin::ref<Rate>& rate : rates) {
        EXPECT_EQ(rate->orders.size(), 3u);
        for (const auto& order : rate->orders) EXPECT_EQ(order->rate_size, rate->size);
    }
    EXPECT_EQ(counter.count(), 2u);
    EXPECT_EQ(reader.get_one<Rate>(Size::large)->cents, 100);
    EXPECT_EQ(reader.query<Order>().where(col<&Order::rate>.has(col<&Rate::size> == Size::medium)).count(),
              3);
    // The other way, for many at once.
    kin::session other = db.session();
    for (const kin::ref<Order>& order : other.query<Order>().all())
        EXPECT_EQ(order->rate->size, order->rate_size);
    // Rows found by such a key get values of their own.
    for (kin::ref<Rate>& rate : rates) rate->cents = rate->size == Size::small ? 1 : 2;
    reader.commit();
    EXPECT_EQ(db.session().get_one<Rate>(Size::small)->cents, 1);
    reader.remove(rates.front()->orders.front());
    for (auto& order : reader.query<Order>().all()) reader.remove(order);
    for (auto& rate : rates) reader.remove(rate);
    reader.commit();
    EXPECT_EQ(db.session().query<Rate>().count(), 0);
}

TEST_F(native_enums, take_the_default_of_the_database) {
    db.create_all<Coat>();
    kin::session s = db.session();
    auto coat = s.add(Coat{.name = "a"});
    s.commit();
    EXPECT_EQ(coat->status, Status::published);
}

TEST_F(native_enums, are_parameters_of_raw_sql) {
    db.create_all<Coat>();
    kin::session s = db.session();
    s.add(Coat{.name = "a", .status = Status::archived});
    s.commit();
    EXPECT_EQ(std::get<0>(s.sql<std::string>("SELECT name FROM coat WHERE status = :status",
                                             {{"status", Status::archived}})
                              .one()),
              "a");
}

// Errors.

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
