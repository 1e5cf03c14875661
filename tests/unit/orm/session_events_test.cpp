// SPDX-License-Identifier: MIT
#include "kin/orm/session_events.hpp"

#include <stdexcept>

#include "unit/orm/blog.hpp"

// Handlers of a session: when they are called, what they may do, and what an exception out of one leaves behind (semantics.md T,
// reliability.md T76).

namespace {

using blog::caught;
using blog::code_of;
using blog::Post;
using blog::User;

class semantics_T : public blog::test {
protected:
    kin::session_events& events = session.events();
    std::vector<std::string> calls;
    auto noting(std::string name) {
        return [this, name = std::move(name)](kin::session&) { calls.push_back(name); };
    }
};

TEST_F(semantics_T, every_handler_sees_each_change_exactly_once_and_in_order) {
    events.before_flush(noting("before_flush"));
    events.after_flush(noting("after_flush"));
    events.before_commit(noting("before_commit"));
    events.after_commit(noting("after_commit"));
    events.after_rollback(noting("after_rollback"));
    const auto on = [this](const char* what) {
        return [this, what](kin::session&, User& u) { calls.push_back(what + (" " + u.name.get())); };
    };
    events.before_insert<User>(on("before_insert"));
    events.after_insert<User>(on("after_insert"));
    events.before_update<User>(on("before_update"));
    events.after_update<User>(on("after_update"));
    events.before_remove<User>(on("before_remove"));
    events.after_remove<User>(on("after_remove"));
    using list = std::vector<std::string>;

    auto john = session.add(blog::user("John"));
    session.add(blog::post("First", john));
    session.commit();
    EXPECT_EQ(calls, (list{"before_flush", "before_insert John", "after_insert John", "after_flush",
                           "before_commit", "after_commit"}));
    calls.clear();
    john->name = "Jack";
    session.flush();
    EXPECT_EQ(calls, (list{"before_flush", "before_update Jack", "after_update Jack", "after_flush"}));
    calls.clear();
    session.rollback();
    EXPECT_EQ(calls, (list{"after_rollback"}));
    calls.clear();
    session.remove(session.query<Post>().one());
    session.remove(john);
    session.flush();
    EXPECT_EQ(calls, (list{"before_flush", "before_remove John", "after_remove John", "after_flush"}));
    calls.clear();
    session.commit();
    session.commit();
    EXPECT_EQ(calls, (list{"before_commit", "after_commit", "before_commit", "after_commit"}));
}

TEST_F(semantics_T, a_flush_that_writes_nothing_calls_nobody) {
    stored_user("John");
    auto john = session.get<User>(1);
    john->name = "John";
    events.before_flush(noting("before_flush"));
    events.after_flush(noting("after_flush"));
    session.flush();
    EXPECT_TRUE(calls.empty());
}

TEST_F(semantics_T, T7_before_flush_may_change_add_and_remove_and_the_flush_takes_it_along) {
    stored_user("John");
    stored_user("Jane");
    auto john = session.get<User>(1);
    const auto jane = session.get<User>(2);
    events.before_flush([&](kin::session& s) {
        john->bio = "changed";
        s.add(blog::post("Added", john));
        s.remove(jane);
    });
    session.add(blog::user("Jack"));
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT bio FROM \"user\" WHERE id = 1"), "changed");
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 1);
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE name = 'Jane'"), 0);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_T, T7_before_insert_and_before_update_may_change_columns_of_their_object) {
    events.before_insert<User>([](kin::session&, User& u) { u.bio = "made"; });
    events.before_update<User>([](kin::session&, User& u) { u.bio = "changed"; });
    auto john = session.add(blog::user("John"));
    session.flush();
    EXPECT_EQ(std::get<0>(session.sql<std::string>("SELECT bio FROM \"user\"").one()), "made");
    john->name = "Jack";
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT bio FROM \"user\""), "changed");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_T, T7_what_a_handler_after_the_write_changes_is_written_by_the_next_flush) {
    events.after_insert<User>([](kin::session&, User& u) { u.bio = "later"; });
    session.add(blog::user("John"));
    session.flush();
    EXPECT_TRUE(session.has_changes());
    session.commit();
    EXPECT_EQ(stored<std::string>("SELECT bio FROM \"user\""), "later");
}

