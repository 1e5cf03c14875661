// SPDX-License-Identifier: MIT
#include "kin/mariadb/dialect.hpp"

#include <string>

#include <gtest/gtest.h>

#include "kin/schema/table.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::column_type;
using kin::feature;
using kin::table;
using kin::type_kind;
using kin::mariadb::mariadb_dialect;

const mariadb_dialect mariadb;

std::string name_of(column_type type) { return mariadb.type_name({.name = "c", .type = type}); }

std::string in_quotes(std::string_view name) {
    std::string out;
    mariadb.quote(out, name);
    return out;
}

TEST(mariadb_dialect, names_the_types) {
    EXPECT_EQ(name_of({.kind = type_kind::boolean}), "BOOLEAN");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 8}), "TINYINT");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 16}), "SMALLINT");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 32}), "INTEGER");
    EXPECT_EQ(name_of({.kind = type_kind::integer, .bits = 64}), "BIGINT");
    EXPECT_EQ(name_of({.kind = type_kind::real, .bits = 32}), "FLOAT");
    EXPECT_EQ(name_of({.kind = type_kind::real}), "DOUBLE");
    EXPECT_EQ(name_of({.kind = type_kind::text}), "LONGTEXT");
    EXPECT_EQ(name_of({.kind = type_kind::text, .length = 50}), "VARCHAR(50)");
    EXPECT_EQ(name_of({.kind = type_kind::text, .fixed_length = true, .length = 2}), "VARCHAR(2)");
    EXPECT_EQ(name_of({.kind = type_kind::blob}), "LONGBLOB");
    EXPECT_EQ(name_of({.kind = type_kind::date}), "DATE");
    EXPECT_EQ(name_of({.kind = type_kind::timestamp}), "DATETIME(6)");
    EXPECT_EQ(name_of({.kind = type_kind::time}), "TIME(6)");
    EXPECT_EQ(name_of({.kind = type_kind::duration}), "BIGINT");
    EXPECT_EQ(name_of({.kind = type_kind::uuid}), "BINARY(16)");
    EXPECT_EQ(name_of({.kind = type_kind::decimal}), "DECIMAL(65, 38)");
    EXPECT_EQ(name_of({.kind = type_kind::decimal, .precision = 10, .scale = 2}), "DECIMAL(10, 2)");
}

TEST(mariadb_dialect, a_native_enumeration_is_of_the_column_and_has_words_as_they_are_kept) {
    static const std::string longest(255, 'a');
    static const std::string too_long = longest + "a";
    const auto enum_of = [](std::string_view word) {
        const std::string_view words[] = {"it's", word};
        return name_of({.kind = type_kind::enumeration,
                        .names = words,
                        .name_count = 2,
                        .storage = kin::enum_storage::native,
                        .native_name = "kind"});
    };
    EXPECT_EQ(enum_of(""), "ENUM('it''s', '')");
    EXPECT_EQ(enum_of(longest), "ENUM('it''s', '" + longest + "')");
    for (const std::string_view refused : {std::string_view("a "), std::string_view(too_long)}) {
        try {
            (void)enum_of(refused);
            ADD_FAILURE() << "\"" << refused << "\" was taken";
        } catch (const kin::compile_error& e) {
            EXPECT_EQ(e.code(), "bad_enumeration");
        }
    }
}

TEST(mariadb_dialect, a_text_without_a_length_has_one_where_it_is_part_of_a_key) {
    table t("t");
    t.add_column({.name = "id", .type = {.kind = type_kind::text}, .primary_key = true});
    for (const char* name : {"plain", "unique", "referring", "indexed", "unique_index"})
        t.add_column({.name = name, .type = {.kind = type_kind::text}});
    t.uniques.push_back({.name = {}, .columns = {2}});
    t.foreign_keys.push_back({.name = {}, .columns = {3}, .target_table = "u", .target_columns = {"id"}});
    t.indexes.push_back({.name = {}, .columns = {4}});
    t.indexes.push_back({.name = {}, .columns = {5}, .unique = true});
    const auto type_of = [&](std::size_t i) { return mariadb.type_name(t.columns()[i]); };
    EXPECT_EQ(type_of(0), "VARCHAR(255)");
    EXPECT_EQ(type_of(1), "LONGTEXT");
    EXPECT_EQ(type_of(2), "VARCHAR(255)");
    EXPECT_EQ(type_of(3), "VARCHAR(255)");
    EXPECT_EQ(type_of(4), "LONGTEXT");
    EXPECT_EQ(type_of(5), "VARCHAR(255)");
}

TEST(mariadb_dialect, quotes_with_backticks) {
    EXPECT_EQ(in_quotes("user"), "`user`");
    EXPECT_EQ(in_quotes("a`b"), "`a``b`");
    EXPECT_EQ(in_quotes("say \"hi\""), "`say \"hi\"`");
}

TEST(mariadb_dialect, T67_takes_names_of_64_characters) {
    using kin::testing::code_of;
    std::string umlauts;
    for (int i = 0; i < 64; ++i) umlauts += "\xC3\xA4";
    EXPECT_EQ(in_quotes(umlauts), "`" + umlauts + "`");
    for (const std::string& bad : {umlauts + "x", std::string(), std::string("a\0b", 3), std::string("\xFF")})
        EXPECT_EQ(code_of([&] { in_quotes(bad); }), "bad_identifier");
}

TEST(mariadb_dialect, can_do_what_its_server_can) {
    const mariadb_dialect d;
    EXPECT_TRUE(d.supports(feature::returning));
    EXPECT_FALSE(d.supports(feature::transactional_ddl));
    d.learn({.is_mariadb = true, .version = 100400});
    EXPECT_FALSE(d.supports(feature::returning));
    d.learn({.is_mariadb = false, .version = 80036});
    EXPECT_FALSE(d.supports(feature::returning));
    d.learn({.is_mariadb = true, .version = 101119});
    EXPECT_TRUE(d.supports(feature::returning));
    EXPECT_FALSE(d.supports(feature::writes_newest_rows));
    d.learn({.is_mariadb = true, .version = 100611, .refuses_changed_rows = false});
    EXPECT_TRUE(d.supports(feature::writes_newest_rows));
}

TEST(mariadb_dialect, an_offset_alone_needs_a_limit) {
    const auto text = [](bool limit, bool offset) {
        std::string out;
        mariadb.limit_offset(out, limit, offset, 1);
        return out;
    };
    EXPECT_EQ(text(true, false), "LIMIT ?");
    EXPECT_EQ(text(true, true), "LIMIT ? OFFSET ?");
    EXPECT_EQ(text(false, true), "LIMIT 18446744073709551615 OFFSET ?");
}

} // namespace
