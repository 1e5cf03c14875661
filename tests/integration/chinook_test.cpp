// SPDX-License-Identifier: MIT
// The models of examples/chinook on a copy of the real file, which is not part of the sources.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kin/testing/statement_counter.hpp"

#include "../../examples/chinook/models.hpp"
#include "source_dir.hpp"
#include "unit/engine/database_help.hpp"

namespace chinook {
namespace {

using kin::testing::statement_counter;

std::filesystem::path chinook_file() {
    const char* data = std::getenv("KIN_DATA");
    return (data ? std::filesystem::path(data) : source_dir() / "../shared/data") / "chinook/chinook.sqlite";
}

/// Keys of two rows that belong together: the owner's and the other's, sorted.
using pairs = std::vector<std::pair<int, int>>;

class chinook_database : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(chinook_file())) {
            GTEST_SKIP() << "there is no " << chinook_file() << "; KIN_DATA says where chinook/ lies";
        }
        // Not copy_file: the copy must be writable where the original is not.
        const std::filesystem::path copy = directory_.file("chinook.sqlite");
        std::filesystem::copy_file(chinook_file(), copy);
        std::filesystem::permissions(copy, std::filesystem::perms::owner_write,
                                     std::filesystem::perm_options::add);
    }
    [[nodiscard]] kin::database open() const { return kin::database(directory_.url("chinook.sqlite")); }

    [[nodiscard]] static pairs raw_pairs(const kin::database& db, std::string_view sql) {
        pairs result;
        for (const auto& [owner, other] : db.session().sql<int, int>(sql)) result.emplace_back(owner, other);
        std::sort(result.begin(), result.end());
        return result;
    }
    /// Walks a has_many or many_to_many of all objects of a class: it must take two statements and give the pairs of `sql`.
    template <auto Many> static void expect_collections(const kin::database& db, std::string_view sql) {
        using Owner = typename kin::detail::member_pointer<std::remove_cv_t<decltype(Many)>>::class_type;
        const pairs expected = raw_pairs(db, sql);
        EXPECT_FALSE(expected.empty()) << sql;
        const statement_counter counter(db);
        kin::session session = db.session();
        pairs found;
        for (const auto& owner : session.query<Owner>()) {
            for (const auto& other : (*owner).*Many) found.emplace_back(owner->id, key_of(*other));
        }
        EXPECT_EQ(counter.count(), 2u) << sql;
        std::sort(found.begin(), found.end());
        EXPECT_EQ(found, expected) << sql;
    }
    /// The same for a belongs_to; objects without a target are not in the pairs.
    template <auto One> static void expect_references(const kin::database& db, std::string_view sql) {
        using Owner = typename kin::detail::member_pointer<std::remove_cv_t<decltype(One)>>::class_type;
        const pairs expected = raw_pairs(db, sql);
        EXPECT_FALSE(expected.empty()) << sql;
        const statement_counter counter(db);
        kin::session session = db.session();
        pairs found;
        for (const auto& owner : session.query<Owner>()) {
            if (const auto target = ((*owner).*One).get())
                found.emplace_back(key_of(*owner), std::as_const(target)->id);
        }
        EXPECT_EQ(counter.count(), 2u) << sql;
        std::sort(found.begin(), found.end());
        EXPECT_EQ(found, expected) << sql;
    }
    /// Reads all rows as objects that may be changed: they are what the table has, and a flush finds nothing to write.
    template <class Model> static void expect_round_trip(const kin::database& db) {
        kin::session session = db.session();
        const auto rows = session.sql<std::int64_t>("SELECT count(*) FROM \"" +
                                                    kin::mapper_of<Model>().table().name() + '"');
        EXPECT_EQ(session.query<Model>().count(), std::get<0>(rows.one()));
        auto objects = session.query<Model>().all();
        EXPECT_EQ(static_cast<std::int64_t>(objects.size()), std::get<0>(rows.one()));
        for (auto& object : objects) static_cast<void>(&*object); // the first mutable access
        EXPECT_FALSE(session.has_changes()) << kin::mapper_of<Model>().class_name();
    }

private:
    template <class Model> static int key_of(const Model& m) { return m.id; }

    kin::testing::temporary_directory directory_;
};

// ---- reading ----

