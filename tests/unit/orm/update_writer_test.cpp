// SPDX-License-Identifier: MIT
#include "kin/orm/update_writer.hpp"

#include <algorithm>

#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Which UPDATEs and DELETEs a flush sends, in which order, and what their row counts say: semantics.md C12, L8, L11.

namespace hall {

struct Seat {
    kin::primary_key<int> row;
    kin::primary_key<std::string> letter;
    std::string guest;
};

struct Member {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> name;
    std::optional<int> seat;
    kin::field<int, kin::version> version;
};

struct Badge {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> name;
};

} // namespace hall

namespace {

using namespace hall;
using blog::caught;
using blog::Comment;
using blog::Post;
using blog::User;

class updates : public blog::test {
protected:
    void SetUp() override {
        for (int i = 1; i <= 5; ++i) stored_user("user " + std::to_string(i), 1, 2);
        users = session.query<User>().order_by(kin::col<&User::id>).all();
        posts = session.query<Post>().order_by(kin::col<&Post::id>).all();
        comments = session.query<Comment>().order_by(kin::col<&Comment::id>).all();
        session.commit();
        counter.reset();
    }
    std::vector<std::string> flushed() {
        counter.reset();
        session.flush();
        return counter.statements();
    }
    /// The statements for so many rows that get values of their own.
    [[nodiscard]] std::size_t each(std::size_t rows) const {
        const kin::dialect_limits limits = db.engine().dialect().limits();
        if (limits.most_rows_per_update == 0) return rows;
        const std::size_t rest = rows % limits.most_rows_per_update;
        const bool alone = rest < limits.fewest_rows_per_update;
        return rows / limits.most_rows_per_update + (alone ? rest : 1);
    }
    std::vector<kin::ref<User>> users;
    std::vector<kin::ref<Post>> posts;
    std::vector<kin::ref<Comment>> comments;
};

using list = std::vector<std::string>;

TEST_F(updates, of_the_same_values_in_neighbours_are_one_statement) {
    for (auto& post : posts) post->content = "same";
    EXPECT_EQ(flushed(), (list{R"(UPDATE "post" SET "content" = ? WHERE "id" IN (?, ?, ?, ?, ?))"}));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE content = 'same'"), 5);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(updates, of_children_that_lose_their_parent_are_one_statement) {
    posts[0]->comments.clear();
    EXPECT_EQ(flushed(), (list{R"(UPDATE "comment" SET "post_id" = ? WHERE "id" IN (?, ?))"}));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE post_id IS NULL"), 2);
}

TEST_F(updates, of_other_values_use_one_text_again_and_again) {
    for (auto& post : posts) post->content = "of " + std::to_string(post->id);
    const list sent = flushed();
    if (each(5) == 5)
        EXPECT_EQ(sent, list(5, R"(UPDATE "post" SET "content" = ? WHERE "id" = ?)"));
    else
        EXPECT_EQ(sent.size(), 1U) << "a round trip saved is worth more than a text used again";
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE content = 'of ' || id"), 5);
}

TEST_F(updates, of_the_same_columns_but_other_values_are_no_batch) {
    users[0]->bio = "a";
    users[1]->bio = "a";
    users[2]->bio = std::nullopt;
    users[2]->name = "a";
    users[3]->bio = "b";
    users[4]->bio = "b";
    EXPECT_EQ(flushed(), (list{R"(UPDATE "user" SET "bio" = ? WHERE "id" IN (?, ?))",
                               R"(UPDATE "user" SET "name" = ? WHERE "id" = ?)",
                               R"(UPDATE "user" SET "bio" = ? WHERE "id" IN (?, ?))"}));
    session.commit();
    EXPECT_EQ(stored_column<std::optional<std::string>>("SELECT bio FROM \"user\" ORDER BY id"),
              (std::vector<std::optional<std::string>>{"a", "a", std::nullopt, "b", "b"}));
}

// SQLite: a hundred rows with values of their own share a statement; fewer are as quick one by one. On servers two are enough.
TEST_F(updates, of_many_objects_to_values_of_their_own_share_statements) {
    if (db.engine().dialect().limits().most_rows_per_update == 0)
        GTEST_SKIP() << "the database has no UPDATE for rows with values of their own";
    for (int i = 0; i < 250; ++i) session.add(User{.name = "new " + std::to_string(i)});
    session.commit();
    users = session.query<User>().order_by(kin::col<&User::id>).all();
    for (auto& user : users) user->bio = "of " + std::to_string(user->id);
    const list sent = flushed();
    ASSERT_EQ(sent.size(), each(255));
    if (kin::testing::on_sqlite()) {
        ASSERT_EQ(sent.size(), 2U + 55U);
        for (std::size_t i = 0; i < 2; ++i) {
            EXPECT_TRUE(sent[i].starts_with(R"(UPDATE "user" SET "bio" = "kin_rows".column2 FROM (VALUES )"))
                << sent[i];
            EXPECT_EQ(std::count(sent[i].begin(), sent[i].end(), '?'), 200);
        }
        EXPECT_EQ(sent[2], R"(UPDATE "user" SET "bio" = ? WHERE "id" = ?)");
    }
    EXPECT_FALSE(session.has_changes());
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE bio = 'of ' || id"), 255);
}

TEST_F(updates, of_many_objects_find_the_one_whose_row_is_gone) {
    for (int i = 0; i < 120; ++i) session.add(User{.name = "new " + std::to_string(i)});
    session.commit();
    users = session.query<User>().order_by(kin::col<&User::id>).all();
    session.commit();
    db.transaction([](kin::session& other) { other.execute("DELETE FROM \"user\" WHERE id = 77"); });
    for (auto& user : users) user->bio = "of " + std::to_string(user->id);
    const auto e = caught<kin::stale_data>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "row_gone");
    EXPECT_NE(std::string(e.what()).find("id = 77"), std::string::npos) << e.what();
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE bio IS NOT NULL"), 0);
}

