// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "kin/engine/inspector.hpp"

namespace kin {

class connection;

/// A database's words for what its catalogue knows, as constants of a wing. Their parameters are the table's name
/// and its schema, an empty text where it has none. A constraint or index of several columns has a row for each, one after the other in the
/// order of its columns.
struct catalogue_queries {
    std::string_view tables; // name; the schema is the only parameter
    std::string_view table;  // any row, when there is such a table
    std::string_view
        columns; // name, type, is nullable, position in the primary key or 0, default as SQL or NULL
    std::string_view indexes; // what tells it apart, name, is unique, column
    std::string_view
        foreign_keys; // what tells it apart, name, column, target table, its column or NULL, ON DELETE, ON UPDATE in SQL's words,
    // target's schema, when it is checked (the number of a key_check)
    std::string_view uniques; // what tells it apart, name, column
    /// A row for each word in the order of the type, at least one: whether it is an enumeration, the word or NULL, whether something
    /// uses it. The only parameter is the type's name. Empty: types have no names.
    std::string_view type = {};
};

/// An inspector that only has to say how its database is asked.
class catalogue_inspector : public inspector {
public:
    catalogue_inspector(connection& c, const catalogue_queries& queries) noexcept
        : connection_(c),
          queries_(queries) {}

    using inspector::table_names;
    [[nodiscard]] std::vector<std::string> table_names(std::string_view schema) final;
    [[nodiscard]] bool has_table(const qualified_name& table) final;
    [[nodiscard]] std::vector<inspected_column> columns(const qualified_name& table) final;
    [[nodiscard]] std::vector<inspected_index> indexes(const qualified_name& table) final;
    [[nodiscard]] std::vector<inspected_foreign_key> foreign_keys(const qualified_name& table) final;
    [[nodiscard]] std::vector<inspected_unique> uniques(const qualified_name& table) final;
    [[nodiscard]] std::optional<inspected_type> find_type(std::string_view name) final;

private:
    connection& connection_;
    const catalogue_queries& queries_;
};

} // namespace kin
