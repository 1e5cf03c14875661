// SPDX-License-Identifier: MIT
#pragma once

#include "kin/sql/dialect.hpp"

namespace kin::sqlite {

/// How SQLite writes SQL. Immutable; threads share it.
class sqlite_dialect final : public dialect {
public:
    /// `makes_strict_tables`: CREATE TABLE ... STRICT, in which a column takes values of its type only.
    explicit sqlite_dialect(bool makes_strict_tables = false,
                            name_style names = name_style::as_mapped) noexcept
        : strict_(makes_strict_tables),
          names_(names) {}
    [[nodiscard]] std::string_view name() const noexcept override { return "sqlite"; }
    [[nodiscard]] bool supports(feature f) const noexcept override;
    [[nodiscard]] name_style names() const noexcept override { return names_; }
    [[nodiscard]] dialect_limits limits() const noexcept override {
        // Below a hundred rows single statements are as quick; beyond, the rows that SQLite sets aside outgrow its cache.
        return {.parameters = 32766,
                .expression_depth = 1000,
                .fewest_rows_per_update = 100,
                .most_rows_per_update = 100};
    }
    [[nodiscard]] std::string type_name(const column& c) const override;
    [[nodiscard]] std::string_view table_options() const noexcept override {
        return strict_ ? " STRICT" : "";
    }
    /// A lone INTEGER PRIMARY KEY is the rowid, which SQLite counts up by itself.
    [[nodiscard]] std::string_view generated_key_words() const noexcept override { return {}; }
    /// A collation that every connection of kin has (decimal_functions.hpp).
    [[nodiscard]] std::string_view decimal_order() const noexcept override { return " COLLATE kin_decimal"; }
    /// Points in time as kin writes them: no fraction after whole seconds, else six digits. Decimals are texts, so operators cannot calculate
    /// with them: calls of functions that every connection of kin has.
    [[nodiscard]] std::string_view function_pattern(std::string_view name) const noexcept override {
        return name == "now" ? "replace(strftime('%Y-%m-%d %H:%M:%f000', 'now'), '.000000', '')" : "";
    }
    [[nodiscard]] std::string_view function_name(std::string_view name) const noexcept override;
    [[nodiscard]] std::string_view json_access(type_kind as) const noexcept override;
    [[nodiscard]] bool takes_array_of(cell_kind kind) const noexcept override;
    void in_array(std::string& out, std::size_t n, cell_kind kind, bool negated) const override;
    /// The index has the schema, and its table is looked for there.
    void index_on(std::string& out, std::string_view index_name, const qualified_name& table) const override;
    /// A writer is alone.
    [[nodiscard]] std::string_view row_lock() const noexcept override { return {}; }

private:
    bool strict_;
    name_style names_;
};

} // namespace kin::sqlite