TEST_F(updates, of_unique_columns_go_row_by_row) {
    db.create_all<Badge>();
    std::vector<kin::ref<Badge>> badges;
    for (int i = 0; i < 120; ++i) badges.push_back(session.add(Badge{.name = "b" + std::to_string(i)}));
    session.commit();
    for (auto& badge : badges) badge->name += " renamed";
    EXPECT_EQ(flushed().size(), 120U);
}

TEST_F(updates, L11_go_class_by_class_referenced_ones_first_and_by_primary_key) {
    std::vector<int> order;
    session.events().before_update<User>([&](kin::session&, User& u) { order.push_back(100 + u.id); });
    session.events().before_update<Post>([&](kin::session&, Post& p) { order.push_back(200 + p.id); });
    session.events().before_update<Comment>([&](kin::session&, Comment& c) { order.push_back(300 + c.id); });
    for (const std::size_t i : {3U, 0U, 4U}) {
        comments[i]->text = "changed " + std::to_string(i);
        posts[i]->content = "changed " + std::to_string(i);
        users[i]->bio = "changed " + std::to_string(i);
    }
    const list sent = flushed();
    EXPECT_EQ(order, (std::vector<int>{101, 104, 105, 201, 204, 205, 301, 304, 305}));
    const std::size_t of_a_class = each(3);
    ASSERT_EQ(sent.size(), 3 * of_a_class);
    EXPECT_TRUE(sent[0].starts_with(R"(UPDATE "user")"));
    EXPECT_TRUE(sent[of_a_class].starts_with(R"(UPDATE "post")"));
    EXPECT_TRUE(sent[2 * of_a_class].starts_with(R"(UPDATE "comment")"));
}

TEST_F(updates, L11_deletes_go_by_primary_key_as_well) {
    std::vector<int> order;
    session.events().before_remove<Comment>([&](kin::session&, Comment& c) { order.push_back(c.id); });
    for (const std::size_t i : {7U, 2U, 9U, 0U}) session.remove(comments[i]);
    EXPECT_EQ(flushed(), (list{R"(DELETE FROM "comment" WHERE "id" IN (?, ?, ?, ?))"}));
    EXPECT_EQ(order, (std::vector<int>{1, 3, 8, 10}));
}

TEST_F(updates, that_refer_to_a_new_object_come_after_its_insert) {
    posts[1]->user = session.add(blog::user("new"));
    users[0]->bio = "x";
    const list sent = flushed();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_TRUE(sent[0].starts_with(R"(INSERT INTO "user")"));
    EXPECT_EQ(sent[1], R"(UPDATE "user" SET "bio" = ? WHERE "id" = ?)");
    EXPECT_EQ(sent[2], R"(UPDATE "post" SET "user_id" = ? WHERE "id" = ?)");
}

