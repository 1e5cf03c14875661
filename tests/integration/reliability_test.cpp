// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kin/kin.hpp"
#include "kin/sqlite/sqlite.hpp"
#include "unit/engine/database_help.hpp"

// Tests named after the reliability items that they prove, on SQLite.

namespace {

struct Post;
struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    kin::has_many<Post> posts;
};
struct Post {
    kin::primary_key<int> id;
    std::string title;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
};

class reliability : public testing::Test {
protected:
    reliability() { db.create_all<User, Post>(); }
    [[nodiscard]] std::int64_t count(std::string_view sql) const {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<std::int64_t>(sql).one());
    }
    kin::database db{"sqlite:///:memory:"};
};

using kin::testing::code_of;

// ---- T04: the WAL-reset bug ----

TEST(T04, the_linked_sqlite_survives_writers_beside_checkpoints) {
    ASSERT_FALSE(kin::sqlite::has_wal_reset_bug()) << "SQLite " << kin::sqlite::version();
    const kin::testing::temporary_directory folder;
    const std::string path = folder.file("t04.db");
    const kin::database db{"sqlite:///" + path};
    db.create_all<User, Post>();
    bool stop = false;
    std::thread checkpoints([&] {
        sqlite3* raw = nullptr;
        sqlite3_open(path.c_str(), &raw);
        while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
            sqlite3_wal_checkpoint_v2(raw, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        sqlite3_close(raw);
    });
    std::vector<std::thread> writers;
    for (int w = 0; w < 2; ++w) {
        writers.emplace_back([&db] {
            for (int i = 0; i < 200; ++i) {
                kin::session s = db.session();
                s.add(User{.name = "writer"});
                s.commit();
            }
        });
    }
    for (std::thread& t : writers) t.join();
    __atomic_store_n(&stop, true, __ATOMIC_RELEASE);
    checkpoints.join();
    kin::session reader = db.session();
    EXPECT_EQ(std::get<0>(reader.sql<std::string>("PRAGMA quick_check").one()), "ok");
    EXPECT_EQ(reader.query<User>().count(), 400);
}

// ---- T70, T71: the table is not as the model says ----

using T70 = reliability;
TEST_F(T70, a_column_that_became_nullable_gives_an_error_not_a_wrong_value) {
    kin::session s = db.session();
    s.execute("DROP TABLE post");
    s.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER)");
    s.execute("INSERT INTO post VALUES (1, NULL, NULL)");
    s.commit();
    EXPECT_EQ(code_of([&] { (void)s.query<Post>().all(); }), "unexpected_null");
    EXPECT_EQ(s.query<User>().count(), 0) << "the session works on";
}

TEST_F(T70, an_extra_column_that_wants_a_value_is_a_constraint_violation_that_names_it) {
    kin::session s = db.session();
    s.execute("ALTER TABLE user ADD COLUMN email TEXT NOT NULL DEFAULT 'x'");
    s.execute("CREATE TABLE strict_user (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL)");
    s.execute("DROP TABLE post");
    s.execute("DROP TABLE user");
    s.execute("ALTER TABLE strict_user RENAME TO user");
    s.commit();
    s.add(User{.name = "John"});
    try {
        s.commit();
        FAIL() << "the database must refuse it";
    } catch (const kin::not_null_violation& e) {
        EXPECT_EQ(e.table(), "user");
        EXPECT_EQ(e.column(), "email");
    }
    s.rollback();
    EXPECT_EQ(s.query<User>().count(), 0);
}

using T71 = reliability;
TEST_F(T71, text_in_an_integer_column_is_a_conversion_error_with_the_row) {
    kin::session s = db.session();
    const auto user = s.add(User{.name = "John"});
    s.commit();
    s.execute("PRAGMA ignore_check_constraints = ON");
    s.execute("CREATE TABLE loose (id INTEGER PRIMARY KEY, title TEXT NOT NULL, user_id)");
    s.execute("INSERT INTO loose VALUES (7, 'First', 'one')");
    s.execute("DROP TABLE post");
    s.execute("ALTER TABLE loose RENAME TO post");
    s.commit();
    try {
        (void)s.query<Post>().all();
        FAIL() << "a text is no number";
    } catch (const kin::conversion_error& e) {
        EXPECT_EQ(e.table(), "post");
        EXPECT_EQ(e.column(), "user_id");
        EXPECT_NE(e.message().find("id = 7"), std::string_view::npos) << e.message();
    }
    EXPECT_EQ(user->name, "John");
}

// ---- T76: exceptions in handlers ----

