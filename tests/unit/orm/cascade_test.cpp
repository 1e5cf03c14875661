// SPDX-License-Identifier: MIT
#include "kin/mapping/cascade.hpp"

#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// What travels along relationships: semantics.md B (save-update), C and D (removing a parent), E (orphans), F (the database's own
// rules), G (moving).

namespace {

using blog::caught;
using blog::code_of;

class semantics_B : public blog::test {};

TEST_F(semantics_B, B1_the_default_is_save_update_and_merge) {
    const kin::mapper& user = kin::mapper_of<blog::User>();
    EXPECT_EQ(user.find_relationship("posts")->cascades, kin::cascade::save_update | kin::cascade::merge);
    const kin::mapper& post = kin::mapper_of<blog::Post>();
    EXPECT_EQ(post.find_relationship("user")->cascades, kin::cascade::save_update | kin::cascade::merge);
}

TEST_F(semantics_B, B4_adding_a_parent_adds_the_whole_graph) {
    const auto john = blog::user("John");
    const auto post = blog::post("First", john);
    const auto comment = blog::comment("Hello", post);
    session.add(john);
    EXPECT_EQ(kin::state_of(post), kin::object_state::pending);
    EXPECT_EQ(kin::state_of(comment), kin::object_state::pending);
}

TEST_F(semantics_B, B4_adding_a_child_adds_its_parents_and_what_hangs_on_them) {
    const auto john = blog::user("John");
    const auto post = blog::post("First", john);
    const auto sibling = blog::post("Second", john);
    session.add(blog::comment("Hello", post));
    EXPECT_TRUE(session.contains(john));
    EXPECT_TRUE(session.contains(sibling));
}

TEST_F(semantics_B, B6_appending_to_a_parent_in_a_session_takes_the_child_in_at_once) {
    auto john = session.add(blog::user("John"));
    const auto post = blog::post("First");
    john->posts.push_back(post);
    EXPECT_TRUE(session.contains(post));
}

TEST_F(semantics_B, B7_setting_the_reference_to_a_parent_in_a_session_takes_the_child_in_as_well) {
    const auto john = session.add(blog::user("John"));
    const auto post = blog::post("First", john); // kin does better (4)
    EXPECT_TRUE(session.contains(post));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 1);
}

TEST_F(semantics_B, B7_moving_a_child_into_a_session_leaves_its_old_parent_outside) {
    auto inside = session.add(blog::user("Inside"));
    const auto outside = blog::user("Outside");
    auto post = blog::post("First", outside);
    post->user = inside;
    EXPECT_TRUE(session.contains(post));
    EXPECT_FALSE(session.contains(outside));
}

TEST_F(semantics_B, B10_a_child_that_left_its_parent_before_any_flush_is_inserted_with_a_null_key) {
    auto post = session.add(blog::post("First", blog::user("John")));
    const auto comment = blog::comment("Hello", post);
    post->comments.erase(comment);
    session.commit();
    EXPECT_EQ(stored<std::optional<int>>("SELECT post_id FROM comment"), std::nullopt);
}

TEST_F(semantics_B, B12_adding_twice_is_adding_once) {
    const auto john = session.add(blog::user("John"));
    session.add(john);
    session.add_all({john, john});
    session.commit();
    session.add(john);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 1);
}

// --- removing a parent, default cascade --------------------------------------------------------------------------------

class semantics_C : public blog::test {};

TEST_F(semantics_C, C1_children_lose_their_key_before_the_parent_is_deleted) {
    stored_user("John", 1, 2);
    const auto post = session.query<blog::Post>().one();
    ASSERT_EQ(post->comments.size(), 2U);
    counter.reset();
    session.remove(post);
    session.flush();
    const auto sent = counter.statements();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent.front(), R"(UPDATE "comment" SET "post_id" = ? WHERE "id" IN (?, ?))");
    EXPECT_EQ(sent.back(), R"(DELETE FROM "post" WHERE "id" = ?)");
}

TEST_F(semantics_C, C3_after_that_the_children_are_persistent_without_a_parent) {
    stored_user("John", 1, 1);
    const auto post = session.query<blog::Post>().one();
    const auto comment = session.query<blog::Comment>().one();
    session.remove(post);
    session.flush();
    EXPECT_EQ(comment->post_id, std::nullopt);
    EXPECT_EQ(comment->post, nullptr);
    EXPECT_EQ(kin::state_of(comment), kin::object_state::persistent);
    counter.reset();
    EXPECT_EQ(session.get<blog::Comment>(int(comment->id)), comment);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_C, C4_children_whose_key_is_not_null_make_the_flush_fail) {
    stored_user("John", 1);
    session.remove(session.query<blog::User>().one());
    const auto e = caught<kin::foreign_key_violation>([&] { session.flush(); });
    EXPECT_EQ(e.table(), "post");
    EXPECT_EQ(e.column(), "user_id");
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 1);
}