TEST_F(updates, call_each_handler_once_for_each_object_and_in_order) {
    list calls;
    session.events().before_update<Post>(
        [&](kin::session&, Post& p) { calls.push_back("before " + std::to_string(p.id)); });
    session.events().after_update<Post>(
        [&](kin::session&, Post& p) { calls.push_back("after " + std::to_string(p.id)); });
    for (auto& post : posts) post->content = "same";
    flushed();
    EXPECT_EQ(calls, (list{"before 1", "before 2", "before 3", "before 4", "before 5", "after 1", "after 2",
                           "after 3", "after 4", "after 5"}));
}

TEST_F(updates, are_compared_after_all_handlers_have_changed_what_they_like) {
    session.events().before_update<Post>([&](kin::session&, Post& p) {
        p.title = "by the handler";
        posts[0]->content = "by another's handler";
    });
    posts[0]->content = "mine";
    posts[1]->content = "by another's handler";
    EXPECT_EQ(flushed(), (list{R"(UPDATE "post" SET "title" = ?, "content" = ? WHERE "id" IN (?, ?))"}));
    EXPECT_FALSE(session.has_changes());
}

TEST_F(updates, take_a_foreign_key_that_a_handler_set_by_hand) {
    ASSERT_EQ(posts[0]->user, users[0]);
    session.events().before_update<Post>([](kin::session&, Post& p) { p.user_id = 3; });
    posts[0]->content = "x";
    session.commit();
    EXPECT_EQ(stored("SELECT user_id FROM post WHERE id = 1"), 3);
    EXPECT_EQ(posts[0]->user, users[2]);
    EXPECT_TRUE(users[2]->posts.contains(posts[0]));
}

TEST_F(updates, that_a_handler_takes_back_are_not_sent) {
    session.events().before_update<Post>([](kin::session&, Post& p) { p.content = ""; });
    list calls;
    session.events().after_update<Post>([&](kin::session&, Post&) { calls.emplace_back("after"); });
    posts[0]->content = "x";
    EXPECT_EQ(flushed(), list());
    EXPECT_TRUE(calls.empty());
}

TEST_F(updates, C12_of_many_rows_name_the_one_that_is_gone) {
    session.execute("DELETE FROM comment WHERE id = 3");
    session.commit();
    for (auto& comment : comments) comment->text = "same";
    const auto e = caught<kin::stale_data>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "row_gone");
    EXPECT_EQ(e.table(), "comment");
    EXPECT_TRUE(std::string(e.message()).starts_with("UPDATE of a Comment with id = 3 found no row"))
        << e.message();
    EXPECT_TRUE(kin::testing::as_on_sqlite(e.sql()).starts_with(
        R"(UPDATE "comment" SET "text" = ? WHERE "id" IN (?)"))
        << e.sql();
    session.rollback();
    EXPECT_EQ(comments[0]->text, "comment 1");
}

TEST_F(updates, C12_deletes_of_a_row_that_somebody_has_deleted_have_reached_their_goal) {
    session.execute("DELETE FROM comment WHERE id IN (3, 4)");
    session.commit();
    for (const auto& comment : comments) session.remove(comment);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment"), 0);
    EXPECT_EQ(kin::state_of(comments[2]), kin::object_state::detached);
}