TEST_F(chinook_database, every_row_of_the_ten_classes_is_an_object_and_reads_as_it_would_be_written) {
    const kin::database db = open();
    expect_round_trip<Album>(db);
    expect_round_trip<Artist>(db);
    expect_round_trip<Customer>(db);
    expect_round_trip<Employee>(db);
    expect_round_trip<Genre>(db);
    expect_round_trip<Invoice>(db);
    expect_round_trip<InvoiceLine>(db);
    expect_round_trip<MediaType>(db);
    expect_round_trip<Playlist>(db);
    expect_round_trip<Track>(db);
}

TEST_F(chinook_database, collections_of_the_music_load_in_two_statements) {
    const kin::database db = open();
    expect_collections<&Artist::albums>(db, "SELECT ArtistId, AlbumId FROM Album");
    expect_collections<&Album::tracks>(db, "SELECT AlbumId, TrackId FROM Track WHERE AlbumId IS NOT NULL");
    expect_collections<&Genre::tracks>(db, "SELECT GenreId, TrackId FROM Track WHERE GenreId IS NOT NULL");
    expect_collections<&MediaType::tracks>(db, "SELECT MediaTypeId, TrackId FROM Track");
    expect_collections<&Track::sales>(db, "SELECT TrackId, InvoiceLineId FROM InvoiceLine");
}

TEST_F(chinook_database, references_of_the_music_load_in_two_statements) {
    const kin::database db = open();
    expect_references<&Album::artist>(db, "SELECT AlbumId, ArtistId FROM Album");
    expect_references<&Track::album>(db, "SELECT TrackId, AlbumId FROM Track WHERE AlbumId IS NOT NULL");
    expect_references<&Track::genre>(db, "SELECT TrackId, GenreId FROM Track WHERE GenreId IS NOT NULL");
    expect_references<&Track::media_type>(db, "SELECT TrackId, MediaTypeId FROM Track");
}

TEST_F(chinook_database, collections_of_the_sales_load_in_two_statements) {
    const kin::database db = open();
    expect_collections<&Employee::customers>(
        db, "SELECT SupportRepId, CustomerId FROM Customer WHERE SupportRepId IS NOT NULL");
    expect_collections<&Customer::invoices>(db, "SELECT CustomerId, InvoiceId FROM Invoice");
    expect_collections<&Invoice::lines>(db, "SELECT InvoiceId, InvoiceLineId FROM InvoiceLine");
}

TEST_F(chinook_database, references_of_the_sales_load_in_two_statements) {
    const kin::database db = open();
    expect_references<&Customer::support_rep>(
        db, "SELECT CustomerId, SupportRepId FROM Customer WHERE SupportRepId IS NOT NULL");
    expect_references<&Invoice::customer>(db, "SELECT InvoiceId, CustomerId FROM Invoice");
    expect_references<&InvoiceLine::invoice>(db, "SELECT InvoiceLineId, InvoiceId FROM InvoiceLine");
    expect_references<&InvoiceLine::track>(db, "SELECT InvoiceLineId, TrackId FROM InvoiceLine");
}

TEST_F(chinook_database, both_sides_of_a_many_to_many_load_in_two_statements) {
    const kin::database db = open();
    expect_collections<&Playlist::tracks>(db, "SELECT PlaylistId, TrackId FROM PlaylistTrack");
    expect_collections<&Track::playlists>(db, "SELECT TrackId, PlaylistId FROM PlaylistTrack");
}

TEST_F(chinook_database, tracks_of_a_playlist_stand_in_the_order_of_the_mapping) {
    const kin::database db = open();
    kin::session session = db.session();
    const kin::ref<const Playlist> playlist = session.get_one<Playlist>(16);
    std::vector<std::tuple<int>> found;
    for (const auto& track : playlist->tracks) found.emplace_back(track->id);
    EXPECT_EQ(
        found,
        session.sql<int>("SELECT TrackId FROM PlaylistTrack WHERE PlaylistId = 16 ORDER BY TrackId").all());
}

TEST_F(chinook_database, a_many_to_many_is_counted_and_asked_without_loading_it) {
    const kin::database db = open();
    kin::session session = db.session();
    const auto grunge = session.query<Playlist>().where(kin::col<&Playlist::name> == "Grunge").one();
    const statement_counter counter(db);
    EXPECT_EQ(grunge->tracks.count(), 15u);
    EXPECT_TRUE(grunge->tracks.contains(session.get_one<Track>(52)));
    EXPECT_FALSE(grunge->tracks.contains(session.get_one<Track>(1)));
    EXPECT_EQ(counter.count(), 5u);
    EXPECT_FALSE(grunge->tracks.is_loaded());
}

