// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

// Limits of databases and of values, on every database: tests named after the reliability items that they prove.

namespace {

using kin::testing::caught;
using kin::testing::code_of;

struct Wide {
    kin::primary_key<int> id;
    int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0;
};
struct Integers {
    kin::primary_key<int> id;
    std::int8_t i8 = 0;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint16_t u16 = 0;
    std::int32_t i32 = 0;
    std::uint32_t u32 = 0;
    std::int64_t i64 = 0;
    std::uint64_t u64 = 0;
};
struct Passage {
    kin::primary_key<int> id;
    std::string text;
};

class limits : public testing::Test {
protected:
    limits() { db.create_all<Wide, Integers, Passage>(); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(limits, T56_lists_of_any_length_find_what_is_in_them) {
    for (int n = 1; n <= 3; ++n) session.add(Wide{.a = n});
    session.commit();
    for (const int length : {10, 10'000, 70'000, 300'000}) {
        std::vector<int> keys(static_cast<std::size_t>(length));
        std::iota(keys.begin(), keys.end(), 2);
        EXPECT_EQ(session.query<Wide>().where(kin::col<&Wide::id>.in(keys)).count(), 2) << length;
    }
}

TEST_F(limits, T56_objects_are_found_by_any_number_of_keys) {
    constexpr int count = 70'000;
    std::vector<kin::ref<Passage>> made;
    for (int n = 0; n < count; ++n) made.push_back(session.add(Passage{.text = "x"}));
    session.commit();
    session.expire_all();
    EXPECT_EQ(made.front()->text, "x"); // reads its neighbours along
    EXPECT_EQ(made.back()->text, "x");
    EXPECT_EQ(session.query<Passage>().count(), count);
}

TEST_F(limits, T57_twenty_thousand_wide_rows_are_written_and_get_their_keys_in_order) {
    constexpr int count = 20'000;
    std::vector<kin::ref<Wide>> made;
    for (int n = 0; n < count; ++n) made.push_back(session.add(Wide{.a = n, .i = n}));
    session.commit();
    for (std::size_t n = 1; n < made.size(); ++n) ASSERT_LT(made[n - 1]->id, made[n]->id);
    const std::string first = std::to_string(made.front()->id);
    EXPECT_EQ(std::get<0>(
                  session.sql<int>("SELECT count(*) FROM wide WHERE a = id - " + first + " AND i = a").one()),
              count);
}

TEST_F(limits, T58_ten_thousand_conditions_are_answered) {
    for (int n = 0; n < 5; ++n) session.add(Wide{.a = n});
    session.commit();
    kin::predicate any = kin::col<&Wide::a> == 1;
    kin::predicate all = kin::col<&Wide::a> != 1;
    for (int n = 0; n < 10'000; ++n) {
        any = std::move(any) || kin::col<&Wide::a> == 10 + n;
        all = std::move(all) && kin::col<&Wide::a> != 10 + n;
    }
    EXPECT_EQ(session.query<Wide>().where(any).count(), 1);
    EXPECT_EQ(session.query<Wide>().where(all).count(), 4);
}

TEST_F(limits, T59_integers_of_every_width_come_back_at_their_ends) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    session.add(Integers{.i8 = INT8_MIN, .i16 = INT16_MIN, .i32 = INT32_MIN, .i64 = INT64_MIN});
    session.add(Integers{.i8 = INT8_MAX,
                         .u8 = UINT8_MAX,
                         .i16 = INT16_MAX,
                         .u16 = UINT16_MAX,
                         .i32 = INT32_MAX,
                         .u32 = UINT32_MAX,
                         .i64 = INT64_MAX,
                         .u64 = most});
    session.commit();
    session.close();
    const auto rows = session.query<Integers>().order_by(kin::col<&Integers::id>).all();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_TRUE(rows[0]->i8 == INT8_MIN && rows[0]->i16 == INT16_MIN && rows[0]->i32 == INT32_MIN &&
                rows[0]->i64 == INT64_MIN);
    EXPECT_TRUE(rows[1]->i8 == INT8_MAX && rows[1]->u8 == UINT8_MAX && rows[1]->i16 == INT16_MAX &&
                rows[1]->u16 == UINT16_MAX);
    EXPECT_TRUE(rows[1]->i32 == INT32_MAX && rows[1]->u32 == UINT32_MAX && rows[1]->i64 == INT64_MAX &&
                rows[1]->u64 == most);
}

/// Its table has wider columns than it has members, so that the database holds what it cannot.
struct Narrow {
    kin::primary_key<int> id;
    std::int8_t i8 = 0;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint32_t u32 = 0;
};

TEST_F(limits, T59_what_does_not_fit_is_an_error_in_either_direction_and_never_wraps) {
    session.add(Integers{.u64 = std::numeric_limits<std::uint64_t>::max()});
    EXPECT_EQ(code_of([&] { session.flush(); }), "value_out_of_range");
    session.rollback();

    db.engine().connect().execute(
        "CREATE TABLE narrow (id INTEGER PRIMARY KEY, i8 BIGINT NOT NULL, u8 BIGINT NOT NULL, "
        "i16 BIGINT NOT NULL, u32 BIGINT NOT NULL)");
    int id = 0;
    for (const char* row : {"128, 0, 0, 0", "-129, 0, 0, 0", "0, 256, 0, 0", "0, -1, 0, 0", "0, 0, 32768, 0",
                            "0, 0, -32769, 0", "0, 0, 0, 4294967296", "0, 0, 0, -1"}) {
        ++id;
        session.execute("INSERT INTO narrow VALUES (" + std::to_string(id) + ", " + row + ")");
        EXPECT_EQ(code_of([&] { (void)session.get<Narrow>(id); }), "integer_out_of_range") << row;
    }
    session.execute("INSERT INTO narrow VALUES (100, 127, 255, -32768, 4294967295)");
    const auto fits = session.get_one<Narrow>(100);
    EXPECT_TRUE(fits->i8 == 127 && fits->u8 == 255 && fits->i16 == -32768 && fits->u32 == 4294967295U);
}

TEST_F(limits, T64_every_text_comes_back_byte_by_byte) {
    std::string long_text;
    while (long_text.size() < (std::size_t{1} << 20U)) long_text += "\xC3\xA4\xF0\x9F\x98\x80x";
    const std::vector<std::string> texts = {
        "",
        " spaces at both ends ",
        "quotes ' \" ` \\ % _ ; --",
        "four bytes \xF0\x9F\x98\x80 and \xF4\x8F\xBF\xBF",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\x8F right to left",
        "e\xCC\x81 is combined, \xC3\xA9 is not",
        "\x01\x1F\x7F\xC2\x80 controls\r\n\t",
        "\xEF\xBB\xBFwith a mark",
        "\xEF\xBF\xBF\xEF\xBF\xBE no characters",
        long_text,
    };
    std::vector<kin::ref<Passage>> made;
    for (const std::string& text : texts) made.push_back(session.add(Passage{.text = text}));
    session.commit();
    session.close();
    for (std::size_t n = 0; n < texts.size(); ++n) {
        const auto note = session.get_one<Passage>(int{made[n]->id});
        EXPECT_EQ(note->text, texts[n]);
        EXPECT_EQ(session.query<Passage>().where(kin::col<&Passage::text> == texts[n]).count(), 1) << n;
    }
}

TEST_F(limits, T64_what_is_no_utf_8_is_refused_before_anything_is_sent) {
    for (const std::string& text :
         {std::string("\xFF"), std::string("\xC3"), std::string("\xED\xA0\x80 half a pair"),
          std::string("\xC0\x80"), std::string("\xF4\x90\x80\x80")}) {
        session.add(Passage{.text = text});
        EXPECT_EQ(code_of([&] { session.flush(); }), "invalid_utf8");
        session.rollback();
    }
    EXPECT_EQ(session.query<Passage>().count(), 0);
}

TEST_F(limits, T64_finding_9_the_character_nul_is_stored_or_refused_and_never_cuts_a_text) {
    const std::string text("ab\0cd", 5);
    session.add(Passage{.text = text});
    if (!db.engine().dialect().supports(kin::feature::nul_in_text)) {
        EXPECT_EQ(code_of([&] { session.flush(); }), "nul_in_text");
        session.rollback();
        EXPECT_EQ(session.query<Passage>().count(), 0);
        return;
    }
    session.commit();
    session.close();
    EXPECT_EQ(session.query<Passage>().one()->text, text);
}

TEST_F(limits, T72_a_table_that_changes_under_a_prepared_statement_is_read_as_it_is_now) {
    const auto alter = [&](const char* sql) { db.engine().connect().execute(sql); };
    session.add(Passage{.text = "x"});
    session.commit();
    for (int n = 0; n < 8; ++n) EXPECT_EQ(session.query<Passage>().all().size(), 1U); // it is prepared by now
    session.commit();
    alter("ALTER TABLE passage ADD COLUMN extra INTEGER");
    EXPECT_EQ(session.query<Passage>().all().size(), 1U);
    EXPECT_EQ((session.sql<int, std::string>("SELECT id, text FROM passage").all().size()), 1U);
    session.commit();

    // The columns of a statement that names none change.
    kin::connection c = db.engine().connect();
    const auto columns = [&] {
        kin::cursor rows = c.open("SELECT * FROM passage");
        EXPECT_TRUE(rows.next());
        return rows.column_count();
    };
    EXPECT_EQ(columns(), 3U);
    alter("ALTER TABLE passage ADD COLUMN more INTEGER");
    EXPECT_EQ(columns(), 4U);
    EXPECT_EQ(c.execute("SELECT 42"), 1) << "the connection is good";
}

TEST_F(limits, T72_in_a_transaction_it_may_have_to_be_run_again_and_then_works) {
    session.add(Passage{.text = "x"});
    session.commit();
    int runs = 0;
    const auto columns = [&](kin::session& s) {
        return s.query<Passage>().from_sql("SELECT * FROM passage").all().size();
    };
    db.transaction([&](kin::session& s) { EXPECT_EQ(columns(s), 1U); });
    db.engine().connect().execute("ALTER TABLE passage ADD COLUMN extra INTEGER");
    db.transaction([&](kin::session& s) {
        ++runs;
        (void)s.query<Wide>().count();
        EXPECT_EQ(columns(s), 1U);
    });
    EXPECT_LE(runs, 2);
}

} // namespace