TEST_F(semantics_T, what_a_handler_changes_in_an_object_whose_turn_is_yet_to_come_is_written_with_it) {
    auto comment = kin::make(blog::Comment{.text = "first thought"});
    events.after_insert<User>([&](kin::session&, User&) { comment->text = "second thought"; });
    session.add(blog::user("John"));
    session.add(comment);
    session.flush();
    EXPECT_EQ(std::get<0>(session.sql<std::string>("SELECT text FROM comment").one()), "second thought");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_T, what_before_commit_changes_is_committed_as_well) {
    auto john = session.add(blog::user("John"));
    events.before_commit([&](kin::session&) { john->bio = "last minute"; });
    session.commit();
    EXPECT_EQ(stored<std::optional<std::string>>("SELECT bio FROM \"user\""), "last minute");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_T, handlers_may_query) {
    std::int64_t seen = -1;
    events.after_insert<User>([&](kin::session& s, User&) { seen = s.query<User>().count(); });
    session.add(blog::user("John"));
    session.commit();
    EXPECT_EQ(seen, 1);
}

TEST_F(semantics_T, T10_an_object_belongs_to_at_most_one_session) {
    const auto john = session.add(blog::user("John"));
    kin::session other = db.session();
    EXPECT_EQ(code_of([&] { other.add(john); }), "two_sessions");
    EXPECT_FALSE(other.contains(john));
    EXPECT_EQ(code_of([&] { other.add(blog::post("First", john)); }), "two_sessions");
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post"), 1) << "making the post linked it into John's session";
}

TEST_F(semantics_T, linking_objects_of_two_sessions_is_an_error_that_changes_neither) {
    stored_user("John", 1);
    kin::session other = db.session();
    auto john = session.get<User>(1);
    auto same = other.get<User>(1);
    auto post = other.query<Post>().one();
    EXPECT_EQ(code_of([&] { post->user = john; }), "two_sessions");
    EXPECT_EQ(code_of([&] { john->posts.push_back(post); }), "two_sessions");
    EXPECT_EQ(post->user, same);
    EXPECT_EQ(john->posts.size(), 1U);
    EXPECT_NE(john->posts[0], post);
    EXPECT_FALSE(session.has_changes());
    EXPECT_FALSE(other.has_changes());
}

// --- a handler that calls the session back ----------------------------------------------------------------------------------

class reentrant_handler : public semantics_T {};

TEST_F(reentrant_handler, may_not_flush_or_commit) {
    std::string flush, commit;
    events.before_flush([&](kin::session& s) {
        flush = code_of([&] { s.flush(); });
        commit = code_of([&] { s.commit(); });
    });
    session.add(blog::user("John"));
    session.commit();
    EXPECT_EQ(flush, "reentrant_flush");
    EXPECT_EQ(commit, "reentrant_flush");
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 1);
}

TEST_F(reentrant_handler, may_not_roll_back_or_close_in_the_middle_of_a_flush) {
    std::string rollback, close;
    const auto try_both = [&](kin::session& s) {
        rollback = code_of([&] { s.rollback(); });
        close = code_of([&] { s.close(); });
    };
    events.before_flush(try_both);
    session.add(blog::user("John"));
    session.commit();
    EXPECT_EQ(rollback, "reentrant_flush");
    EXPECT_EQ(close, "reentrant_flush");
    rollback.clear();
    events.after_insert<User>([&](kin::session& s, User&) { try_both(s); });
    session.add(blog::user("Jane"));
    session.commit();
    EXPECT_EQ(rollback, "reentrant_flush");
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 2);
}

TEST_F(reentrant_handler, may_flush_but_not_commit_before_the_commit) {
    std::string flush, commit, rollback;
    events.before_commit([&](kin::session& s) {
        s.add(blog::user("Jane"));
        flush = code_of([&] { s.flush(); });
        commit = code_of([&] { s.commit(); });
        rollback = code_of([&] { s.rollback(); });
    });
    session.add(blog::user("John"));
    session.commit();
    EXPECT_EQ(flush, "");
    EXPECT_EQ(commit, "reentrant_flush");
    EXPECT_EQ(rollback, "reentrant_flush");
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 2);
}

TEST_F(reentrant_handler, may_not_expunge_in_the_middle_of_a_flush) {
    std::string expunge;
    events.before_insert<User>(
        [&](kin::session& s, User&) { expunge = code_of([&] { s.expunge(s.add(blog::user("Jane"))); }); });
    session.add(blog::user("John"));
    session.flush();
    EXPECT_EQ(expunge, "reentrant_flush");
}

TEST_F(reentrant_handler, may_begin_anew_after_the_commit) {
    bool first = true;
    events.after_commit([&](kin::session& s) {
        if (!std::exchange(first, false)) return;
        s.add(blog::user("Jane"));
        s.commit();
    });
    session.add(blog::user("John"));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 2);
}

TEST_F(reentrant_handler, may_add_a_handler) {
    events.before_flush([this](kin::session& s) {
        if (calls.empty()) s.events().before_flush(noting("added"));
        calls.push_back("first");
    });
    session.add(blog::user("John"));
    session.flush();
    session.add(blog::user("Jane"));
    session.flush();
    EXPECT_EQ(std::count(calls.begin(), calls.end(), "first"), 2);
    EXPECT_GE(std::count(calls.begin(), calls.end(), "added"), 1);
}

