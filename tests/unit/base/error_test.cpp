// SPDX-License-Identifier: MIT
#include "kin/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <type_traits>

namespace {

kin::error_details taken() {
    return {.code = "unique_violation",
            .message = "user.name: there is a row with this value",
            .sql = "INSERT INTO user (name) VALUES (?)",
            .parameters = {"text(4)", "integer"},
            .table = "user",
            .column = "name",
            .constraint = "uq_user_name",
            .sqlstate = "23505",
            .vendor_code = 2067};
}

} // namespace

static_assert(std::is_nothrow_copy_constructible_v<kin::unique_violation>);
static_assert(std::is_nothrow_copy_assignable_v<kin::unique_violation>);
static_assert(std::is_base_of_v<kin::database_error, kin::deadlock>);
static_assert(kin::deadlock::is_retryable());

TEST(error, what_is_the_message_the_statement_and_the_parameters) {
    const kin::unique_violation e(taken());
    EXPECT_STREQ(e.what(), "user.name: there is a row with this value\n"
                           "  [SQL: INSERT INTO user (name) VALUES (?)]\n"
                           "  [parameters: text(4), integer]");
}

TEST(error, what_is_the_message_alone_when_no_statement_was_sent) {
    const kin::usage_error e({.code = "x", .message = "wrong", .sql = ""});
    EXPECT_STREQ(e.what(), "wrong");
}

TEST(error, knows_what_it_was_told) {
    const kin::unique_violation e(taken());
    EXPECT_EQ(e.code(), "unique_violation");
    EXPECT_EQ(e.message(), "user.name: there is a row with this value");
    EXPECT_EQ(e.sql(), "INSERT INTO user (name) VALUES (?)");
    EXPECT_EQ(e.parameters().size(), 2u);
    EXPECT_EQ(e.table(), "user");
    EXPECT_EQ(e.column(), "name");
    EXPECT_EQ(e.constraint(), "uq_user_name");
    EXPECT_EQ(e.sqlstate(), "23505");
    EXPECT_EQ(e.vendor_code(), 2067);
    EXPECT_EQ(e.details().code, "unique_violation");
    EXPECT_EQ(e.where().line(), 0u);
}

TEST(error, can_be_caught_as_its_bases) {
    EXPECT_THROW(throw kin::unique_violation(taken()), kin::constraint_violation);
    EXPECT_THROW(throw kin::unique_violation(taken()), kin::error);
    EXPECT_THROW(throw kin::unique_violation(taken()), std::exception);
}

TEST(error, copies_share_their_text_and_outlive_the_original) {
    kin::error copy({.code = "other", .message = "other", .sql = ""});
    {
        const kin::error original(taken());
        copy = original;
        EXPECT_EQ(copy.what(), original.what());
    }
    copy = *&copy;
    EXPECT_EQ(copy.code(), "unique_violation");
}

TEST(error, may_be_copied_by_many_threads) {
    const kin::error original(taken());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&original] {
            for (int i = 0; i < 1000; ++i) {
                const kin::error copy(original);
                ASSERT_EQ(copy.vendor_code(), 2067);
            }
        });
    for (std::thread& t : threads) t.join();
}

TEST(error, shows_the_beginning_and_the_end_of_a_long_statement) {
    kin::error_details details = taken();
    details.sql = "INSERT INTO user (name) VALUES " + std::string(1'100, '(');
    for (int i = 0; i < 2'000; ++i)
        details.sql += "\xC3\xA9"; // two bytes each, so the cuts fall inside of one for one of the lengths
    details.sql += " RETURNING id";
    for (int more = 0; more < 2; ++more, details.sql.insert(0, " ")) {
        const kin::unique_violation e(details);
        const std::string_view text = e.what();
        EXPECT_EQ(e.sql(), details.sql) << "whole";
        EXPECT_LT(text.size(), 2'200U);
        EXPECT_NE(text.find("INSERT INTO user"), std::string_view::npos);
        EXPECT_NE(text.find(" ... (" + std::to_string(details.sql.size()) + " bytes in all) ... "),
                  std::string_view::npos);
        EXPECT_NE(text.find("RETURNING id]"), std::string_view::npos);
        const std::size_t cut = text.find(" ... (");
        EXPECT_EQ(text.substr(cut - 2, 2), "\xC3\xA9");
        EXPECT_EQ(text.substr(text.find(") ... ") + 6, 2), "\xC3\xA9");
    }
}
