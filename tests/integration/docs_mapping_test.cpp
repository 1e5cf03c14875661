// SPDX-License-Identifier: MIT
// The code of docs/guide/mapping.md.
#include <kin/kin.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace docs::mapping_page {

// [enum]
enum class Status { draft, published, withdrawn };
// [/enum]

// [members]
struct Article {
    kin::primary_key<int> id;           // INTEGER, PRIMARY KEY: made by the database
    kin::varchar<120> title;            // VARCHAR(120) NOT NULL; is a std::string
    std::string text;                   // TEXT NOT NULL
    std::optional<std::string> summary; // TEXT
    bool pinned = false;                // BOOLEAN NOT NULL, CHECK (pinned IN (0, 1))
    std::int64_t views = 0;             // BIGINT NOT NULL
    double rating = 0;                  // REAL NOT NULL
    std::vector<std::byte> picture;     // BLOB NOT NULL
    Status status = Status::draft;      // VARCHAR(9) NOT NULL, CHECK (status IN ('draft', ...))
    std::chrono::sys_time<std::chrono::microseconds> created; // TIMESTAMP NOT NULL, UTC
    std::optional<std::chrono::year_month_day> printed;       // DATE
};
// [/members]

// [options]
struct Account {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{254}, kin::unique> email;
    kin::field<std::string, kin::length{20}, kin::server_default{"'reader'"}> role;
    kin::field<int, kin::index> score;
    kin::field<std::string, kin::column_name{"full_name"}> name;
};

struct Login {
    kin::primary_key<int> id;
    kin::foreign_key<&Account::id, kin::on_delete::cascade> account_id;
};
// [/options]

// [schemas]
struct Bill {
    kin::primary_key<int> id;
    std::string number;
};
void describe(kin::mapping<Bill>& m) {
    m.schema("sales");
    m.table("bills"); // "sales"."bills"
}

struct Payment { // ... or in the class
    kin::primary_key<int> id;
    kin::foreign_key<&Bill::id> bill_id; // REFERENCES "sales"."bills"
    static constexpr auto kin_options = kin::options(kin::table_schema{"sales"});
};
// [/schemas]

// [foreign_keys]
struct Chapter {
    kin::primary_key<int> book;
    kin::primary_key<int> number;
};

struct Footnote {
    kin::primary_key<int> id;
    kin::foreign_key<&Chapter::book> book; // with the next one: one constraint of two columns
    kin::foreign_key<&Chapter::number> chapter;
    std::optional<kin::foreign_key<&Footnote::id, kin::initially_deferred>>
        continues_id; // checked by the COMMIT
};

void describe(kin::mapping<Footnote>& m) {
    m.foreign_key<&Footnote::book, &Footnote::chapter>()
        .name("fk_footnote_chapter") // instead of fk_footnote_book_chapter
        .on_delete(kin::on_delete::cascade)
        .deferred();
}
// [/foreign_keys]

// [describe]
struct Product {
    int id = 0;
    std::string name;
    std::string maker;
    std::int64_t price_cents = 0;
};

void describe(kin::mapping<Product>& m) {
    m.table("products");
    m.comment("what the shop sells");
    m.column<&Product::price_cents>().name("price").server_default("0");
    m.unique<&Product::maker, &Product::name>();
    m.index<&Product::name>().name("ix_products_by_name");
    m.check("length(name) > 0", "ck_products_name");
}
// [/describe]

// [rules]
struct Customer {
    kin::primary_key<int> id;
    kin::varchar<80> name;
    std::string email;
    std::optional<std::string> history;
};

void describe(kin::mapping<Customer>& m) {
    m.column<&Customer::email>().validate(
        [](const Customer&, const std::string& email) { return email.find('@') != std::string::npos; },
        "an address has an @");
    m.column<&Customer::name>().on_set(
        [](kin::ref<Customer> customer, const std::string& before, const std::string& now) {
            if (!before.empty()) customer->history = before + " became " + now;
        });
}
// [/rules]

// [defaults]
using time_point = std::chrono::sys_time<std::chrono::microseconds>;