using T76 = reliability;
TEST_F(T76, a_handler_that_throws_before_the_commit_leaves_nothing_in_the_database) {
    using kin::session;
    const std::vector<void (*)(kin::session_events&)> positions = {
        [](kin::session_events& e) { e.before_flush([](session&) { throw std::runtime_error("stop"); }); },
        [](kin::session_events& e) { e.after_flush([](session&) { throw std::runtime_error("stop"); }); },
        [](kin::session_events& e) { e.before_commit([](session&) { throw std::runtime_error("stop"); }); },
        [](kin::session_events& e) {
            e.before_insert<User>([](session&, User&) { throw std::runtime_error("stop"); });
        },
        [](kin::session_events& e) {
            e.after_insert<User>([](session&, User&) { throw std::runtime_error("stop"); });
        },
        [](kin::session_events& e) {
            e.before_insert<Post>([](session&, Post&) { throw std::runtime_error("stop"); });
        },
        [](kin::session_events& e) {
            e.after_insert<Post>([](session&, Post&) { throw std::runtime_error("stop"); });
        },
    };
    for (std::size_t i = 0; i < positions.size(); ++i) {
        session s = db.session();
        positions[i](s.events());
        auto user = kin::make<User>({.name = "John"});
        const auto post = kin::make<Post>({.title = "First", .user = user});
        s.add(user);
        EXPECT_THROW(s.commit(), std::runtime_error) << i;
        EXPECT_EQ(code_of([&] { s.flush(); }), "pending_rollback") << i;
        s.rollback();
        EXPECT_EQ(count("SELECT count(*) FROM user"), 0) << i;
        EXPECT_EQ(kin::state_of(user), kin::object_state::transient) << i;
        EXPECT_EQ(user->id, 0) << i;
        EXPECT_EQ(std::as_const(user)->posts.size(), 1U) << i;
        EXPECT_EQ(post->user, user) << i;
    }
}

TEST_F(T76, a_handler_that_throws_after_the_commit_is_reported_and_the_data_stays) {
    kin::session s = db.session();
    s.events().after_commit([](kin::session&) { throw std::runtime_error("too late"); });
    const auto user = s.add(User{.name = "John"});
    EXPECT_THROW(s.commit(), std::runtime_error);
    EXPECT_EQ(count("SELECT count(*) FROM user"), 1);
    EXPECT_EQ(kin::state_of(user), kin::object_state::persistent);
    EXPECT_NO_THROW(s.flush());
}

// ---- T77: exceptions in the user's own code while rows are loaded ----

struct counted {
    counted() { ++living; }
    counted(const counted&) { ++living; }
    counted& operator=(const counted&) = default;
    ~counted() { --living; }
    static inline int living = 0;
};
struct fragile_text {
    std::string text;
    static inline int reads_left = -1;
    counted here = {};
};

} // namespace

template <> struct kin::codec<fragile_text> {
    static constexpr column_type type = {.kind = type_kind::text};
    static bool encode(const fragile_text& in, encoder to) { return to.text(in.text); }
    static bool decode(fragile_text& out, const cell& from) {
        if (fragile_text::reads_left >= 0 && fragile_text::reads_left-- == 0)
            throw std::runtime_error("codec");
        return codec<std::string>::decode(out.text, from);
    }
};

namespace {

struct Fragile {
    kin::primary_key<int> id;
    fragile_text text;
};

TEST(T77, a_codec_that_throws_at_the_thousandth_row_leaves_no_half_object) {
    const kin::database db{"sqlite:///:memory:"};
    db.create_all<Fragile>();
    kin::session s = db.session();
    for (int i = 0; i < 1500; ++i) s.add(Fragile{.text = {std::to_string(i)}});
    s.commit();
    kin::session reader = db.session();
    fragile_text::reads_left = 999;
    EXPECT_THROW((void)reader.query<Fragile>().all(), std::runtime_error);
    fragile_text::reads_left = -1;
    const auto all = reader.query<Fragile>().order_by(kin::col<&Fragile::id>).all();
    ASSERT_EQ(all.size(), 1500U);
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i]->text.text, std::to_string(i));
}

TEST(T77, an_object_that_could_not_be_read_is_not_kept) {
    const kin::database db{"sqlite:///:memory:"};
    db.create_all<Fragile>();
    {
        kin::session s = db.session();
        s.add(Fragile{.text = {"x"}});
        s.commit();
    }
    kin::session reader = db.session();
    const int before = counted::living;
    for (int i = 0; i < 10; ++i) {
        fragile_text::reads_left = 0;
        EXPECT_THROW((void)reader.query<Fragile>().all(), std::runtime_error);
    }
    fragile_text::reads_left = -1;
    EXPECT_EQ(counted::living, before);
}

