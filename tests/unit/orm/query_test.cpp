// SPDX-License-Identifier: MIT
#include "kin/orm/query.hpp"

#include "unit/orm/blog.hpp"

// Queries for objects, and semantics.md S.

namespace {

using blog::caught;
using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;
using kin::col;
using names = std::vector<std::string>;

class semantics_S : public blog::test {
protected:
    void SetUp() override {
        kin::session writer = db.session();
        const auto add = [&](const char* name, std::optional<std::string> bio, int posts) {
            const auto user = writer.add(User{.name = name, .bio = std::move(bio)});
            for (int i = 1; i <= posts; ++i) (void)blog::post(name + (" " + std::to_string(i)), user);
        };
        add("Ann", "likes kin", 2);
        add("Bob", std::nullopt, 0);
        add("Cid", "likes 100%", 1);
        add("Dee", std::nullopt, 3);
        writer.commit();
        counter.reset();
    }
    names found(const kin::predicate& condition) {
        names out;
        for (const auto& u : session.query<User>().where(condition).order_by(col<&User::id>))
            out.push_back(u->name);
        return out;
    }
};

TEST_F(semantics_S, every_comparison_finds_what_it_says) {
    EXPECT_EQ(found(col<&User::name> == "Ann"), (names{"Ann"}));
    EXPECT_EQ(found("Ann" == col<&User::name>), (names{"Ann"}));
    EXPECT_EQ(found(col<&User::name> != "Ann"), (names{"Bob", "Cid", "Dee"}));
    EXPECT_EQ(found(col<&User::id> < 2), (names{"Ann"}));
    EXPECT_EQ(found(col<&User::id> <= 2), (names{"Ann", "Bob"}));
    EXPECT_EQ(found(col<&User::id> > 3), (names{"Dee"}));
    EXPECT_EQ(found(3 <= col<&User::id>), (names{"Cid", "Dee"}));
    EXPECT_EQ(found(col<&User::id>.between(2, 3)), (names{"Bob", "Cid"}));
    EXPECT_EQ(found(col<&User::id>.not_between(2, 3)), (names{"Ann", "Dee"}));
    EXPECT_EQ(found(col<&User::name>.in({"Ann", "Dee", "Eve"})), (names{"Ann", "Dee"}));
    EXPECT_EQ(found(col<&User::name>.not_in({"Ann", "Dee"})), (names{"Bob", "Cid"}));
    EXPECT_EQ(found(col<&User::id>.in(std::vector<int>{})), (names{}));
    EXPECT_EQ(found(col<&User::id>.not_in(std::vector<int>{})), (names{"Ann", "Bob", "Cid", "Dee"}));
    EXPECT_EQ(found(col<&User::bio>.is_null()), (names{"Bob", "Dee"}));
    EXPECT_EQ(found(col<&User::bio>.is_not_null()), (names{"Ann", "Cid"}));
    EXPECT_EQ(found(col<&User::bio> == std::nullopt), (names{"Bob", "Dee"}));
    EXPECT_EQ(found(col<&User::bio> != nullptr), (names{"Ann", "Cid"}));
    EXPECT_EQ(found(col<&User::bio> == std::optional<std::string>()), (names{"Bob", "Dee"}));
    EXPECT_EQ(found(col<&User::name>.like("_i%")), (names{"Cid"}));
    EXPECT_EQ(found(col<&User::bio>.like("likes%")), (names{"Ann", "Cid"}));
    EXPECT_EQ(found(col<&User::bio>.contains("100%")), (names{"Cid"}));
    EXPECT_EQ(found(col<&User::name>.starts_with("D")), (names{"Dee"}));
    EXPECT_EQ(found(col<&User::name>.ends_with("b")), (names{"Bob"}));
}

TEST_F(semantics_S, conditions_are_combined_by_and_or_and_not) {
    EXPECT_EQ(found(col<&User::id> > 1 && col<&User::id> < 4), (names{"Bob", "Cid"}));
    EXPECT_EQ(found(col<&User::id> == 1 || col<&User::id> == 4), (names{"Ann", "Dee"}));
    EXPECT_EQ(found(!(col<&User::id> == 1 || col<&User::id> == 4)), (names{"Bob", "Cid"}));
    EXPECT_EQ(found((col<&User::id> == 1 || col<&User::id> == 2) && !col<&User::bio>.is_null()),
              (names{"Ann"}));
    EXPECT_EQ(session.query<User>().where(col<&User::id> > 1).where(col<&User::id> < 3).one()->name, "Bob");
}

TEST_F(semantics_S, S1_any_gives_every_parent_once_and_has_asks_the_parent) {
    EXPECT_EQ(found(col<&User::posts>.any()), (names{"Ann", "Cid", "Dee"}));
    EXPECT_EQ(found(col<&User::posts>.any(col<&Post::title>.like("%2"))), (names{"Ann", "Dee"}));
    EXPECT_EQ(session.query<Post>().where(col<&Post::user>.has(col<&User::name> == "Dee")).count(), 3);
    EXPECT_EQ(session.query<Post>().where(col<&Post::user>.has()).count(), 6);
    EXPECT_EQ(found(col<&User::posts>.any(col<&Post::comments>.any())), (names{}));
}

TEST_F(semantics_S, S2_not_any_finds_parents_without_children_and_null_finds_children_without_a_parent) {
    EXPECT_EQ(found(!col<&User::posts>.any()), (names{"Bob"}));
    session.add(blog::comment("loose"));
    session.add(blog::comment("bound", session.get<Post>(1)));
    EXPECT_EQ(session.query<Comment>().where(col<&Comment::post> == nullptr).one()->text, "loose");
    EXPECT_EQ(session.query<Comment>().where(col<&Comment::post> != nullptr).one()->text, "bound");
    EXPECT_EQ(session.query<Comment>().where(col<&Comment::post>.is_null()).count(), 1);
    EXPECT_EQ(session.query<Comment>().where(col<&Comment::post> == kin::ref<Post>()).count(), 1);
}

TEST_F(semantics_S, S2_the_parent_may_be_an_object_also_one_without_a_row_yet) {
    const auto ann = session.get<User>(1);
    EXPECT_EQ(session.query<Post>().where(col<&Post::user> == ann).count(), 2);
    EXPECT_EQ(session.query<Post>().where(col<&Post::user> != ann).count(), 4);
    const auto eve = session.add(blog::user("Eve"));
    (void)blog::post("Eve 1", eve);
    EXPECT_EQ(session.query<Post>().where(col<&Post::user> == eve).one()->title, "Eve 1");
    EXPECT_EQ(code_of([&] { (void)session.query<Post>().where(col<&Post::user> == blog::user("x")).all(); }),
              "no_key_yet");
}

TEST_F(semantics_S, S4_contains_finds_the_parent_of_a_child) {
    const auto post = session.query<Post>().where(col<&Post::title> == "Cid 1").one();
    EXPECT_EQ(found(col<&User::posts>.contains(post)), (names{"Cid"}));
    EXPECT_EQ(code_of([&] { (void)found(col<&User::posts>.contains(kin::ref<Post>())); }), "null_ref");
}

TEST_F(semantics_S, S5_sql_written_by_hand_that_repeats_a_row_gives_its_object_once) {
    const auto users =
        session.query<User>()
            .from_sql(
                "SELECT \"user\".* FROM \"user\" JOIN post ON post.user_id = \"user\".id WHERE name <> :n",
                {{"n", "Cid"}})
            .all();
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0]->name, "Ann");
    EXPECT_EQ(users[1]->name, "Dee");
}