std::string slug_of(const std::string& title);

struct Story {
    kin::field<kin::uuid, kin::key> id;
    std::string title;
    std::string slug;
    time_point created_at;
    std::optional<time_point> changed_at;
    int edits = 0;
};

void describe(kin::mapping<Story>& m) {
    m.column<&Story::id>().insert_default([] { return kin::uuid::v7(); });
    m.column<&Story::slug>().insert_default([](const Story& s) { return slug_of(s.title); });
    m.column<&Story::created_at>().insert_default(kin::now());
    m.column<&Story::changed_at>().update_default(kin::now());
    m.column<&Story::edits>().update_default([] { return kin::col<&Story::edits> + 1; }); // of the row
}
// [/defaults]

std::string slug_of(const std::string& title) {
    std::string slug = title;
    for (char& c : slug) {
        if (c == ' ') c = '-';
    }
    return slug;
}

// [versioned]
struct Doc {
    kin::primary_key<int> id;
    std::string text;
    kin::field<int, kin::version> version;
};
// [/versioned]

// [on_update]
struct Country {
    kin::field<std::string, kin::key, kin::length{2}> code; // the program makes it
    std::string name;
};

struct City {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Country::code> country_code;                                       // ON UPDATE CASCADE
    std::optional<kin::foreign_key<&Country::code, kin::on_update::set_null>> twin_code; // ON UPDATE SET NULL
    kin::belongs_to<Country, &City::country_code> country;
};
// [/on_update]

// [static_options]
struct Tag {
    kin::primary_key<int> id;
    std::string language;
    std::string word;
    static constexpr auto kin_options = kin::options(kin::table_name{"tags"}, kin::check{"length(word) > 0"},
                                                     kin::unique_together<&Tag::language, &Tag::word>);
};
// [/static_options]

// [composite_key]
struct Enrolment {
    kin::primary_key<int> student_id;
    kin::primary_key<int> course_id;
    std::optional<double> grade;
};
// [/composite_key]

// [several]
struct Flight;

struct Airport {
    kin::primary_key<int> id;
    std::string code;
    kin::has_many<Flight, "from"> departures; // the member of Flight that answers
    kin::has_many<Flight, "to"> arrivals;
};

struct Flight {
    kin::primary_key<int> id;
    kin::foreign_key<&Airport::id> from_id;
    kin::foreign_key<&Airport::id> to_id;
    kin::belongs_to<Airport, &Flight::from_id> from;
    kin::belongs_to<Airport, &Flight::to_id> to;
};
// [/several]

// [tree]
struct Category {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::foreign_key<&Category::id>> parent_id;
    kin::belongs_to<Category> parent;
    kin::has_many<Category> children;
};

void describe(kin::mapping<Category>& m) {
    m.relationship<&Category::children>()
        .cascade(kin::cascade::all | kin::cascade::delete_orphan)
        .order_by(kin::col<&Category::name>);
}
// [/tree]

// [cycle]
struct Player;

struct Team {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Player, int>> captain_id; // Player's primary key, an int
    kin::belongs_to<Player, &Team::captain_id> captain;
    kin::has_many<Player> players;
};

struct Player {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
};
// [/cycle]

enum class Level : std::uint16_t { low = 100, high = 900 };

struct Money {
    std::int64_t cents = 0;
};

} // namespace docs::mapping_page

// [enum_names]
template <> struct kin::enum_names<docs::mapping_page::Level> {
    using Level = docs::mapping_page::Level;
    static constexpr kin::enum_entry<Level> entries[] = {{Level::low, "low"}, {Level::high, "high"}};
};
// [/enum_names]

// [enum_storage]
template <>
inline constexpr kin::enum_storage kin::enum_stored_as<docs::mapping_page::Level> = kin::enum_storage::native;
template <>
inline constexpr std::string_view kin::enum_type_name<docs::mapping_page::Level> =
    "invoice_level"; // else "level"
// [/enum_storage]

