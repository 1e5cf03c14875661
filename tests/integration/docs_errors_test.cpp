// SPDX-License-Identifier: MIT
// The code of docs/guide/errors-and-transactions.md.
#include <gtest/gtest.h>

#include "docs_blog_models.hpp"

namespace docs::errors_page {

struct Member {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> email;
};

namespace {

TEST(docs_errors, a_violated_constraint_has_its_class_and_names) {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Member>();
    kin::session session = db.session();
    session.add(Member{.email = "john@example.org"});
    session.commit();
    std::string answer;
    // [catch]
    session.add(Member{.email = "john@example.org"});
    try {
        session.commit();
    } catch (const kin::unique_violation& e) {
        session.rollback();
        answer = "This " + std::string(e.column()) + " is taken."; // "This email is taken."
    }
    // [/catch]
    EXPECT_EQ(answer, "This email is taken.");
}

TEST(docs_errors, an_error_tells_what_it_knows) {
    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
    // [details]
    try {
        session.execute("INSERT INTO nowhere VALUES (:secret)", {{"secret", "hunter2"}});
    } catch (const kin::error& e) {
        EXPECT_EQ(e.code(), "no_such_table"); // a section of docs/errors.md
        EXPECT_EQ(e.table(), "nowhere");
        EXPECT_EQ(e.sql(), "INSERT INTO nowhere VALUES (?)");
        EXPECT_EQ(std::string(e.what()).find("hunter2"), std::string::npos); // values are never shown
    }
    // [/details]
}

TEST(docs_errors, an_error_knows_the_line_that_called) {
    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
    std::string log;
    // [where]
    try {
        session.execute("nonsense");
    } catch (const kin::error& e) {
        log = std::string(e.where().file_name()) + ":" + std::to_string(e.where().line()) + ": " + e.what();
    }
    // [/where]
    EXPECT_NE(log.find("docs_errors_test.cpp:" + std::to_string(__LINE__ - 5)), std::string::npos);
}

TEST(docs_errors, a_refused_statement_of_ones_own_leaves_the_transaction_open) {
    const kin::database db = filled_blog();
    kin::session session = db.session();
    // [statement]
    session.execute("UPDATE user SET bio = 'x' WHERE id = 1");
    EXPECT_THROW(session.execute("UPDATE user SET nmae = 'y'"), kin::statement_error);
    session.commit(); // the first UPDATE is there
    // [/statement]
    EXPECT_EQ(db.session().get_one<User>(1)->bio, "x");
}

TEST(docs_errors, a_transaction_is_tried_again_when_that_may_help) {
    const kin::database db = filled_blog();
    // [retry]
    db.transaction([](kin::session& session) { session.get_one<User>(1)->bio = "x"; }); // up to five times
    // [/retry]
    EXPECT_EQ(db.session().get_one<User>(1)->bio, "x");
}

} // namespace
} // namespace docs::errors_page