TEST_F(semantics_S, S7_one_wants_exactly_one_first_takes_any) {
    EXPECT_EQ(session.query<User>().where(col<&User::id> == 2).one()->name, "Bob");
    const auto none = session.query<User>().where(col<&User::id> == 99);
    const auto many = session.query<User>().order_by(col<&User::name>.desc());
    EXPECT_EQ(caught<kin::no_result_found>([&] { (void)none.one(); }).table(), "user");
    EXPECT_EQ(caught<kin::multiple_results_found>([&] { (void)many.one(); }).table(), "user");
    EXPECT_EQ(caught<kin::multiple_results_found>([&] { (void)many.one_or_none(); }).code(),
              "multiple_results_found");
    EXPECT_EQ(none.one_or_none(), nullptr);
    EXPECT_EQ(none.first(), nullptr);
    EXPECT_EQ(many.first()->name, "Dee");
    EXPECT_TRUE(many.exists());
    EXPECT_FALSE(none.exists());
    EXPECT_EQ(many.count(), 4);
    EXPECT_EQ(none.count(), 0);
}

TEST_F(semantics_S, limit_offset_and_order_count_objects) {
    const auto by_name = session.query<User>().order_by(col<&User::name>.desc());
    names page;
    for (const auto& u : by_name.limit(2).offset(1)) page.push_back(u->name);
    EXPECT_EQ(page, (names{"Cid", "Bob"}));
    EXPECT_EQ(by_name.limit(2).count(), 2);
    EXPECT_EQ(by_name.offset(3).all().size(), 1U);
    EXPECT_EQ(by_name.limit(0).all().size(), 0U);
    EXPECT_EQ(by_name.limit(0).first(), nullptr);
    EXPECT_FALSE(by_name.limit(0).exists());
    EXPECT_EQ(by_name.limit(1).one()->name, "Dee") << "the limit is a part of the question";
    EXPECT_EQ(code_of([&] { (void)by_name.limit(~std::uint64_t{0}).all(); }), "limit_out_of_range");
    names several;
    for (const auto& p :
         session.query<Post>().order_by(col<&Post::user_id>.desc(), col<&Post::title>).limit(4))
        several.push_back(p->title);
    EXPECT_EQ(several, (names{"Dee 1", "Dee 2", "Dee 3", "Cid 1"}));
}