// [codec]
template <> struct kin::codec<docs::mapping_page::Money> {
    using Money = docs::mapping_page::Money;
    static constexpr kin::column_type type = {.kind = kin::type_kind::integer};
    static bool encode(const Money& in, kin::encoder to) { return to.integer(in.cents); }
    static bool decode(Money& out, const kin::cell& from) {
        return kin::codec<std::int64_t>::decode(out.cents, from);
    }
};
// [/codec]

namespace docs::mapping_page {

// [no_aggregate]
class Sensor {
public:
    Sensor() = default;
    explicit Sensor(std::string place) : place_(std::move(place)) {}
    [[nodiscard]] int id() const { return id_; }
    [[nodiscard]] const std::string& place() const { return place_; }

private:
    friend void describe(kin::mapping<Sensor>& m);
    int id_ = 0;
    std::string place_;
};

void describe(kin::mapping<Sensor>& m) {
    m.column<&Sensor::id_>().name("id").primary_key();
    m.column<&Sensor::place_>().name("place");
}
// [/no_aggregate]

struct Invoice {
    kin::primary_key<int> id;
    Money total;
    Level level = Level::low;
};

namespace {

std::string created(const char* table, const kin::database& db) {
    kin::session s = db.session();
    return std::get<0>(
        s.sql<std::string>("SELECT sql FROM sqlite_schema WHERE name = :t", {{"t", table}}).one());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(docs_mapping, the_types_of_the_members_are_those_that_the_page_says) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Article>();
    const std::string sql = created("article", db);
    for (const char* part :
         {R"("id" INTEGER NOT NULL)", R"("title" VARCHAR(120) NOT NULL)", R"("text" TEXT NOT NULL)",
          "\"summary\" TEXT,", R"("pinned" BOOLEAN NOT NULL)", R"("views" BIGINT NOT NULL)",
          R"("rating" REAL NOT NULL)", R"("picture" BLOB NOT NULL)", R"("status" VARCHAR(9) NOT NULL)",
          R"("created" TIMESTAMP NOT NULL)", "\"printed\" DATE,", R"(CHECK ("pinned" IN (0, 1)))",
          R"(CHECK ("status" IN ('draft', 'published', 'withdrawn')))"}) {
        EXPECT_TRUE(has(sql, part)) << part << " is not in " << sql;
    }

    kin::session session = db.session();
    using namespace std::chrono;
    auto article = session.add(Article{.title = "On maps",
                                       .picture = {std::byte{1}, std::byte{0}},
                                       .status = Status::published,
                                       .created = sys_days{2026y / 11 / 25} + 10h,
                                       .printed = 2026y / 12 / 1});
    session.commit();
    session.refresh(article);
    EXPECT_EQ(article->status, Status::published);
    EXPECT_EQ(article->printed, 2026y / 12 / 1);
    EXPECT_EQ(article->created, (sys_days{2026y / 11 / 25} + 10h));
    const auto stored = session.sql<std::string, std::string>("SELECT status, created FROM article").one();
    EXPECT_EQ(stored, (std::tuple<std::string, std::string>("published", "2026-11-25 10:00:00")));
}

TEST(docs_mapping, options_become_ddl) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Account, Login, Product, Tag>();
    const std::string account = created("account", db);
    EXPECT_TRUE(has(account, R"("email" VARCHAR(254) NOT NULL)"));
    EXPECT_TRUE(has(account, R"(CONSTRAINT "uq_account_email" UNIQUE ("email"))"));
    EXPECT_TRUE(has(account, R"("role" VARCHAR(20) NOT NULL DEFAULT 'reader')"));
    EXPECT_FALSE(created("ix_account_score", db).empty());
    EXPECT_TRUE(has(created("login", db), "ON DELETE CASCADE"));
    EXPECT_FALSE(created("ix_login_account_id", db).empty());

    kin::session session = db.session();
    auto account1 = session.add(Account{.email = "john@example.org"});
    session.commit();
    EXPECT_EQ(account1->role, "reader"); // the database's default came back with the key

