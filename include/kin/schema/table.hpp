// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kin/schema/column.hpp"
#include "kin/schema/constraint.hpp"
#include "kin/schema/index.hpp"
#include "kin/schema/qualified_name.hpp"

namespace kin {

/// A table: columns, constraints, indexes. Owned by the mapper of its class, or by whoever made it.
/// Addresses of columns are stable; expressions point at them. Immutable once queries use it, so threads may share it.
class table {
public:
    explicit table(std::string name, std::string schema = {})
        : name_(std::move(name)),
          schema_(std::move(schema)) {}
    table(const table&) = delete;
    table& operator=(const table&) = delete;

    column& add_column(column c);
    void set_name(std::string name) { name_ = std::move(name); }
    void set_schema(std::string schema) { schema_ = std::move(schema); }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// The schema that the table lies in: on MariaDB a database, on SQLite an attached one. Empty: where the connection looks for bare names
    /// (the search_path, the database of the URL).
    [[nodiscard]] const std::string& schema() const noexcept { return schema_; }
    /// Both, for comparing. Lifetime: this table.
    [[nodiscard]] qualified_name qualified() const noexcept { return {name_, schema_}; }
    /// Both for people: sales.orders.
    [[nodiscard]] std::string full_name() const { return schema_.empty() ? name_ : schema_ + "." + name_; }
    [[nodiscard]] const std::deque<column>& columns() const noexcept { return columns_; }
    [[nodiscard]] std::deque<column>& columns() noexcept { return columns_; }
    /// Null when there is no such column.
    [[nodiscard]] const column* find_column(std::string_view name) const noexcept;
    [[nodiscard]] std::vector<const column*> primary_key() const;

    std::vector<foreign_key_constraint> foreign_keys;
    std::vector<unique_constraint> uniques;
    std::vector<check_constraint> checks;
    std::vector<index_definition> indexes;
    std::string comment;

    /// The names that DDL uses: what was given, else the convention (fk_, uq_, ck_, ix_ <table>_<columns or number>). A name of
    /// the convention that has more than 63 bytes is cut and gets 8 digits that depend on all of it.
    [[nodiscard]] std::string name_of(const foreign_key_constraint& c) const;
    [[nodiscard]] std::string name_of(const unique_constraint& c) const;
    [[nodiscard]] std::string name_of(const check_constraint& c) const;
    [[nodiscard]] std::string name_of(const index_definition& c) const;

private:
    std::string name_;
    std::string schema_;
    std::deque<column> columns_;
};

} // namespace kin
