// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/inspector.hpp"

namespace kin {
class connection;
}

namespace kin::postgresql {

/// Reads PostgreSQL's catalogue, with bound names. A table is one of the first schema in search_path that has it; table_names() are those
/// of the schema in which CREATE TABLE makes new ones.
class postgresql_inspector final : public inspector {
public:
    explicit postgresql_inspector(connection& c) noexcept : connection_(c) {}

    [[nodiscard]] std::vector<std::string> table_names() override;
    [[nodiscard]] bool has_table(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_column> columns(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_index> indexes(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_foreign_key> foreign_keys(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_unique> uniques(std::string_view table) override;

private:
    connection& connection_;
};

} // namespace kin::postgresql
