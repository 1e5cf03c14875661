// SPDX-License-Identifier: MIT
// std::vector members: an array of the database where it has them (feature::native_arrays), else JSON text; the same to a program.
#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

namespace {

using kin::col;

enum class Level { low, high };

struct Reading {
    kin::primary_key<int> id;
    std::vector<std::string> words;
    std::vector<std::optional<std::string>> gaps;
    std::vector<int> numbers;
    std::vector<float> narrow;
    std::vector<double> wide;
    std::vector<bool> flags;
    std::vector<kin::decimal> exact;
    std::vector<kin::uuid> serials;
    std::vector<std::chrono::sys_days> days;
    std::vector<Level> levels;
    std::optional<std::vector<std::int64_t>> maybe;
};

const std::vector<std::string> strange_words{
    "",  " ",  "NULL", "null", "a,b",         "{}",       "\"",
    "'", "\\", "\\\"", "[1]",  "line\nbreak", "\xC3\xA4", "\xF0\x9F\x8E\x89"};

void fill(Reading& r) {
    r.words = strange_words;
    r.gaps = {std::nullopt, "a", std::nullopt, "NULL", ""};
    r.numbers = {std::numeric_limits<int>::min(), 0, std::numeric_limits<int>::max()};
    r.narrow = {0.1F, -1.5F};
    r.wide = {0.1, 1e300, -0.0};
    r.flags = {true, false, true};
    r.exact = {kin::decimal("1.5"), kin::decimal("-12345678901234567890.123")};
    r.serials = {kin::uuid::v4(), kin::uuid::v4()};
    r.days = {std::chrono::sys_days(), std::chrono::sys_days(std::chrono::days(20'000))};
    r.levels = {Level::high, Level::low};
    r.maybe = {{1, -2, std::numeric_limits<std::int64_t>::max()}};
}

void expect_same(const Reading& is, const Reading& was) {
    EXPECT_EQ(is.words, was.words);
    EXPECT_EQ(is.gaps, was.gaps);
    EXPECT_EQ(is.numbers, was.numbers);
    EXPECT_EQ(is.narrow, was.narrow);
    EXPECT_EQ(is.wide, was.wide);
    EXPECT_EQ(is.flags, was.flags);
    EXPECT_EQ(is.exact, was.exact);
    EXPECT_EQ(is.serials, was.serials);
    EXPECT_EQ(is.days, was.days);
    EXPECT_EQ(is.levels, was.levels);
    EXPECT_EQ(is.maybe, was.maybe);
}

class array_columns : public testing::Test {
protected:
    void SetUp() override { db.create_all<Reading>(); }
    [[nodiscard]] bool native() const { return db.engine().dialect().supports(kin::feature::native_arrays); }
    kin::database db{kin::testing::fresh_url()};
};

TEST_F(array_columns, come_back_as_they_went) {
    kin::session s = db.session();
    auto full = s.add(Reading{});
    fill(*full);
    auto empty = s.add(Reading{});
    s.commit();
    kin::session reader = db.session();
    expect_same(*reader.get_one<Reading>(full->id), *full);
    expect_same(*reader.get_one<Reading>(empty->id), *empty);
}

TEST_F(array_columns, are_updated_alone_and_together) {
    kin::session s = db.session();
    std::vector<kin::ref<Reading>> rows;
    for (int i = 0; i < 3; ++i) rows.push_back(s.add(Reading{}));
    s.commit();
    fill(*rows[0]);
    s.commit();
    for (auto& r : rows) r->words = {"row " + std::to_string(r->id), "\"\\{,}"};
    for (auto& r : rows) r->maybe = {{r->id}};
    rows[1]->maybe = std::nullopt;
    s.commit();
    kin::session reader = db.session();
    for (const auto& r : rows) expect_same(*reader.get_one<Reading>(r->id), *r);
}

TEST_F(array_columns, are_found_by_their_content) {
    kin::session s = db.session();
    auto full = s.add(Reading{});
    fill(*full);
    s.add(Reading{});
    s.commit();
    EXPECT_EQ(s.query<Reading>().where(col<&Reading::words> == strange_words).count(), 1);
    EXPECT_EQ(s.query<Reading>().where(col<&Reading::numbers> == std::vector<int>{}).count(), 1);
    EXPECT_EQ(s.query<Reading>().where(col<&Reading::gaps> != full->gaps).count(), 1);
    EXPECT_EQ(s.query<Reading>().where(col<&Reading::maybe>.is_null()).count(), 1);
}

TEST_F(array_columns, are_arrays_to_the_database_where_it_has_them) {
    if (!native()) GTEST_SKIP() << "JSON text here";
    kin::session s = db.session();
    auto full = s.add(Reading{});
    fill(*full);
    s.commit();
    const auto [word, count, number] =
        s.sql<std::string, int, int>(
             "SELECT words[5], array_length(words, 1), numbers[3] FROM reading WHERE 'a,b' = ANY (words)")
            .one();
    EXPECT_EQ(word, "a,b");
    EXPECT_EQ(count, static_cast<int>(strange_words.size()));
    EXPECT_EQ(number, std::numeric_limits<int>::max());
    const auto [text] = s.sql<std::string>("SELECT numbers FROM reading").one();
    EXPECT_EQ(text, "[-2147483648,0,2147483647]") << "as everywhere, for a member that is text";
}

TEST_F(array_columns, go_without_prepared_statements_too) {
    if (!native()) GTEST_SKIP() << "JSON text here";
    kin::database plain{kin::testing::fresh_url("prepare=off")};
    plain.create_all<Reading>();
    kin::session s = plain.session();
    auto full = s.add(Reading{});
    fill(*full);
    s.add(Reading{});
    s.commit();
    kin::session reader = plain.session();
    expect_same(*reader.get_one<Reading>(full->id), *full);
    EXPECT_EQ(reader.query<Reading>().where(col<&Reading::words> == strange_words).count(), 1);
}

} // namespace
