// SPDX-License-Identifier: MIT
#include "kin/base/located.hpp"

#include "unit/orm/blog.hpp"

// Errors know the line of the program that called kin, and whether they came out of a flush before a query.

namespace {

using blog::Post;
using blog::User;

/// The line of this file that the error names.
template <class F> unsigned line_of(F&& f) {
    try {
        f();
    } catch (const kin::error& e) {
        EXPECT_TRUE(std::string_view(e.where().file_name()).ends_with("error_place_test.cpp") ||
                    e.where().line() == 0);
        return e.where().line();
    }
    ADD_FAILURE() << "nothing was thrown";
    return 0;
}

class error_place : public blog::test {};

#define EXPECT_HERE(...) EXPECT_EQ(line_of([&] { __VA_ARGS__; }), static_cast<unsigned>(__LINE__))

TEST_F(error_place, every_call_of_a_session_names_its_line) {
    stored_user("John");
    kin::session other = db.session();
    const auto theirs = other.get<User>(1);
    const kin::ref<User> none;
    EXPECT_HERE(session.add(theirs));
    EXPECT_HERE(session.add_all({theirs}));
    EXPECT_HERE((void)session.get<User>("one"));
    EXPECT_HERE((void)session.get_one<User>(7));
    EXPECT_HERE(session.remove(theirs));
    EXPECT_HERE(session.refresh(none));
    EXPECT_HERE(session.expire(none));
    EXPECT_HERE(session.expunge(theirs));
    EXPECT_HERE(session.validate(none));
    EXPECT_HERE(session.merge(none));
    EXPECT_HERE(session.execute("no SQL"));
    EXPECT_HERE((void)session.sql<int>("no SQL").all());
    EXPECT_HERE((void)session.sql<int>("no SQL").first());
    EXPECT_HERE((void)session.sql<int>("SELECT 1 WHERE 0").one());
    EXPECT_HERE((void)session.sql<int>("SELECT 1 UNION SELECT 2").one_or_none());
    EXPECT_HERE((void)session.query<User>().from_sql("no SQL").all());
    EXPECT_HERE((void)session.query<User>().from_sql("no SQL").first());
    EXPECT_HERE((void)session.query<User>().from_sql("no SQL").count());
    EXPECT_HERE((void)session.query<User>().from_sql("no SQL").exists());
    EXPECT_HERE((void)session.query<User>().where(kin::col<&User::id> == 7).one());
    EXPECT_HERE(for (const auto& u : session.query<User>().from_sql("no SQL"))(void) u);
    EXPECT_HERE(for (const auto& row : session.sql<int>("no SQL"))(void) row);
    session.add(User{.id = 1, .name = "another"});
    EXPECT_HERE(session.flush());
    EXPECT_HERE(session.commit());
    EXPECT_HERE((void)session.plan());
    EXPECT_HERE((void)session.has_changes());
    EXPECT_HERE((void)session.begin_nested());
}

TEST_F(error_place, so_do_savepoints_and_the_database) {
    auto savepoint = session.begin_nested();
    session.commit();
    EXPECT_HERE(savepoint.commit());
    EXPECT_HERE(savepoint.rollback());
    EXPECT_HERE(kin::database("nonsense://"));
    EXPECT_HERE(db.transaction([](kin::session& s) { s.add(blog::post("nobody's")); }));
}

TEST_F(error_place, the_innermost_call_wins_and_copies_keep_it) {
    unsigned inner = 0;
    session.events().before_commit([&](kin::session& s) {
        inner = __LINE__ + 1;
        s.execute("no SQL");
    });
    EXPECT_EQ(line_of([&] { session.commit(); }), inner);
    kin::usage_error e({.code = "c", .message = "m", .sql = {}});
    EXPECT_EQ(e.where().line(), 0u);
    const auto here = kin::call_place::current();
    e.locate(here);
    e.locate(kin::call_place::current());
    const kin::error copy = e;
    EXPECT_EQ(copy.where().line(), here.line());
    kin::usage_error another({.code = "d", .message = "m", .sql = {}});
    another = e;
    EXPECT_EQ(another.where().line(), here.line());
}

TEST_F(error_place, a_lazy_load_has_no_line) {
    stored_user("John");
    const auto john = session.get<User>(1);
    session.close();
    EXPECT_EQ(line_of([&] { (void)john->posts.size(); }), 0u);
}

template <class F> std::string what_of(F&& f) {
    try {
        f();
    } catch (const kin::not_null_violation&) {
        return "another class";
    } catch (const kin::unique_violation& e) {
        EXPECT_EQ(e.code(), "unique_violation");
        EXPECT_NE(std::string_view(e.what()).find("[SQL: INSERT"), std::string_view::npos);
        return std::string(e.message());
    }
    return "nothing was thrown";
}

TEST_F(error_place, an_error_of_an_autoflush_says_which_query_it_was_for) {
    stored_user("John", 1);
    stored_user("Jim");
    const auto autoflushed = [&](const auto& work) {
        session.rollback();
        auto jim = session.get<User>(2);
        session.add(User{.id = 1, .name = "another"});
        const std::string text = what_of([&] { work(); });
        const std::string start = "this came from an autoflush: ";
        const std::size_t at = text.find(start);
        if (at == std::string::npos) return "no autoflush: " + text;
        const std::size_t end = text.find(" writes pending changes before it reads", at);
        EXPECT_NE(text.find(".autoflush = false", end), std::string::npos);
        return text.substr(at + start.size(), end - at - start.size());
    };
    EXPECT_EQ(autoflushed([&] { (void)session.query<User>().all(); }), "the query for User objects");
    EXPECT_EQ(autoflushed([&] { (void)session.query<Post>().count(); }),
              "count() of the query for Post objects");
    EXPECT_EQ(autoflushed([&] { (void)session.query<Post>().exists(); }),
              "exists() of the query for Post objects");
    EXPECT_EQ(autoflushed([&] { (void)session.select(kin::col<&User::name>).all(); }), "select()");
    EXPECT_EQ(autoflushed([&] { (void)session.sql<int>("SELECT 1").all(); }), "sql()");
    EXPECT_EQ(autoflushed([&] { session.execute("DELETE FROM comment"); }), "execute()");
    EXPECT_EQ(autoflushed([&] { (void)session.get<Post>(1); }), "get() for Post objects");
    EXPECT_EQ(autoflushed([&] { (void)session.get<User>(2)->posts.count(); }), "count() of User.posts");
    EXPECT_EQ(autoflushed([&] { session.merge(Post{.id = 1}); }), "merge()");
    EXPECT_EQ(autoflushed([&] { session.flush(); }).substr(0, 12), "no autoflush");
}

} // namespace
