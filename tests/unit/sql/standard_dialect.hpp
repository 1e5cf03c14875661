// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kin/schema/table.hpp"
#include "kin/sql/dialect.hpp"
#include "kin/sql/operators.hpp"

namespace kin::testing {

/// The base class's SQL as it is: what a new dialect starts from.
class standard_dialect final : public dialect {
public:
    explicit standard_dialect(dialect_limits limits = {}) : limits_(limits) {}
    [[nodiscard]] std::string_view name() const noexcept override { return "standard"; }
    [[nodiscard]] bool supports(feature f) const noexcept override { return f != feature::array_rows; }
    [[nodiscard]] dialect_limits limits() const noexcept override { return limits_; }

private:
    dialect_limits limits_;
};

/// ... of a database that has none of the features.
class plain_dialect final : public dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "plain"; }
    [[nodiscard]] bool supports(feature) const noexcept override { return false; }
};

/// A typed front for a column of a table that has no class.
template <class T> class test_column : public operand<test_column<T>, T> {
public:
    explicit test_column(const column& c, std::uint8_t level = 0, std::uint16_t occurrence = 0)
        : column_(&c),
          level_(level),
          occurrence_(occurrence) {}
    [[nodiscard]] expression as_expression() const {
        return expression::of_column(*column_, level_, occurrence_);
    }

private:
    const column* column_;
    std::uint8_t level_;
    std::uint16_t occurrence_;
};

/// "user" and "post" as the blog of the README has them.
struct blog {
    blog() {
        post.foreign_keys.push_back({.columns = {2},
                                     .target_table = "user",
                                     .target_columns = {"id"},
                                     .on_delete = referential_action::cascade});
        post.indexes.push_back({.name = {}, .columns = {2}});
    }

    table user{"user"};
    table post{"post"};
    test_column<int> user_id{user.add_column(
        {.name = "id", .type = {type_kind::integer, 32}, .primary_key = true, .generated = true})};
    test_column<std::string> user_name{
        user.add_column({.name = "name", .type = {.kind = type_kind::text, .length = 50}})};
    test_column<std::optional<std::string>> user_bio{
        user.add_column({.name = "bio", .type = {type_kind::text}, .nullable = true})};
    test_column<double> user_score{user.add_column({.name = "score", .type = {type_kind::real}})};
    test_column<bool> user_active{user.add_column({.name = "active", .type = {type_kind::boolean}})};
    test_column<int> post_id{post.add_column(
        {.name = "id", .type = {type_kind::integer, 32}, .primary_key = true, .generated = true})};
    test_column<std::string> post_title{
        post.add_column({.name = "title", .type = {.kind = type_kind::text, .length = 100}})};
    test_column<int> post_user_id{post.add_column({.name = "user_id", .type = {type_kind::integer, 32}})};
    test_column<std::optional<int>> post_parent_id{
        post.add_column({.name = "parent_id", .type = {type_kind::integer, 32}, .nullable = true})};
};

} // namespace kin::testing
