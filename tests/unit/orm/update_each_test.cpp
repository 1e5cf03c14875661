// SPDX-License-Identifier: MIT
#include <chrono>

#include "kin/orm/update_writer.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Rows that get values of their own, many in one UPDATE: dialect_limits says from how many on.

namespace {

using blog::caught;
using namespace std::chrono_literals;

enum class Mood { unknown, calm, wild };

struct Everything {
    kin::primary_key<int> id;
    std::int64_t whole = 0;
    std::int16_t small = 0;
    float narrow = 0;
    double wide = 0;
    bool flag = false;
    std::string text;
    kin::varchar<40> line;
    std::vector<std::byte> bytes;
    std::chrono::sys_days day;
    std::chrono::sys_time<std::chrono::microseconds> time;
    kin::decimal exact;
    kin::field<kin::decimal, kin::precision{10, 2}> price;
    kin::uuid serial;
    kin::json document;
    std::vector<std::string> tags;
    Mood mood = Mood::unknown;
    std::chrono::milliseconds pause{};
};
struct Nullable {
    kin::primary_key<std::string> name;
    std::optional<std::int64_t> whole;
    std::optional<double> wide;
    std::optional<std::string> text;
    std::optional<std::vector<std::byte>> bytes;
    std::optional<std::chrono::sys_days> day;
    std::optional<kin::decimal> exact;
    std::optional<kin::uuid> serial;
    std::optional<kin::json> document;
    std::optional<bool> flag;
};
struct Cell {
    kin::primary_key<int> x;
    kin::primary_key<std::string> y;
    int content = 0;
};

struct Seat {
    kin::primary_key<int> id;
    int row = 0;
    int number = 0;
};
void describe(kin::mapping<Seat>& m) { m.unique<&Seat::row, &Seat::number>(); }

class update_each : public testing::Test {
protected:
    update_each() { db.create_all<Everything, Nullable, Cell, Seat>(); }
    /// As many rows as one statement is worth.
    [[nodiscard]] int enough() const {
        const auto fewest = db.engine().dialect().limits().fewest_rows_per_update;
        return fewest < 5 ? 5 : static_cast<int>(fewest);
    }
    void SetUp() override {
        if (db.engine().dialect().limits().most_rows_per_update == 0)
            GTEST_SKIP() << "no UPDATE for rows with values of their own";
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

/// Nothing of it is as it was.
void fill(Everything& e, int n) {
    e.whole = -n * 1'000'000'000'000;
    e.small = static_cast<std::int16_t>(n);
    e.narrow = static_cast<float>(n) / 3;
    e.wide = n / 7.0;
    e.flag = true;
    e.text = "it's \"" + std::to_string(n) + "\" \\, {a,b} NULL \xC3\xA4\n";
    e.line = n % 3 == 0 ? " " : "line " + std::to_string(n);
    e.bytes = {std::byte{0}, std::byte{0xFF}, std::byte{'\\'}, static_cast<std::byte>(n)};
    e.day = std::chrono::sys_days(std::chrono::days(n * 100 - 9'001));
    e.time =
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(n * 1'234'567'890'123));
    e.exact = kin::decimal("12345678901234567890." + std::to_string(n));
    e.price = kin::decimal(std::to_string(n) + ".25");
    e.serial = kin::uuid::v4();
    e.document = kin::json(R"({"n":)" + std::to_string(n) + R"(,"s":"\"\\"})");
    e.tags = {"a,b", "\"", std::to_string(n), ""};
    e.mood = n % 2 == 0 ? Mood::wild : Mood::calm;
    e.pause = std::chrono::milliseconds(n);
}

TEST_F(update_each, writes_values_of_every_type_with_one_statement) {
    const int n = enough();
    std::vector<kin::ref<Everything>> rows;
    for (int i = 0; i < n; ++i) rows.push_back(session.add(Everything{}));
    session.commit();
    for (int i = 0; i < n; ++i) fill(*rows[static_cast<std::size_t>(i)], i + 1);
    counter.reset();
    session.flush();
    EXPECT_EQ(counter.count(), 1U) << counter.statements().back();
    session.commit();

    kin::session reader = db.session();
    for (const auto& row : rows) {
        const auto read = reader.get_one<Everything>(row->id);
        const Everything& is = *std::as_const(read);
        const Everything& was = *std::as_const(row);
        EXPECT_EQ(is.whole, was.whole);
        EXPECT_EQ(is.small, was.small);
        EXPECT_EQ(is.narrow, was.narrow);
        EXPECT_EQ(is.wide, was.wide);
        EXPECT_EQ(is.flag, was.flag);
        EXPECT_EQ(is.text, was.text);
        EXPECT_EQ(is.line, was.line);
        EXPECT_EQ(is.bytes, was.bytes);
        EXPECT_EQ(is.day, was.day);
        EXPECT_EQ(is.time, was.time);
        EXPECT_EQ(is.exact, was.exact);
        EXPECT_EQ(is.price, was.price);
        EXPECT_EQ(is.serial, was.serial);
        EXPECT_EQ(is.document, was.document);
        EXPECT_EQ(is.tags, was.tags);
        EXPECT_EQ(is.mood, was.mood);
        EXPECT_EQ(is.pause, was.pause);
    }
}

TEST_F(update_each, takes_null_for_some_rows_and_for_all) {
    const int n = enough();
    std::vector<kin::ref<Nullable>> rows;
    for (int i = 0; i < n; ++i)
        rows.push_back(session.add(Nullable{.name = "row " + std::to_string(i),
                                            .whole = 1,
                                            .wide = 1,
                                            .text = "1",
                                            .bytes = {{std::byte{1}}},
                                            .day = std::chrono::sys_days(),
                                            .exact = kin::decimal(1),
                                            .serial = kin::uuid::v4(),
                                            .document = kin::json("1"),
                                            .flag = true}));
    session.commit();
    const auto expect_stored = [&] {
        counter.reset();
        session.flush();
        EXPECT_EQ(counter.count(), 1U) << counter.statements().back();
        session.commit();
        kin::session reader = db.session();
        for (const auto& row : rows) {
            const auto read = reader.get_one<Nullable>(row->name);
            EXPECT_EQ(read->whole, row->whole);
            EXPECT_EQ(read->wide, row->wide);
            EXPECT_EQ(read->text, row->text);
            EXPECT_EQ(read->bytes, row->bytes);
            EXPECT_EQ(read->day, row->day);
            EXPECT_EQ(read->exact, row->exact);
            EXPECT_EQ(read->serial, row->serial);
            EXPECT_EQ(read->document, row->document);
            EXPECT_EQ(read->flag, row->flag);
        }
    };
    for (int i = 0; i < n; ++i) { // the first row has NULL everywhere, others have values
        Nullable& row = *rows[static_cast<std::size_t>(i)];
        const bool null = i % 2 == 0;
        const auto opt = [null](auto v) { return null ? std::optional<decltype(v)>() : std::optional(v); };
        row.whole = opt(std::int64_t{-i});
        row.wide = opt(i + 0.5);
        row.text = opt("text " + std::to_string(i));
        row.bytes = opt(std::vector<std::byte>{static_cast<std::byte>(i), std::byte{0}});
        row.day = opt(std::chrono::sys_days(std::chrono::days(i + 1)));
        row.exact = opt(kin::decimal(i + 2));
        row.serial = opt(kin::uuid::v4());
        row.document = opt(kin::json("[" + std::to_string(i) + "]"));
        row.flag = opt(false);
    }
    expect_stored();
    int i = 0;
    for (auto& row : rows) { // a column that is NULL in all rows, beside one that tells them apart
        row->whole = ++i + 1'000;
        row->wide = std::nullopt;
        row->text = std::nullopt;
        row->bytes = std::nullopt;
        row->day = std::nullopt;
        row->exact = std::nullopt;
        row->serial = std::nullopt;
        row->document = std::nullopt;
        row->flag = i % 2 == 0;
    }
    session.flush();
    session.commit();
    kin::session reader = db.session();
    EXPECT_EQ(reader.query<Nullable>()
                  .where(kin::col<&Nullable::whole> > 1'000 && kin::col<&Nullable::text>.is_null() &&
                         kin::col<&Nullable::document>.is_null())
                  .count(),
              n);
}

TEST_F(update_each, finds_rows_by_a_key_of_several_columns) {
    const int n = enough();
    std::vector<kin::ref<Cell>> cells;
    for (int i = 0; i < n; ++i)
        cells.push_back(session.add(Cell{.x = i / 3, .y = "\"" + std::to_string(i % 3)}));
    session.commit();
    for (int i = 0; i < n; ++i) cells[static_cast<std::size_t>(i)]->content = i + 1;
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 1U);
    kin::session reader = db.session();
    for (const auto& c : cells) EXPECT_EQ(reader.get_one<Cell>(c->x, c->y)->content, c->content);
}

TEST_F(update_each, names_the_row_that_is_gone) {
    const int n = enough();
    std::vector<kin::ref<Everything>> rows;
    for (int i = 0; i < n; ++i) rows.push_back(session.add(Everything{}));
    session.commit();
    const int gone = rows[2]->id;
    session.execute("DELETE FROM everything WHERE id = " + std::to_string(gone));
    for (int i = 0; i < n; ++i) rows[static_cast<std::size_t>(i)]->whole = i + 1;
    const auto e = caught<kin::stale_data>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "row_gone");
    EXPECT_NE(std::string(e.message()).find("id = " + std::to_string(gone)), std::string::npos)
        << e.message();
    session.rollback();
    session.commit();
    EXPECT_EQ(rows[0]->whole, 0);
}

TEST_F(update_each, uses_one_text_for_any_number_of_rows_where_arrays_stand_for_them) {
    if (!db.engine().dialect().supports(kin::feature::array_rows)) GTEST_SKIP() << "no arrays for rows";
    std::vector<kin::ref<Everything>> rows;
    for (int i = 0; i < 9; ++i) rows.push_back(session.add(Everything{}));
    session.commit();
    counter.reset();
    for (const std::size_t count : {3U, 9U, 5U}) {
        for (std::size_t i = 0; i < count; ++i) rows[i]->whole += static_cast<std::int64_t>(i) + 1;
        session.flush();
    }
    const auto sent = counter.statements();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[0], sent[1]);
    EXPECT_EQ(sent[1], sent[2]);
}

