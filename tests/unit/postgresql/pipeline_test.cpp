// SPDX-License-Identifier: MIT
// What a flush sends in one round trip, counted on the wire, and what is left when it fails.
#include <string>
#include <string_view>

#include "unit/orm/blog.hpp"
#include "unit/postgresql/round_trips.hpp"

namespace {

using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;
using kin::testing::proxy_way;

/// Its key comes from the program.
struct Token {
    kin::primary_key<std::string> name;
    kin::field<std::string, kin::unique> text;
};

struct Label {
    kin::primary_key<std::string> name;
    kin::varchar<5> text;
};

class postgresql_pipeline : public kin::testing::round_trip_test {
protected:
    void create_tables() override { db->create_all<User, Post, Comment, Token, Label>(); }
    static kin::ref<Token> token(std::string_view name, std::string_view text) {
        return kin::make(Token{.name = std::string(name), .text = std::string(text)});
    }
    /// Users with posts, in a transaction.
    void write(int users, int posts) {
        kin::session session = db->session();
        for (int u = 0; u < users; ++u) {
            const auto one = session.add(blog::user("user"));
            for (int p = 0; p < posts; ++p) (void)blog::post("post", one);
        }
        session.commit();
    }
};

TEST_F(postgresql_pipeline, a_user_with_two_posts_is_three_round_trips) {
    write(1, 2); // prepares the statements
    (void)trips.since_last();
    write(1, 2);
    EXPECT_EQ(trips.since_last(), 3); // BEGIN and users; posts, which need the user's key; COMMIT
    EXPECT_EQ(db->session().query<Post>().count(), 4);
}

TEST_F(postgresql_pipeline, ten_thousand_posts_are_three_round_trips_too) {
    write(1000, 10);
    (void)trips.since_last();
    write(1000, 10);
    EXPECT_EQ(trips.since_last(), 3); // ten INSERTs of posts go together
    EXPECT_EQ(db->session().query<Post>().count(), 20'000);
}

TEST_F(postgresql_pipeline, rows_that_need_nothing_from_each_other_go_together) {
    kin::session session = db->session();
    for (const char* name : {"prepares the statements", "is counted"}) {
        session.add(blog::user(name));
        session.add(token(name, name));
        session.add(blog::comment(name));
        (void)trips.since_last();
        session.commit();
    }
    EXPECT_EQ(trips.since_last(), 2); // all of it; COMMIT
}

TEST_F(postgresql_pipeline, BEGIN_travels_with_the_first_statement_and_an_empty_transaction_not_at_all) {
    write(1, 0);
    kin::session session = db->session();
    (void)session.query<User>().count();
    session.rollback();
    (void)trips.since_last();
    (void)session.query<User>().count();
    EXPECT_EQ(trips.since_last(), 1);
    session.rollback();
    EXPECT_EQ(trips.since_last(), 1);
    session.begin();
    session.commit();
    session.begin();
    session.rollback();
    EXPECT_EQ(trips.since_last(), 0);
}

TEST_F(postgresql_pipeline, the_statement_that_failed_is_named_and_all_is_as_it_was_after_the_rollback) {
    kin::session session = db->session();
    session.add(token("a", "same"));
    session.add(blog::user("first"));
    session.add(blog::comment("first"));
    session.commit();
    const auto user = session.add(blog::user("new"));
    const auto second = session.add(token("b", "same"));
    const auto comment = session.add(blog::comment("behind it"));
    const auto e = blog::caught<kin::unique_violation>([&] { session.commit(); });
    EXPECT_EQ(e.table(), "token");
    EXPECT_EQ(e.column(), "text");
    EXPECT_NE(std::string(e.sql()).find("INSERT INTO \"token\""), std::string::npos) << e.sql();
    EXPECT_EQ(e.parameters().size(), 2U);
    EXPECT_EQ(code_of([&] { (void)session.query<User>().count(); }), "pending_rollback");
    session.rollback();
    EXPECT_EQ(user->id, 0); // the key that the database had made for it
    EXPECT_EQ(session.query<Token>().count(), 1);
    EXPECT_EQ(session.query<User>().count(), 1);
    session.add(user);
    session.add(comment);
    session.commit();
    EXPECT_EQ(session.query<User>().count(), 2);
    EXPECT_EQ(session.query<Comment>().count(), 2);
    EXPECT_EQ(session.query<Token>().count(), 1);
}

TEST_F(postgresql_pipeline, what_the_server_refused_comes_before_what_kin_refuses_behind_it) {
    kin::session session = db->session();
    session.add(token("a", "same"));
    session.add(blog::comment("prepares the statement"));
    session.commit();
    session.add(token("b", "same"));
    session.add(blog::comment(std::string_view("not \0 a text", 12)));
    EXPECT_EQ(code_of([&] { session.commit(); }), "unique_violation");
    session.rollback();
}

TEST_F(postgresql_pipeline, what_the_server_refused_comes_before_a_value_that_kin_does_not_send) {
    kin::session session = db->session();
    session.add(token("a", "same"));
    session.commit();
    session.add(token("b", "same"));
    session.add(kin::make(Label{.name = "l", .text = "short"}));
    session.add(kin::make(Label{.name = "m", .text = "too long"}));
    EXPECT_EQ(code_of([&] { session.commit(); }), "unique_violation");
    session.rollback();
    EXPECT_EQ(session.query<Label>().count(), 0);
}

TEST_F(postgresql_pipeline, deletes_of_several_classes_go_together) {
    write(3, 2);
    kin::session session = db->session();
    for (const auto& post : session.query<Post>().all()) session.remove(post);
    for (const auto& user : session.query<User>().all()) session.remove(user);
    (void)trips.since_last();
    session.commit();
    EXPECT_LE(trips.since_last(),
              4); // BEGIN, and the first is prepared; the second is prepared; both run; COMMIT
    EXPECT_EQ(session.query<User>().count(), 0);
}

TEST_F(postgresql_pipeline, a_row_that_others_refer_to_is_named_when_its_delete_fails) {
    write(1, 1);
    kin::session session = db->session();
    session.execute("ALTER TABLE comment ADD CONSTRAINT holds FOREIGN KEY (id) REFERENCES \"user\" (id)");
    session.execute("INSERT INTO comment (id, text) SELECT id, 'c' FROM \"user\"");
    session.commit();
    session.remove(session.query<Post>().one());
    session.remove(session.query<User>().one());
    const auto e = blog::caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_EQ(e.constraint(), "holds");
    session.rollback();
    EXPECT_EQ(session.query<Post>().count(), 1);
}

TEST_F(postgresql_pipeline,
       a_connection_that_is_lost_before_COMMIT_is_a_lost_connection_not_an_unknown_outcome) {
    write(1, 1);
    kin::session session = db->session();
    (void)blog::post("lost", session.add(blog::user("lost")));
    proxy->arm({.way = proxy_way::to_client, .after_bytes = 1, .what = kin::testing::proxy_fault::cut});
    EXPECT_EQ(code_of([&] { session.commit(); }), "connection_lost");
    session.rollback();
    EXPECT_EQ(db->session().query<User>().count(), 1);
}

TEST_F(postgresql_pipeline, COMMIT_that_lost_its_answer_has_an_unknown_outcome) {
    write(1, 1);
    kin::session session = db->session();
    (void)blog::post("perhaps", session.add(blog::user("perhaps")));
    proxy->arm({.way = proxy_way::to_server,
                .at_text = "COMMIT",
                .text_goes_through = true,
                .what = kin::testing::proxy_fault::cut});
    EXPECT_EQ(code_of([&] { session.commit(); }), "commit_outcome_unknown");
    session.rollback();
}

} // namespace
