// SPDX-License-Identifier: MIT
#include "kin/orm/set_statement.hpp"

#include "kin/sql/dialect.hpp"
#include "unit/orm/world.hpp"

// Statements for many rows: S8, S10 and D7 of semantics.md, and how the objects of the session follow.

namespace {

using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;
using kin::col;

class semantics_S_many_rows : public blog::test {
protected:
    semantics_S_many_rows() {
        for (const char* name : {"John", "Jane", "Jack"}) stored_user(name, 2, 1);
        counter.reset();
    }
    /// How many rows of users there are for which `condition` holds.
    std::int64_t stored_users(std::string_view condition) {
        std::string sql = "SELECT count(*) FROM ";
        db.engine().dialect().quote(sql, "user");
        return stored(sql.append(" WHERE ").append(condition));
    }
};

TEST_F(semantics_S_many_rows, S8_an_update_is_one_statement_and_tells_how_many_rows_it_matched) {
    EXPECT_EQ(session.execute(kin::update<User>().set(col<&User::bio>, "x").where(col<&User::id> > 1)), 2);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(counter.statements().back(), R"(UPDATE "user" SET "bio" = ? WHERE "id" > ?)");
    session.commit();
    EXPECT_EQ(stored_users("bio = 'x'"), 2);
}

TEST_F(semantics_S_many_rows, S8_values_may_be_calculated_from_the_row) {
    session.execute(kin::update<Post>()
                        .set(col<&Post::user_id>, col<&Post::user_id> + 1)
                        .set(col<&Post::content>, kin::upper(col<&Post::title>))
                        .where(col<&Post::user>.has(col<&User::name> == "John")));
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM post WHERE user_id = 2 AND content LIKE 'JOHN%'"), 2);
}

TEST_F(semantics_S_many_rows, S8_null_is_a_value) {
    session.execute(kin::update<User>().set(col<&User::bio>, "x"));
    session.execute(kin::update<User>().set(col<&User::bio>, nullptr).where(col<&User::id> == 1));
    session.execute(
        kin::update<User>().set(col<&User::bio>, std::optional<std::string>()).where(col<&User::id> == 2));
    session.commit();
    EXPECT_EQ(stored_users("bio IS NULL"), 2);
}

TEST_F(semantics_S_many_rows, S8_objects_of_the_session_have_the_new_values) {
    const auto users = session.query<User>().all();
    counter.reset();
    session.execute(kin::update<User>().set(col<&User::bio>, "x").where(col<&User::id> > 1));
    const bool returning = db.engine().dialect().supports(kin::feature::update_returning);
    const std::size_t sent = returning ? 1 : 2; // else the keys are read before
    EXPECT_EQ(counter.count(), sent);
    EXPECT_EQ(users[0]->bio, std::nullopt);
    EXPECT_EQ(counter.count(), sent) << "it was not matched";
    EXPECT_EQ(users[1]->bio, "x");
    EXPECT_EQ(users[2]->bio, "x");
    EXPECT_EQ(counter.count(), sent + 1) << "one for all that were matched";
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_S_many_rows, S8_what_is_pending_is_written_before) {
    auto john = session.get_one<User>(1);
    john->name = "Johnny";
    session.add(blog::user("New"));
    EXPECT_EQ(
        session.execute(
            kin::update<User>().set(col<&User::bio>, "x").where(col<&User::name>.in({"Johnny", "New"}))),
        2);
    EXPECT_EQ(john->bio, "x");
    EXPECT_EQ(john->name, "Johnny");
}

TEST_F(semantics_S_many_rows, S8_changes_that_are_not_written_stay_on_top) {
    kin::session quiet(db.engine(), {.autoflush = false});
    auto john = quiet.get_one<User>(1);
    john->name = "Johnny";
    quiet.execute(kin::update<User>().set(col<&User::bio>, "x").set(col<&User::name>, "y"));
    EXPECT_EQ(john->name, "Johnny");
    EXPECT_EQ(john->bio, "x");
    quiet.commit();
    EXPECT_EQ(stored_users("id = 1 AND name = 'Johnny' AND bio = 'x'"), 1);
}

TEST_F(semantics_S_many_rows, S8_a_rollback_gives_objects_their_values_back) {
    auto john = session.get_one<User>(1);
    auto jane = session.get_one<User>(2);
    session.execute(kin::update<User>().set(col<&User::bio>, "x"));
    EXPECT_EQ(john->bio, "x");
    session.rollback();
    EXPECT_EQ(john->bio, std::nullopt);
    EXPECT_EQ(jane->bio, std::nullopt) << "that was not looked at meanwhile";
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_S_many_rows, S8_a_savepoint_gives_objects_their_values_back) {
    auto john = session.get_one<User>(1);
    session.execute(kin::update<User>().set(col<&User::bio>, "x"));
    EXPECT_EQ(john->bio, "x");
    {
        auto savepoint = session.begin_nested();
        session.execute(kin::update<User>().set(col<&User::bio>, "y"));
        EXPECT_EQ(john->bio, "y");
    }
    EXPECT_EQ(john->bio, "x");
    session.commit();
    EXPECT_EQ(john->bio, "x");
}

TEST_F(semantics_S_many_rows, S8_relationships_follow_a_foreign_key_that_was_set) {
    const auto users = session.query<User>().with(kin::selectin<&User::posts>).all();
    const auto moved = users[0]->posts[0];
    session.execute(kin::update<Post>().set(col<&Post::user_id>, 2).where(col<&Post::id> == 1));
    EXPECT_EQ(users[0]->posts.size(), 1U);
    EXPECT_EQ(users[1]->posts.size(), 3U);
    EXPECT_EQ(moved->user, users[1]);
    session.rollback();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(users[1]->posts.size(), 2U);
    EXPECT_EQ(moved->user, users[0]);
}

TEST_F(semantics_S_many_rows, the_columns_of_updated_rows_can_be_returned) {
    auto john = session.get_one<User>(1);
    const auto rows = session.execute(kin::update<User>()
                                          .set(col<&User::bio>, "x")
                                          .where(col<&User::id> < 3)
                                          .returning(col<&User::id>, col<&User::bio>));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(std::get<1>(rows[0]), "x");
    EXPECT_EQ(john->bio, "x");
}

TEST_F(semantics_S_many_rows, the_primary_key_cannot_be_set_for_many_rows) {
    EXPECT_EQ(code_of([&] { session.execute(kin::update<User>().set(col<&User::id>, 9)); }),
              "set_primary_key");
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_S_many_rows, values_that_fit_no_column_are_refused_before_anything_is_sent) {
    const std::string long_name(51, 'x');
    EXPECT_EQ(code_of([&] { session.execute(kin::update<User>().set(col<&User::name>, long_name)); }),
              "text_too_long");
    EXPECT_EQ(code_of([&] { session.execute(kin::update<User>().set(col<&User::name>, "\xff")); }),
              "invalid_utf8");
    EXPECT_EQ(code_of([&] {
                  session.execute(kin::update<Post>().set(col<&Post::user_id>, std::int64_t{1} << 40));
              }),
              "value_out_of_range");
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_S_many_rows, a_failed_statement_leaves_a_session_that_works) {
    auto john = session.get_one<User>(1);
    EXPECT_EQ(code_of([&] { session.execute(kin::update<Post>().set(col<&Post::user_id>, 77)); }),
              "foreign_key_violation");
    session.rollback();
    EXPECT_EQ(john->posts.size(), 2U);
}

// --- DELETE -----------------------------------------------------------------------------------------------------------

TEST_F(semantics_S_many_rows, S8_a_delete_takes_objects_out_of_session_and_collections) {
    const auto users = session.query<User>().with(kin::selectin<&User::posts, &Post::comments>).all();
    const auto post = users[0]->posts[0];
    const auto comment = post->comments[0];
    session.execute(kin::update<Comment>().set(col<&Comment::post_id>, nullptr));
    counter.reset();
    EXPECT_EQ(session.execute(kin::remove_from<Post>().where(col<&Post::title>.like("% 1"))), 3);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(users[0]->posts.size(), 1U);
    EXPECT_EQ(kin::state_of(post), kin::object_state::deleted);
    EXPECT_EQ(session.get<Post>(1), nullptr);
    EXPECT_EQ(comment->post, nullptr);
    session.rollback();
    EXPECT_EQ(users[0]->posts.size(), 2U);
    EXPECT_EQ(kin::state_of(post), kin::object_state::persistent);
    EXPECT_EQ(comment->post, post);
    EXPECT_EQ(session.get<Post>(1), post);
}

TEST_F(semantics_S_many_rows, S8_deleted_objects_are_detached_by_the_commit) {
    const auto comment = session.get_one<Comment>(1);
    session.execute(kin::remove_from<Comment>());
    session.commit();
    EXPECT_EQ(kin::state_of(comment), kin::object_state::detached);
    EXPECT_EQ(comment->text, "comment 1");
    EXPECT_EQ(stored("SELECT count(*) FROM comment"), 0);
}

TEST_F(semantics_S_many_rows, D7_a_delete_runs_no_cascade_of_the_session) {
    const auto users = session.query<User>().all();
    EXPECT_EQ(code_of([&] { session.execute(kin::remove_from<User>()); }), "foreign_key_violation");
}

TEST_F(semantics_S_many_rows, the_columns_of_deleted_rows_can_be_returned) {
    const auto rows = session.execute(
        kin::remove_from<Comment>().where(col<&Comment::id> == 2).returning(col<&Comment::text>));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(std::get<0>(rows[0]), "comment 1");
}

// --- INSERT -----------------------------------------------------------------------------------------------------------

TEST_F(semantics_S_many_rows, S10_plain_objects_become_rows_with_one_statement) {
    EXPECT_EQ(session.execute(kin::insert<User>({{.name = "A"}, {.name = "B", .bio = "b"}, {.name = "C"}})),
              3);
    EXPECT_EQ(counter.count(), 1U);
    session.commit();
    EXPECT_EQ(stored_users("1 = 1"), 6);
    EXPECT_EQ(stored_users("bio = 'b'"), 1);
    EXPECT_TRUE(session.pending<User>().empty());
}

TEST_F(semantics_S_many_rows, S10_the_keys_that_the_database_made_can_be_returned) {
    const std::vector<User> rows{{.name = "A"}, {.name = "B"}};
    const auto keys = session.execute(kin::insert(rows).returning(col<&User::id>, col<&User::name>));
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0], std::tuple(4, "A"));
    EXPECT_EQ(keys[1], std::tuple(5, "B"));
}

