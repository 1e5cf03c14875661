// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "kin/engine/inspector.hpp"

namespace kin {

class connection;

/// A database's words for what its catalogue knows, as constants of a wing. All but `tables` have one parameter, the table's name; a
/// constraint or index of several columns has a row for each, one after the other in the order of its columns.
struct catalogue_queries {
    std::string_view tables; // name
    std::string_view table;  // any row, when there is such a table
    std::string_view
        columns; // name, type, is nullable, position in the primary key or 0, default as SQL or NULL
    std::string_view indexes; // what tells it apart, name, is unique, column
    std::string_view
        foreign_keys; // what tells it apart, name, column, target table, its column or NULL, ON DELETE, ON UPDATE in SQL's words
    std::string_view uniques; // what tells it apart, name, column
    /// A row for each word in the order of the type, at least one: whether it is an enumeration, the word or NULL, whether something
    /// uses it. The parameter is the type's name. Empty: types have no names.
    std::string_view type = {};
};

/// An inspector that only has to say how its database is asked.
class catalogue_inspector : public inspector {
public:
    catalogue_inspector(connection& c, const catalogue_queries& queries) noexcept
        : connection_(c),
          queries_(queries) {}

    [[nodiscard]] std::vector<std::string> table_names() final;
    [[nodiscard]] bool has_table(std::string_view table) final;
    [[nodiscard]] std::vector<inspected_column> columns(std::string_view table) final;
    [[nodiscard]] std::vector<inspected_index> indexes(std::string_view table) final;
    [[nodiscard]] std::vector<inspected_foreign_key> foreign_keys(std::string_view table) final;
    [[nodiscard]] std::vector<inspected_unique> uniques(std::string_view table) final;
    [[nodiscard]] std::optional<inspected_type> find_type(std::string_view name) final;

private:
    connection& connection_;
    const catalogue_queries& queries_;
};

} // namespace kin
