// SPDX-License-Identifier: MIT
// Lists of any length in a query: reliability.md T56. Beyond 16 values one parameter stands for all of them where the database takes
// an array of them.
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

namespace {

using kin::col;

struct Part {
    kin::primary_key<int> id;
    std::string name;
    std::optional<std::int64_t> weight;
    kin::uuid serial;
    double price = 0;
    kin::field<std::string, kin::fixed_length{4}> code = "....";
};

struct Scan {
    kin::primary_key<int> id;
    std::vector<std::byte> content;
};

const std::vector<std::string>& strange_names() {
    static const std::vector<std::string> all{"",
                                              " ",
                                              "a,b",
                                              "{}",
                                              "{a}",
                                              "NULL",
                                              "null",
                                              "\"quoted\"",
                                              "'",
                                              "back\\slash",
                                              "\\",
                                              "\\\"",
                                              "line\nbreak",
                                              "tab\t",
                                              "\xC3\xA4\xF0\x9F\x8E\x89",
                                              "[1,2]",
                                              "$1",
                                              "?"};
    return all;
}

class T56 : public testing::Test {
protected:
    T56() {
        db.create_all<Part>();
        kin::session s = db.session();
        for (const std::string& name : strange_names()) {
            const auto n = static_cast<int>(parts.size());
            parts.push_back(s.add(Part{.name = name,
                                       .weight = n % 3 == 0 ? std::nullopt : std::optional<std::int64_t>(n),
                                       .serial = kin::uuid::v4(),
                                       .price = n + 0.5}));
        }
        s.commit();
        first = parts.front()->id;
    }
    std::int64_t count(kin::predicate condition) {
        kin::session s = db.session();
        return s.query<Part>().where(std::move(condition)).count();
    }
    std::vector<int> numbers(int n) const {
        std::vector<int> keys(static_cast<std::size_t>(n));
        std::iota(keys.begin(), keys.end(), first);
        return keys;
    }
    [[nodiscard]] bool takes(kin::cell_kind kind) const { return db.engine().dialect().takes_array_of(kind); }
    [[nodiscard]] std::int64_t all() const { return static_cast<std::int64_t>(parts.size()); }

    kin::database db{kin::testing::fresh_url()};
    kin::testing::sql_counter counter{db};
    std::vector<kin::ref<Part>> parts;
    int first = 0;
};

TEST_F(T56, a_list_may_be_longer_than_any_list_of_parameters) {
    if (!takes(kin::cell_kind::integer)) GTEST_SKIP() << "no array of integers";
    for (const int n : {10'000, 70'000, 300'000}) EXPECT_EQ(count(col<&Part::id>.in(numbers(n))), all()) << n;
    EXPECT_EQ(count(col<&Part::id>.not_in(numbers(70'000))), 0);
}

TEST_F(T56, the_statement_of_a_long_list_does_not_depend_on_its_length) {
    if (!takes(kin::cell_kind::integer)) GTEST_SKIP() << "no array of integers";
    counter.reset();
    for (const int n : {17, 100, 1'000})
        EXPECT_EQ(count(col<&Part::id>.in(numbers(n))), n < all() ? n : all());
    const auto sent = counter.statements();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[0], sent[1]);
    EXPECT_EQ(sent[0], sent[2]);
    counter.reset();
    EXPECT_EQ(count(col<&Part::id>.in(numbers(3))), 3);
    EXPECT_NE(counter.statements().front().find("IN (?, ?, ?)"), std::string::npos)
        << "a short list stays one";
}

TEST_F(T56, texts_of_any_content_are_found_and_left_out) {
    for (const std::size_t more : {std::size_t{0}, std::size_t{50}}) {
        std::vector<std::string> names = strange_names();
        for (std::size_t i = 0; i < more; ++i) names.push_back("nobody " + std::to_string(i));
        EXPECT_EQ(count(col<&Part::name>.in(names)), all());
        EXPECT_EQ(count(col<&Part::name>.not_in(names)), 0);
        names.erase(names.begin() + 4);
        EXPECT_EQ(count(col<&Part::name>.not_in(names)), 1);
        EXPECT_EQ(count(kin::lower(col<&Part::name>).in(names)), all() - 1);
    }
}

TEST_F(T56, a_null_in_a_long_list_finds_the_rows_without_a_value) {
    std::vector<std::optional<std::int64_t>> weights;
    for (std::int64_t i = 0; i < 40; ++i) weights.push_back(i);
    const std::int64_t without = (all() + 2) / 3;
    EXPECT_EQ(count(col<&Part::weight>.in(weights)), all() - without);
    EXPECT_EQ(count(col<&Part::weight>.not_in(weights)), 0);
    weights.emplace_back();
    EXPECT_EQ(count(col<&Part::weight>.in(weights)), all());
    weights.erase(weights.begin() + 1);
    EXPECT_EQ(count(col<&Part::weight>.not_in(weights)), 1);
}

TEST_F(T56, other_types_are_looked_for_as_well) {
    std::vector<kin::uuid> serials;
    std::vector<double> prices;
    std::vector<std::string> codes;
    for (const auto& p : parts) {
        serials.push_back(p->serial);
        prices.push_back(p->price);
    }
    for (int i = 0; i < 30; ++i) {
        serials.push_back(kin::uuid::v4());
        prices.push_back(-1.0 - i);
        codes.push_back(i == 29 ? "...." : "nope");
    }
    EXPECT_EQ(count(col<&Part::serial>.in(serials)), all());
    EXPECT_EQ(count(col<&Part::serial>.not_in(serials)), 0);
    EXPECT_EQ(count(col<&Part::price>.in(prices)), all());
    EXPECT_EQ(count(col<&Part::code>.in(codes)), all());
}

TEST_F(T56, of_what_no_array_can_have_there_are_as_many_as_the_database_takes_parameters) {
    db.create_all<Scan>();
    const std::size_t limit = db.engine().dialect().limits().parameters;
    const std::vector<std::vector<std::byte>> contents(limit + 1, std::vector<std::byte>(1));
    kin::session s = db.session();
    try {
        (void)s.query<Scan>().where(col<&Scan::content>.in(contents)).count();
        FAIL() << "was sent";
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "too_many_parameters");
    }
}

} // namespace