    EXPECT_TRUE(has(account, R"("full_name" TEXT NOT NULL)"));
    EXPECT_TRUE(has(created("tags", db), R"(UNIQUE ("language", "word"))"));
    EXPECT_TRUE(has(created("tags", db), "CHECK (length(word) > 0)"));

    const std::string product = created("products", db);
    EXPECT_TRUE(has(product, R"("price" BIGINT NOT NULL DEFAULT 0)"));
    EXPECT_TRUE(has(product, R"(CONSTRAINT "uq_products_maker_name" UNIQUE ("maker", "name"))"));
    EXPECT_TRUE(has(product, R"(CONSTRAINT "ck_products_name" CHECK (length(name) > 0))"));
    EXPECT_FALSE(created("ix_products_by_name", db).empty());
}

TEST(docs_mapping, tables_lie_in_schemas) {
    kin::database db{"sqlite:///:memory:",
                     {.on_connect = [](kin::connection& c) { c.execute("ATTACH ':memory:' AS sales"); }}};
    db.create_all<Bill, Payment>();
    kin::session session = db.session();
    auto bill = session.add(Bill{.number = "2024-1"});
    session.commit();
    session.add(Payment{.bill_id = bill->id.get()});
    session.commit();
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM sales.payment").one()), 1);
    const kin::table& payments = kin::mapper_of<Payment>().table();
    EXPECT_EQ(payments.foreign_keys.at(0).target_schema, "sales");
}

TEST(docs_mapping, foreign_keys_have_names_and_wait) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Chapter, Footnote>();
    const auto& keys = kin::mapper_of<Footnote>().table().foreign_keys;
    ASSERT_EQ(keys.size(), 2U);
    for (const kin::foreign_key_constraint& one : keys) EXPECT_EQ(one.checked, kin::key_check::at_commit);
    EXPECT_EQ(keys[1].name, "fk_footnote_chapter");
    EXPECT_EQ(keys[1].columns.size(), 2U);
    EXPECT_EQ(keys[1].on_delete, kin::referential_action::cascade);
}

TEST(docs_mapping, a_key_of_two_columns_is_asked_for_in_the_order_of_the_members) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Enrolment>();
    kin::session session = db.session();
    // [get_composite]
    session.add(Enrolment{.student_id = 7, .course_id = 12, .grade = 1.3});
    session.commit();
    const auto found = db.session().get<Enrolment>(7, 12); // in the order of the members
    // [/get_composite]
    EXPECT_EQ(found->grade, 1.3);
}

TEST(docs_mapping, rules_of_columns_are_applied_before_anything_is_sent) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Customer>();
    // [rules_used]
    kin::session session = db.session();
    auto ann = session.add(Customer{.name = "Ann", .email = "ann at example.org"});
    EXPECT_THROW(session.validate(ann), kin::data_error); // on demand: the session goes on
    ann->email = "ann@example.org";
    session.commit();
    ann->name = "Anna";
    session.commit(); // UPDATE "customer" SET "name" = ?, "history" = ? WHERE "id" = ?
    EXPECT_EQ(ann->history, "Ann became Anna");
    // [/rules_used]
}

TEST(docs_mapping, defaults_are_made_where_the_program_has_said_nothing) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Story>();
    // [defaults_used]
    kin::session session = db.session();
    auto story = session.add(Story{.title = "at the beach"});
    session
        .commit(); // INSERT INTO "story" (..., "created_at") VALUES (..., strftime(...)) RETURNING "created_at"
    EXPECT_EQ(story->slug, "at-the-beach");
    EXPECT_NE(story->created_at, time_point());
    story->title = "at the sea";
    session
        .commit(); // UPDATE "story" SET "title" = ?, "changed_at" = strftime(...), "edits" = "edits" + ? ...
    EXPECT_EQ(story->edits, 1);
    EXPECT_TRUE(story->changed_at.has_value());
    // [/defaults_used]
    EXPECT_NE(story->id, kin::uuid());
    EXPECT_EQ(story->slug, "at-the-beach");
}

