// SPDX-License-Identifier: MIT
// Values beyond what a column or a member can hold, on every database: an error with the names, never another value.
#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::caught;

struct Reading {
    kin::primary_key<int> id;
    std::uint64_t large = 0;
    std::int8_t small = 0;
    std::uint16_t middle = 0;
    kin::varchar<10> word;
    kin::field<std::string, kin::fixed_length{2}> code = "AB";
};

class value_bounds : public testing::Test {
protected:
    value_bounds() { db.create_all<Reading>(); }

    /// The error of a commit with this reading; nothing but the BEGIN may have been sent.
    std::string refused(const Reading& reading) {
        kin::session session = db.session();
        session.add(reading);
        const kin::testing::sql_counter counter{db};
        const auto e = caught<kin::data_error>([&] { session.commit(); });
        EXPECT_EQ(counter.statements(), std::vector<std::string>());
        return std::string(e.code()) + ": " + std::string(e.message());
    }
    std::string unreadable(const std::string& change) {
        kin::session session = db.session();
        session.add(Reading{});
        session.flush();
        session.execute("UPDATE reading SET " + change);
        session.expunge_all();
        const auto e = caught<kin::conversion_error>([&] { (void)session.query<Reading>().all(); });
        return std::string(e.message());
    }

    kin::database db{kin::testing::fresh_url()};
};

TEST_F(value_bounds,
       an_unsigned_number_beyond_the_signed_ones_of_the_database_is_an_error_and_does_not_wrap) {
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    for (const std::uint64_t beyond : {largest + 1, std::numeric_limits<std::uint64_t>::max()}) {
        const std::string e = refused({.large = beyond});
        EXPECT_TRUE(e.starts_with("value_out_of_range: Reading.large")) << e;
    }
    kin::session session = db.session();
    const auto kept = session.add(Reading{.large = largest});
    session.commit();
    EXPECT_EQ(db.session().query<Reading>().one()->large, largest);
}

TEST_F(value_bounds, a_text_beyond_its_column_is_refused_before_it_is_sent) {
    EXPECT_TRUE(refused({.word = "0123456789x"}).starts_with("text_too_long: Reading.word"));
    EXPECT_TRUE(refused({.code = "A"}).starts_with("wrong_length: Reading.code"));
    EXPECT_TRUE(refused({.code = "ABC"}).starts_with("text_too_long: Reading.code"));
    kin::session session = db.session();
    std::string umlauts;
    for (int i = 0; i < 10; ++i) umlauts += "\xC3\xA4"; // characters count, not bytes
    session.add(Reading{.word = umlauts, .code = "  "});
    session.commit();
    const auto found = db.session().query<Reading>().one();
    EXPECT_EQ(found->word, umlauts);
    EXPECT_EQ(found->code, "  ") << "spaces are characters";
}

TEST_F(value_bounds, a_number_beyond_its_member_is_an_error_of_reading) {
    EXPECT_NE(unreadable("middle = 70000").find("Reading.middle"), std::string::npos);
}

} // namespace
