// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/inspector.hpp"

namespace kin {
class connection;
}

namespace kin::mariadb {

/// Reads the schema of the connection's database from information_schema, with bound names.
class mariadb_inspector final : public inspector {
public:
    explicit mariadb_inspector(connection& c) noexcept : connection_(c) {}

    [[nodiscard]] std::vector<std::string> table_names() override;
    [[nodiscard]] bool has_table(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_column> columns(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_index> indexes(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_foreign_key> foreign_keys(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_unique> uniques(std::string_view table) override;

private:
    connection& connection_;
};

} // namespace kin::mariadb