TEST(docs_mapping, a_version_keeps_two_editors_apart) {
    kin::database db{"sqlite:///:memory:", {.pool_timeout_ms = 50}};
    db.create_all<Doc>();
    db.transaction([](kin::session& s) { s.add(Doc{.text = "as it was"}); });
    // [version_used]
    kin::session session = db.session();
    auto mine = session.get_one<Doc>(1);
    const int seen = mine->version; // goes into the form, and comes back with it
    db.transaction([](kin::session& s) { s.get_one<Doc>(1)->text = "theirs"; });

    mine->text = "mine";
    mine->version = seen;
    EXPECT_THROW(session.commit(), kin::stale_data); // version_conflict: theirs is not overwritten
    session.rollback();
    session.refresh(mine); // look again, and decide
    mine->text += ", and mine";
    session.commit(); // UPDATE "doc" SET "text" = ?, "version" = ? WHERE "id" = ? AND "version" = ?
    // [/version_used]
    EXPECT_EQ(db.session().get_one<Doc>(1)->text, "theirs, and mine");
    EXPECT_EQ(mine->version, 3);
}

TEST(docs_mapping, keys_that_the_program_makes_may_change) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Country, City>();
    // [on_update_used]
    kin::session session = db.session();
    auto country = session.add(Country{.code = "UK", .name = "United Kingdom"});
    auto london = session.add(City{.name = "London", .country = country});
    auto paris =
        session.add(City{.name = "Paris", .twin_code = "UK", .country = kin::make(Country{.code = "FR"})});
    session.commit();
    country->code = "GB"; // UPDATE "country" SET "code" = ? WHERE "code" = ?
    session.commit();
    EXPECT_EQ(london->country_code, "GB"); // followed, in the database and here
    session.refresh(paris);
    EXPECT_FALSE(paris->twin_code);
    // [/on_update_used]
}

TEST(docs_mapping, several_relationships_to_one_class_are_told_apart_by_their_keys) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Airport, Flight>();
    kin::session session = db.session();
    auto a = session.add(Airport{.code = "HAM"});
    auto b = session.add(Airport{.code = "ZRH"});
    session.add(Flight{.from = a, .to = b});
    session.commit();
    EXPECT_EQ(a->departures.size(), 1u);
    EXPECT_EQ(b->arrivals.size(), 1u);
    EXPECT_TRUE(a->arrivals.empty());
}

TEST(docs_mapping, a_tree_goes_with_its_root) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Category>();
    kin::session session = db.session();
    auto root = session.add(Category{.name = "root"});
    session.add(Category{.name = "b", .parent = root});
    session.add(Category{.name = "a", .parent = root});
    session.commit();
    kin::session reader = db.session();
    const auto again = reader.get_one<Category>(1);
    EXPECT_EQ(again->children.front()->name, "a"); // order_by
    reader.close();
    session.remove(root);
    session.commit();
    EXPECT_EQ(session.query<Category>().count(), 0);
}

TEST(docs_mapping, classes_that_need_each_other_are_created_and_filled) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Team, Player>();
    kin::session session = db.session();
    auto team = session.add(Team{.name = "Blue"});
    auto ann = kin::make<Player>({.name = "Ann", .team = team});
    session.flush();
    team->captain = ann;
    session.commit();
    EXPECT_EQ(db.session().get_one<Team>(1)->captain_id, 1);
}

TEST(docs_mapping, types_of_ones_own_are_stored) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Invoice, Sensor>();
    kin::session session = db.session();
    session.add(Invoice{.total = {1999}, .level = Level::high});
    auto sensor = session.add(Sensor{"roof"});
    session.commit();
    EXPECT_EQ(sensor->id(), 1);
    const auto row = session.sql<std::int64_t, std::string>("SELECT total, level FROM invoice").one();
    EXPECT_EQ(row, (std::tuple<std::int64_t, std::string>(1999, "high")));
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Invoice>(1)->total.cents, 1999);
    EXPECT_EQ(reader.get_one<Sensor>(1)->place(), "roof");
}

} // namespace
} // namespace docs::mapping_page