// --- T76 ----------------------------------------------------------------------------------------------------------------

struct refusal : std::runtime_error {
    refusal() : std::runtime_error("the handler refuses") {}
};

/// A transaction with an insert, an update and a deletion, and a handler that throws at one place of it.
class T76_in_full : public blog::test, public testing::WithParamInterface<kin::session_event> {
protected:
    void SetUp() override {
        stored_user("Kept");
        stored_user("Removed");
        kept = session.get<User>(1);
        removed = session.get<User>(2);
        kept->name = "Changed";
        session.remove(removed);
        added = session.add(blog::user("Added"));
    }
    template <class Exception> void throw_in_handler(Exception exception) {
        kin::session_events& events = session.events();
        const auto fail = [exception](kin::session&) { throw exception; };
        const auto fail_object = [exception](kin::session&, User&) { throw exception; };
        switch (GetParam()) {
        case kin::session_event::before_flush: return events.before_flush(fail);
        case kin::session_event::after_flush: return events.after_flush(fail);
        case kin::session_event::before_commit: return events.before_commit(fail);
        case kin::session_event::after_commit: return events.after_commit(fail);
        case kin::session_event::after_rollback: return events.after_rollback(fail);
        case kin::session_event::before_insert: return events.before_insert<User>(fail_object);
        case kin::session_event::after_insert: return events.after_insert<User>(fail_object);
        case kin::session_event::before_update: return events.before_update<User>(fail_object);
        case kin::session_event::after_update: return events.after_update<User>(fail_object);
        case kin::session_event::before_remove: return events.before_remove<User>(fail_object);
        case kin::session_event::after_remove: return events.after_remove<User>(fail_object);
        }
    }
    /// The transaction has failed as a whole, and the session works again after rollback().
    void expect_undone() {
        const auto e = caught<kin::pending_rollback>([&] { session.flush(); });
        EXPECT_NE(std::string(e.message()).find(message), std::string::npos) << e.message();
        EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE name IN ('Kept', 'Removed')"), 2);
        EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 2);
        session.rollback();
        EXPECT_EQ(kept->name, "Kept");
        EXPECT_EQ(kin::state_of(removed), kin::object_state::persistent);
        EXPECT_EQ(kin::state_of(added), kin::object_state::transient);
        EXPECT_EQ(added->id, 0);
        EXPECT_FALSE(session.has_changes());
        EXPECT_EQ(session.query<User>().count(), 2);
    }
    void expect_committed() {
        EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE name IN ('Changed', 'Added')"), 2);
        EXPECT_EQ(kin::state_of(added), kin::object_state::persistent);
        EXPECT_EQ(kin::state_of(removed), kin::object_state::detached);
        EXPECT_EQ(session.query<User>().count(), 2);
        EXPECT_FALSE(session.has_changes());
    }
    kin::ref<User> kept, removed, added;
    std::string message = "the handler refuses";
};

TEST_P(T76_in_full, an_exception_in_a_handler_fails_the_transaction_before_the_commit_and_nothing_after_it) {
    throw_in_handler(refusal());
    if (GetParam() == kin::session_event::after_rollback) {
        EXPECT_THROW(session.rollback(), refusal);
        EXPECT_EQ(kept->name, "Kept");
        EXPECT_EQ(kin::state_of(added), kin::object_state::transient);
        EXPECT_EQ(session.query<User>().count(), 2);
        return;
    }
    EXPECT_THROW(session.commit(), refusal);
    GetParam() == kin::session_event::after_commit ? expect_committed() : expect_undone();
}

TEST_P(T76_in_full, also_one_that_is_no_std_exception) {
    throw_in_handler(42);
    message.clear();
    if (GetParam() == kin::session_event::after_rollback) {
        EXPECT_THROW(session.rollback(), int);
        EXPECT_EQ(kept->name, "Kept");
        return;
    }
    EXPECT_THROW(session.commit(), int);
    GetParam() == kin::session_event::after_commit ? expect_committed() : expect_undone();
}

INSTANTIATE_TEST_SUITE_P(every_position, T76_in_full,
                         testing::Values(kin::session_event::before_flush, kin::session_event::after_flush,
                                         kin::session_event::before_commit, kin::session_event::after_commit,
                                         kin::session_event::after_rollback,
                                         kin::session_event::before_insert, kin::session_event::after_insert,
                                         kin::session_event::before_update, kin::session_event::after_update,
                                         kin::session_event::before_remove,
                                         kin::session_event::after_remove));

} // namespace