TEST_F(semantics_S_many_rows, S10_given_keys_are_used_and_no_rows_are_no_statement) {
    EXPECT_EQ(session.execute(
                  kin::insert<Post>({{.id = 50, .title = "t", .user_id = 1}, {.title = "u", .user_id = 1}})),
              2);
    EXPECT_EQ(counter.count(), 2U) << "one for each set of columns";
    EXPECT_EQ(session.execute(kin::insert(std::vector<Post>())), 0);
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(session.get_one<Post>(50)->user->name, "John");
}

TEST_F(semantics_S_many_rows, S10_values_are_checked_as_those_of_objects) {
    EXPECT_EQ(code_of([&] { session.execute(kin::insert<User>({{.name = std::string(51, 'x')}})); }),
              "text_too_long");
    EXPECT_EQ(code_of([&] { session.execute(kin::insert<Post>({{.title = "t", .user_id = 99}})); }),
              "foreign_key_violation");
}

// --- classes with more to them ----------------------------------------------------------------------------------------

} // namespace

namespace many_rows_models {

struct Wheel;
struct Car {
    kin::primary_key<int> id;
    std::string name;
    kin::field<int, kin::version> version;
    kin::has_many<Wheel> wheels;
};
struct Wheel {
    kin::primary_key<int> id;
    kin::foreign_key<&Car::id, kin::on_delete::cascade> car_id;
    kin::belongs_to<Car> car;
};

} // namespace many_rows_models