TEST_F(updates, that_were_a_batch_are_undone_by_a_rollback) {
    for (auto& post : posts) post->content = "same";
    session.flush();
    for (auto& post : posts) post->content = "again";
    session.flush();
    session.rollback();
    for (const auto& post : posts) EXPECT_EQ(post->content, "");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(updates, beyond_500_rows_are_several_statements) {
    kin::session writer = db.session();
    for (int i = 0; i < 1203; ++i) writer.add(blog::comment("many"));
    writer.commit();
    for (auto& comment : session.query<Comment>().where(kin::col<&Comment::text> == "many"))
        comment->text = "same";
    const list sent = flushed();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(std::count(sent[0].begin(), sent[0].end(), '?'), 501);
    EXPECT_EQ(sent[0], sent[1]);
    EXPECT_EQ(std::count(sent[2].begin(), sent[2].end(), '?'), 204);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM comment WHERE text = 'same'"), 1203);
}

TEST(updates_of_several_key_columns, are_batches_too_and_sorted_by_both) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Seat>();
    kin::session session = db.session();
    std::vector<kin::ref<Seat>> seats;
    for (const auto& [row, letter] :
         {std::pair(2, "a"), std::pair(1, "b"), std::pair(1, "a"), std::pair(10, "a")})
        seats.push_back(session.add(Seat{.row = row, .letter = letter}));
    session.commit();
    list order;
    session.events().before_update<Seat>(
        [&](kin::session&, Seat& s) { order.push_back(std::to_string(s.row) + s.letter.get()); });
    for (auto& seat : seats) seat->guest = "Ada";
    kin::testing::sql_counter counter{db};
    session.flush();
    EXPECT_EQ(order, (list{"1a", "1b", "2a", "10a"}));
    EXPECT_EQ(counter.statements(),
              (list{R"(UPDATE "seat" SET "guest" = ? WHERE ("row" = ? AND "letter" = ?) OR ("row" = ? AND )"
                    R"("letter" = ?) OR ("row" = ? AND "letter" = ?) OR ("row" = ? AND "letter" = ?))"}));
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM seat WHERE guest = 'Ada'").one()), 4);
    session.commit();

    session.execute("DELETE FROM seat WHERE letter = 'b'");
    for (auto& seat : seats) seat->guest = "Bob";
    const auto e = caught<kin::stale_data>([&] { session.flush(); });
    EXPECT_TRUE(
        std::string(e.message()).starts_with("UPDATE of a Seat with row = 1, letter = 'b' found no row"))
        << e.message();
}

// --- some columns ahead of the rest ---------------------------------------------------------------------------------------

class update_of_columns : public testing::Test {
protected:
    update_of_columns() {
        db.create_all<Member>();
        for (const char* name : {"a", "b"}) {
            members.push_back(kin::make(Member{.name = name, .seat = 1}));
            session.add(*members.back().raw());
        }
        session.commit();
        counter.reset();
    }
    ~update_of_columns() override { members.clear(); }
    /// Writes `name` and `seat` into the row of a member, whatever the object has.
    void write(kin::detail::update_writer& writer, kin::ref<Member>& member, const char* name) {
        const std::uint32_t columns[] = {1, 2};
        const kin::cell values[] = {kin::cell::of_text(name), kin::cell()}; // NULL for the seat
        writer.write_columns(*member.raw(), columns, values);
    }
    kin::database db{kin::testing::fresh_url()};
    kin::testing::sql_counter counter{db};
    kin::detail::session_core session{db.engine(), {}, {}};
    std::vector<kin::ref<Member>> members;
};

TEST_F(update_of_columns, leaves_the_members_as_they_are_and_the_rest_to_the_next_update) {
    kin::detail::update_writer writer(session, session.writing());
    members[0]->name = "b";
    members[1]->name = "a";
    write(writer, members[0], "between");
    EXPECT_EQ(counter.statements().back(),
              R"(UPDATE "member" SET "name" = ?, "seat" = ?, "version" = ? WHERE )"
              R"("id" = ? AND "version" = ?)");
    EXPECT_EQ(members[0]->name, "b");
    EXPECT_EQ(members[0]->version, 2);
    kin::detail::node* nodes[] = {members[1].raw(), members[0].raw()};
    writer.write(nodes);
    EXPECT_EQ(members[0]->version, 3);
    session.commit();
    EXPECT_FALSE(session.has_changes());
    kin::session reader = db.session();
    const auto stored = reader.query<Member>().order_by(kin::col<&Member::id>).all();
    EXPECT_EQ(stored[0]->name, "b");
    EXPECT_EQ(stored[0]->seat, 1);
    EXPECT_EQ(stored[1]->name, "a");
}

TEST_F(update_of_columns, is_undone_by_a_rollback) {
    kin::detail::update_writer writer(session, session.writing());
    write(writer, members[0], "between");
    members[0]->seat = 5;
    session.rollback();
    EXPECT_EQ(members[0]->name, "a");
    EXPECT_EQ(members[0]->seat, 1);
    EXPECT_EQ(members[0]->version, 1);
    EXPECT_FALSE(session.has_changes());
}

} // namespace
