// SPDX-License-Identifier: MIT
#include "kin/sqlite/function.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kin/create_engine.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/engine/fake_driver.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::sqlite::create_function;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::temporary_directory;
using kin::testing::value_of;

class functions : public testing::Test {
protected:
    [[nodiscard]] std::string ask(std::string_view sql) {
        connection c = e.connect();
        return value_of(c, sql);
    }
    engine e = kin::create_engine("sqlite://");
};

TEST_F(functions, take_and_give_what_codecs_can_store) {
    create_function(e, "twice", [](std::int64_t n) { return n * 2; });
    create_function(e, "half", [](double x) { return x / 2; });
    create_function(e, "join_them", [](const std::string& a, std::string b) { return a + "-" + b; });
    create_function(e, "next_day", [](std::chrono::sys_days day) { return day + std::chrono::days(1); });
    create_function(e, "is_even", [](int n) { return n % 2 == 0; });
    create_function(e, "answer", []() noexcept { return 42; });
    EXPECT_EQ(ask("SELECT twice(21)"), "42");
    EXPECT_EQ(ask("SELECT half(3)"), "1.5");
    EXPECT_EQ(ask("SELECT join_them('a', '')"), "a-");
    EXPECT_EQ(ask("SELECT next_day('2024-02-28')"), "2024-02-29");
    EXPECT_EQ(ask("SELECT is_even(2) + is_even(3)"), "1");
    EXPECT_EQ(ask("SELECT answer()"), "42");
}

TEST_F(functions, text_keeps_nul_and_empty_text_is_not_null) {
    create_function(e, "size_of", [](const std::string& s) { return static_cast<int>(s.size()); });
    create_function(e, "blank", [] { return std::string(); });
    create_function(e, "no_bytes", [] { return std::vector<std::byte>(); });
    EXPECT_EQ(ask("SELECT size_of('a' || char(0) || 'b')"), "3");
    EXPECT_EQ(ask("SELECT typeof(blank()) || length(blank())"), "text0");
    EXPECT_EQ(ask("SELECT typeof(no_bytes()) || length(no_bytes())"), "blob0");
}

TEST_F(functions, null_goes_to_optional_parameters_and_is_the_result_for_others) {
    int calls = 0;
    create_function(e, "plain", [&calls](int n) {
        ++calls;
        return n;
    });
    create_function(e, "or_zero", [](std::optional<int> n) { return n.value_or(0); });
    create_function(e, "maybe", [](int n) { return n > 0 ? std::optional<int>(n) : std::nullopt; });
    EXPECT_EQ(ask("SELECT plain(NULL)"), "NULL");
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(ask("SELECT or_zero(NULL)"), "0");
    EXPECT_EQ(ask("SELECT maybe(-1)"), "NULL");
}

TEST_F(functions, an_exception_becomes_the_statements_error_with_its_text) {
    create_function(e, "fail_now", [](int n) -> int {
        if (n == 1) throw std::runtime_error("one is too few");
        if (n == 2) throw std::bad_alloc();
        throw n;
    });
    connection c = e.connect();
    const auto failure = caught<kin::statement_error>([&] { c.execute("SELECT fail_now(1)"); });
    EXPECT_NE(failure.message().find("one is too few"), std::string_view::npos) << failure.message();
    EXPECT_THROW(c.execute("SELECT fail_now(2)"), std::bad_alloc);
    EXPECT_EQ(code_of([&] { c.execute("SELECT fail_now(3)"); }), "statement_refused");
    EXPECT_EQ(value_of(c, "SELECT 1"), "1");
}

TEST_F(functions, an_argument_that_does_not_fit_is_named) {
    create_function(e, "small", [](int, std::int8_t n) { return n; });
    connection c = e.connect();
    for (const char* sql : {"SELECT small(1, 'x')", "SELECT small(1, 1000)"}) {
        const auto failure = caught<kin::statement_error>([&] { c.execute(sql); });
        EXPECT_NE(failure.message().find("argument 2 of small() does not fit the type of its parameter"),
                  std::string_view::npos)
            << failure.message();
    }
}

TEST_F(functions, a_result_that_sqlite_cannot_hold_is_an_error) {
    create_function(e, "huge", [] { return std::numeric_limits<std::uint64_t>::max(); });
    connection c = e.connect();
    const auto failure = caught<kin::statement_error>([&] { c.execute("SELECT huge()"); });
    EXPECT_NE(failure.message().find("a value that SQLite cannot hold"), std::string_view::npos);
}

TEST_F(functions, of_the_same_name_and_number_of_parameters_replace_each_other) {
    create_function(e, "f", [] { return 1; });
    create_function(e, "f", [](int n) { return n; });
    create_function(e, "f", [] { return 2; });
    EXPECT_EQ(ask("SELECT f() || f(7)"), "27");
}

TEST_F(functions, stay_out_of_the_schema_unless_they_may_be_in_it) {
    create_function(e, "outside", [](int n) { return n; }, {.deterministic = true});
    create_function(e, "inside", [](int n) { return n; }, {.deterministic = true, .in_schema = true});
    connection c = e.connect();
    c.execute("CREATE TABLE t (a)");
    EXPECT_NE(code_of([&] { c.execute("CREATE INDEX no ON t (outside(a))"); }), "");
    c.execute("CREATE INDEX yes ON t (inside(a))");
    c.execute("INSERT INTO t VALUES (1)");
}

TEST(functions_of_files, are_there_on_every_connection_those_that_were_open_included) {
    const temporary_directory directory;
    const engine e = kin::create_engine(directory.url());
    create_function(e, "answer", [] { return 42; });
    connection one = e.connect();
    connection two = e.connect();
    EXPECT_EQ(value_of(one, "SELECT answer()"), "42");
    EXPECT_EQ(value_of(two, "SELECT answer()"), "42");
}

TEST(functions_of_files, are_for_sqlite_and_have_a_name) {
    kin::testing::fake_server server;
    const engine other = kin::testing::fake_engine(server);
    EXPECT_EQ(code_of([&] { create_function(other, "f", [] { return 1; }); }), "wrong_database");
    const engine e = kin::create_engine("sqlite://");
    EXPECT_EQ(code_of([&] { create_function(e, "", [] { return 1; }); }), "bad_identifier");
    EXPECT_EQ(code_of([&] { create_function(e, std::string(256, 'f'), [] { return 1; }); }),
              "bad_identifier");
}

} // namespace
