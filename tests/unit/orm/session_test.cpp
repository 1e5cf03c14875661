// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include <chrono>
#include <cstddef>

#include "support/inspected.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// The everyday life of a session, and every type that a member may have.

namespace {

using blog::code_of;
using blog::Post;
using blog::User;

class session_life : public blog::test {};

TEST_F(session_life, the_first_program_sends_three_inserts_and_reads_with_two_and_one_statements) {
    auto user = kin::make<User>({.name = "John"});
    auto post1 = kin::make<Post>({.title = "First Post", .content = "Lorem", .user = user});
    auto post2 = kin::make<Post>({.title = "Second Post", .content = "Consectetur", .user = user});
    ASSERT_EQ(user->posts.size(), 2U);
    EXPECT_EQ(user->posts[1], post2);
    session.add(user);
    session.commit();
    EXPECT_EQ(counter.count(), 2U) << "one INSERT a table, with both posts in one";
    EXPECT_EQ(counter.transactions(), 1U);

    kin::session reader = db.session();
    counter.reset();
    for (const auto& u : reader.query<User>())
        for (const auto& p : u->posts) EXPECT_FALSE(p->title.empty());
    EXPECT_EQ(counter.count(), 2U);
    counter.reset();
    for (const auto& p : reader.query<Post>()) EXPECT_EQ(p->user->name, "John");
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(session_life, add_makes_adds_and_returns) {
    const kin::ref<User> john = session.add(User{.name = "John"});
    session.add_all({blog::user("Jane"), blog::user("Jack")});
    session.add_all(std::vector<kin::ref<User>>{blog::user("Jim")});
    EXPECT_TRUE(session.contains(john));
    EXPECT_TRUE(session.has_changes());
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 4);
    EXPECT_EQ(code_of([&] { session.add(kin::ref<User>()); }), "null_ref");
}

TEST_F(session_life, a_connection_is_held_only_during_a_transaction) {
    EXPECT_FALSE(session.in_transaction());
    (void)session.query<User>().all();
    EXPECT_TRUE(session.in_transaction());
    session.commit();
    EXPECT_FALSE(session.in_transaction());
    session.add(blog::user("John"));
    EXPECT_FALSE(session.in_transaction()) << "add() sends nothing";
    session.rollback();
    EXPECT_FALSE(session.in_transaction());
}

TEST_F(session_life, execute_tells_how_many_rows_it_matched_and_belongs_to_the_transaction) {
    stored_user("John");
    stored_user("Jane");
    EXPECT_EQ(session.execute("UPDATE \"user\" SET bio = :b WHERE id > :i", {{"b", "x"}, {"i", 0}}), 2);
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\" WHERE bio = 'x'"), 0);
}

TEST_F(session_life, tables_are_created_and_dropped_in_the_order_of_their_keys) {
    db.create_all<blog::Comment, Post, User>(); // they exist: nothing happens
    stored_user("John", 1, 1);
    db.drop_all<User, blog::Comment, Post>();
    EXPECT_THAT(kin::testing::inspected(db.engine())->table_names(), testing::IsEmpty());
    db.create_all<blog::Comment, Post, User>();
    EXPECT_EQ(stored("SELECT count(*) FROM \"user\""), 0);
}

enum class color { red, green, blue };

struct Everything {
    kin::primary_key<std::int64_t> id;
    bool flag = false;
    std::int8_t i8 = 0;
    std::int16_t i16 = 0;
    std::int32_t i32 = 0;
    std::int64_t i64 = 0;
    std::uint8_t u8 = 0;
    std::uint16_t u16 = 0;
    std::uint32_t u32 = 0;
    std::uint64_t u64 = 0;
    double number = 0;
    std::string text;
    std::vector<std::byte> blob;
    color shade = color::red;
    std::chrono::sys_time<std::chrono::microseconds> at{};
    std::chrono::year_month_day day{std::chrono::year{2000}, std::chrono::January, std::chrono::day{1}};
    std::optional<bool> maybe_flag;
    std::optional<double> maybe_number;
    std::optional<std::vector<std::byte>> maybe_blob;
    std::optional<color> maybe_shade;
    std::optional<std::chrono::year_month_day> maybe_day;
};

void expect_same(const Everything& a, const Everything& b) {
    EXPECT_EQ(std::tie(a.flag, a.i8, a.i16, a.i32, a.i64, a.u8, a.u16, a.u32, a.u64, a.number, a.text),
              std::tie(b.flag, b.i8, b.i16, b.i32, b.i64, b.u8, b.u16, b.u32, b.u64, b.number, b.text));
    EXPECT_EQ(std::tie(a.blob, a.shade, a.at, a.day, a.maybe_flag, a.maybe_number, a.maybe_blob),
              std::tie(b.blob, b.shade, b.at, b.day, b.maybe_flag, b.maybe_number, b.maybe_blob));
    EXPECT_EQ(std::tie(a.maybe_shade, a.maybe_day), std::tie(b.maybe_shade, b.maybe_day));
}

TEST(every_type, comes_back_as_it_was_at_its_limits_too) {
    using namespace std::chrono;
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Everything>();
    const Everything smallest{
        .i8 = INT8_MIN, .i16 = INT16_MIN, .i32 = INT32_MIN, .i64 = INT64_MIN, .number = -1e308};
    const Everything largest{.flag = true,
                             .i8 = INT8_MAX,
                             .i16 = INT16_MAX,
                             .i32 = INT32_MAX,
                             .i64 = INT64_MAX,
                             .u8 = UINT8_MAX,
                             .u16 = UINT16_MAX,
                             .u32 = UINT32_MAX,
                             .u64 = INT64_MAX,
                             .number = 1.7976931348623157e308,
                             .text = db.engine().dialect().supports(kin::feature::nul_in_text)
                                         ? std::string("a\0\xF0\x9F\x98\x80", 6)
                                         : std::string("a\xF0\x9F\x98\x80"),
                             .blob = {std::byte{0}, std::byte{255}},
                             .shade = color::blue,
                             .at = sys_days{2024y / February / 29} + 23h + 59min + 59s + 999999us,
                             .day = 2024y / February / 29,
                             .maybe_flag = false,
                             .maybe_number = 0.1,
                             .maybe_blob = std::vector<std::byte>{},
                             .maybe_shade = color::green,
                             .maybe_day = 1970y / January / 1};
    kin::session session = db.session();
    const auto a = session.add(smallest), b = session.add(largest);
    session.commit();
    session.close();
    const auto all = session.query<Everything>().order_by(kin::col<&Everything::id>).all();
    ASSERT_EQ(all.size(), 2U);
    expect_same(*all[0], smallest);
    expect_same(*all[1], largest);
    EXPECT_FALSE(session.has_changes());
}

TEST(every_type, that_does_not_fit_the_database_is_refused) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Everything>();
    kin::session session = db.session();
    session.add(Everything{.u64 = UINT64_MAX});
    EXPECT_EQ(code_of([&] { session.flush(); }), "value_out_of_range");
    session.rollback();
    session.add(Everything{.shade = static_cast<color>(99)});
    EXPECT_EQ(code_of([&] { session.flush(); }), "value_out_of_range");
    session.rollback();
    auto fine = session.add(Everything{});
    session.commit();
    fine->u64 = UINT64_MAX;
    EXPECT_EQ(code_of([&] { session.commit(); }), "value_out_of_range");
    session.rollback();
    EXPECT_EQ(fine->u64, 0U);
    fine->i8 = 5;
    session.commit();
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT i8 FROM everything").one()), 5);
}

} // namespace