TEST_F(semantics_C, C6_removing_a_child_leaves_parent_and_siblings_alone) {
    stored_user("John", 2);
    const auto john = session.query<blog::User>().one();
    session.remove(session.get<blog::Post>(1));
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 2U) << "SELECT of its comments, whose keys would be unset, and DELETE";
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 1"), 1);
    EXPECT_EQ(kin::state_of(john), kin::object_state::persistent);
}

TEST_F(semantics_C, C9_a_removed_child_leaves_the_loaded_collection_at_the_flush) {
    stored_user("John", 2); // kin does better (9)
    const auto john = session.query<blog::User>().one();
    ASSERT_EQ(john->posts.size(), 2U);
    const auto second = session.get<blog::Post>(2);
    session.remove(second);
    EXPECT_EQ(john->posts.size(), 2U) << "not before the flush";
    session.flush();
    ASSERT_EQ(john->posts.size(), 1U);
    EXPECT_EQ(john->posts[0]->id, 1);
    session.rollback();
    ASSERT_EQ(john->posts.size(), 2U);
    EXPECT_EQ(john->posts[1], second);
}

TEST_F(semantics_C, C10_only_an_object_with_a_row_in_this_session_can_be_removed) {
    const auto john = blog::user("John");
    EXPECT_EQ(code_of([&] { session.remove(john); }), "not_persistent");
    session.add(john);
    EXPECT_EQ(code_of([&] { session.remove(john); }), "not_persistent");
    session.commit();
    kin::session other = db.session();
    EXPECT_EQ(code_of([&] { other.remove(john); }), "not_persistent");
    EXPECT_EQ(code_of([&] { session.remove(kin::ref<blog::User>()); }), "null_ref");
}

TEST_F(semantics_C, C12_a_row_that_is_gone_already_may_be_deleted_but_not_updated) {
    stored_user("John");
    auto john = session.query<blog::User>().one();
    db.transaction([](kin::session& other) { other.execute("DELETE FROM \"user\""); });
    session.remove(john);
    if (db.engine().dialect().supports(kin::feature::writes_newest_rows)) {
        session.commit();
    } else { // the row that was read is another one now: that is for the program to know
        (void)caught<kin::serialization_failure>([&] { session.commit(); });
        session.rollback();
        session.remove(john);
        session.commit();
    }
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);

    stored_user("Jane");
    auto jane = session.query<blog::User>().one();
    session.execute("DELETE FROM \"user\"");
    jane->name = "Joan";
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "row_gone");
    EXPECT_EQ(e.table(), "user");
    session.rollback();
    EXPECT_EQ(jane->name, "Jane");
}

// --- delete cascade and orphans -----------------------------------------------------------------------------------------

struct Album;
struct Track;
struct Note;
struct Band {
    int id = 0;
    std::string name;
    kin::has_many<Album> albums; // remove, not delete_orphan
};
struct Album {
    int id = 0;
    std::string title;
    std::optional<kin::foreign_key<&Band::id>> band_id;
    kin::belongs_to<Band> band;
    kin::has_many<Track> tracks; // delete_orphan
};
struct Track {
    int id = 0;
    std::string title;
    kin::foreign_key<&Album::id> album_id;
    kin::belongs_to<Album> album;
    kin::has_many<Note> notes; // delete_orphan
};
struct Note {
    int id = 0;
    std::string text;
    kin::foreign_key<&Track::id> track_id;
    kin::belongs_to<Track> track;
};
void describe(kin::mapping<Band>& m) { m.relationship<&Band::albums>().cascade(kin::cascade::all); }
void describe(kin::mapping<Album>& m) {
    m.relationship<&Album::tracks>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}
void describe(kin::mapping<Track>& m) {
    m.relationship<&Track::notes>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}

class music : public testing::Test {
protected:
    music() {
        db.create_all<Band, Album, Track, Note>();
        kin::session writer = db.session();
        const auto band = writer.add(Band{.name = "Band"});
        for (const char* title : {"One", "Two"}) {
            const auto album = kin::make(Album{.title = title, .band = band});
            for (int t = 1; t <= 2; ++t) {
                const auto track =
                    kin::make(Track{.title = std::string(title) + " " + std::to_string(t), .album = album});
                (void)kin::make(Note{.text = "la", .track = track});
            }
        }
        writer.commit();
    }
    std::int64_t rows(std::string_view table) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<std::int64_t>("SELECT count(*) FROM " + std::string(table)).one());
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};
using semantics_D = music;
class semantics_E : public music {};

TEST_F(semantics_D, D1_removing_a_parent_marks_every_child_at_the_time_of_the_call) {
    const auto band = session.query<Band>().one();
    const auto album = session.get<Album>(1);
    session.remove(band);
    EXPECT_TRUE(session.has_changes());
    session.commit();
    EXPECT_EQ(kin::state_of(album), kin::object_state::detached);
    EXPECT_EQ(rows("album") + rows("track") + rows("note"), 0);
}