TEST_F(chinook_database, tracks_are_asked_for_by_their_playlists) {
    const kin::database db = open();
    kin::session session = db.session();
    const auto on_classical =
        session.query<Track>()
            .where(kin::col<&Track::playlists>.any(kin::col<&Playlist::name> == "Classical"))
            .count();
    EXPECT_EQ(on_classical, 75);
    const auto grunge = session.get_one<Playlist>(16);
    EXPECT_EQ(session.query<Track>().where(kin::col<&Track::playlists>.contains(grunge)).count(), 15);
    EXPECT_EQ(session.query<Playlist>().where(!kin::col<&Playlist::tracks>.any()).count(), 4);
}

TEST_F(chinook_database, tracks_of_all_playlists_are_two_statements) {
    const kin::database db = open();
    const auto expected =
        db.session().sql<std::string, std::string>("SELECT P.Name, T.Name FROM Playlist P JOIN PlaylistTrack "
                                                   "USING (PlaylistId) JOIN Track T USING (TrackId)");
    std::vector<std::tuple<std::string, std::string>> rows = expected.all();
    const statement_counter counter(db);
    kin::session session = db.session();
    std::vector<std::tuple<std::string, std::string>> found;
    for (const auto& playlist : session.query<Playlist>()) {
        for (const auto& track : playlist->tracks) found.emplace_back(*playlist->name, track->name);
    }
    EXPECT_EQ(counter.count(), 2u);
    std::sort(rows.begin(), rows.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, rows);
}

TEST_F(chinook_database, the_tree_of_employees_is_two_statements_from_the_top) {
    const kin::database db = open();
    const statement_counter counter(db);
    kin::session session = db.session();
    pairs found;
    kin::ref<const Employee> top;
    for (const auto& employee : session.query<Employee>()) {
        if (!employee->manager) top = employee;
        for (const auto& report : employee->reports) {
            found.emplace_back(employee->id, report->id);
            EXPECT_EQ(report->manager, employee);
        }
    }
    EXPECT_EQ(counter.count(), 2u);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, raw_pairs(db, "SELECT ReportsTo, EmployeeId FROM Employee WHERE ReportsTo IS NOT NULL"));
    EXPECT_EQ(top->first_name, "Andrew");
}

TEST_F(chinook_database, employees_are_asked_for_by_their_own_relationships) {
    const kin::database db = open();
    kin::session session = db.session();
    const auto nancy = session.query<Employee>().where(kin::col<&Employee::first_name> == "Nancy").one();
    EXPECT_EQ(session.query<Employee>().where(kin::col<&Employee::manager> == nancy).count(), 3);
    EXPECT_EQ(session.query<Employee>().where(kin::col<&Employee::reports_to>.is_null()).count(), 1);
    const auto managers = session.query<Employee>()
                              .where(kin::col<&Employee::reports>.any())
                              .order_by(kin::col<&Employee::id>)
                              .all();
    ASSERT_EQ(managers.size(), 3u);
    EXPECT_EQ(managers[1], nancy);
    const auto below =
        session.query<Employee>()
            .where(kin::col<&Employee::manager>.has(kin::col<&Employee::first_name> == "Nancy"))
            .count();
    EXPECT_EQ(below, 3);
}

TEST_F(chinook_database, money_reads_as_text_and_times_as_points_in_time) {
    const kin::database db = open();
    kin::session session = db.session();
    const kin::ref<const Invoice> invoice = session.get_one<Invoice>(327);
    EXPECT_EQ(invoice->total, "13.86");
    EXPECT_EQ(invoice->date, std::chrono::sys_days(std::chrono::year(2024) / 12 / 7));
    const std::chrono::sys_seconds first = std::chrono::sys_days(std::chrono::year(2021) / 1 / 1);
    const std::chrono::sys_seconds last = std::chrono::sys_days(std::chrono::year(2021) / 3 / 31);
    const auto first_quarter =
        session.query<Invoice>().where(kin::col<&Invoice::date>.between(first, last)).count();
    const auto expected = session.sql<std::int64_t>("SELECT count(*) FROM Invoice WHERE InvoiceDate BETWEEN "
                                                    "'2021-01-01 00:00:00' AND '2021-03-31 00:00:00'");
    EXPECT_EQ(first_quarter, std::get<0>(expected.one()));
}

