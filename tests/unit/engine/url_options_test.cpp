// SPDX-License-Identifier: MIT
#include "kin/engine/url_options.hpp"

#include <gtest/gtest.h>

#include "kin/engine/engine_state.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::engine_options;
using kin::url;
using kin::testing::caught;
using kin::testing::code_of;

engine_options read(const char* text) {
    engine_options out;
    kin::read_engine_options(url::parse(text), out);
    return out;
}

TEST(url_options, set_what_they_name_and_leave_the_rest) {
    const engine_options o =
        read("sqlite://?pool_size=2&max_overflow=0&pool_timeout_ms=7&statement_timeout_ms=0&"
             "isolation=serializable&echo=true&reset_on_return=false&pool_recycle_ms=9");
    EXPECT_EQ(o.pool_size, 2U);
    EXPECT_EQ(o.max_overflow, 0U);
    EXPECT_EQ(o.pool_timeout_ms, 7);
    EXPECT_EQ(o.statement_timeout_ms, 0);
    EXPECT_EQ(o.isolation, kin::isolation_level::serializable);
    EXPECT_TRUE(o.echo);
    EXPECT_FALSE(o.reset_on_return);
    EXPECT_EQ(o.pool_recycle_ms, 9);
    EXPECT_EQ(o.connect_timeout_ms, engine_options().connect_timeout_ms);
}

TEST(url_options, that_cannot_be_read_say_what_they_take) {
    EXPECT_EQ(caught<kin::usage_error>([] { read("sqlite://?pool_size=-1"); }).message(),
              "database URL, options: pool_size must be a number from 0 to 4294967295");
    EXPECT_EQ(caught<kin::usage_error>([] { read("sqlite://?pool_timeout_ms=1s"); }).message(),
              "database URL, options: pool_timeout_ms must be a number from 0 to 9223372036854775807");
    EXPECT_EQ(caught<kin::usage_error>([] { read("sqlite://?echo=yes"); }).message(),
              "database URL, options: echo must be one of true false 1 0");
    EXPECT_EQ(caught<kin::usage_error>([] { read("sqlite://?isolation=snapshot"); }).message(),
              "database URL, options: isolation must be one of read_uncommitted read_committed "
              "repeatable_read serializable");
}

TEST(url_options, are_taken_by_every_dialect_and_listed_with_its_own) {
    url::parse("sqlite://?pool_size=3&mode=rw").require_known_options({"mode"});
    const auto failure =
        caught<kin::usage_error>([] { url::parse("sqlite://?colour=red").require_known_options({"mode"}); });
    EXPECT_TRUE(failure.message().starts_with(
        "database URL, options: sqlite has no option colour; there are: mode echo pool_size"))
        << failure.message();
}

TEST(url_options, reach_the_engine) {
    const kin::engine e = kin::create_engine("sqlite://?isolation=serializable");
    EXPECT_EQ(e.internals().options.isolation, kin::isolation_level::serializable);
    EXPECT_EQ(code_of([] { (void)kin::create_engine("sqlite://?isolation=read_committed"); }),
              "unsupported_isolation");
}

} // namespace
