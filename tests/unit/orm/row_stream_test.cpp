// SPDX-License-Identifier: MIT
#include "kin/orm/row_stream.hpp"

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "support/sanitized.hpp"
#include "unit/orm/blog.hpp"

#ifdef KIN_TEST_SANITIZED
#include <sanitizer/allocator_interface.h>
#endif

namespace {

using blog::code_of;
using blog::Comment;
using blog::Post;
using blog::User;

class row_stream : public blog::test {
protected:
    row_stream() {
        for (int i = 1; i <= 7; ++i) stored_user("user " + std::to_string(i), 2);
    }

    /// A query that gives the numbers from 1 to `n`, made by the database.
    static std::string numbers(int n) {
        const std::string last = std::to_string(n);
        if (kin::testing::on_sqlite()) {
            return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + last +
                   ") SELECT i FROM n";
        }
        if (kin::testing::on_mariadb()) return "SELECT seq AS i FROM seq_1_to_" + last;
        return "SELECT i FROM generate_series(1, " + last + ") AS s(i)";
    }
};

/// Memory of the process that is in use now. A sanitizer keeps what was freed for a while, and tells what was not.
std::int64_t used_kib() {
#ifdef KIN_TEST_SANITIZED
    return static_cast<std::int64_t>(__sanitizer_get_current_allocated_bytes() / 1024);
#else
    std::ifstream statm("/proc/self/statm");
    std::int64_t all = 0;
    std::int64_t resident = 0;
    statm >> all >> resident;
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
#endif
}

TEST_F(row_stream, a_million_rows_need_no_more_memory_than_a_thousand) {
    std::int64_t sum = 0;
    for (const auto& [i] : session.sql<std::int64_t>(numbers(2'000)).stream()) sum += i;
    EXPECT_EQ(sum, 2'001'000);
    const std::int64_t before = used_kib();
    std::int64_t most = before;
    std::int64_t rows = 0;
    sum = 0;
    for (const auto& [i] : session.sql<std::int64_t>(numbers(1'000'000)).stream()) {
        sum += i;
        if (++rows % 50'000 == 0) most = std::max(most, used_kib());
    }
    EXPECT_EQ(rows, 1'000'000);
    EXPECT_EQ(sum, 500'000'500'000);
    EXPECT_LT(most - before, 4'096) << "KiB more than before";
}

TEST_F(row_stream, a_lazy_load_inside_of_the_loop_leaves_the_rows_where_they_are) {
    (void)session.query<User>().count(); // the sequences of the fixture are not what is measured
    const std::int64_t before = used_kib();
    std::int64_t most = before;
    std::int64_t rows = 0;
    for (const auto& [i] : session.sql<std::int64_t>(numbers(300'000)).stream()) {
        if (++rows % 100'000 != 1) continue;
        EXPECT_EQ(session.get_one<User>(static_cast<int>(i % 7) + 1)->posts.size(), 2U);
        most = std::max(most, used_kib());
    }
    EXPECT_EQ(rows, 300'000);
    EXPECT_LT(most - before, 4'096) << "KiB more than before";
}

TEST_F(row_stream, two_streams_of_a_session_are_read_side_by_side) {
    auto first = session.select(kin::col<&User::id>).order_by(kin::col<&User::id>).stream(2);
    auto second = session.select(kin::col<&User::name>).order_by(kin::col<&User::id>).stream(3);
    int n = 0;
    while (const auto* row = first.next()) {
        const auto* other = second.next();
        ASSERT_NE(other, nullptr);
        EXPECT_EQ(std::get<0>(*row), ++n);
        EXPECT_EQ(std::get<0>(*other), "user " + std::to_string(n));
    }
    EXPECT_EQ(n, 7);
    EXPECT_EQ(second.next(), nullptr);
    EXPECT_EQ(second.next(), nullptr);
}

TEST_F(row_stream, a_loop_may_write_what_it_reads) {
    kin::session writer = db.session({.write_intent = true});
    for (const auto& [id] : writer.select(kin::col<&User::id>).order_by(kin::col<&User::id>).stream(2)) {
        writer.get_one<User>(id)->bio = "seen " + std::to_string(id);
        writer.flush();
    }
    writer.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM " + std::string(kin::testing::on_sqlite() ? "user" : "\"user\"") +
                     " WHERE bio LIKE 'seen%'"),
              7);
}

TEST_F(row_stream, a_loop_that_is_left_early_leaves_the_session_free) {
    for (const auto& [i] : session.sql<std::int64_t>(numbers(100'000)).stream()) {
        if (i == 5) break;
    }
    EXPECT_EQ(session.query<User>().count(), 7);
    session.commit();
    EXPECT_EQ(session.query<User>().count(), 7);
}

TEST_F(row_stream, commit_and_rollback_end_it) {
    for (const bool commits : {true, false}) {
        auto rows = session.select(kin::col<&User::id>).stream(2);
        ASSERT_NE(rows.next(), nullptr);
        commits ? session.commit() : session.rollback();
        EXPECT_EQ(code_of([&] { (void)rows.next(); }), "stream_ended");
        EXPECT_EQ(code_of([&] { (void)rows.next(); }), "stream_ended");
        EXPECT_EQ(session.query<User>().count(), 7); // the session goes on
    }
}

TEST_F(row_stream, it_keeps_what_it_needs_of_its_session) {
    auto rows = [&] {
        kin::session gone = db.session();
        auto made = gone.select(kin::col<&User::id>).order_by(kin::col<&User::id>).stream(2);
        EXPECT_NE(made.next(), nullptr);
        return made;
    }();
    EXPECT_EQ(code_of([&] { (void)rows.next(); }), "stream_ended");
    int n = 0;
    for (const auto& [id] : db.session().select(kin::col<&User::id>).stream()) n += id;
    EXPECT_EQ(n, 28);
}

TEST_F(row_stream, the_first_row_and_the_last_are_told_from_none) {
    int n = 0;
    for (const auto& [id] : session.select(kin::col<&User::id>).where(kin::col<&User::id> < 0).stream())
        n += id;
    EXPECT_EQ(n, 0);
    for (const auto& [id] : session.select(kin::col<&User::id>).limit(2).stream(2)) n += id != 0 ? 1 : 0;
    EXPECT_EQ(n, 2);
}

TEST_F(row_stream, errors_name_statement_row_and_line) {
    auto wrong = session.sql<int>("SELECT name FROM post JOIN (SELECT 1 AS name) AS one ON 1 = 1").stream();
    EXPECT_NE(wrong.next(), nullptr);
    auto none = session.sql<int>("SELECT nonsense FROM post").stream();
    const auto line = static_cast<std::uint_least32_t>(__LINE__ + 1);
    const auto e = blog::caught<kin::statement_error>([&] { (void)none.next(); });
    EXPECT_EQ(e.code(), "no_such_column");
    EXPECT_EQ(e.where().line(), line);
}

TEST_F(row_stream, batches_are_peers_and_load_with_each_batch) {
    counter.reset();
    std::vector<std::size_t> sizes;
    int posts = 0;
    for (const auto& users : session.query<User>()
                                 .order_by(kin::col<&User::id>)
                                 .with(kin::selectin<&User::posts>)
                                 .in_batches(3)) {
        sizes.push_back(users.size());
        for (const auto& user : users) posts += static_cast<int>(user->posts.size());
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{3, 3, 1}));
    EXPECT_EQ(posts, 14);
    EXPECT_EQ(counter.count(), 4U); // the query, and the posts of each batch
}

TEST_F(row_stream, objects_of_a_batch_load_lazily_together) {
    counter.reset();
    int posts = 0;
    for (const auto& users : session.query<User>().order_by(kin::col<&User::id>).in_batches(4)) {
        for (const auto& user : users) posts += static_cast<int>(user->posts.size());
    }
    EXPECT_EQ(posts, 14);
    EXPECT_EQ(counter.count(), 3U);
}

TEST_F(row_stream, batches_take_references_of_the_same_rows_but_no_collections) {
    int n = 0;
    counter.reset();
    for (const auto& posts : session.query<Post>().with(kin::joined<&Post::user>).in_batches(5)) {
        for (const auto& post : posts) n += post->user->name == "user 3" ? 1 : 0;
    }
    EXPECT_EQ(n, 2);
    EXPECT_EQ(counter.count(), 1U);
    auto joined = session.query<User>().with(kin::joined<&User::posts>).in_batches(5);
    EXPECT_EQ(code_of([&] { (void)joined.next(); }), "unsupported_feature");
}

TEST_F(row_stream, raw_sql_comes_in_batches_too) {
    std::size_t n = 0;
    for (const auto& posts :
         session.query<Post>().from_sql("SELECT * FROM post WHERE id <= :n", {{"n", 5}}).in_batches(2))
        n += posts.size();
    EXPECT_EQ(n, 5U);
}

TEST_F(row_stream, expunged_batches_are_freed) {
    {
        kin::session writer = db.session();
        for (int i = 0; i < 20'000; ++i) writer.add(kin::make(Comment{.text = std::string(200, 'x')}));
        writer.commit();
    }
    std::int64_t before = 0;
    std::int64_t most = 0;
    std::size_t n = 0;
    for (const auto& comments : session.query<Comment>().in_batches(500)) {
        n += comments.size();
        session.expunge_all();
        if (before == 0) before = used_kib();
        most = std::max(most, used_kib());
    }
    EXPECT_EQ(n, 20'000U);
    EXPECT_LT(most - before, 4'096) << "KiB more than after the first batch";
}

TEST_F(row_stream, a_batch_that_is_held_outlives_the_expunge) {
    std::vector<kin::ref<User>> kept;
    for (const auto& users : session.query<User>().order_by(kin::col<&User::id>).in_batches(2)) {
        kept.push_back(users.front());
        session.expunge_all();
    }
    ASSERT_EQ(kept.size(), 4U);
    EXPECT_EQ(kept[3]->name, "user 7");
}

} // namespace