TEST_F(chinook_database, rows_of_a_join_and_a_group_are_those_of_raw_sql) {
    const kin::database db = open();
    kin::session session = db.session();
    const auto albums = kin::count(kin::col<&Album::id>);
    const auto found = session.select(kin::col<&Artist::id>, albums)
                           .left_join<&Artist::albums>()
                           .group_by(kin::col<&Artist::id>)
                           .order_by(kin::col<&Artist::id>)
                           .all();
    const auto expected =
        session
            .sql<int, std::int64_t>("SELECT Artist.ArtistId, count(AlbumId) FROM Artist LEFT JOIN "
                                    "Album USING (ArtistId) GROUP BY Artist.ArtistId ORDER BY 1")
            .all();
    EXPECT_EQ(found, expected);
}

// ---- writing ----

TEST_F(chinook_database, a_new_artist_with_album_and_tracks_is_one_insert_per_table) {
    const kin::database db = open();
    kin::session session = db.session();
    const auto rock = session.query<Genre>().where(kin::col<&Genre::name> == "Rock").one();
    const auto mpeg = session.get_one<MediaType>(1);
    const statement_counter counter(db);
    auto artist = kin::make<Artist>({.name = "The Testers"});
    auto album = kin::make<Album>({.title = "Green Bar", .artist = artist});
    for (const char* name : {"Given", "When", "Then"}) {
        session.add(kin::make<Track>({.name = name,
                                      .milliseconds = 180'000,
                                      .unit_price = "0.99",
                                      .album = album,
                                      .media_type = mpeg,
                                      .genre = rock}));
    }
    session.commit();
    EXPECT_EQ(counter.count(), 3u);

    kin::session reader = db.session();
    const auto tracks = reader.query<Track>()
                            .where(kin::col<&Track::album>.has(kin::col<&Album::title> == "Green Bar"))
                            .order_by(kin::col<&Track::id>)
                            .all();
    ASSERT_EQ(tracks.size(), 3u);
    EXPECT_EQ(tracks[0]->name, "Given");
    EXPECT_EQ(tracks[2]->album->artist->name, "The Testers");
    EXPECT_EQ(tracks[1]->genre->name, "Rock");
}

TEST_F(chinook_database, a_track_goes_onto_a_playlist_and_off_again) {
    const kin::database db = open();
    const auto links = [&] { return raw_pairs(db, "SELECT * FROM PlaylistTrack WHERE PlaylistId = 16"); };
    const pairs before = links();
    pairs after = before;
    after.insert(after.begin(), {16, 1});
    kin::session session = db.session();
    auto grunge = session.get_one<Playlist>(16);
    auto track = session.get_one<Track>(1);
    const statement_counter counter(db);
    grunge->tracks.push_back(track);
    session.commit();
    EXPECT_EQ(
        counter.statements(),
        std::vector<std::string>{
            R"(INSERT INTO "PlaylistTrack" ("PlaylistId", "TrackId") VALUES (?, ?) ON CONFLICT DO NOTHING)"});
    EXPECT_EQ(links(), after);
    EXPECT_TRUE(track->playlists.contains(grunge));

    EXPECT_TRUE(track->playlists.erase(grunge)); // from the other side
    session.commit();
    EXPECT_EQ(links(), before);
    EXPECT_FALSE(grunge->tracks.contains(track));
}

TEST_F(chinook_database, a_new_playlist_gets_its_links_in_one_insert) {
    const kin::database db = open();
    kin::session session = db.session();
    const auto tracks = session.query<Track>().where(kin::col<&Track::id> <= 100).all();
    const statement_counter counter(db);
    const auto mine = session.add(kin::make<Playlist>({.name = "Mine", .tracks = tracks}));
    session.commit();
    EXPECT_EQ(counter.count(), 2u);
    EXPECT_EQ(raw_pairs(db, "SELECT PlaylistId, TrackId FROM PlaylistTrack WHERE PlaylistId = 19").size(),
              100u);
    EXPECT_EQ(std::as_const(mine)->id, 19);
}

TEST_F(chinook_database, a_playlist_is_replaced_by_writing_the_difference) {
    const kin::database db = open();
    kin::session session = db.session();
    auto video = session.get_one<Playlist>(9); // holds track 3402
    const auto wanted = session.query<Track>().where(kin::col<&Track::id>.in(std::vector{1, 2, 3402})).all();
    video->tracks = wanted;
    const statement_counter counter(db);
    session.commit();
    EXPECT_EQ(counter.count(), 1u) << "3402 was there";
    EXPECT_EQ(raw_pairs(db, "SELECT * FROM PlaylistTrack WHERE PlaylistId = 9"),
              (pairs{{9, 1}, {9, 2}, {9, 3402}}));
    video->tracks.clear();
    session.rollback();
    EXPECT_EQ(video->tracks.size(), 3u);
}

