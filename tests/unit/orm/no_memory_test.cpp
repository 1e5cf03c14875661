// SPDX-License-Identifier: MIT
#include <new>

#include "kin/orm/session.hpp"
#include "support/failing_allocator.hpp"
#include "unit/orm/blog.hpp"

// Single calls that find no memory: each does all or nothing, at whichever allocation it fails.

namespace {

using blog::Comment;
using blog::Post;
using blog::User;

/// Calls with the first allocation failing, then the second ... until it succeeds; `check` looks around after each failure.
template <class Call, class Check> void fail_at_every_allocation(Call&& call, Check&& check) {
    for (std::size_t n = 1;; ++n) {
        const testing::ScopedTrace trace(__FILE__, __LINE__, "allocation " + std::to_string(n));
        bool failed = false;
        {
            const kin::testing::failing_allocator allocator(n);
            try {
                call();
                if (!allocator.fired()) return;
            } catch (const std::bad_alloc&) {
                failed = true;
            }
        }
        if (!failed) return;
        check();
        if (testing::Test::HasFailure()) return;
    }
}

class no_memory : public blog::quiet_test { // a counter of statements needs memory itself
protected:
    no_memory() {
        stored_user("John", 2, 1);
        stored_user("Jane", 1, 1);
        john = session.get<User>(1);
        jane = session.get<User>(2);
        post = session.get<Post>(1);
    }
    /// John has posts 1 and 2, Jane post 3, and nobody has changed anything.
    void expect_untouched() {
        const auto& here = std::as_const(john)->posts;
        ASSERT_EQ(here.size(), 2U);
        EXPECT_EQ(here[0], post);
        ASSERT_EQ(std::as_const(jane)->posts.size(), 1U);
        EXPECT_EQ(std::as_const(post)->user, john);
        EXPECT_EQ(std::as_const(post)->user_id, 1);
        EXPECT_EQ(std::as_const(post)->comments.size(), 1U);
        EXPECT_FALSE(session.has_changes());
    }
    kin::ref<User> john, jane;
    kin::ref<Post> post;
};

TEST_F(no_memory, for_a_link_changes_neither_side) {
    expect_untouched();
    const auto undo = [&] {
        session.rollback();
        expect_untouched();
    };
    const auto check = [&] { expect_untouched(); };
    fail_at_every_allocation([&] { post->user = jane; }, check);
    undo();
    fail_at_every_allocation([&] { jane->posts.push_back(post); }, check);
    undo();
    fail_at_every_allocation([&] { jane->posts.insert(0, post); }, check);
    undo();
    fail_at_every_allocation([&] { john->posts.erase(post); }, check);
    undo();
    fail_at_every_allocation([&] { post->user = nullptr; }, check);
    undo();
}

TEST_F(no_memory, for_a_link_leaves_a_new_object_where_it_was) {
    expect_untouched();
    auto made = blog::post("New");
    auto comment = blog::comment("on it", made);
    const auto check = [&] {
        EXPECT_EQ(kin::state_of(made), kin::object_state::transient);
        EXPECT_EQ(kin::state_of(comment), kin::object_state::transient);
        EXPECT_EQ(std::as_const(made)->user, nullptr);
        EXPECT_EQ(std::as_const(comment)->post, made);
        expect_untouched();
    };
    fail_at_every_allocation([&] { john->posts.push_back(made); }, check);
    EXPECT_EQ(kin::state_of(comment), kin::object_state::pending);
    session.rollback();
    check();
    fail_at_every_allocation([&] { made->user = john; }, check);
    EXPECT_EQ(kin::state_of(comment), kin::object_state::pending);
    session.rollback();
    check();
    fail_at_every_allocation([&] { (void)blog::post("never linked", john); }, check);
    EXPECT_EQ(std::as_const(john)->posts.size(), 3U);
}

TEST_F(no_memory, for_an_add_takes_nobody) {
    expect_untouched();
    const auto jack = blog::user("Jack");
    const auto made = blog::post("New", jack);
    const auto comment = blog::comment("on it", made);
    const auto check = [&] {
        EXPECT_EQ(kin::state_of(jack), kin::object_state::transient);
        EXPECT_EQ(kin::state_of(made), kin::object_state::transient);
        EXPECT_EQ(kin::state_of(comment), kin::object_state::transient);
        expect_untouched();
    };
    fail_at_every_allocation([&] { session.add(jack); }, check);
    EXPECT_EQ(kin::state_of(comment), kin::object_state::pending);
}

TEST_F(no_memory, for_an_add_of_detached_objects_takes_nobody) {
    session.close();
    john = session.get<User>(1);
    (void)john->posts.size();
    post = john->posts[0];
    session.close();
    post->title = "changed while it was detached";
    kin::session other = db.session();
    fail_at_every_allocation([&] { other.add(john); },
                             [&] {
                                 EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
                                 EXPECT_EQ(kin::state_of(post), kin::object_state::detached);
                                 EXPECT_FALSE(other.contains(post));
                                 EXPECT_FALSE(other.has_changes());
                             });
    EXPECT_EQ(other.get<Post>(1), post);
    other.commit();
    EXPECT_EQ(stored<std::string>("SELECT title FROM post WHERE id = 1"), "changed while it was detached");
}

TEST_F(no_memory, for_a_removal_marks_nobody) {
    expect_untouched();
    fail_at_every_allocation([&] { session.remove(post); }, [&] { expect_untouched(); });
    EXPECT_TRUE(session.has_changes());
}

struct Shelf;
struct Book {
    int id = 0;
    std::optional<kin::forward_key<Shelf, int>> shelf_id;
    kin::belongs_to<Shelf> shelf;
};
struct Shelf {
    int id = 0;
    kin::has_many<Book> books;
};
void describe(kin::mapping<Shelf>& m) { m.relationship<&Shelf::books>().cascade(kin::cascade::all); }

TEST(no_memory_for_a_removal, marks_nobody_of_those_that_go_along) {
    const kin::database db{"sqlite:///:memory:"};
    db.create_all<Shelf, Book>();
    kin::session session = db.session();
    const auto shelf = session.add(Shelf{});
    std::vector<kin::ref<Book>> books;
    for (int i = 0; i < 9; ++i) books.push_back(kin::make(Book{.shelf = shelf}));
    session.commit();
    const auto pending = kin::make(Book{.shelf = shelf});
    fail_at_every_allocation([&] { session.remove(shelf); },
                             [&] {
                                 EXPECT_TRUE(session.contains(pending));
                                 const auto kept = std::exchange(books.back(), nullptr);
                                 session.remove(kept); // the only one
                                 session.flush();
                                 EXPECT_EQ(session.query<Book>().count(), 9);
                                 session.rollback();
                                 books.back() = kept;
                                 session.add(pending);
                                 pending.edit().shelf = shelf;
                             });
    session.commit();
    EXPECT_EQ(session.query<Book>().count(), 0);
}

struct Town;
struct Land {
    kin::primary_key<std::string> name;
    kin::has_many<Town> towns;
};
struct Town {
    int id = 0;
    std::optional<kin::foreign_key<&Land::name>> land_name;
    kin::belongs_to<Land> land;
};
void describe(kin::mapping<Land>& m) {
    m.relationship<&Land::towns>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}

TEST(no_memory_for_the_text_of_a_key, leaves_an_orphan_an_orphan) {
    const kin::database db{"sqlite:///:memory:"};
    db.create_all<Land, Town>();
    kin::session session = db.session();
    auto land = session.add(Land{.name = "a land with a name of many letters"});
    auto other = session.add(Land{.name = "another land with a name of many letters"});
    const auto town = kin::make(Town{.land = land});
    session.commit();
    for (int i = 0; i < 10; ++i) { // so that only the text needs memory
        other->towns.push_back(town);
        other->towns.erase(town);
    }
    session.rollback();
    land->towns.erase(town);
    fail_at_every_allocation([&] { other->towns.push_back(town); },
                             [&] {
                                 EXPECT_EQ(town->land, nullptr);
                                 EXPECT_FALSE(other->towns.contains(town));
                                 session.flush();
                                 EXPECT_EQ(kin::state_of(town), kin::object_state::deleted);
                                 session.rollback();
                                 EXPECT_EQ(town->land, land);
                                 land->towns.erase(town);
                             });
    session.commit();
    EXPECT_EQ(kin::state_of(town), kin::object_state::persistent);
    EXPECT_EQ(town->land_name, other->name);
}

TEST_F(no_memory, for_an_expunge_leaves_the_object_in_the_session) {
    post->title = "changed";
    fail_at_every_allocation([&] { session.expunge(post); },
                             [&] {
                                 EXPECT_TRUE(session.contains(post));
                                 EXPECT_TRUE(session.has_changes());
                                 EXPECT_EQ(session.get<Post>(1), post);
                             });
    EXPECT_FALSE(session.contains(post));
}

TEST_F(no_memory, for_a_refresh_leaves_the_old_row_or_the_new_one) {
    expect_untouched();
    session.commit();
    const auto change = [&](const auto& how) {
        kin::session other = db.session();
        how(other);
        other.commit();
    };
    change([](kin::session& other) {
        for (auto& user : other.query<User>().all())
            user->bio = "a bio that is longer than fits into the object";
    });
    session.refresh(john);
    session.commit();
    change([](kin::session& other) {
        auto user = other.get<User>(1);
        user->name = "Jack, which is no short name any more";
        user->bio = std::nullopt;
        auto moved = other.get<Post>(1);
        moved->user = other.get<User>(2);
        moved->title = "a title that is longer than fits";
        moved->content = "and so is the content";
    });
    (void)session.query<User>().count(); // the transaction has begun
    fail_at_every_allocation([&] { session.refresh(john); },
                             [&] {
                                 EXPECT_EQ(std::as_const(john)->name == "John",
                                           std::as_const(john)->bio.has_value());
                                 EXPECT_FALSE(session.has_changes());
                             });
    EXPECT_EQ(std::as_const(john)->bio, std::nullopt);
    fail_at_every_allocation([&] { session.refresh(post); },
                             [&] {
                                 const Post& now = *std::as_const(post);
                                 EXPECT_EQ(now.title == "John 1", now.content.empty());
                                 EXPECT_FALSE(session.has_changes());
                                 EXPECT_EQ(now.user, now.title == "John 1" ? john : jane);
                             });
    EXPECT_EQ(std::as_const(post)->user, jane);
    EXPECT_EQ(std::as_const(jane)->posts.size(), 2U);
    EXPECT_EQ(std::as_const(john)->posts.size(), 1U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(no_memory, for_a_query_or_a_lazy_load_leaves_nothing_half_loaded) {
    session.close();
    std::vector<kin::ref<User>> users;
    fail_at_every_allocation([&] { users = session.query<User>().all(); },
                             [&] { EXPECT_TRUE(users.empty()); });
    ASSERT_EQ(users.size(), 2U);
    fail_at_every_allocation([&] { (void)users[0]->posts.size(); },
                             [&] {
                                 EXPECT_FALSE(std::as_const(users[0])->posts.is_loaded());
                                 EXPECT_FALSE(std::as_const(users[1])->posts.is_loaded());
                             });
    EXPECT_EQ(std::as_const(users[0])->posts.size(), 2U);
    EXPECT_EQ(std::as_const(users[1])->posts.size(), 1U);
}

TEST_F(no_memory, for_a_rollback_means_that_it_is_called_again) {
    john->bio = "a bio that is longer than fits into the object";
    session.commit();
    john->bio = std::nullopt;
    post->user = jane;
    const auto made = blog::post("New", jane);
    session.flush();
    fail_at_every_allocation([&] { session.rollback(); },
                             [&] { EXPECT_THROW(session.flush(), kin::pending_rollback); });
    EXPECT_EQ(std::as_const(john)->bio, "a bio that is longer than fits into the object");
    EXPECT_EQ(kin::state_of(made), kin::object_state::transient);
    EXPECT_EQ(made->id, 0);
    expect_untouched();
}

TEST_F(no_memory, for_a_close_lets_all_objects_go_nevertheless) {
    john->bio = "a bio that is longer than fits into the object";
    session.commit();
    john->bio = std::nullopt;
    const auto made = blog::post("New", jane);
    auto pending = session.add(User{.name = "Jack", .bio = "a bio that is longer than fits into the object"});
    session.flush();
    pending->bio = std::nullopt; // to give it back takes memory
    const auto later = session.add(blog::user("Jim"));
    {
        const kin::testing::failing_allocator allocator(1,
                                                        kin::testing::failing_allocator::mode::from_then_on);
        session.close();
    }
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    for (const kin::object_state s : {kin::state_of(made), kin::state_of(pending), kin::state_of(later)})
        EXPECT_EQ(s, kin::object_state::transient);
    EXPECT_EQ(session.query<User>().count(), 2);
    EXPECT_EQ(session.get<User>(1)->bio, "a bio that is longer than fits into the object");
}

} // namespace
