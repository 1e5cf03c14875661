// SPDX-License-Identifier: MIT
// Models whose names the database writes in another style: one set of models, the URL says which style.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/engine/inspector.hpp"
#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::caught;
using kin::testing::code_of;

struct Disc;

struct MediaType {
    kin::primary_key<int> id;
    kin::varchar<40> name;
    kin::has_many<Disc> discs;
};
void describe(kin::mapping<MediaType>& m) {
    m.table("MediaType");
    m.column<&MediaType::id>().name("MediaTypeId");
    m.column<&MediaType::name>().name("Name").unique();
}

struct Disc {
    kin::primary_key<int> id;
    kin::varchar<40> title;
    kin::foreign_key<&MediaType::id> media_type_id;
    kin::belongs_to<MediaType> media_type;
};
void describe(kin::mapping<Disc>& m) {
    m.table("Disc");
    m.column<&Disc::id>().name("DiscId");
    m.column<&Disc::title>().name("Title");
    m.column<&Disc::media_type_id>().name("MediaTypeId");
}

struct StockItem {
    kin::primary_key<kin::varchar<20>> code;
    int on_hand = 0;
};
void describe(kin::mapping<StockItem>& m) {
    m.table("StockItem");
    m.column<&StockItem::code>().name("ItemCode");
    m.column<&StockItem::on_hand>().name("OnHand");
}

class names : public testing::Test {
protected:
    names() { db.create_all<MediaType, Disc>(); }
    kin::database db{kin::testing::fresh_url("names=snake_case")};
};

TEST_F(names, tables_columns_and_constraints_are_made_in_the_style_of_the_url) {
    auto connection = db.engine().connect();
    const auto schema = db.engine().inspect(connection);
    ASSERT_TRUE(schema->has_table("media_type"));
    std::vector<std::string> columns;
    for (const auto& c : schema->columns("disc")) columns.push_back(c.name);
    EXPECT_EQ(columns, (std::vector<std::string>{"disc_id", "title", "media_type_id"}));
    const auto keys = schema->foreign_keys("disc");
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys.front().target_table, "media_type");
    EXPECT_EQ(keys.front().target_columns, std::vector<std::string>{"media_type_id"});
    const auto indexes = schema->indexes("disc");
    ASSERT_EQ(indexes.size(), 1U);
    EXPECT_EQ(indexes.front().name, "ix_disc_media_type_id");
}

TEST_F(names, tables_that_are_there_are_found_again_and_dropped) {
    EXPECT_TRUE(db.session().sql<int>("SELECT disc_id FROM disc").all().empty());
    db.create_all<MediaType, Disc>();
    db.drop_all<MediaType, Disc>();
    auto connection = db.engine().connect();
    const auto schema = db.engine().inspect(connection);
    EXPECT_FALSE(schema->has_table("media_type"));
    EXPECT_FALSE(schema->has_table("disc"));
}

TEST_F(names, objects_are_written_read_and_asked_for) {
    kin::session session = db.session();
    auto vinyl = kin::make<MediaType>({.name = "vinyl"});
    for (int i = 0; i < 30; ++i) // many: their keys are numbered where a database does that
        session.add(kin::make<Disc>({.title = "disc " + std::to_string(i), .media_type = vinyl}));
    session.commit();
    kin::session reader = db.session();
    const auto found = reader.query<MediaType>().where(kin::col<&MediaType::discs>.any()).one();
    EXPECT_EQ(found->discs.size(), 30U);
    EXPECT_EQ(reader.query<Disc>()
                  .where(kin::col<&Disc::media_type>.has(kin::col<&MediaType::name> == "vinyl"))
                  .count(),
              30);
}

TEST_F(names, errors_name_table_and_column) {
    kin::session session = db.session();
    session.add(Disc{.title = "lost", .media_type_id = 7});
    const auto e = caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_NE(std::string(e.message()).find("Disc.MediaTypeId -> MediaType.MediaTypeId"), std::string::npos)
        << e.message();
    session.rollback();
    session.add(MediaType{.name = "tape"});
    session.add(MediaType{.name = "tape"});
    EXPECT_NE(caught<kin::unique_violation>([&] { session.commit(); }).table(), "");
}

TEST(name_style, another_one_than_those_that_there_are_is_refused) {
    EXPECT_EQ(code_of([] { kin::database(kin::testing::fresh_url("names=CamelCase")); }), "bad_url");
}

TEST(name_style, the_names_of_the_models_count_unless_the_url_says_otherwise) {
    const kin::database db(kin::testing::fresh_url());
    EXPECT_EQ(db.engine().dialect().name_in_database("MediaType"), "MediaType");
}

TEST(name_style, snake_case_is_made_word_by_word) {
    const kin::database db(kin::testing::fresh_url("names=snake_case"));
    const kin::dialect& d = db.engine().dialect();
    EXPECT_EQ(d.name_in_database("PlaylistTrack"), "playlist_track");
    EXPECT_EQ(d.name_in_database("unitPrice"), "unit_price");
    EXPECT_EQ(d.name_in_database("fk_Album_ArtistId"), "fk_album_artist_id");
    EXPECT_EQ(d.name_in_database("already_so"), "already_so");
    EXPECT_EQ(d.name_in_database("_x__y_"), "_x__y_");
    std::string longest; // 62 bytes that become 92
    for (int i = 0; i < 31; ++i) longest += "Ab";
    const std::string made = d.name_in_database(longest);
    EXPECT_EQ(made.size(), 63U);
    EXPECT_TRUE(made.starts_with("ab_ab_ab_"));
    EXPECT_EQ(d.name_in_database(made), made);
    EXPECT_EQ(d.name_in_database(longest + "a").size(), 63U);
    EXPECT_EQ(d.name_in_database(longest + "Ab").size(), 95U)
        << "too long as it is mapped: not kin's to shorten";
}

/// Rows from which servers have a way of loading many.
TEST_F(names, many_rows_are_loaded_in_the_style_of_the_url) {
    constexpr std::size_t many = 900;
    db.create_all<StockItem>();
    std::vector<StockItem> rows;
    for (std::size_t i = 0; i < many; ++i) rows.push_back({.code = "a" + std::to_string(i), .on_hand = 1});
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
    session.execute(kin::insert(rows));
    EXPECT_EQ(counter.count(), 1U);
    const bool copies = db.engine().dialect().limits().fewest_rows_to_copy != 0;
    EXPECT_EQ(counter.statements().front().find("VALUES (?, ?), (?, ?)") == std::string::npos, copies);
    for (std::size_t i = 0; i < many; ++i)
        session.add(StockItem{.code = "b" + std::to_string(i), .on_hand = 2});
    session.flush();
    EXPECT_EQ(std::get<0>(session.sql<std::int64_t>("SELECT sum(on_hand) FROM stock_item").one()), 2'700);
}

} // namespace
