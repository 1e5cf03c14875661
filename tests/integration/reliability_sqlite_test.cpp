// SPDX-License-Identifier: MIT
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/faulty_files.hpp"
#include "support/raw_database.hpp"
#include "unit/engine/database_help.hpp"

// Locks, full disks and limits: tests named after the reliability items that they prove, on files of SQLite.

namespace {

struct Account {
    kin::primary_key<int> id;
    std::int64_t balance = 0;
    kin::field<int, kin::version> version;
};

using kin::testing::code_of;
using kin::testing::raw_database;
using kin::testing::temporary_directory;

class on_a_file : public testing::Test {
protected:
    explicit on_a_file(const std::string& options = "") : db(folder.url() + options) {
        db.create_all<Account>();
        db.transaction([](kin::session& s) { s.add(Account{.balance = 100}); });
    }
    [[nodiscard]] std::string ask(std::string_view sql) const {
        return raw_database(folder.file("test.db")).ask(sql);
    }
    temporary_directory folder;
    kin::database db;
};

/// Does something while a transaction waits for its next attempt.
struct busy_pause final : kin::retry_clock {
    explicit busy_pause(std::function<void()> w) : work(std::move(w)) {}
    std::int64_t now_ms() noexcept override { return 0; }
    void sleep(std::int64_t) override {
        ++pauses;
        work();
    }
    std::function<void()> work;
    int pauses = 0;
};

// ---- T34, T37, T38: somebody else is in the way ----

using T34 = on_a_file;
TEST_F(T34, a_transaction_that_must_stay_one_is_run_again_when_somebody_else_wrote_meanwhile) {
    int runs = 0;
    busy_pause no_wait([] {});
    db.transaction(
        [&](kin::session& s) {
            auto mine = s.get_one<Account>(1);
            if (++runs == 1)
                db.transaction([](kin::session& other) { other.get_one<Account>(1)->balance += 1; });
            mine->balance *= 2;
        },
        {.isolation = kin::isolation_level::serializable}, {.clock = &no_wait});
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(no_wait.pauses, 1);
    EXPECT_EQ(ask("SELECT balance FROM account"), "202");
}

class T38 : public on_a_file {
protected:
    T38() : on_a_file("?journal=delete&busy_timeout_ms=20") {}
};
TEST_F(T38, a_commit_that_a_reader_holds_up_gives_up_after_the_busy_timeout_and_may_be_run_again) {
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Account>(1)->balance, 100);
    kin::session writer = db.session();
    writer.get_one<Account>(1)->balance = 7;
    EXPECT_EQ(code_of([&] { writer.commit(); }), "database_locked");
    writer.rollback();

    busy_pause reader_goes([&] { reader.commit(); });
    int runs = 0;
    db.transaction(
        [&](kin::session& s) {
            ++runs;
            s.get_one<Account>(1)->balance += 1;
        },
        {}, {.clock = &reader_goes});
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(ask("SELECT balance FROM account"), "101");
}

// ---- T48: the disk is full ----

class T48 : public testing::TestWithParam<const char*> {};
TEST_P(T48, a_full_disk_ends_the_transaction_and_nothing_is_written_outside_of_one) {
    const temporary_directory folder;
    const kin::database db{folder.url() + GetParam(), {.on_connect = [](kin::connection& c) {
                               c.execute("PRAGMA max_page_count = 12");
                           }}};
    kin::session s = db.session();
    s.execute("CREATE TABLE t (a)");
    s.commit();
    s.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(code_of([&] { s.execute("INSERT INTO t VALUES (zeroblob(200000))"); }), "disk_full");
    EXPECT_EQ(code_of([&] { s.execute("INSERT INTO t VALUES (2)"); }), "pending_rollback");
    EXPECT_EQ(code_of([&] { s.commit(); }), "pending_rollback");
    s.rollback();
    s.execute("INSERT INTO t VALUES (3)");
    s.commit();
    raw_database file(folder.file("test.db"));
    EXPECT_EQ(file.ask("SELECT group_concat(a) FROM t"), "'3'");
    EXPECT_EQ(file.ask("PRAGMA integrity_check"), "'ok'");
}
INSTANTIATE_TEST_SUITE_P(journals, T48, testing::Values("?journal=wal", "?journal=delete"));

