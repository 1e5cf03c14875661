// SPDX-License-Identifier: MIT
#include "kin/sqlite/connection.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "kin/sqlite/sqlite.hpp"
#include "kin/sqlite/version.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::connection;
using kin::create_engine;
using kin::engine;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::temporary_directory;
using kin::testing::value_of;

std::string pragma(const std::string& url, const std::string& name) {
    const engine e = create_engine(url);
    connection c = e.connect();
    return value_of(c, "PRAGMA " + name);
}

TEST(opening, sets_sound_defaults_for_a_file) {
    const temporary_directory directory;
    EXPECT_EQ(pragma(directory.url(), "journal_mode"), "wal");
    EXPECT_EQ(pragma(directory.url(), "synchronous"), "2"); // FULL
    EXPECT_EQ(pragma(directory.url(), "foreign_keys"), "1");
    EXPECT_EQ(pragma(directory.url(), "trusted_schema"), "0");
}

TEST(opening, takes_options_from_the_url) {
    const temporary_directory directory;
    EXPECT_EQ(pragma(directory.url() + "?synchronous=normal", "synchronous"), "1");
    EXPECT_EQ(pragma(directory.url("b.db") + "?journal=delete", "journal_mode"), "delete");
    EXPECT_EQ(pragma(directory.url("b.db") + "?journal=delete", "synchronous"),
              "3"); // EXTRA, or a power cut can undo a commit
}

TEST(opening, an_option_that_is_wrong_is_refused_with_those_there_are) {
    const auto failure =
        caught<kin::usage_error>([] { static_cast<void>(create_engine("sqlite:///a.db?modus=ro")); });
    EXPECT_EQ(failure.message(),
              "database URL, options: sqlite has no option modus; there are: mode busy_timeout_ms journal "
              "synchronous strict echo pool_size max_overflow pool_timeout_ms pool_recycle_ms "
              "pool_trust_idle_ms pool_long_hold_ms connect_timeout_ms statement_timeout_ms reset_on_return "
              "isolation names");
    for (const char* url :
         {"sqlite:///a?mode=x", "sqlite:///a?busy_timeout_ms=x", "sqlite:///a?busy_timeout_ms=-1",
          "sqlite:///a?journal=off", "sqlite:///a?synchronous=2", "sqlite:///a?echo=yes", "sqlite://a.db",
          "sqlite+x:///a.db", "sqlite://u@/a.db"}) {
        EXPECT_EQ(code_of([&] { static_cast<void>(create_engine(url)); }), "bad_url") << url;
    }
}

TEST(opening, a_missing_directory_is_named) {
    const temporary_directory directory;
    const auto failure = caught<kin::connection_error>(
        [&] { static_cast<void>(create_engine(directory.url("nowhere/a.db"))); });
    EXPECT_EQ(failure.code(), "directory_missing");
    EXPECT_NE(failure.message().find("there is no directory " + directory.file("nowhere")),
              std::string_view::npos);
}

TEST(opening, a_file_that_is_no_database_is_refused) {
    const temporary_directory directory;
    std::ofstream(directory.file("letter.txt")) << std::string(4096, 'x');
    const auto failure =
        caught<kin::connection_error>([&] { static_cast<void>(create_engine(directory.url("letter.txt"))); });
    EXPECT_EQ(failure.code(), "not_a_database");
    EXPECT_NE(failure.message().find(directory.file("letter.txt")), std::string_view::npos);
}

TEST(opening, a_directory_cannot_be_opened) {
    const temporary_directory directory;
    std::filesystem::create_directory(directory.file("d"));
    EXPECT_EQ(code_of([&] { static_cast<void>(create_engine(directory.url("d"))); }), "cannot_open");
}

TEST(opening, a_missing_file_is_created_unless_the_mode_forbids_it) {
    const temporary_directory directory;
    EXPECT_EQ(code_of([&] { static_cast<void>(create_engine(directory.url() + "?mode=rw")); }),
              "cannot_open");
    EXPECT_EQ(code_of([&] { static_cast<void>(create_engine(directory.url() + "?mode=ro")); }),
              "cannot_open");
    EXPECT_EQ(code_of([&] { static_cast<void>(create_engine(directory.url())); }), "");
    EXPECT_EQ(code_of([&] { static_cast<void>(create_engine(directory.url() + "?mode=rw")); }), "");
}

TEST(opening, with_mode_ro_reads_and_does_not_write) {
    const temporary_directory directory;
    create_engine(directory.url()).connect().execute("CREATE TABLE t (a)");
    const engine e = create_engine(directory.url() + "?mode=ro");
    connection c = e.connect();
    EXPECT_EQ(value_of(c, "SELECT count(*) FROM t"), "0");
    EXPECT_EQ(code_of([&] { c.execute("INSERT INTO t VALUES (1)"); }), "read_only");
}

TEST(opening, a_schema_cannot_be_damaged_by_sql) {
    const engine e = create_engine("sqlite://");
    connection c = e.connect();
    c.execute("CREATE TABLE t (a)");
    c.execute("PRAGMA writable_schema = ON");
    EXPECT_NE(code_of([&] { c.execute("UPDATE sqlite_schema SET sql = 'x'"); }), "");
}

TEST(wal_reset_bug, is_in_3_7_0_to_3_51_2_except_in_the_corrected_releases) {
    using kin::sqlite::has_wal_reset_bug;
    static_assert(!has_wal_reset_bug(3006023));
    static_assert(has_wal_reset_bug(3007000));
    static_assert(has_wal_reset_bug(3040001));
    static_assert(has_wal_reset_bug(3044005));
    static_assert(!has_wal_reset_bug(3044006));
    static_assert(has_wal_reset_bug(3045000));
    static_assert(has_wal_reset_bug(3050006));
    static_assert(!has_wal_reset_bug(3050007));
    static_assert(has_wal_reset_bug(3051000));
    static_assert(has_wal_reset_bug(3051002));
    static_assert(!has_wal_reset_bug(3051003));
    EXPECT_FALSE(kin::sqlite::version().empty());
}

} // namespace