TEST_F(update_each, leaves_what_an_array_cannot_have_to_statements_of_its_own) {
    if (!db.engine().dialect().supports(kin::feature::array_rows)) GTEST_SKIP() << "no arrays for rows";
    std::vector<kin::ref<Everything>> rows;
    for (int i = 0; i < 3; ++i) rows.push_back(session.add(Everything{}));
    session.commit();
    const auto far = std::chrono::sys_days(std::chrono::year(12'000) / 1 / 1);
    for (int i = 0; i < 3; ++i) rows[static_cast<std::size_t>(i)]->day = far + std::chrono::days(i);
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 3U);
    kin::session reader = db.session();
    for (const auto& row : rows) EXPECT_EQ(reader.get_one<Everything>(row->id)->day, row->day);
}

/// Within one statement a database checks a unique index row by row, in an order of its own.
TEST_F(update_each, writes_unique_values_row_by_row) {
    const int n = enough();
    std::vector<kin::ref<Seat>> seats;
    for (int i = 0; i < n; ++i) seats.push_back(session.add(Seat{.number = i}));
    session.commit();
    for (int i = 0; i < n; ++i) seats[static_cast<std::size_t>(i)]->number = 1'000 + i;
    counter.reset();
    session.flush();
    EXPECT_EQ(counter.count(), static_cast<std::size_t>(n));
    session.commit();
}

} // namespace