namespace {

using many_rows_models::Car;
using many_rows_models::Wheel;

class many_rows_of_cars : public testing::Test {
protected:
    many_rows_of_cars() {
        db.create_all<Car, Wheel>();
        kin::session writer = db.session();
        for (int i = 0; i < 2; ++i) {
            auto car = writer.add(Car{.name = "car"});
            for (int k = 0; k < 4; ++k) (void)kin::make(Wheel{.car = car});
        }
        writer.commit();
    }
    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
};

TEST_F(many_rows_of_cars, an_update_counts_the_version_up) {
    auto car = session.get_one<Car>(1);
    session.execute(kin::update<Car>().set(col<&Car::name>, "new"));
    EXPECT_EQ(car->version, 2);
    car->name = "newer";
    session.commit();
    EXPECT_EQ(car->version, 3);
}

TEST_F(many_rows_of_cars, objects_that_the_database_deletes_along_are_deleted) {
    const auto cars = session.query<Car>().with(kin::selectin<&Car::wheels>).all();
    const auto wheel = cars[0]->wheels[0];
    session.execute(kin::remove_from<Car>().where(col<&Car::id> == 1));
    EXPECT_EQ(kin::state_of(wheel), kin::object_state::deleted);
    EXPECT_EQ(session.get<Wheel>(1), nullptr);
    EXPECT_EQ(kin::state_of(cars[1]->wheels[0]), kin::object_state::persistent);
    session.rollback();
    EXPECT_EQ(cars[0]->wheels.size(), 4U);
    EXPECT_EQ(cars[0]->wheels[0], wheel);
    EXPECT_EQ(wheel->car, cars[0]);
}

} // namespace