TEST(T53, refreshing_again_and_again_keeps_no_objects_behind) {
    const kin::database db{"sqlite:///:memory:"};
    db.create_all<Fragile>();
    kin::session s = db.session();
    const auto one = s.add(Fragile{.text = {"x"}});
    s.commit();
    s.refresh(one);
    const int before = counted::living;
    for (int i = 0; i < 100; ++i) s.refresh(one);
    EXPECT_EQ(counted::living, before);
}

// ---- T37: a reader that wants to write while somebody else does ----

TEST(T37, a_lock_that_is_not_got_in_time_ends_the_transaction_and_the_session_says_so) {
    const kin::testing::temporary_directory folder;
    const kin::database db{folder.url() + "?busy_timeout_ms=10"};
    db.create_all<User, Post>();
    kin::session writer = db.session();
    writer.add(User{.name = "John"});
    writer.flush();
    kin::session reader = db.session();
    EXPECT_EQ(reader.query<User>().count(), 0);
    EXPECT_EQ(code_of([&] { reader.execute("INSERT INTO user (name) VALUES ('Jane')"); }), "database_locked");
    EXPECT_EQ(code_of([&] { (void)reader.query<User>().count(); }), "pending_rollback");
    writer.commit();
    reader.rollback();
    EXPECT_EQ(reader.execute("INSERT INTO user (name) VALUES ('Jane')"), 1);
    reader.commit();
    EXPECT_EQ(reader.query<User>().count(), 2);
}

// ---- T78: after the session ----

using T78 = reliability;
TEST_F(T78, an_object_outlives_its_session_and_an_unloaded_relationship_is_an_error_that_names_it) {
    kin::ref<User> user;
    kin::ref<Post> post;
    {
        kin::session s = db.session();
        const auto john = s.add(User{.name = "John"});
        s.add(kin::make<Post>({.title = "First", .user = john}));
        s.commit();
    }
    {
        kin::session s = db.session();
        user = s.get_one<User>(1);
        post = s.get_one<Post>(1);
    }
    EXPECT_EQ(user->name, "John");
    EXPECT_EQ(kin::state_of(user), kin::object_state::detached);
    try {
        (void)user->posts.size();
        FAIL() << "it is not loaded";
    } catch (const kin::detached_instance& e) {
        EXPECT_NE(e.message().find("User.posts"), std::string_view::npos) << e.message();
    }
    EXPECT_THROW((void)post->user->name, kin::detached_instance);
}

// ---- T79: copies, moves and adding twice ----

using T79 = reliability;
TEST_F(T79, copies_and_moves_of_objects_are_loose_and_the_original_keeps_its_links) {
    kin::session s = db.session();
    auto user = s.add(User{.name = "John"});
    const auto post = s.add(kin::make<Post>({.title = "First", .user = user}));
    s.commit();
    const Post copy = *post;
    EXPECT_EQ(copy.user, user);
    EXPECT_EQ(user->posts.size(), 1U) << "the copy is not in the collection";
    User taken = std::move(*user);
    EXPECT_EQ(taken.posts.size(), 1U);
    EXPECT_EQ(user->posts.size(), 1U) << "a moved-from object keeps its links";
    user->name = "John";
    s.commit();
    EXPECT_EQ(count("SELECT count(*) FROM post WHERE user_id = 1"), 1);
}

TEST_F(T79, adding_twice_changes_nothing_and_adding_to_two_sessions_is_an_error) {
    kin::session first = db.session();
    const auto user = first.add(User{.name = "John"});
    first.add(user);
    kin::session second = db.session();
    EXPECT_EQ(code_of([&] { second.add(user); }), "two_sessions");
    first.commit();
    EXPECT_EQ(count("SELECT count(*) FROM user"), 1);
}

TEST_F(T79, a_moved_from_session_says_so) {
    kin::session first = db.session();
    kin::session second = std::move(first);
    EXPECT_EQ(code_of([&] { first.flush(); }), "moved_session"); // NOLINT(bugprone-use-after-move)
    EXPECT_NO_THROW(second.flush());
}

// ---- T82: static destruction ----

[[noreturn]] void end_with_globals() {
    static kin::ref<User> last;
    static kin::database db{"sqlite:///:memory:"};
    db.create_all<User, Post>();
    static kin::session s = db.session();
    last = s.add(User{.name = "John"});
    s.flush();
    std::exit(0);
}

TEST(T82, a_global_database_session_and_reference_end_without_a_crash) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(end_with_globals(), testing::ExitedWithCode(0), "");
}

} // namespace