// ---- T49: each write of a file fails once, and for ever ----

using writing_faults = std::tuple<const char*, kin::testing::file_fault, bool>;
class T49 : public testing::TestWithParam<writing_faults> {};

/// Commits five transfers of 1 from account 1 to account 2; how many commits said that they succeeded.
int transfer_five(const kin::database& db) {
    int done = 0;
    for (int i = 0; i < 5; ++i) {
        try {
            db.transaction([](kin::session& s) {
                s.get_one<Account>(1)->balance -= 1;
                s.get_one<Account>(2)->balance += 1;
            });
            ++done;
        } catch (const kin::database_error&) {}
    }
    return done;
}

TEST_P(T49, what_was_acknowledged_is_there_and_nothing_else) {
    const auto [journal, what, for_ever] = GetParam();
    constexpr std::size_t most = 400;
    bool fired = true;
    for (std::size_t nth = 1; fired && nth < most; ++nth) {
        const temporary_directory folder;
        int done = 0;
        {
            kin::testing::faulty_files files;
            const kin::database db{folder.url() + journal};
            db.create_all<Account>();
            db.transaction([](kin::session& s) {
                s.add(Account{.balance = 100});
                s.add(Account{.balance = 100});
            });
            files.arm(what, nth, for_ever);
            done = transfer_five(db);
            files.disarm();
            fired = files.fired();
            if (!for_ever) {
                EXPECT_GE(done, fired ? 4 : 5) << "write " << nth;
            }
        }
        raw_database file(folder.file("test.db"));
        EXPECT_EQ(file.ask("PRAGMA integrity_check"), "'ok'") << "write " << nth;
        EXPECT_EQ(file.ask("SELECT group_concat(balance) FROM account"),
                  "'" + std::to_string(100 - done) + "," + std::to_string(100 + done) + "'")
            << "write " << nth;
    }
    EXPECT_FALSE(fired) << "there are more writes than this test has tried";
}
INSTANTIATE_TEST_SUITE_P(faults, T49,
                         testing::Combine(testing::Values("?journal=wal", "?journal=delete"),
                                          testing::Values(kin::testing::file_fault::io_error,
                                                          kin::testing::file_fault::disk_full),
                                          testing::Bool()));

// ---- T57: more than a statement can hold ----

using T57 = on_a_file;
TEST_F(T57, twenty_thousand_rows_are_written_and_get_their_keys_in_order) {
    constexpr int count = 20'000;
    std::vector<kin::ref<Account>> made;
    kin::session s = db.session();
    for (int i = 0; i < count; ++i) made.push_back(s.add(Account{.balance = i}));
    s.commit();
    for (int i = 0; i < count; ++i) ASSERT_EQ(made[static_cast<std::size_t>(i)]->id, i + 2);
    EXPECT_EQ(ask("SELECT count(*) FROM account WHERE balance = id - 2"), std::to_string(count));
}

// ---- STRICT tables ----

struct Typed {
    kin::primary_key<int> id;
    kin::varchar<20> name;
    std::optional<double> weight;
    bool is_new = true;
    std::chrono::sys_days day;
};

TEST(strict_tables, are_made_on_request_and_take_values_of_their_types_only) {
    const temporary_directory folder;
    const kin::database db{folder.url() + "?strict=true"};
    db.create_all<Typed>();
    db.transaction([](kin::session& s) {
        s.add(Typed{.name = "a", .weight = 1.5, .day = std::chrono::sys_days(std::chrono::days(1))});
    });
    kin::session s = db.session();
    const auto read = s.get_one<Typed>(1);
    EXPECT_EQ(read->name, "a");
    EXPECT_EQ(read->weight, 1.5);
    EXPECT_EQ(read->day, std::chrono::sys_days(std::chrono::days(1)));
    EXPECT_EQ(std::get<0>(s.sql<int>("SELECT strict FROM pragma_table_list('typed')").one()), 1);
    EXPECT_EQ(code_of([&] { s.execute("UPDATE typed SET weight = 'heavy'"); }), "wrong_type");
}

} // namespace
