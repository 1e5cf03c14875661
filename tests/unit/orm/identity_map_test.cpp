// SPDX-License-Identifier: MIT
#include "kin/orm/identity_map.hpp"

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// One row is one object: semantics.md M.

namespace {

using blog::code_of;
using blog::Post;
using blog::User;

class semantics_M : public blog::test {};

TEST_F(semantics_M, M1_one_row_is_one_object_however_it_is_found) {
    stored_user("John", 1);
    const auto john = session.query<User>().one();
    EXPECT_EQ(session.query<User>().where(kin::col<&User::name> == "John").first(), john);
    EXPECT_EQ(session.get<User>(1), john);
    EXPECT_EQ(session.query<Post>().one()->user, john);
    EXPECT_EQ(session.query<User>().from_sql("SELECT * FROM \"user\"").one(), john);
}

TEST_F(semantics_M, M1_two_sessions_have_an_object_each) {
    stored_user("John");
    kin::session other = db.session();
    EXPECT_NE(session.get<User>(1), other.get<User>(1));
}

TEST_F(semantics_M, M1_a_query_does_not_overwrite_an_object_that_is_known) {
    stored_user("John");
    auto john = session.get<User>(1);
    kin::session quiet = db.session({.autoflush = false});
    auto same = quiet.get<User>(1);
    same->name = "Jack";
    EXPECT_EQ(quiet.query<User>().one()->name, "Jack") << "the unwritten change stays";
    session.execute("UPDATE \"user\" SET name = 'Jim'");
    EXPECT_EQ(session.query<User>().one()->name, "John");
}

TEST_F(semantics_M, M3_getting_a_known_object_sends_nothing) {
    stored_user("John");
    const auto john = session.get<User>(1);
    EXPECT_EQ(counter.count(), 1U + 1U) << "the INSERT of the fixture and one SELECT";
    EXPECT_EQ(session.get<User>(1), john);
    EXPECT_EQ(session.get_one<User>(1), john);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(semantics_M, M3_a_missing_row_is_null_from_get_and_an_error_from_get_one) {
    EXPECT_EQ(session.get<User>(1), nullptr);
    try {
        (void)session.get_one<User>(1);
        FAIL() << "nothing was thrown";
    } catch (const kin::no_result_found& e) {
        EXPECT_EQ(e.code(), "no_result_found");
        EXPECT_EQ(e.table(), "user");
        EXPECT_NE(std::string(e.what()).find("User"), std::string::npos);
    }
}

TEST_F(semantics_M, M3_a_new_object_is_known_by_its_key_after_the_flush) {
    const auto john = session.add(blog::user("John"));
    session.flush();
    counter.reset();
    EXPECT_EQ(session.get<User>(int(john->id)), john);
    EXPECT_EQ(counter.count(), 0U);
}

TEST_F(semantics_M, M3_a_removed_row_is_not_found_any_more_after_the_flush) {
    stored_user("John");
    session.remove(session.get<User>(1));
    session.flush();
    EXPECT_EQ(session.get<User>(1), nullptr);
}

TEST_F(semantics_M, M9_contains_tells_which_objects_are_in_the_session) {
    const auto john = blog::user("John");
    EXPECT_FALSE(session.contains(john));
    session.add(john);
    EXPECT_TRUE(session.contains(john));
    EXPECT_FALSE(session.contains(kin::ref<User>()));
    session.commit();
    EXPECT_TRUE(session.contains(john));
    session.close();
    EXPECT_FALSE(session.contains(john));
}

TEST_F(semantics_M, two_new_objects_with_one_key_are_told_apart_by_the_database) {
    session.add(User{.id = 1, .name = "John"});
    session.add(User{.id = 1, .name = "Jane"});
    EXPECT_EQ(code_of([&] { session.flush(); }), "unique_violation");
    session.rollback();
    EXPECT_EQ(session.query<User>().count(), 0);
}

TEST_F(semantics_M, a_new_object_with_the_key_of_a_known_one_is_refused_and_harms_nothing) {
    stored_user("John");
    const auto john = session.get<User>(1);
    const auto twin = session.add(User{.id = 1, .name = "Twin"});
    EXPECT_EQ(code_of([&] { session.flush(); }), "unique_violation");
    session.rollback();
    EXPECT_EQ(session.get<User>(1), john);
    EXPECT_EQ(kin::state_of(twin), kin::object_state::transient);
    EXPECT_EQ(twin->id, 1);
}

TEST_F(semantics_M, of_detached_objects_one_of_which_is_refused_none_enters) {
    stored_user("John", 2);
    const auto john = session.get<User>(1);
    ASSERT_EQ(john->posts.size(), 2U);
    session.close();
    const auto second = session.get<Post>(2);
    EXPECT_EQ(code_of([&] { session.add(john); }), "duplicate_identity");
    EXPECT_EQ(kin::state_of(john), kin::object_state::detached);
    EXPECT_EQ(kin::state_of(john->posts[0]), kin::object_state::detached);
    EXPECT_EQ(session.get<Post>(2), second);
    EXPECT_NE(session.get<User>(1), john);
}

TEST_F(semantics_M, a_detached_object_cannot_enter_where_its_row_has_another_object) {
    stored_user("John");
    const auto old = session.get<User>(1);
    session.close();
    const auto now = session.get<User>(1);
    EXPECT_EQ(code_of([&] { session.add(old); }), "duplicate_identity");
    EXPECT_EQ(kin::state_of(old), kin::object_state::detached);
    EXPECT_EQ(session.get<User>(1), now);
}

struct Pair {
    kin::primary_key<int> left;
    kin::primary_key<std::string> right;
    std::string text;
};
struct Word {
    kin::primary_key<std::string> word;
    int count = 0;
};

class other_keys : public testing::Test {
protected:
    other_keys() { db.create_all<Pair, Word>(); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(other_keys, of_several_columns_are_given_in_the_order_of_the_members) {
    const auto made = session.add(Pair{.left = 1, .right = "a", .text = "x"});
    session.add(Pair{.left = 1, .right = "b", .text = "y"});
    session.commit();
    EXPECT_EQ((session.get<Pair>(1, "a")), made);
    session.close();
    EXPECT_EQ((session.get<Pair>(1, "b")->text), "y");
    EXPECT_EQ((session.get<Pair>(2, "b")), nullptr);
    EXPECT_EQ(code_of([&] { (void)session.get<Pair>(1); }), "wrong_key");
}

TEST_F(other_keys, of_text_may_be_any_text) {
    const bool takes_nul = db.engine().dialect().supports(kin::feature::nul_in_text);
    const std::string odd = takes_nul ? std::string("a\0b\"'", 5) : std::string("a\1b\"'");
    session.add_all({kin::make(Word{.word = odd, .count = 1}), kin::make(Word{.word = "", .count = 2})});
    session.commit();
    session.close();
    EXPECT_EQ(session.get<Word>(odd)->count, 1);
    EXPECT_EQ(session.get<Word>("")->count, 2);
    auto word = session.get<Word>("");
    word->word = "new";
    word->count = 3;
    session.commit();
    EXPECT_EQ(session.get<Word>("new"), word);
    session.remove(word);
    session.commit();
    EXPECT_EQ(session.query<Word>().count(), 1);
}

TEST_F(other_keys, of_another_type_than_the_column_are_refused) {
    EXPECT_EQ(code_of([&] { (void)session.get<Word>(1); }), "wrong_key");
}

// ---- the map of integer keys ----

void keeps_all(const std::vector<std::int64_t>& keys) {
    kin::detail::integer_key_map map;
    std::vector<kin::detail::node> nodes(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        ASSERT_EQ(map.find(keys[i]), nullptr) << keys[i];
        map.reserve_one();
        map.insert(keys[i], nodes[i]);
    }
    for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(map.find(keys[i]), &nodes[i]) << keys[i];
    for (std::size_t i = 0; i < keys.size(); i += 2) map.erase(keys[i]);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        ASSERT_EQ(map.find(keys[i]), i % 2 == 0 ? nullptr : &nodes[i]) << keys[i];
    }
    EXPECT_EQ(map.size(), keys.size() / 2);
}

TEST(integer_key_map, keeps_keys_from_a_counter) {
    std::vector<std::int64_t> keys;
    for (std::int64_t k = 1; k <= 10'000; ++k) keys.push_back(k);
    keeps_all(keys);
}

TEST(integer_key_map, keeps_keys_in_strides_that_all_want_the_same_place) {
    std::vector<std::int64_t> keys;
    for (std::int64_t k = 1; k <= 10'000; ++k) keys.push_back(k << 24);
    keeps_all(keys);
}

TEST(integer_key_map, keeps_negative_keys_and_runs_far_apart) {
    std::vector<std::int64_t> keys;
    for (std::int64_t run = 0; run < 100; ++run) {
        for (std::int64_t k = 0; k < 100; ++k) keys.push_back((run - 50) * 1'000'000'000'000 + k);
    }
    keeps_all(keys);
}

TEST(integer_key_map, has_room_for_as_many_as_were_announced) {
    for (const std::size_t count : {1, 48, 49, 96, 97, 1'000}) {
        kin::detail::integer_key_map map;
        std::vector<kin::detail::node> nodes(count + 1);
        map.reserve(count);
        for (std::size_t i = 0; i < count; ++i) map.insert(static_cast<std::int64_t>(i * 7), nodes[i]);
        map.reserve_one();
        map.insert(-1, nodes[count]);
        for (std::size_t i = 0; i < count; ++i)
            ASSERT_EQ(map.find(static_cast<std::int64_t>(i * 7)), &nodes[i]) << i << " of " << count;
        EXPECT_EQ(map.find(-1), &nodes[count]);
        EXPECT_EQ(map.find(1), nullptr);
    }
}

} // namespace
