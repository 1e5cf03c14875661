// SPDX-License-Identifier: MIT
#include "kin/sqlite/dialect.hpp"

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "kin/schema/column.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::column;
using kin::column_type;
using kin::type_kind;

const kin::sqlite::sqlite_dialect sqlite;

std::string name_of(column_type type, bool key = false) {
    return sqlite.type_name({.name = "c", .type = type, .primary_key = key});
}

TEST(sqlite_dialect, names_the_types) {
    EXPECT_EQ(name_of({.kind = type_kind::boolean}), "BOOLEAN");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 16}), "SMALLINT");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 32}), "INTEGER");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 64}), "BIGINT");
    EXPECT_EQ(name_of({.kind = type_kind::real}), "REAL");
    EXPECT_EQ(name_of({.kind = type_kind::text}), "TEXT");
    EXPECT_EQ(name_of({.kind = type_kind::text, .length = 50}), "VARCHAR(50)");
    EXPECT_EQ(name_of({.kind = type_kind::blob}), "BLOB");
    EXPECT_EQ(name_of({.kind = type_kind::date}), "DATE");
    EXPECT_EQ(name_of({.kind = type_kind::timestamp}), "TIMESTAMP");
    EXPECT_EQ(name_of({.kind = type_kind::text, .fixed_length = true, .length = 2}), "CHAR(2)");
    EXPECT_EQ(name_of({.kind = type_kind::time}), "TIME");
    EXPECT_EQ(name_of({.kind = type_kind::duration}), "BIGINT");
    static constexpr std::string_view words[] = {"red", "green"};
    EXPECT_EQ(name_of({.kind = type_kind::enumeration, .names = words, .name_count = 2}), "VARCHAR(5)");
}

TEST(sqlite_dialect, gives_types_that_it_has_not_names_under_which_values_stay_as_they_are) {
    EXPECT_EQ(name_of({.kind = type_kind::decimal}), "DECIMAL_TEXT");
    EXPECT_EQ(name_of({.kind = type_kind::decimal, .precision = 12, .scale = 2}), "DECIMAL_TEXT(12, 2)");
    EXPECT_EQ(name_of({.kind = type_kind::uuid}), "UUID_BLOB");
    EXPECT_EQ(name_of({.kind = type_kind::json}), "JSON_TEXT");
    EXPECT_EQ(name_of({.kind = type_kind::array}), "ARRAY_TEXT");
}

TEST(sqlite_dialect, calls_a_key_of_any_width_integer_so_that_it_is_the_rowid) {
    for (const std::uint8_t bits : {8, 16, 32, 64})
        EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = bits}, true), "INTEGER");
    EXPECT_EQ(sqlite.generated_key_words(), "");
}

TEST(sqlite_dialect, takes_a_list_as_one_json_parameter) {
    const auto written = [](kin::cell_kind kind, bool negated) {
        std::string out;
        sqlite.in_array(out, 3, kind, negated);
        return out;
    };
    EXPECT_EQ(written(kin::cell_kind::integer, false), " IN (SELECT value FROM json_each(?3))");
    EXPECT_EQ(written(kin::cell_kind::text, true), " NOT IN (SELECT value FROM json_each(?3))");
    EXPECT_EQ(written(kin::cell_kind::uuid, false), " IN (SELECT unhex(value, '-') FROM json_each(?3))");
    EXPECT_FALSE(sqlite.takes_array_of(kin::cell_kind::real)) << "JSON's numbers are not those of SQLite";
}

TEST(sqlite_dialect, writes_lists_as_json) {
    const std::string text = "say \"\\\xC3\xA4\n";
    const kin::cell texts[] = {kin::cell::of_text(text), kin::cell::of_text("")};
    EXPECT_EQ(sqlite.array_text(texts), "[\"say \\\"\\\\\xC3\xA4\\n\",\"\"]");
    const kin::cell numbers[] = {kin::cell::of_integer(-1), kin::cell::of_integer(INT64_MAX)};
    EXPECT_EQ(sqlite.array_text(numbers), "[-1,9223372036854775807]");
    const kin::cell with_nul[] = {kin::cell::of_text(std::string_view("a\0b", 3))};
    EXPECT_EQ(sqlite.array_text(with_nul), std::nullopt);
}

TEST(sqlite_dialect, writes_an_offset_without_limit_with_a_limit_that_is_none) {
    std::string out;
    sqlite.limit_offset(out, false, true, 1);
    EXPECT_EQ(out, "LIMIT -1 OFFSET ?");
    out.clear();
    sqlite.limit_offset(out, true, true, 1);
    EXPECT_EQ(out, "LIMIT ? OFFSET ?");
}

TEST(sqlite_dialect, knows_what_sqlite_can_do) {
    EXPECT_TRUE(sqlite.supports(kin::feature::returning));
    EXPECT_TRUE(sqlite.supports(kin::feature::transactional_ddl));
    EXPECT_FALSE(sqlite.supports(kin::feature::drop_constraint));
    EXPECT_EQ(sqlite.limits().parameters, 32766U);
}

TEST(sqlite_dialect, writes_paths_into_json_and_refuses_names_that_it_would_misread) {
    using step = kin::json_step;
    const auto written = [](std::initializer_list<step> path) { return sqlite.json_path(path); };
    EXPECT_EQ(written({}), "$");
    EXPECT_EQ(written({{"ink"}, {"3", true}, {"3"}, {"a.b c"}}), R"($."ink"[3]."3"."a.b c")");
    for (const char* const name : {"a\"b", "a\\b",
                                   "a\x1f"
                                   "b"})
        EXPECT_EQ(kin::testing::code_of([&] { (void)written({{name}}); }), "unsupported_feature") << name;
    EXPECT_EQ(written({{"\x7f \xC3\xA4"}}), "$.\"\x7f \xC3\xA4\"");
}

} // namespace