TEST_F(semantics_D, D3_a_child_that_leaves_the_collection_keeps_its_row) {
    auto band = session.query<Band>().one();
    band->albums.erase(session.get<Album>(1));
    session.commit();
    EXPECT_EQ(rows("album"), 2);
    EXPECT_EQ(rows("album WHERE band_id IS NULL"), 1);
}

TEST_F(semantics_D, D4_a_child_that_left_before_the_parent_was_removed_is_not_deleted) {
    auto band = session.query<Band>().one();
    band->albums.erase(session.get<Album>(1));
    session.remove(band);
    session.commit();
    EXPECT_EQ(rows("album"), 1);
}

TEST_F(semantics_E, E1_a_child_that_leaves_is_deleted_without_an_update) {
    auto album = session.get<Album>(1);
    album->tracks.erase(session.get<Track>(1));
    counter.reset();
    session.commit();
    for (const std::string& sql : counter.statements()) EXPECT_FALSE(sql.starts_with("UPDATE")) << sql;
    EXPECT_EQ(rows("track"), 3);
}

TEST_F(semantics_E, E2_replacing_the_collection_deletes_who_is_not_in_the_new_one) {
    auto album = session.get<Album>(1);
    const auto kept = session.get<Track>(2);
    album->tracks = {kept, kin::make(Track{.title = "new"})};
    session.commit();
    EXPECT_EQ(rows("track WHERE album_id = 1"), 2);
    EXPECT_EQ(rows("track WHERE title = 'One 1'"), 0);
}

TEST_F(semantics_E, E4_a_pending_child_that_leaves_is_never_inserted) {
    auto album = session.get<Album>(1);
    const auto track = kin::make(Track{.title = "new", .album = album});
    album->tracks.erase(track);
    session.commit();
    EXPECT_EQ(kin::state_of(track), kin::object_state::transient);
    EXPECT_EQ(rows("track"), 4);
}

TEST_F(semantics_E, E5_also_when_the_parent_is_pending) {
    auto album = session.add(Album{.title = "Three"});
    const auto track = kin::make(Track{.title = "new", .album = album});
    album->tracks.erase(track);
    session.commit();
    EXPECT_EQ(kin::state_of(track), kin::object_state::transient);
    EXPECT_EQ(rows("album"), 3);
    EXPECT_EQ(rows("track"), 4);
}

TEST_F(semantics_E, E5_what_hangs_on_a_pending_child_that_leaves_is_not_inserted_either) {
    auto album = session.get<Album>(1);
    auto track = kin::make(Track{.title = "new", .album = album});
    const auto note = kin::make(Note{.text = "lo", .track = track});
    album->tracks.erase(track);
    EXPECT_EQ(session.query<Note>().all().size(), 4U) << "an autoflush lets it wait";
    session.commit();
    EXPECT_EQ(kin::state_of(note), kin::object_state::transient);
    EXPECT_EQ(rows("note"), 4);
}

TEST_F(semantics_E, E7_leaving_one_parent_and_entering_another_is_a_move) {
    auto one = session.get<Album>(1);
    auto two = session.get<Album>(2);
    const auto track = session.get<Track>(1);
    one->tracks.erase(track);
    two->tracks.push_back(track);
    session.commit();
    EXPECT_EQ(rows("track"), 4);
    EXPECT_EQ(rows("track WHERE album_id = 2"), 3);
}

TEST_F(semantics_E, E8_a_query_between_erase_and_push_back_deletes_nothing) {
    auto one = session.get<Album>(1); // kin does better (1)
    auto two = session.get<Album>(2);
    const auto track = session.get<Track>(1);
    one->tracks.erase(track);
    EXPECT_EQ(session.query<Track>().count(), 4);
    EXPECT_EQ(two->tracks.size(), 2U);
    EXPECT_EQ(rows("track"), 4);
    two->tracks.push_back(track);
    session.commit();
    EXPECT_EQ(rows("track WHERE album_id = 2"), 3);
}

TEST_F(semantics_E, E8_a_query_while_an_orphan_waits_does_not_trip_over_its_removed_parent) {
    auto one = session.get<Album>(1);
    one->tracks.erase(session.get<Track>(1));
    session.remove(one);
    EXPECT_EQ(session.query<Band>().count(), 1);
    session.commit();
    EXPECT_EQ(rows("album"), 1);
    EXPECT_EQ(rows("track"), 2);
}

