// SPDX-License-Identifier: MIT
#include "kin/sql/dialect.hpp"
#include "support/fault_story.hpp"
#include "support/faulty_driver.hpp"
#include "unit/orm/blog.hpp"

// Every story is told with every fault at every place of it, and must end well each time: see support/fault_story.hpp. Texts are long so
// that copying them takes memory.

namespace {

using kin::testing::survive_every_fault;

// --- users, posts and comments ------------------------------------------------------------------------------------------

namespace with_blog {

using blog::Comment;
using blog::Post;
using blog::User;

constexpr const char* two_users = R"(
    INSERT INTO user VALUES (1, 'John whose name needs memory', NULL), (2, 'Jane whose name needs memory', 'a bio');
    INSERT INTO post VALUES (1, 'First of John, with a long title', 'content', 1), (2, 'Second of John', '', 1),
                            (3, 'First of Jane, with a long title', 'content', 2);
    INSERT INTO comment VALUES (1, 'a comment of more text than fits', 1), (2, 'second', 1), (3, 'third', 2), (4, 'alone', NULL);)";

/// Raw SQL: "user" is a word of some databases.
std::string update_of_users(kin::session& s) {
    std::string text = "UPDATE ";
    s.engine().dialect().quote(text, "user");
    return text + " SET bio = 'a bio that is longer than the one before'";
}

template <class... Models> void survive(kin::testing::story s) {
    if (s.rows.empty()) s.rows = two_users;
    survive_every_fault<User, Post, Comment>(s);
}

TEST(fault_injection, a_new_graph) {
    survive({
        .play =
            [](kin::session& s) {
                auto jack = s.add(blog::user("Jack"));
                auto post = blog::post("A title that needs memory of its own", jack);
                (void)blog::comment("a comment with more text than fits into a string", post);
                jack->posts.push_back(blog::post("Second"));
                s.add(User{.name = "Jill", .posts = {blog::post("Third")}});
                s.add(blog::comment("alone"));
                s.commit();
            },
        .question =
            "SELECT count(*) FROM user JOIN post ON user.id = user_id LEFT JOIN comment ON post.id = post_id",
        .answer = "7",
    });
}

TEST(fault_injection, objects_that_move_to_another_session_and_back) {
    survive({
        .play =
            [](kin::session& s) {
                auto users = s.query<User>().order_by(kin::col<&User::id>).all();
                s.expunge(users[0]);
                kin::session other(s.engine());
                other.add(users[0]);
                other.expunge(users[0]);
                s.add(users[0]);
                users[0]->name = "John with another name that is long";
                s.commit();
            },
        .question = "SELECT name FROM user WHERE id = 1",
        .answer = "'John with another name that is long'",
    });
}

TEST(fault_injection, many_new_rows_of_one_class) {
    survive({
        .play =
            [](kin::session& s) {
                auto john = s.get<User>(1);
                for (int i = 0; i < 40; ++i) (void)blog::post(std::to_string(i), john);
                s.commit();
            },
        .question = "SELECT count(*) FROM post WHERE user_id = 1",
        .answer = "42",
    });
}

TEST(fault_injection, changes_moves_and_removals) {
    survive({
        .play =
            [](kin::session& s) {
                auto users = s.query<User>().order_by(kin::col<&User::id>).all();
                auto& john = users[0];
                auto& jane = users[1];
                john->name = "John with another name that is long";
                jane->bio = std::nullopt;
                auto post = john->posts[0];
                jane->posts.push_back(post);
                post->content = "moved to another user, and changed";
                (void)blog::comment("a new comment on a moved post, with long text", post);
                auto second = s.get<Post>(2);
                s.remove(second);
                s.get<Comment>(4).edit().post = post;
                s.commit();
            },
        .question = "SELECT group_concat(post.id) || ' ' || (SELECT count(*) FROM comment WHERE post_id = 1) "
                    "|| ' ' || "
                    "(SELECT count(*) FROM comment WHERE post_id IS NULL) FROM post WHERE user_id = 2",
        .answer = "'1,3 4 1'",
    });
}

TEST(fault_injection, a_rollback_after_a_part_was_written) {
    survive({
        .play =
            [](kin::session& s) {
                auto john = s.get<User>(1);
                auto jane = s.get<User>(2);
                (void)john->posts.size();
                john->name = "written and taken back, with much text";
                auto post = s.get<Post>(1);
                post->user = jane;
                post->title = "written and taken back, with much text";
                auto added = blog::post("written and taken back, with much text", jane);
                s.remove(s.get<Comment>(2));
                s.remove(s.get<Post>(3));
                s.flush();
                jane->bio = "not written, and longer than it was before";
                (void)jane->posts.size();
                (void)blog::comment("not written", post);
                s.get<Comment>(4).edit().post = post;
                s.rollback();
                john->bio = "after the rollback, with enough text";
                s.add(added);
                added->user = john;
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || user_id) || ' ' || (SELECT bio FROM user WHERE id = 1) "
                    "FROM post",
        .answer = "'1 1,2 1,4 1,3 2 after the rollback, with enough text'",
    });
}

TEST(fault_injection, a_rollback_of_removed_and_added_objects_in_loaded_collections) {
    survive({
        .play =
            [](kin::session& s) {
                auto john = s.get<User>(1);
                auto jane = s.get<User>(2);
                auto first = s.get<Post>(1);
                auto third = s.get<Post>(3);
                s.remove(s.get<Post>(2));
                first->user_id = 2;
                s.flush();
                (void)john->posts.size(); // loaded while it is empty
                (void)jane->posts.size();
                third->user = john;
                s.flush();
                first->title = "a text that is longer than the one before, by far";
                s.flush();
                s.rollback();
                third->title = "First of Jane, changed after the rollback";
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || user_id) FROM post",
        .answer = "'1 1,2 1,3 2'",
    });
}

TEST(fault_injection, lazy_loads_of_both_sides) {
    survive({
        .play =
            [](kin::session& s) {
                std::size_t seen = 0;
                for (const auto& comment : s.query<Comment>()) {
                    if (comment->post && comment->post->user) seen += comment->post->user->posts.size();
                }
                for (const auto& user : s.query<User>()) {
                    for (const auto& post : user->posts) seen += post->comments.size();
                }
                if (seen != 9) throw std::logic_error("something is not loaded");
            },
        .question = "SELECT 1",
        .answer = "1",
    });
}

TEST(fault_injection, lazy_loads_with_unwritten_changes) {
    survive({
        .play =
            [](kin::session& s) {
                auto users = s.query<User>().order_by(kin::col<&User::id>).all();
                auto post = s.get<Post>(1);
                users[1]->posts.push_back(post);
                auto added = blog::post("A new one with a long title", users[0]);
                for (auto& user : users) (void)user->posts.size();
                post->comments = {blog::comment("instead of the others, with long text")};
                users[0]->posts.insert(0, added);
                users[1]->posts.erase(s.get<Post>(3));
                users[0]->posts.push_back(s.get<Post>(3));
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || user_id) || ' ' || (SELECT count(*) FROM comment WHERE "
                    "post_id = 1) FROM post",
        .answer = "'2 1,3 1,4 1,1 2 1'",
    });
}

TEST(fault_injection, queries_with_selectin_and_rows) {
    survive({
        .play =
            [](kin::session& s) {
                auto users = s.query<User>()
                                 .where(kin::col<&User::name>.like("J%") && kin::col<&User::posts>.any())
                                 .with(kin::selectin<&User::posts, &Post::comments>)
                                 .all();
                auto posts = s.query<Post>().with(kin::selectin<&Post::user>).limit(2).all();
                posts[0]->title = "flushed by the next query, with much text";
                auto rows = s.select(kin::col<&User::name>, kin::count(kin::col<&Post::id>))
                                .join<&User::posts>()
                                .group_by(kin::col<&User::id>)
                                .all();
                const auto n = s.query<Post>().where(kin::col<&Post::user> == users[0]).count();
                const auto raw =
                    s.query<Post>().from_sql("SELECT * FROM post WHERE id < :n", {{"n", 3}}).all();
                const auto [title] = s.sql<std::string>("SELECT title FROM post WHERE id = 1").one();
                if (rows.size() != 2 || n != 2 || raw.size() != 2 || title != posts[0]->title.get())
                    throw std::logic_error("the queries give something else");
                s.commit();
            },
        .question = "SELECT title FROM post WHERE id = 1",
        .answer = "'flushed by the next query, with much text'",
    });
}

TEST(fault_injection, refreshing) {
    survive({
        .play =
            [](kin::session& s) {
                auto users =
                    s.query<User>().with(kin::selectin<&User::posts>).order_by(kin::col<&User::id>).all();
                auto first = s.get<Post>(1);
                const auto second = s.get<Post>(2); // nobody may change it
                users[0]->bio = "not written when it is refreshed, so lost";
                s.execute("UPDATE post SET user_id = 2, title = 'changed behind the back of the session'");
                s.execute(update_of_users(s));
                first->content = "changed again and lost, with a long text";
                for (int id : {1, 2, 3}) s.refresh(s.get<Post>(id));
                for (auto& user : users) s.refresh(user);
                users[1]->name = "changed after it was refreshed";
                s.commit();
            },
        .question =
            "SELECT (SELECT count(*) FROM post WHERE user_id = 2) || bio || name FROM user WHERE id = 2",
        .answer = "'3a bio that is longer than the one beforechanged after it was refreshed'",
        .writes_behind_backs = true,
    });
}

TEST(fault_injection, refreshing_what_others_have_changed) {
    survive({
        .play =
            [](kin::session& s) {
                auto users =
                    s.query<User>().with(kin::selectin<&User::posts>).order_by(kin::col<&User::id>).all();
                const auto first = s.get<Post>(1);
                s.rollback();
                kin::session other(s.engine());
                other.execute(
                    "UPDATE post SET user_id = 2, title = 'changed behind the back of the session'");
                other.execute(update_of_users(other));
                other.commit();
                for (int id : {1, 2, 3}) s.refresh(s.get<Post>(id));
                for (auto& user : users) s.refresh(user);
            },
        .question = "SELECT (SELECT count(*) FROM post WHERE user_id = 2) || bio FROM user WHERE id = 2",
        .answer = "'3a bio that is longer than the one before'",
        .writes_behind_backs = true,
    });
}

TEST(fault_injection, expunging) {
    survive({
        .play =
            [](kin::session& s) {
                auto john = s.get<User>(1);
                auto post = s.get<Post>(3);
                auto comment = s.get<Comment>(4);
                comment->text = "changed, and expunged with the change";
                auto pending = s.add(blog::user("never written"));
                john->bio = "changed, and written with much text";
                s.expunge(comment);
                s.expunge(pending);
                s.commit();
            },
        .question = "SELECT group_concat(name) || (SELECT text FROM comment WHERE id = 4) FROM user",
        .answer = "'John whose name needs memory,Jane whose name needs memoryalone'",
    });
}

TEST(fault_injection, detached_objects_that_come_back) {
    survive({
        .play =
            [](kin::session& s) {
                s.close();
                auto john = s.get<User>(1);
                (void)john->posts.size();
                s.close();
                john->name = "changed while it was detached";
                kin::ref<Post> post = john->posts[0];
                post->title = "changed while it was detached, too";
                john->posts.push_back(blog::post("made while it was detached"));
                s.add(john);
                s.commit();
            },
        .question =
            "SELECT name || (SELECT group_concat(title) FROM post WHERE user_id = 1) FROM user WHERE id = 1",
        .answer = "'changed while it was detachedchanged while it was detached, too,Second of John,made "
                  "while it was detached'",
    });
}

TEST(fault_injection, keys_set_by_hand) {
    survive({
        .play =
            [](kin::session& s) {
                auto users = s.query<User>().order_by(kin::col<&User::id>).all();
                (void)users[0]->posts.size();
                auto first = s.get<Post>(1);
                first->user_id = 2;
                if (first->user != users[1]) throw std::logic_error("the reference does not follow");
                auto comment = s.get<Comment>(1);
                comment->post_id = std::nullopt;
                auto added = s.add(Post{.title = "by its key alone, with a long title", .user_id = 2});
                auto other = s.get<Comment>(4);
                other->post_id = 3;
                s.flush();
                added->user_id = 1;
                (void)users[1]->posts.size();
                s.commit();
            },
        .question = "SELECT group_concat(id || ' ' || user_id) || ' ' || (SELECT group_concat(post_id) FROM "
                    "comment) FROM post",
        .answer = "'2 1,4 1,1 2,3 2 1,2,3'",
    });
}

TEST(fault_injection, autoflushes_between_changes) {
    survive({
        .play =
            [](kin::session& s) {
                auto john = s.get<User>(1);
                john->name = "written by the query that follows it";
                auto added = blog::post("written by the query that follows it", john);
                (void)s.query<Comment>().where(kin::col<&Comment::post> == s.get<Post>(1)).all();
                added->title = "and changed once more, with much text";
                (void)blog::comment("on a post that was just written", added);
                (void)s.query<Post>().count();
                s.remove(added->comments[0]);
                s.remove(added);
                s.commit();
            },
        .question = "SELECT name || (SELECT count(*) FROM post) FROM user WHERE id = 1",
        .answer = "'written by the query that follows it3'",
    });
}

TEST(fault_injection, objects_that_were_added_removed_and_undone_again_and_again) {
    survive({
        .play =
            [](kin::session& s) {
                auto jack = blog::user("Jack");
                auto post = blog::post("A title that needs memory of its own", jack);
                for (int i = 0; i < 2; ++i) {
                    s.add(jack);
                    s.flush();
                    s.remove(post);
                    s.flush();
                    s.remove(jack);
                    s.flush();
                    s.rollback();
                }
                s.add(jack);
                s.commit();
            },
        .question = "SELECT group_concat(user_id) FROM post",
        .answer = "'1,1,2,3'",
    });
}

TEST(fault_injection, a_writer_without_autoflush) {
    survive({
        .play =
            [](kin::session& s) {
                kin::session plain(s.engine(), {.autoflush = false, .write_intent = true});
                auto john = plain.get<User>(1);
                john->name = "not written by the queries that follow";
                (void)blog::post("not written by the queries that follow", john);
                (void)plain.query<User>().all();
                (void)john->posts.size();
                plain.remove(plain.get<Post>(2));
                plain.commit();
            },
        .question = "SELECT name || (SELECT group_concat(id) FROM post) FROM user WHERE id = 1",
        .answer = "'not written by the queries that follow1,4,3'",
    });
}

TEST(fault_injection, handlers_that_change_add_and_remove) {
    survive({
        .play =
            [](kin::session& s) {
                const auto active = std::make_shared<bool>(true);
                struct end {
                    std::shared_ptr<bool> active;
                    ~end() { *active = false; }
                } at_end{active};
                s.events().before_flush([active](kin::session& inside) {
                    if (!*active) return;
                    (void)blog::post("added by a handler, with a long title", inside.get<User>(2));
                    if (auto second = inside.get<Post>(2)) inside.remove(second);
                });
                s.events().before_update<User>([active](kin::session&, User& user) {
                    if (*active) user.bio = "written by a handler, with much text";
                });
                s.events().before_commit([active](kin::session& inside) {
                    if (std::exchange(*active, false))
                        inside.get<User>(2).edit().bio = "written before the commit";
                });
                s.get<User>(1).edit().name = "changed by the program, with much text";
                s.commit();
            },
        .question = "SELECT group_concat(bio) || (SELECT group_concat(user_id) FROM post) FROM user",
        .answer = "'written by a handler, with much text,written before the commit1,2,2'",
    });
}

} // namespace with_blog

// --- a database in memory, whose one connection all share -----------------------------------------------------------------

TEST(fault_injection_in_memory, the_connection_is_free_for_others_after_each_fault) {
    using blog::User;
    using kin::testing::driver_fault;
    std::size_t faults = 0;
    for (const driver_fault fault : {driver_fault::unique_violation, driver_fault::lock_timeout,
                                     driver_fault::no_memory, driver_fault::disk_full, driver_fault::late}) {
        bool fired = true;
        for (std::size_t n = 1; fired; ++n) {
            kin::testing::fault_plan plan;
            const kin::database db{kin::testing::faulty_engine("sqlite:///:memory:", plan)};
            db.create_all<User, blog::Post, blog::Comment>();
            kin::session s = db.session();
            plan.arm(fault, n);
            try {
                (void)s.query<User>().count(); // reads first, then writes
                const auto user = s.add(blog::user("John"));
                (void)s.query<User>().count();
                (void)blog::post("First", user);
                s.commit();
            } catch (const std::exception&) {
                EXPECT_TRUE(plan.fired());
            }
            fired = plan.fired();
            plan.disarm();
            faults += fired;
            s.rollback();
            const int written = plan.committed() ? 1 : 0;
            const testing::ScopedTrace trace(__FILE__, __LINE__,
                                             "call " + std::to_string(n) + ": " + plan.place());
            kin::session other = db.session();
            EXPECT_EQ(other.query<User>().count(), written);
            other.add(blog::user("Jane"));
            EXPECT_NO_THROW(other.commit());
            EXPECT_EQ(s.query<User>().count(), written + 1);
        }
    }
    RecordProperty("faults", std::to_string(faults));
}

} // namespace
