// SPDX-License-Identifier: MIT
#include "kin/sql/enum_types.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/sql/ddl_compiler.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::enum_storage;
using kin::testing::plain_dialect;
using kin::testing::standard_dialect;

/// Has enumerated types, which belong to a column; with words of ten bytes at most.
class column_dialect final : public kin::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "column"; }
    [[nodiscard]] bool supports(kin::feature f) const noexcept override {
        return f == kin::feature::native_enums;
    }

private:
    [[nodiscard]] std::string_view fault_of_enum_word(std::string_view word) const noexcept override {
        return word.size() > 10 ? "is too long" : "";
    }
};

constexpr std::string_view kinds[] = {"draft", "it's"};
constexpr std::string_view the_same[] = {"it's", "draft"};
constexpr std::string_view others[] = {"draft", "final"};
constexpr std::string_view long_words[] = {"draft", "a very long word"};

kin::column_type of(const std::string_view (&words)[2], enum_storage storage,
                    std::string_view native_name = "post_kind") {
    return {.kind = kin::type_kind::enumeration,
            .names = words,
            .name_count = 2,
            .storage = storage,
            .native_name = native_name};
}

kin::column_type array_of(kin::column_type element) {
    element.element = element.kind;
    element.kind = kin::type_kind::array;
    return element;
}

std::string table_of(const kin::dialect& d, const kin::column_type& type, std::string words = {}) {
    kin::table post("post");
    post.add_column({.name = "kind", .type = type, .type_words = std::move(words)});
    return kin::compile_create_table(d, post);
}

std::vector<std::string> names_of(const kin::dialect& d, const std::vector<const kin::table*>& tables) {
    std::vector<std::string> names;
    for (const kin::column* c : kin::enum_types_of(d, tables))
        names.emplace_back(c->owner->name() + "." + c->name);
    return names;
}

std::string refused(auto&& work) {
    try {
        work();
    } catch (const kin::compile_error& e) {
        return std::string(e.code()) + ": " + std::string(e.message());
    }
    return "nothing was thrown";
}

TEST(enum_types, are_the_column_type_as_far_as_the_database_has_them) {
    const auto native = of(kinds, enum_storage::native);
    EXPECT_EQ(table_of(standard_dialect(), native),
              "CREATE TABLE \"post\" (\n  \"kind\" \"post_kind\" NOT NULL\n)");
    EXPECT_EQ(table_of(column_dialect(), native),
              "CREATE TABLE \"post\" (\n  \"kind\" ENUM('draft', 'it''s') NOT NULL\n)");
    EXPECT_EQ(table_of(plain_dialect(), native), "CREATE TABLE \"post\" (\n  \"kind\" VARCHAR(5) NOT NULL,\n "
                                                 " CONSTRAINT \"ck_post_kind\" CHECK (\"kind\" IN ('draft', "
                                                 "'it''s'))\n)");
}

TEST(enum_types, are_none_for_texts_and_for_words_of_the_programmers) {
    const std::string text = "CREATE TABLE \"post\" (\n  \"kind\" VARCHAR(5) NOT NULL\n)";
    EXPECT_EQ(table_of(standard_dialect(), of(kinds, enum_storage::text)), text);
    EXPECT_EQ(table_of(plain_dialect(), of(kinds, enum_storage::text)), text);
    EXPECT_EQ(table_of(standard_dialect(), of(kinds, enum_storage::native), "other.kind"),
              "CREATE TABLE \"post\" (\n  \"kind\" other.kind NOT NULL\n)");
}

TEST(enum_types, are_created_and_dropped_by_name) {
    const auto native = of(kinds, enum_storage::native, "post kind");
    const std::string created = "CREATE TYPE \"post kind\" AS ENUM ('draft', 'it''s')";
    EXPECT_EQ(kin::compile_create_enum(standard_dialect(), native), created);
    EXPECT_EQ(kin::compile_create_enum(standard_dialect(), array_of(native)), created);
    EXPECT_EQ(kin::compile_drop_enum(standard_dialect(), native), "DROP TYPE IF EXISTS \"post kind\"");
}

TEST(enum_types, are_told_once_for_each_name) {
    kin::table post("post");
    post.add_column({.name = "title", .type = {.kind = kin::type_kind::text}});
    post.add_column({.name = "kind", .type = of(kinds, enum_storage::native)});
    post.add_column({.name = "mine", .type = of(kinds, enum_storage::native, "mine"), .type_words = "mine"});
    post.add_column({.name = "text", .type = of(kinds, enum_storage::text, "")});
    kin::table page("page");
    page.add_column({.name = "kind", .type = of(the_same, enum_storage::native)});
    page.add_column({.name = "all", .type = array_of(of(others, enum_storage::native, "page_kind"))});
    EXPECT_EQ(names_of(standard_dialect(), {&post, &page}),
              (std::vector<std::string>{"post.kind", "page.all"}));
    EXPECT_EQ(names_of(column_dialect(), {&post, &page}), std::vector<std::string>());
    EXPECT_EQ(names_of(plain_dialect(), {&post, &page}), std::vector<std::string>());
}

TEST(enum_types, of_one_name_have_the_same_words_and_no_table_has_it) {
    kin::table post("post");
    post.add_column({.name = "kind", .type = of(kinds, enum_storage::native)});
    kin::table page("page");
    page.add_column({.name = "kind", .type = of(others, enum_storage::native)});
    const kin::table* both[] = {&post, &page};
    EXPECT_EQ(refused([&] { (void)kin::enum_types_of(standard_dialect(), both); }),
              "bad_enumeration: the native type \"post_kind\" of the enumeration in column page.kind has the "
              "name of that in column "
              "post.kind, which has other words; give it another: kin::enum_type_name");
    kin::table taken("post_kind");
    const kin::table* with_table[] = {&post, &taken};
    EXPECT_EQ(refused([&] { (void)kin::enum_types_of(standard_dialect(), with_table); }),
              "bad_enumeration: the native type \"post_kind\" of the enumeration in column post.kind has the "
              "name of the table "
              "\"post_kind\", whose rows are a type, too; give it another: kin::enum_type_name");
}

TEST(enum_types, refuse_words_that_the_database_cannot_have) {
    EXPECT_EQ(refused([] { (void)table_of(column_dialect(), of(long_words, enum_storage::native)); }),
              "bad_enumeration: the word \"a very long word\" of the enumeration post_kind is too long; "
              "choose another "
              "(kin::enum_names), or kin::enum_storage::checked");
    EXPECT_NE(table_of(column_dialect(), of(long_words, enum_storage::checked)).find("'a very long word'"),
              std::string::npos);
}

} // namespace