TEST_F(semantics_E, E7_a_key_set_by_hand_to_a_parent_that_is_not_loaded_is_a_move_too) {
    auto track = session.get<Track>(1);
    track->album = session.add(Album{.title = "Three"});
    track->album_id = 2; // album 2 is not known to the session
    session.commit();
    EXPECT_EQ(rows("track WHERE album_id = 2"), 3);

    track->album = nullptr;
    track->album_id = 1;
    session.commit();
    EXPECT_EQ(rows("track WHERE album_id = 1"), 2);
    EXPECT_EQ(kin::state_of(track), kin::object_state::persistent);
}

TEST_F(semantics_E, E13_the_children_of_an_orphan_are_deleted_with_it) {
    auto album = session.get<Album>(1);
    album->tracks.erase(session.get<Track>(1));
    session.commit();
    EXPECT_EQ(rows("note"), 3);
}

TEST_F(semantics_E, E14_rollback_brings_an_orphan_back_into_its_collection) {
    auto album = session.get<Album>(1);
    const auto track = session.get<Track>(1);
    ASSERT_EQ(album->tracks.size(), 2U);
    album->tracks.erase(track);
    session.flush();
    EXPECT_EQ(kin::state_of(track), kin::object_state::deleted);
    session.rollback();
    EXPECT_EQ(kin::state_of(track), kin::object_state::persistent);
    ASSERT_EQ(album->tracks.size(), 2U);
    EXPECT_EQ(album->tracks[0], track);
    EXPECT_EQ(track->album, album);
    session.commit();
    EXPECT_EQ(rows("track"), 4);
}

TEST(semantics_E_mapping, E10_delete_orphan_on_the_many_side_and_without_remove_are_mapping_faults) {
    // see tests/unit/mapping/mapper_test.cpp for the texts
    EXPECT_FALSE(kin::has(kin::cascade::all, kin::cascade::delete_orphan));
}

// --- the database's own rules --------------------------------------------------------------------------------------------

struct Reply;
struct Thread {
    int id = 0;
    std::string title;
    kin::has_many<Reply> replies;
};
struct Reply {
    int id = 0;
    kin::foreign_key<&Thread::id, kin::on_delete::cascade> thread_id;
    kin::belongs_to<Thread> thread;
};

TEST(semantics_F, F3_the_deletion_is_left_to_a_database_that_cascades) {
    kin::database db{kin::testing::fresh_url()}; // kin does better (13)
    db.create_all<Thread, Reply>();
    kin::session session = db.session();
    const auto thread = session.add(Thread{.title = "Hello"});
    (void)kin::make(Reply{.thread = thread});
    session.commit();
    session.close();
    const auto loaded = session.query<Thread>().one();
    kin::testing::sql_counter counter{db};
    session.remove(loaded);
    session.commit();
    EXPECT_EQ(counter.count(), 1U) << "one DELETE, no SELECT, no UPDATE";
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM reply").one()), 0);
}

// --- moving -----------------------------------------------------------------------------------------------------------

class semantics_G : public music {};

TEST_F(semantics_G, G1_a_move_is_one_update_of_the_key) {
    auto one = session.get<Album>(1);
    auto two = session.get<Album>(2);
    ASSERT_EQ(one->tracks.size(), 2U);
    const auto track = one->tracks[0];
    two->tracks.push_back(track);
    EXPECT_EQ(one->tracks.size(), 1U);
    counter.reset();
    session.commit();
    ASSERT_EQ(counter.count(), 1U);
    EXPECT_EQ(counter.statements()[0], R"(UPDATE "track" SET "album_id" = ? WHERE "id" = ?)");
}

TEST_F(semantics_G, G2_an_old_collection_that_is_loaded_afterwards_is_right) {
    auto one = session.get<Album>(1);
    auto two = session.get<Album>(2);
    const auto track = session.get<Track>(1);
    two->tracks.push_back(track);
    EXPECT_EQ(one->tracks.size(), 1U) << "before the flush";
    EXPECT_EQ(two->tracks.size(), 3U);
    EXPECT_EQ(two->tracks.back(), track);
}

TEST_F(semantics_G, G4_a_child_that_moved_outlives_its_old_parent_in_one_flush) {
    auto one = session.get<Album>(1);
    auto two = session.get<Album>(2);
    two->tracks.push_back(session.get<Track>(1));
    session.remove(one);
    session.commit();
    EXPECT_EQ(rows("track WHERE album_id = 2"), 3);
    EXPECT_EQ(rows("track"), 3);
}

TEST_F(semantics_G, G5_moving_into_an_unloaded_collection_neither_loads_nor_flushes) {
    auto one = session.get<Album>(1); // kin does better (2, 3)
    auto two = session.get<Album>(2);
    const auto track = session.get<Track>(1);
    one->tracks.erase(track);
    counter.reset();
    two->tracks.push_back(track);
    EXPECT_EQ(counter.count(), 0U);
    session.remove(one);
    session.commit();
    EXPECT_EQ(rows("track WHERE album_id = 2"), 3);
}

} // namespace