TEST_F(chinook_database, a_track_is_on_a_playlist_once) {
    const kin::database db = open();
    kin::session session = db.session();
    auto music = session.get_one<Playlist>(1);
    music->tracks.push_back(
        session.get_one<Track>(3402)); // nothing is loaded, so nobody knows that it is there
    session.commit();
    EXPECT_EQ(raw_pairs(db, "SELECT * FROM PlaylistTrack WHERE PlaylistId = 1").size(), 3290u);
    EXPECT_EQ(music->tracks.size(), 3290u);
}

TEST_F(chinook_database, a_removed_playlist_takes_its_links_along_and_a_rollback_brings_them_back) {
    const kin::database db = open();
    kin::session session = db.session();
    auto grunge = session.get_one<Playlist>(16);
    const auto track = session.get_one<Track>(52);
    ASSERT_EQ(track->playlists.size(), 4u);
    session.remove(grunge);
    session.flush();
    EXPECT_EQ(track->playlists.size(), 3u);
    session.rollback();
    EXPECT_EQ(track->playlists.size(), 4u);
    session.remove(grunge);
    session.commit();
    EXPECT_EQ(raw_pairs(db, "SELECT * FROM PlaylistTrack WHERE PlaylistId = 16"), pairs());
    EXPECT_EQ(track->playlists.size(), 3u);
}

TEST_F(chinook_database, an_employee_gets_another_manager) {
    const kin::database db = open();
    {
        kin::session session = db.session();
        auto steve = session.query<Employee>().where(kin::col<&Employee::first_name> == "Steve").one();
        const auto michael =
            session.query<Employee>().where(kin::col<&Employee::first_name> == "Michael").one();
        steve->manager = michael;
        EXPECT_EQ(michael->reports.size(), 3u);
        const statement_counter counter(db);
        session.commit();
        EXPECT_EQ(
            counter.statements(),
            std::vector<std::string>{R"(UPDATE "Employee" SET "ReportsTo" = ? WHERE "EmployeeId" = ?)"});
    }
    EXPECT_EQ(raw_pairs(db, "SELECT ReportsTo, EmployeeId FROM Employee WHERE ReportsTo = 6"),
              (pairs{{6, 5}, {6, 7}, {6, 8}}));
}

TEST_F(chinook_database, an_artist_with_albums_is_not_removed) {
    const kin::database db = open();
    EXPECT_THROW(db.session().execute("DELETE FROM Artist WHERE ArtistId = 1"), kin::foreign_key_violation);
}

// ---- the schema ----

TEST_F(chinook_database, creating_all_tables_changes_nothing_where_they_are) {
    const kin::database db = open();
    const auto schema = [&db] {
        return db.session()
            .sql<std::string>("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
            .all();
    };
    const auto before = schema();
    db.create_all<Album, Artist, Customer, Employee, Genre, Invoice, InvoiceLine, MediaType, Playlist,
                  Track>();
    EXPECT_EQ(schema(), before);
}

TEST_F(chinook_database, the_tables_that_kin_makes_have_the_same_columns_keys_and_references) {
    const kin::database made("sqlite:///:memory:");
    made.create_all<Album, Artist, Customer, Employee, Genre, Invoice, InvoiceLine, MediaType, Playlist,
                    Track>();
    const kin::database real = open();
    const auto columns = [](const kin::database& db) {
        return db.session()
            .sql<std::string, std::string, int, int>("SELECT t.name, c.name, c.\"notnull\", c.pk FROM "
                                                     "sqlite_schema t, pragma_table_info(t.name) c "
                                                     "WHERE t.type = 'table' ORDER BY 1, 2")
            .all();
    };
    EXPECT_EQ(columns(made), columns(real));
    const auto references = [](const kin::database& db) {
        return db.session()
            .sql<std::string, std::string, std::string, std::string>(
                "SELECT t.name, f.\"from\", f.\"table\", f.\"to\" FROM sqlite_schema t, "
                "pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY 1, 2")
            .all();
    };
    EXPECT_EQ(references(made), references(real));
}

} // namespace
} // namespace chinook
