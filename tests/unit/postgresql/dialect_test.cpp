// SPDX-License-Identifier: MIT
#include "kin/postgresql/dialect.hpp"

#include <string>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "kin/sql/ddl_compiler.hpp"
#include "kin/sql/enum_types.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

const kin::postgresql::postgresql_dialect postgresql;

TEST(postgresql_dialect, numbers_its_placeholders) {
    kin::testing::blog b;
    const kin::column* columns[] = {&b.post.columns()[1], &b.post.columns()[2]};
    const kin::column* keys[] = {&b.post.columns()[0]};
    EXPECT_EQ(kin::compile_insert(postgresql, b.post, columns, 2, keys),
              R"(INSERT INTO "post" ("title", "user_id") VALUES ($1, $2), ($3, $4) RETURNING "id")");
}

TEST(postgresql_dialect, an_offset_needs_no_limit) {
    const auto written = [](bool limit, bool offset) {
        std::string out;
        postgresql.limit_offset(out, limit, offset, 3);
        return out;
    };
    EXPECT_EQ(written(true, false), "LIMIT $3");
    EXPECT_EQ(written(true, true), "LIMIT $3 OFFSET $4");
    EXPECT_EQ(written(false, true), "OFFSET $3");
}

TEST(postgresql_dialect, a_list_is_one_array) {
    const auto written = [](kin::cell_kind kind, bool negated) {
        std::string out;
        postgresql.in_array(out, 3, kind, negated);
        return out;
    };
    EXPECT_EQ(written(kin::cell_kind::integer, false), " = ANY (CAST($3 AS BIGINT[]))");
    EXPECT_EQ(written(kin::cell_kind::text, true), " <> ALL ($3)");
    EXPECT_FALSE(postgresql.takes_array_of(kin::cell_kind::blob));
}

TEST(postgresql_dialect, a_native_enumeration_has_a_type_that_an_update_of_many_rows_names) {
    static constexpr std::string_view words[] = {"draft", "published"};
    const kin::column_type kind{.kind = kin::type_kind::enumeration,
                                .names = words,
                                .name_count = 2,
                                .storage = kin::enum_storage::native,
                                .native_name = "PostKind"};
    kin::column_type kinds = kind;
    kinds.kind = kin::type_kind::array;
    kinds.element = kin::type_kind::enumeration;
    kin::table post("post");
    post.add_column({.name = "kind", .type = kind, .primary_key = true});
    post.add_column({.name = "kinds", .type = kinds});
    post.add_column(
        {.name = "checked", .type = {.kind = kin::type_kind::enumeration, .names = words, .name_count = 2}});
    EXPECT_EQ(postgresql.type_name(post.columns()[0]), R"("PostKind")");
    EXPECT_EQ(postgresql.type_name(post.columns()[1]), R"("PostKind"[])");
    EXPECT_EQ(postgresql.type_name(post.columns()[2]), "VARCHAR(9)");
    const kin::column* set[] = {&post.columns()[1], &post.columns()[2]};
    const kin::column* keys[] = {&post.columns()[0]};
    EXPECT_EQ(
        kin::compile_update_each(postgresql, post, set, keys, 2),
        R"(UPDATE "post" SET "kinds" = CAST("kin_rows".column2 AS "PostKind"[]), "checked" = "kin_rows".column3 FROM )"
        R"(unnest(CAST($1 AS "PostKind"[]), CAST($2 AS TEXT[]), CAST($3 AS TEXT[])) AS "kin_rows" (column1, column2, column3) )"
        R"(WHERE "post"."kind" = "kin_rows".column1)");
    const kin::postgresql::postgresql_dialect snake(kin::name_style::snake_case);
    EXPECT_EQ(kin::compile_create_enum(snake, kinds),
              R"(CREATE TYPE "post_kind" AS ENUM ('draft', 'published'))");
}

TEST(postgresql_dialect, a_word_of_a_native_enumeration_has_63_bytes) {
    const auto create = [](std::size_t bytes) {
        const std::string word(bytes, 'w');
        const std::string_view words[] = {word};
        return kin::compile_create_enum(postgresql, {.kind = kin::type_kind::enumeration,
                                                     .names = words,
                                                     .name_count = 1,
                                                     .storage = kin::enum_storage::native,
                                                     .native_name = "kind"});
    };
    EXPECT_EQ(create(63).size(), std::string_view("CREATE TYPE \"kind\" AS ENUM ('')").size() + 63);
    try {
        (void)create(64);
        FAIL() << "nothing was thrown";
    } catch (const kin::compile_error& e) {
        EXPECT_EQ(e.code(), "bad_enumeration");
    }
}

TEST(postgresql_dialect, writes_the_values_of_a_list_so_that_none_is_taken_for_a_sign) {
    const kin::cell texts[] = {kin::cell::of_text("a,{b}"), kin::cell::of_text("\"\\"),
                               kin::cell::of_text(""), kin::cell::of_text("NULL")};
    EXPECT_EQ(postgresql.array_text(texts), R"({"a,{b}","\"\\","","NULL"})");
    const kin::cell numbers[] = {kin::cell::of_integer(-1), kin::cell::of_integer(2)};
    EXPECT_EQ(postgresql.array_text(numbers), "{-1,2}");
    EXPECT_EQ(postgresql.array_text({}), "{}");
}

TEST(postgresql_dialect, rows_are_an_array_of_each_column) {
    kin::testing::blog b;
    const kin::column* set[] = {&b.post.columns()[1]};
    const kin::column* keys[] = {&b.post.columns()[0]};
    EXPECT_EQ(
        kin::compile_update_each(postgresql, b.post, set, keys, 2),
        R"(UPDATE "post" SET "title" = "kin_rows".column2 FROM unnest(CAST($1 AS INTEGER[]), )"
        R"(CAST($2 AS TEXT[])) AS "kin_rows" (column1, column2) WHERE "post"."id" = "kin_rows".column1)");
}

TEST(postgresql_dialect, writes_its_own_types) {
    kin::table t("t");
    t.add_column(
        {.name = "id", .type = {.kind = kin::type_kind::integer}, .primary_key = true, .generated = true});
    t.add_column({.name = "yes", .type = {.kind = kin::type_kind::boolean}});
    t.add_column({.name = "bytes", .type = {.kind = kin::type_kind::blob}});
    t.add_column({.name = "at", .type = {.kind = kin::type_kind::timestamp}});
    t.add_column({.name = "any", .type = {.kind = kin::type_kind::json}});
    EXPECT_EQ(kin::compile_create_table(postgresql, t), R"(CREATE TABLE "t" (
  "id" BIGINT NOT NULL GENERATED BY DEFAULT AS IDENTITY,
  "yes" BOOLEAN NOT NULL,
  "bytes" BYTEA NOT NULL,
  "at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "any" JSONB NOT NULL,
  PRIMARY KEY ("id")
))");
}

TEST(postgresql_dialect, a_name_has_63_bytes) {
    std::string out;
    postgresql.quote(out, std::string(63, 'a'));
    EXPECT_THROW(postgresql.quote(out, std::string(64, 'a')), kin::compile_error);
}

} // namespace