TEST_F(semantics_S, a_query_is_a_value_that_can_be_kept_and_extended) {
    const auto base = session.query<User>().where(col<&User::id> > 1);
    const auto narrower = base.where(col<&User::id> < 4);
    EXPECT_EQ(base.count(), 3);
    EXPECT_EQ(narrower.count(), 2);
    EXPECT_EQ(base.all().size(), 3U);
}

TEST_F(semantics_S, values_are_bound_and_never_a_part_of_the_statement) {
    const std::string evil = "x'; DROP TABLE user; --";
    EXPECT_EQ(found(col<&User::name> == evil), (names{}));
    EXPECT_EQ(
        session.query<User>().from_sql("SELECT * FROM \"user\" WHERE name = :n", {{"n", evil}}).all().size(),
        0U);
    for (const std::string& sql : counter.statements()) EXPECT_EQ(sql.find("DROP"), std::string::npos);
    EXPECT_EQ(session.query<User>().count(), 4);
}

TEST_F(semantics_S, from_sql_wants_every_column_and_names_the_missing_one) {
    const auto e = caught<kin::compile_error>(
        [&] { (void)session.query<User>().from_sql("SELECT id, name FROM \"user\"").all(); });
    EXPECT_EQ(e.code(), "result_shape");
    EXPECT_EQ(e.column(), "bio");
    EXPECT_EQ(session.query<User>().from_sql("SELECT 1 AS extra, bio, name, id FROM \"user\"").count(), 4);
    EXPECT_EQ(
        code_of([&] { (void)session.query<User>().from_sql("SELECT * FROM \"user\" WHERE id = :x").all(); }),
        "missing_bind");
}

TEST_F(semantics_S, a_condition_on_a_class_that_is_not_asked_is_an_error_and_no_cross_join) {
    EXPECT_EQ(code_of([&] { (void)session.query<User>().where(col<&Post::title> == "x").all(); }),
              "table_not_in_query");
}

TEST_F(semantics_S, a_loop_may_change_what_it_loops_over) {
    for (auto& user : session.query<User>()) {
        user->bio = "changed";
        session.add(blog::post("added", user));
        session.flush();
    }
    EXPECT_EQ(session.query<Post>().count(), 10);
}

TEST_F(semantics_S, a_query_may_outlive_the_name_of_its_session) {
    names out;
    for (const auto& u : db.session().query<User>().order_by(col<&User::id>)) out.push_back(u->name);
    EXPECT_EQ(out.size(), 4U);
}

} // namespace
