// SPDX-License-Identifier: MIT
#include "kin/orm/row_query.hpp"

#include "unit/orm/blog.hpp"

namespace {

using blog::caught;
using blog::code_of;
using blog::Post;
using blog::User;
using kin::col;

class row_query : public blog::test {
protected:
    void SetUp() override {
        stored_user("Ann", 2, 1);
        stored_user("Bob");
        stored_user("Cid", 1);
        counter.reset();
    }
};

TEST_F(row_query, gives_tuples_of_the_types_of_its_columns) {
    const auto rows =
        session.select(col<&User::id>, col<&User::name>, col<&User::bio>).order_by(col<&User::id>).all();
    static_assert(
        std::is_same_v<decltype(rows)::value_type, std::tuple<int, std::string, std::optional<std::string>>>);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0], std::tuple(1, "Ann", std::nullopt));
}

TEST_F(row_query, joins_groups_and_counts) {
    std::vector<std::pair<std::string, std::int64_t>> counted;
    for (auto [name, n] : session.select(col<&User::name>, kin::count(col<&Post::id>))
                              .join<&User::posts>()
                              .group_by(col<&User::id>)
                              .order_by(col<&User::id>))
        counted.emplace_back(name, n);
    EXPECT_EQ(counted, (std::vector<std::pair<std::string, std::int64_t>>{{"Ann", 2}, {"Cid", 1}}));
    counted.clear();
    for (auto [name, n] : session.select(col<&User::name>, kin::count(col<&Post::id>))
                              .left_join<&User::posts>()
                              .group_by(col<&User::id>)
                              .having(kin::count(col<&Post::id>) < 2)
                              .order_by(col<&User::name>.desc()))
        counted.emplace_back(name, n);
    EXPECT_EQ(counted, (std::vector<std::pair<std::string, std::int64_t>>{{"Cid", 1}, {"Bob", 0}}));
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(row_query, joins_from_the_many_side_and_over_two_steps) {
    const auto rows = session.select(col<&blog::Comment::text>, col<&User::name>)
                          .join<&blog::Comment::post>()
                          .join<&Post::user>()
                          .all();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(std::get<1>(rows[0]), "Ann");
}

TEST_F(row_query, first_one_and_one_or_none_are_as_for_objects) {
    const auto by_id = session.select(col<&User::name>).order_by(col<&User::id>);
    const auto none = session.select(col<&User::name>).where(col<&User::id> == 99);
    EXPECT_EQ(std::get<0>(*by_id.first()), "Ann");
    EXPECT_EQ(none.first(), std::nullopt);
    EXPECT_EQ(none.one_or_none(), std::nullopt);
    EXPECT_EQ(code_of([&] { (void)none.one(); }), "no_result_found");
    EXPECT_EQ(code_of([&] { (void)by_id.one(); }), "multiple_results_found");
    EXPECT_EQ(code_of([&] { (void)by_id.one_or_none(); }), "multiple_results_found");
    EXPECT_EQ(std::get<0>(session.select(kin::count(col<&User::id>)).one()), 3);
}

TEST_F(row_query, aggregates_of_no_rows_are_null_but_count) {
    const auto nobody = col<&User::id> > 99;
    EXPECT_EQ(std::get<0>(session.select(kin::max(col<&User::id>)).where(nobody).one()), std::nullopt);
    EXPECT_EQ(std::get<0>(session.select(kin::sum(col<&User::id>)).where(nobody).one()), std::nullopt);
    EXPECT_EQ(std::get<0>(session.select(kin::count(col<&User::id>)).where(nobody).one()), 0);
    EXPECT_EQ(std::get<0>(session.select(kin::sum(col<&User::id>)).one()), 6);
    EXPECT_EQ(std::get<0>(session.select(kin::avg(col<&User::id>)).one()), 2.0);
}

TEST_F(row_query, distinct_limit_and_offset_shape_the_rows) {
    EXPECT_EQ(session.select(col<&Post::user_id>).distinct().all().size(), 2U);
    const auto page =
        session.select(col<&User::name>).order_by(col<&User::name>.desc()).limit(1).offset(1).all();
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(std::get<0>(page[0]), "Bob");
}

TEST_F(row_query, functions_can_be_selected) {
    const auto [upper, length, name] =
        session
            .select(kin::upper(col<&User::name>), kin::character_length(col<&User::name>),
                    kin::coalesce(col<&User::bio>, "none"))
            .where(col<&User::id> == 1)
            .one();
    EXPECT_EQ(upper, "ANN");
    EXPECT_EQ(length, 3);
    EXPECT_EQ(name, "none");
}

TEST_F(row_query, raw_sql_gives_the_types_that_the_program_names) {
    const auto rows =
        session
            .sql<int, std::string, std::optional<double>>(
                "SELECT id, name, NULL FROM \"user\" WHERE name LIKE :p ORDER BY id", {{"p", "%n%"}})
            .all();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0], std::tuple(1, "Ann", std::nullopt));
}

TEST_F(row_query, a_result_of_another_shape_or_type_is_an_error_that_names_the_column) {
    const auto shape =
        caught<kin::compile_error>([&] { (void)session.sql<int>("SELECT id, name FROM \"user\"").all(); });
    EXPECT_EQ(shape.code(), "result_shape");
    const auto type =
        caught<kin::conversion_error>([&] { (void)session.sql<int>("SELECT name FROM \"user\"").all(); });
    EXPECT_EQ(type.code(), "conversion_error");
    EXPECT_EQ(type.column(), "name");
    const auto null = caught<kin::conversion_error>(
        [&] { (void)session.sql<std::string>("SELECT bio FROM \"user\"").all(); });
    EXPECT_EQ(null.code(), "unexpected_null");
    EXPECT_EQ(null.column(), "bio");
    const auto large =
        caught<kin::conversion_error>([&] { (void)session.sql<int>("SELECT 3000000000 AS big").one(); });
    EXPECT_EQ(large.column(), "big");
    EXPECT_EQ(session.query<User>().count(), 3) << "the session goes on";
}

TEST_F(row_query, binds_are_complete_and_known) {
    EXPECT_EQ(code_of([&] { (void)session.sql<int>("SELECT :a").one(); }), "missing_bind");
    EXPECT_EQ(code_of([&] { (void)session.sql<int>("SELECT 1", {{"a", 1}}).one(); }), "unknown_bind");
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT :a + :b + :a", {{"a", 1}, {"b", 10}}).one()), 12);
    EXPECT_EQ(std::get<0>(
                  session.sql<std::string>("SELECT ':a' || \"name\" FROM \"user\" -- :b\n").first().value()),
              ":aAnn");
}

TEST_F(row_query, raw_sql_that_writes_and_returns_rows_is_committed_with_the_transaction) {
    EXPECT_EQ(std::get<0>(session.sql<int>("INSERT INTO \"user\" (name) VALUES ('Dee') RETURNING id").one()),
              4);
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 3);
    (void)session.sql<int>("INSERT INTO \"user\" (name) VALUES ('Dee') RETURNING id").all();
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 4);
}

TEST_F(row_query, first_of_a_statement_that_writes_many_rows_writes_them_all) {
    (void)session
        .sql<int>("INSERT INTO \"user\" (name, bio) VALUES ('a', 'x'), ('b', 'x'), ('c', 'x') RETURNING id")
        .first();
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE bio = 'x'"), 3);
}

} // namespace
